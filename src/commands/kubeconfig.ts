import {homedir} from 'node:os'
import {delimiter, join, resolve} from 'node:path'
import {BaseCommand} from '../lib/cli/base-command.ts'
import {Flags} from '../lib/cli/flags.ts'
import {gatewayDirFlag} from '../lib/cli/gateway-flags.ts'

/** What `daas kubeconfig` did, or the kubeconfig itself. */
export interface KubeconfigResult {
  context: string
  cluster: string
  address: string
  server: string
  proxyUrl: string
  changed: boolean
  /** With --merge. */
  file?: string
  currentContext?: string
  /** Without --merge. It holds no secret. */
  kubeconfig?: object
}

export default class Kubeconfig extends BaseCommand<KubeconfigResult> {
  static override summary = 'print or merge the kubeconfig entry of a running gateway'
  static override description =
    'The entry holds no secret: clients get the token of the gateway from a credential plugin (daas itself), each time they start. It outlives restarts of the gateway.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> > cluster.yaml',
    '<%= config.bin %> <%= command.id %> --merge --use',
    '<%= config.bin %> <%= command.id %> --merge --file ~/.kube/other --name work --json',
  ]
  static override flags = {
    merge: Flags.boolean({summary: 'put it into a kubeconfig instead of printing it', env: 'DAAS_MERGE'}),
    file: Flags.string({
      summary: 'kubeconfig to merge into (default: the first of $KUBECONFIG, else ~/.kube/config)',
      env: 'DAAS_KUBECONFIG_FILE',
      dependsOn: ['merge'],
    }),
    use: Flags.boolean({
      summary: 'make it the current context (it becomes so by itself where there is none)',
      env: 'DAAS_USE_CONTEXT',
      dependsOn: ['merge'],
    }),
    name: Flags.string({summary: 'of the entry (default: daas-<cluster>)', env: 'DAAS_CONTEXT_NAME'}),
    namespace: Flags.string({summary: 'default namespace of the context', env: 'DAAS_NAMESPACE'}),
    cluster: Flags.string({
      char: 'c',
      summary: 'object id of the cluster, where several gateways run',
      env: 'DAAS_CLUSTER',
    }),
    address: Flags.string({summary: 'address of the user, where several gateways run', env: 'DAAS_ADDRESS'}),
    dir: gatewayDirFlag,
  }

  async run(): Promise<KubeconfigResult> {
    const {flags} = await this.parse(Kubeconfig)
    const [{findGatewayRun, openGatewayRuntime}, {kubeconfigEntry, kubeconfigOf}] = await Promise.all([
      import('../lib/gateway/runtime.ts'),
      import('../lib/gateway/kubeconfig-entry.ts'),
    ])
    const dir = resolve(flags.dir ?? join(this.config.dataDir, 'gateways'))
    const run = await findGatewayRun(openGatewayRuntime(dir), {
      ...(flags.cluster !== undefined && {cluster: flags.cluster}),
      ...(flags.address !== undefined && {address: flags.address}),
    })
    const entry = kubeconfigEntry({
      run,
      plugin: {command: process.execPath, args: [join(this.config.root, 'bin', 'run.js')], dir},
      ...(flags.name !== undefined && {name: flags.name}),
      ...(flags.namespace !== undefined && {namespace: flags.namespace}),
    })
    const about = {
      context: entry.name,
      cluster: run.cluster,
      address: run.address,
      server: entry.cluster.server,
      proxyUrl: run.url,
    }
    if (!flags.merge) {
      const [{stringify}, kubeconfig] = [await import('yaml'), kubeconfigOf(entry)]
      this.present(stringify(kubeconfig))
      return {...about, changed: false, kubeconfig}
    }

    const {mergeKubeconfig} = await import('../lib/gateway/kubeconfig-merge.ts')
    const path = flags.file ?? firstOf(process.env.KUBECONFIG) ?? join(homedir(), '.kube', 'config')
    const {file, changed, currentContext} = await mergeKubeconfig(resolve(path), entry, flags.use)
    const done = changed ? `wrote context ${entry.name} into` : `context ${entry.name} stands already in`
    const hint = currentContext === entry.name ? '' : `\nnext: kubectl --context ${entry.name} get nodes`
    this.present(`${done} ${file}${hint}`)
    return {...about, changed, file, currentContext}
  }
}

function firstOf(list: string | undefined): string | undefined {
  return list?.split(delimiter).find((file) => file !== '')
}
