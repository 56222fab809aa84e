import {homedir} from 'node:os'
import {delimiter, join, resolve} from 'node:path'
import {BaseCommand} from '../lib/cli/base-command.ts'
import {Flags} from '../lib/cli/flags.ts'
import {gatewayDirFlag} from '../lib/cli/gateway-flags.ts'

/** One entry of a kubeconfig. */
export interface KubeconfigEntryResult {
  context: string
  cluster: string
  address: string
  server: string
  proxyUrl?: string
}

/** What `daas kubeconfig` did, or the kubeconfig itself: of the first entry, and of all. */
export interface KubeconfigResult extends KubeconfigEntryResult {
  entries: KubeconfigEntryResult[]
  changed: boolean
  /** With --merge. */
  file?: string
  currentContext?: string
  /** Without --merge. It holds no secret. */
  kubeconfig?: object
}

export default class Kubeconfig extends BaseCommand<KubeconfigResult> {
  static override summary = 'print or merge the kubeconfig entries of running gateways'
  static override description =
    'The entry holds no secret: clients get the credential of the gateway from a plugin (daas itself), each time they start. It outlives restarts of the gateway.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> > cluster.yaml',
    '<%= config.bin %> <%= command.id %> --merge --use',
    '<%= config.bin %> <%= command.id %> --merge --all',
    '<%= config.bin %> <%= command.id %> --merge --file ~/.kube/other --name work --json',
  ]
  static override flags = {
    merge: Flags.boolean({summary: 'put it into a kubeconfig instead of printing it', env: 'DAAS_MERGE'}),
    file: Flags.string({
      summary: 'kubeconfig to merge into (default: the first of $KUBECONFIG, else ~/.kube/config)',
      helpValue: 'FILE',
      env: 'DAAS_KUBECONFIG_FILE',
      dependsOn: ['merge'],
    }),
    use: Flags.boolean({
      summary: 'make it the current context (it becomes so by itself where there is none)',
      env: 'DAAS_USE_CONTEXT',
      dependsOn: ['merge'],
    }),
    all: Flags.boolean({
      summary: 'an entry for each user and cluster that is served here, whatever --cluster and --address say',
      env: 'DAAS_ALL',
      exclusive: ['name'],
    }),
    name: Flags.string({
      summary: 'of the entry (default: daas-<cluster>, and more where that is not one alone)',
      helpValue: 'NAME',
      env: 'DAAS_CONTEXT_NAME',
    }),
    'client-certificate': Flags.boolean({
      summary: 'clients show a client certificate instead of a bearer token',
      env: 'DAAS_CLIENT_CERTIFICATE',
    }),
    'without-proxy': Flags.boolean({
      summary: 'for clients that know no proxy-url: the cluster stands in the path of the server',
      env: 'DAAS_WITHOUT_PROXY',
    }),
    namespace: Flags.string({
      summary: 'default namespace of the context',
      helpValue: 'NAMESPACE',
      env: 'DAAS_NAMESPACE',
    }),
    cluster: Flags.string({
      char: 'c',
      summary: 'object id of the cluster, where several gateways run',
      helpValue: 'NAME|ID',
      env: 'DAAS_CLUSTER',
    }),
    address: Flags.string({
      summary: 'address of the user, where several gateways run',
      helpValue: 'ADDRESS',
      env: 'DAAS_ADDRESS',
    }),
    dir: gatewayDirFlag,
  }

  async run(): Promise<KubeconfigResult> {
    const {flags} = await this.parse(Kubeconfig)
    const [{findGatewayRuns, openGatewayRuntime}, {entryNameOf, kubeconfigEntry, kubeconfigOf}] =
      await Promise.all([import('../lib/gateway/runtime.ts'), import('../lib/gateway/kubeconfig-entry.ts')])
    const dir = resolve(flags.dir ?? join(this.config.dataDir, 'gateways'))
    const runtime = openGatewayRuntime(dir)
    const wanted = flags.all
      ? {}
      : {
          ...(flags.cluster !== undefined && {cluster: flags.cluster}),
          ...(flags.address !== undefined && {address: flags.address}),
        }
    const runs = await findGatewayRuns(runtime, wanted, flags.all)
    const all = await runtime.running()
    const made = runs.map((run) => {
      const entry = kubeconfigEntry({
        run,
        plugin: {command: process.execPath, args: [join(this.config.root, 'bin', 'run.js')], dir},
        name: flags.name ?? entryNameOf(run, all),
        ...(flags.namespace !== undefined && {namespace: flags.namespace}),
        clientCertificate: flags['client-certificate'],
        withoutProxy: flags['without-proxy'],
      })
      const about: KubeconfigEntryResult = {
        context: entry.name,
        cluster: run.cluster,
        address: run.address,
        server: entry.cluster.server,
        ...(!flags['without-proxy'] && {proxyUrl: run.url}),
      }
      return {entry, about}
    })
    const [first, ...more] = made
    if (first === undefined) throw new RangeError('some gateway was found')
    const about = {...first.about, entries: made.map((each) => each.about)}
    const entries = [first.entry, ...more.map(({entry}) => entry)] as const
    if (!flags.merge) {
      const [{stringify}, kubeconfig] = [await import('yaml'), kubeconfigOf(entries)]
      this.present(stringify(kubeconfig))
      return {...about, changed: false, kubeconfig}
    }

    const {mergeKubeconfig} = await import('../lib/gateway/kubeconfig-merge.ts')
    const path = flags.file ?? firstOf(process.env.KUBECONFIG) ?? join(homedir(), '.kube', 'config')
    const {file, changed, currentContext} = await mergeKubeconfig(resolve(path), entries, flags.use)
    const names = entries.map(({name}) => name)
    const what = names.length === 1 ? `context ${names[0]}` : `contexts ${names.join(', ')}`
    const done = changed ? `wrote ${what} into` : `${what}: already in`
    const hint = currentContext === names[0] ? '' : `\nnext: kubectl --context ${names[0]} get nodes`
    this.present(`${done} ${file}${hint}`)
    return {...about, changed, file, currentContext}
  }
}

function firstOf(list: string | undefined): string | undefined {
  return list?.split(delimiter).find((file) => file !== '')
}
