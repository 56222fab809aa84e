import {clusterPathOf} from './door.ts'
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
    readonly 'proxy-url'?: string
    readonly 'certificate-authority-data': string
  }
  readonly user: {readonly exec: object}
  readonly context: {readonly cluster: string; readonly user: string; readonly namespace?: string}
}

/** What an entry is made of: of a running gateway nothing that is secret. */
export interface EntryOptions {
  readonly run: Pick<GatewayRun, 'url' | 'serverName' | 'caPem' | 'cluster' | 'clusterName' | 'address'>
  readonly plugin: ExecPlugin
  /** Of cluster, user and context; `daas-<cluster's name>` where absent. */
  readonly name?: string
  readonly namespace?: string
  /** Clients show a client certificate instead of a bearer token. */
  readonly clientCertificate?: boolean
  /** For clients that know no `proxy-url`: TLS straight to the port, the cluster by the path. */
  readonly withoutProxy?: boolean
}

/**
 * The name of a gateway's entry: `daas-<cluster's name>`, with the beginnings of address and cluster where others of that
 * name run.
 */
export function entryNameOf(
  run: Pick<GatewayRun, 'cluster' | 'clusterName' | 'address'>,
  all: readonly Pick<GatewayRun, 'cluster' | 'clusterName' | 'address'>[],
): string {
  const name = `daas-${run.clusterName}`
  const namesakes = all.filter(({clusterName}) => clusterName === run.clusterName)
  if (namesakes.length <= 1) return name
  const short = (id: string): string => id.replace(/^0x/, '').slice(0, 8)
  const elsewhere = namesakes.some(({cluster}) => cluster !== run.cluster)
  return [name, short(run.address), ...(elsewhere ? [short(run.cluster)] : [])].join('-')
}

/** The entry of a gateway: its credential comes from the plugin, each time a client starts. */
export function kubeconfigEntry(options: EntryOptions): KubeconfigEntry {
  const {run, plugin, name, namespace, clientCertificate = false, withoutProxy = false} = options
  const title = name ?? `daas-${run.clusterName}`
  const {host} = new URL(run.url)
  const where = withoutProxy
    ? {server: `https://${host}${clusterPathOf(run.serverName)}`}
    : {server: `https://${run.serverName}`, 'proxy-url': run.url}
  return {
    name: title,
    cluster: {
      ...where,
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
          ...(clientCertificate ? ['--client-certificate'] : []),
        ],
        interactiveMode: 'Never',
        installHint: 'daas is not where it was: run daas kubeconfig --merge again',
      },
    },
    context: {cluster: title, user: title, ...(namespace !== undefined && {namespace})},
  }
}

/** A kubeconfig of these entries and no others; the first is the current context. */
export function kubeconfigOf(entries: readonly KubeconfigEntry[]): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: entries.map(({name, cluster}) => ({name, cluster})),
    users: entries.map(({name, user}) => ({name, user})),
    contexts: entries.map(({name, context}) => ({name, context})),
    'current-context': entries[0]?.name,
  }
}
