import {join, resolve} from 'node:path'
import {ChainCommand} from '../lib/cli/chain-command.ts'
import {type ChainFlagValues, chainFlags, Flags, signerFlags} from '../lib/cli/flags.ts'
import {gatewayDirFlag} from '../lib/cli/gateway-flags.ts'
import type {GatewayInfo, ServedUser} from '../lib/gateway/serve.ts'
import {renderFields} from '../lib/ui/table.ts'

/** By the number on chain. */
const PRIORITIES = ['interactive', 'normal', 'low', 'batch']

export default class Gateway extends ChainCommand<GatewayInfo> {
  static override summary = 'serve a cluster to kubectl, helm, k9s and client libraries, in the foreground'
  static override description =
    'A port on the loopback that carries Kubernetes requests through the chain. Clients reach it with the kubeconfig of `daas kubeconfig`, which asks it for its credential each time. With --serve it serves several users and clusters, each by a seal, a key and a credential of their own. It runs until Ctrl-C; with --json it prints one line for each transaction.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --port 7443 --write-kubeconfig ./cluster.yaml',
    '<%= config.bin %> <%= command.id %> --serve cluster=0xA…,key-file=ann.key --serve cluster=0xB…,key-file=bob.key',
    '<%= config.bin %> <%= command.id %> --priority batch --json',
  ]
  static override streaming = true
  static override flags = {
    port: Flags.integer({
      summary: 'loopback port; 0: any (default: that of the last time)',
      helpValue: 'PORT',
      env: 'DAAS_GATEWAY_PORT',
      min: 0,
      max: 65_535,
    }),
    priority: Flags.string({
      summary: 'of its requests: which go first, and how long they live on chain',
      env: 'DAAS_GATEWAY_PRIORITY',
      options: PRIORITIES,
      default: 'normal',
    }),
    via: Flags.string({
      summary: 'chain: all through transactions; direct: all by sessions; auto: streams by sessions',
      env: 'DAAS_VIA',
      options: ['auto', 'chain', 'direct'],
      default: 'auto',
    }),
    'walrus-aggregator': Flags.string({
      summary: 'aggregator of Walrus to fetch large answers from, where the listener stores them there',
      helpValue: 'URL',
      env: 'DAAS_WALRUS_AGGREGATOR',
      multiple: true,
    }),
    'write-kubeconfig': Flags.string({
      summary: 'write a kubeconfig without secrets to this file',
      helpValue: 'FILE',
      env: 'DAAS_WRITE_KUBECONFIG',
    }),
    serve: Flags.string({
      summary:
        'one to serve: any of cluster=,key-file=,address=,seal= (what is absent is as without it); repeatable',
      helpValue: 'KEY=VALUE,…',
      env: 'DAAS_SERVE',
      multiple: true,
    }),
    seal: Flags.string({summary: 'object id of the seal token to use', helpValue: 'ID', env: 'DAAS_SEAL'}),
    dir: gatewayDirFlag,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<GatewayInfo> {
    const {flags} = await this.parse(Gateway)
    const [{serveGateway}, {openGatewayRuntime}, {parseVia}, {untilAborted}, {parseWalrusUrl}] =
      await Promise.all([
        import('../lib/gateway/serve.ts'),
        import('../lib/gateway/runtime.ts'),
        import('../lib/gateway/session.ts'),
        import('../lib/cli/until-aborted.ts'),
        import('../lib/seal/walrus.ts'),
      ])
    const dir = resolve(flags.dir ?? join(this.config.dataDir, 'gateways'))
    const kubeconfig = flags['write-kubeconfig']
    const logger = await this.openLogger()
    const gateway = await serveGateway({
      users: await this.#users(flags),
      tokens: await this.openTokens(),
      cacheDir: join(this.config.cacheDir, 'gateway'),
      runtime: openGatewayRuntime(dir),
      port: flags.port,
      priority: PRIORITIES.indexOf(flags.priority),
      via: parseVia(flags.via),
      walrusAggregators: (flags['walrus-aggregator'] ?? []).map((url) => parseWalrusUrl(url)),
      kubeconfig: kubeconfig === undefined ? undefined : resolve(kubeconfig),
      plugin: {command: process.execPath, args: [join(this.config.root, 'bin', 'run.js')], dir},
      pid: process.pid,
      signal: this.signal,
      onTransaction: (batch, requests, whose) => this.emit('transaction', {...batch, requests, ...whose}),
      onUnexpected: (error) => logger.error({err: error}, 'a request failed'),
    })
    try {
      this.emit('ready', gateway.info)
      this.present(render(gateway.info))
      await untilAborted(this.signal)
      return gateway.info
    } finally {
      await gateway.close()
    }
  }

  /** Whom the flags name: the one of the settings, or those of --serve. */
  async #users(flags: ChainFlagValues & {serve?: string[] | undefined}): Promise<ServedUser[]> {
    const {parseServeSpecs} = await import('../lib/gateway/serve-spec.ts')
    const specs = flags.serve && parseServeSpecs(flags.serve)
    const users: ServedUser[] = []
    for (const spec of specs ?? [undefined]) {
      const {execute, network, settings} = await this.openSigner({...flags, ...spec})
      // The seal of the settings is one user's.
      const seal = spec === undefined ? settings.seal : spec.seal
      users.push({execute, url: network.url, cluster: this.clusterOf(settings), seal})
    }

    return users
  }
}

function render({url, entries, kubeconfig}: GatewayInfo): string {
  const next =
    kubeconfig === undefined
      ? `next: daas kubeconfig --merge${entries.length > 1 ? ' --all' : ''}`
      : `next: KUBECONFIG=${kubeconfig} kubectl get nodes`
  const blocks = entries.map(({cluster, clusterName, address, seal, sealExpiresAt, server}) =>
    renderFields([
      ['cluster', `${clusterName} (${cluster})`],
      ['as', address],
      ['seal', `${seal}, until ${sealExpiresAt}`],
      ['listening', `${url} for ${server}`],
    ]),
  )
  const file = kubeconfig === undefined ? [] : [renderFields([['kubeconfig', kubeconfig]])]
  return [...blocks, ...file, next].join('\n')
}
