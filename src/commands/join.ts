import {join as joinPath} from 'node:path'
import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, Flags, signerFlags} from '../lib/cli/flags.ts'
import {daasError} from '../lib/errors/daas-error.ts'
import {createProgress} from '../lib/ui/progress.ts'
import {JOIN_STAGES} from '../lib/ui/join-stages.ts'

/** How a join ended, after the agent ran. */
export interface JoinResult {
  node: string
  cluster: string
  stake: string
  seal: string
  /** `signal`: asked to stop. */
  ended: 'signal'
}

export default class Join extends ChainCommand<JoinResult> {
  static override summary = 'join this machine to the cluster as a node, and stay with it'
  static override description =
    'Checks the machine before any coin moves, stakes and seals what is missing in one transaction, registers with a signed challenge, and runs k3s agent with the seal token. It stays in the foreground: it stops the agent when the stake is slashed or withdrawn, and at Ctrl-C. With --json it prints one JSON object per line.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --node worker-1',
    '<%= config.bin %> <%= command.id %> --node worker-1 --amount 2sui --label zone=attic --json',
  ]
  static override streaming = true
  static override flags = {
    node: Flags.string({char: 'n', summary: 'name of the node', env: 'DAAS_NODE', required: true}),
    amount: Flags.string({
      char: 'a',
      summary: 'how much to stake where nothing is staked yet (default: the minimum)',
      env: 'DAAS_AMOUNT',
    }),
    'k3s-bin': Flags.string({
      summary: 'the k3s binary to use (default: PATH, then the cache)',
      env: 'DAAS_K3S_BIN',
    }),
    'k3s-mirror': Flags.string({summary: 'base URL to fetch k3s releases from', env: 'DAAS_K3S_MIRROR'}),
    'k3s-sha256': Flags.string({summary: 'SHA-256 that the k3s binary must have', env: 'DAAS_K3S_SHA256'}),
    'data-dir': Flags.string({summary: 'data directory of the agent', env: 'DAAS_DATA_DIR'}),
    'node-ip': Flags.string({summary: 'address of the node', env: 'DAAS_NODE_IP'}),
    label: Flags.string({summary: 'label of the node, key=value', env: 'DAAS_LABEL', multiple: true}),
    rootless: Flags.boolean({summary: 'run the agent without root', env: 'DAAS_ROOTLESS'}),
    'ignore-preflight': Flags.string({
      summary: 'name of a check whose failure is accepted',
      env: 'DAAS_IGNORE_PREFLIGHT',
      multiple: true,
    }),
    timeout: Flags.integer({
      summary: 'seconds from the registration until the node must be Ready',
      env: 'DAAS_TIMEOUT',
      default: 300,
      min: 1,
    }),
    'heartbeat-interval': Flags.integer({
      summary: 'seconds between heartbeats',
      env: 'DAAS_HEARTBEAT_INTERVAL',
      default: 30,
      min: 1,
    }),
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<JoinResult> {
    const {flags} = await this.parse(Join)
    const [
      {parseAmount},
      {checkedNodeName},
      {parseLabels},
      {runNode},
      {createMachineProbes},
      {K3S_RELEASES},
    ] = await Promise.all([
      import('../lib/sui/amount.ts'),
      import('../lib/stake/subject.ts'),
      import('../lib/k3s/labels.ts'),
      import('../lib/k3s/run-node.ts'),
      import('../lib/k3s/machine-probes.ts'),
      import('../lib/k3s/binary.ts'),
    ])
    const nodeName = checkedNodeName(flags.node)
    const amount = flags.amount === undefined ? undefined : parseAmount(flags.amount)
    const labels = parseLabels(flags.label ?? [])
    const {client, execute, network, settings} = await this.openSigner(flags)
    const [{readCluster}, {withRpcErrors}] = await Promise.all([
      import('../lib/contracts/reads.ts'),
      import('../lib/sui/rpc-errors.ts'),
    ])
    const cluster = await withRpcErrors(network.url, () => readCluster(client, this.clusterOf(settings)))
    const progress = createProgress({stages: JOIN_STAGES, silent: this.jsonEnabled() || flags.quiet === true})
    try {
      const {enrolled, end} = await runNode(
        {
          execute,
          url: network.url,
          tokens: await this.openTokens(),
          now: Date.now,
          probes: createMachineProbes(),
          env: process.env,
          logger: await this.openLogger(),
          signal: this.signal,
          onProgress: (event) => {
            this.emit('phase', event)
            progress.report({
              ...event,
              stage: event.phase,
              status: event.status === 'start' ? 'started' : event.status,
            })
          },
          onJoined: ({enrolled: {stake, seal, digest, gasMist}, handle}) => {
            this.emit('joined', {
              node: nodeName,
              cluster: cluster.id,
              stake,
              seal,
              digest,
              gasMist,
              pid: handle.pid,
            })
            this.note(`${nodeName} has joined; Ctrl-C stops its agent`)
          },
        },
        {
          cluster,
          nodeName,
          labels,
          ...(amount !== undefined && {amount}),
          dataDir: flags['data-dir'] ?? joinPath(this.config.dataDir, 'nodes', nodeName),
          ...(flags['node-ip'] !== undefined && {nodeIp: flags['node-ip']}),
          rootless: flags.rootless,
          k3s: {
            ...(flags['k3s-bin'] !== undefined && {bin: flags['k3s-bin']}),
            ...(flags['k3s-sha256'] !== undefined && {sha256: flags['k3s-sha256']}),
            cacheDir: joinPath(this.config.cacheDir, 'k3s'),
            download: {
              baseUrl: flags['k3s-mirror'] ?? K3S_RELEASES,
              platform: process.platform,
              arch: process.arch,
            },
          },
          ignorePreflight: flags['ignore-preflight'] ?? [],
          timeoutMs: flags.timeout * 1000,
          graceMs: 10_000,
          heartbeatMs: flags['heartbeat-interval'] * 1000,
        },
      )
      const known = {node: nodeName, cluster: cluster.id, stake: enrolled.stake, seal: enrolled.seal}
      if (end.ended === 'signal') return {...known, ended: 'signal'}
      if (end.ended === 'agent') throw daasError('AGENT_ENDED', {node: nodeName, code: String(end.exit.code)})
      throw daasError(
        'NODE_STOPPED',
        {node: nodeName, reason: end.reason.message},
        {details: {...known, kind: end.reason.kind, digest: end.reason.digest}},
      )
    } finally {
      await progress.close()
    }
  }
}
