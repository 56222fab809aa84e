import type {GatewayRun} from './runtime.ts'

/** How clients call the credential plugin. */
export interface ExecPlugin {
  /** Absolute path of an executable. */
  readonly command: string
  /** What comes before the plugin's own flags. */
  readonly args: readonly string[]
  /** Where the gateways leave their runtime files. */
  readonly dir: string
}

/** What goes into a kubeconfig for one gateway. It holds no secret. */
export interface KubeconfigEntry {
  readonly name: string
  readonly cluster: {
    readonly server: string
    readonly 'proxy-url': string
    readonly 'certificate-authority-data': string
  }
  readonly user: {readonly exec: object}
  readonly context: {readonly cluster: string; readonly user: string; readonly namespace?: string}
}

/** What an entry is made of. */
export interface EntryOptions {
  readonly run: Omit<GatewayRun, 'token'>
  readonly plugin: ExecPlugin
  /** Of cluster, user and context; `daas-<cluster's name>` where absent. */
  readonly name?: string
  readonly namespace?: string
}

/** The entry of a gateway: its token comes from the plugin, each time a client starts. */
export function kubeconfigEntry({run, plugin, name, namespace}: EntryOptions): KubeconfigEntry {
  const title = name ?? `daas-${run.clusterName}`
  return {
    name: title,
    cluster: {
      server: `https://${run.serverName}`,
      'proxy-url': run.url,
      'certificate-authority-data': Buffer.from(run.caPem).toString('base64'),
    },
    user: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: plugin.command,
        args: [
          ...plugin.args,
          ...['gateway', 'credential', '--cluster', run.cluster, '--address', run.address],
          ...['--dir', plugin.dir],
        ],
        interactiveMode: 'Never',
        installHint: 'daas is not where it was: run daas kubeconfig --merge again',
      },
    },
    context: {cluster: title, user: title, ...(namespace !== undefined && {namespace})},
  }
}

/** A kubeconfig of one entry alone. */
export function kubeconfigOf({name, cluster, user, context}: KubeconfigEntry): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{name, cluster}],
    users: [{name, user}],
    contexts: [{name, context}],
    'current-context': name,
  }
}
