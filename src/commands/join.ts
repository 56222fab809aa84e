import {join as joinPath, resolve} from 'node:path'
import type {Interfaces} from '@oclif/core'
import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, signerFlags} from '../lib/cli/flags.ts'
import {joinFlags, unattendedArgs} from '../lib/cli/join-flags.ts'
import {daasError} from '../lib/errors/daas-error.ts'
import {ExitCode} from '../lib/errors/exit-codes.ts'
import {checkedAgentArgs, checkedTaints, splitAtDashes} from '../lib/k3s/agent-options.ts'
import {JOIN_PHASES, selectPhases} from '../lib/k3s/join-phases.ts'
import type {JoinPlan} from '../lib/k3s/join-plan.ts'
import type {NodeStateFile} from '../lib/k3s/node-state.ts'
import type {RunNodeOptions} from '../lib/k3s/run-node.ts'
import {JOIN_STAGES} from '../lib/ui/join-stages.ts'
import {createProgress} from '../lib/ui/progress.ts'

/** How a join ended. */
export interface JoinResult {
  node: string
  cluster: string
  /** False where the node was in already. */
  changed: boolean
  stake?: string
  seal?: string
  /**
   * `signal`: asked to stop; `already`: it was in; `phases`: those that were asked for are done; `detached`,
   * `systemd`: it goes on without us; `printed`: nothing was done.
   */
  ended: 'signal' | 'already' | 'phases' | 'detached' | 'systemd' | 'printed'
  pid?: number
  log?: string
  unit?: string
  text?: string
}

type Values = Interfaces.InferredFlags<typeof Join.flags>

export default class Join extends ChainCommand<JoinResult | JoinPlan> {
  static override summary = 'join this machine to the cluster as a node, and stay with it'
  static override description =
    'Checks the machine before any coin moves, stakes and seals what is missing in one transaction, registers with a signed challenge, and runs k3s agent with the seal token. It stays in the foreground: it renews the seal, starts an agent again that died, stops it when the stake is slashed or withdrawn, and at Ctrl-C. Run again after an interruption it goes on; run again while the node is in it says so and ends with 0. What follows -- goes to k3s agent. With --json it prints one JSON object per line.' +
    `\n\nPhases: ${JOIN_PHASES.join(', ')}.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --node worker-1',
    '<%= config.bin %> <%= command.id %> --node worker-1 --amount 2sui --label zone=attic --json',
    '<%= config.bin %> <%= command.id %> --node worker-1 --dry-run',
    '<%= config.bin %> <%= command.id %> --node worker-1 --systemd --print',
    '<%= config.bin %> <%= command.id %> --node worker-1 -- --kubelet-arg max-pods=50',
  ]
  static override streaming = true
  static override flags = {...joinFlags, ...chainFlags, ...signerFlags}

  async run(): Promise<JoinResult | JoinPlan> {
    const {own, passed} = splitAtDashes(this.argv)
    const {flags} = await this.parse(Join, own)
    const options = await this.#optionsOf(flags, passed)
    const {nodeName} = options
    if (flags['print-cloud-init']) return this.#printCloudInit(nodeName, flags, own, passed)
    if (flags.systemd) return this.#systemd(nodeName, flags, own, passed)
    const {nodeDirOf, openNodeState} = await import('../lib/k3s/node-state.ts')
    const state = openNodeState(nodeDirOf(this.config.dataDir, nodeName))
    const access = await this.openSigner(flags)
    const clusterId = this.clusterOf(access.settings)
    const [{readCluster}, {withRpcErrors}] = await Promise.all([
      import('../lib/contracts/reads.ts'),
      import('../lib/sui/rpc-errors.ts'),
    ])
    const cluster = await withRpcErrors(access.network.url, () => readCluster(access.client, clusterId))
    const runOptions: RunNodeOptions = {...options, cluster}
    if (flags['print-command']) return this.#printCommand(runOptions)
    const {createMachineProbes} = await import('../lib/k3s/machine-probes.ts')
    const deps = {
      execute: access.execute,
      url: access.network.url,
      tokens: await this.openTokens(),
      now: Date.now,
      probes: createMachineProbes(),
      env: process.env,
      logger: await this.openLogger(),
      signal: this.signal,
    }
    if (flags['dry-run']) {
      const [{planJoin}, {renderJoinPlan}] = await Promise.all([
        import('../lib/k3s/join-plan.ts'),
        import('../lib/ui/join-text.ts'),
      ])
      const plan = await planJoin(deps, runOptions)
      this.present(renderJoinPlan(plan))
      const failed = plan.preflight.filter(({name, status}) => status === 'fail' && !isIgnored(name, flags))
      if (failed.length > 0) this.endWith(ExitCode.degraded)
      return plan
    }

    const already = await this.#alreadyIn(state, runOptions)
    if (already) return already
    return flags.detach
      ? this.#detach(nodeName, clusterId, state.dir, own, passed)
      : this.#stay(deps, runOptions, state)
  }

  async #optionsOf(flags: Values, passed: readonly string[]): Promise<Omit<RunNodeOptions, 'cluster'>> {
    const [{parseAmount}, {checkedNodeName}, {parseLabels}, {K3S_RELEASES}] = await Promise.all([
      import('../lib/sui/amount.ts'),
      import('../lib/stake/subject.ts'),
      import('../lib/k3s/labels.ts'),
      import('../lib/k3s/binary.ts'),
    ])
    const nodeName = checkedNodeName(flags.node)
    return {
      nodeName,
      labels: parseLabels(flags.label ?? []),
      taints: checkedTaints(flags.taint ?? []),
      extraArgs: checkedAgentArgs(passed),
      phases: selectPhases({only: flags.phase ?? [], skip: flags['skip-phase'] ?? []}),
      ...(flags.amount !== undefined && {amount: parseAmount(flags.amount)}),
      dataDir: resolve(flags['data-dir'] ?? joinPath(this.config.dataDir, 'nodes', nodeName)),
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
      graceMs: GRACE_MS,
      heartbeatMs: flags['heartbeat-interval'] * 1000,
      heartbeatOnChain: flags.heartbeat === 'chain',
      renew: flags.renew,
    }
  }

  async #alreadyIn(
    state: NodeStateFile,
    {cluster, nodeName, phases}: RunNodeOptions,
  ): Promise<JoinResult | undefined> {
    // Single phases change nothing of a node that runs.
    if (!phases?.has('agent')) return undefined
    const {findEarlier} = await import('../lib/k3s/resume.ts')
    const earlier = await findEarlier(state, {cluster: cluster.id, graceMs: GRACE_MS, signal: this.signal})
    if (earlier.kind === 'orphan') {
      this.caution({
        code: 'AGENT_UNWATCHED',
        message: `the agent of ${nodeName} (pid ${earlier.pid}) ran without daas join; it was stopped and is started again`,
      })
    }

    if (earlier.kind !== 'joined') return undefined
    const {stake, seal} = earlier.state
    this.present(`${nodeName} has already joined; its agent is pid ${earlier.pid}`)
    return {
      node: nodeName,
      cluster: cluster.id,
      changed: false,
      ...(stake !== undefined && {stake}),
      ...(seal !== undefined && {seal}),
      ended: 'already',
      pid: earlier.pid,
    }
  }

  async #stay(
    deps: Omit<Parameters<typeof import('../lib/k3s/run-node.ts').runPhases>[0], 'onProgress'>,
    options: RunNodeOptions,
    state: NodeStateFile,
  ): Promise<JoinResult> {
    const {nodeName, cluster} = options
    const {runPhases} = await import('../lib/k3s/run-node.ts')
    const silent = this.jsonEnabled() || this.argv.includes('--quiet') || this.argv.includes('-q')
    const progress = createProgress({stages: JOIN_STAGES, silent})
    try {
      const {enrolled, end} = await runPhases(
        {
          ...deps,
          state,
          onProgress: (event) => {
            this.emit('phase', event)
            const status = event.status === 'start' ? 'started' : event.status
            progress.report({...event, stage: event.phase, status})
          },
          onJoined: ({enrolled: {stake, seal, digest, gasMist}, handle: {pid}}) => {
            this.emit('joined', {node: nodeName, cluster: cluster.id, stake, seal, digest, gasMist, pid})
            this.note(`${nodeName} has joined; Ctrl-C stops its agent`)
          },
          onEvent: ({type, ...fields}) => {
            this.emit(type, {node: nodeName, ...fields})
            if (type === 'restarting')
              this.note(`the agent of ${nodeName} ended by itself; starting it again`)
          },
        },
        options,
      )
      const known = {
        node: nodeName,
        cluster: cluster.id,
        ...(enrolled && {stake: enrolled.stake, seal: enrolled.seal}),
      }
      if (end.ended === 'phases') return {...known, changed: enrolled?.changed ?? false, ended: 'phases'}
      if (end.ended === 'signal') return {...known, changed: true, ended: 'signal'}
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

  async #detach(
    node: string,
    cluster: string,
    dir: string,
    own: readonly string[],
    passed: readonly string[],
  ): Promise<JoinResult> {
    const {startDetached} = await import('../lib/k3s/detach.ts')
    const {pid, log, joined} = await startDetached({
      nodeName: node,
      execPath: process.execPath,
      args: [process.argv[1] ?? '', ...unattendedArgs(own, passed).toSpliced(1, 0, '--json')],
      env: process.env,
      dir,
      signal: this.signal,
    })
    this.present(`${node} has joined and goes on in the background (pid ${pid}); its log: ${log}`)
    const {stake, seal} = joined as {stake: string; seal: string}
    return {node, cluster, changed: true, stake, seal, ended: 'detached', pid, log}
  }

  async #systemd(
    node: string,
    flags: Values,
    own: readonly string[],
    passed: readonly string[],
  ): Promise<JoinResult> {
    const [units, environment] = await Promise.all([
      import('../lib/k3s/units.ts'),
      this.#environmentOf(flags),
    ])
    const {DAAS_CLUSTER: cluster = '', DAAS_KEY_FILE: keyFile, ...rest} = environment
    if (keyFile === undefined) throw daasError('INPUT_MISSING', {flags: '--key-file'})
    const text = await units.renderJoinUnit(node, {
      command: [process.execPath, resolve(process.argv[1] ?? ''), ...unattendedArgs(own, passed)],
      keyFile: resolve(keyFile),
      environment: {
        ...rest,
        DAAS_CLUSTER: cluster,
        // The same files as for whoever runs `daas leave` here.
        DAAS_DATA_DIR: this.config.dataDir,
        DAAS_CACHE_DIR: this.config.cacheDir,
      },
    })
    if (flags.print) return this.#printed({node, cluster}, text)
    const unit = await units.installUnit(units.systemdHost(), units.joinUnitName(node), text)
    this.present(
      `${unit.changed ? 'installed' : 'unchanged'}: ${unit.file}; see journalctl -u ${units.joinUnitName(node)}`,
    )
    return {node, cluster, changed: unit.changed, ended: 'systemd', unit: unit.file}
  }

  async #printCommand(options: RunNodeOptions): Promise<JoinResult> {
    const [{planAgent}, {findK3s}] = await Promise.all([
      import('../lib/k3s/join-plan.ts'),
      import('../lib/k3s/binary.ts'),
    ])
    const {download: _download, ...here} = options.k3s
    const {cluster, nodeName} = options
    const {file} = await findK3s({
      ...here,
      path: process.env.PATH ?? '',
      version: cluster.k3sVersion,
      signal: this.signal,
    })
    const {command} = planAgent(process.env, {...options, bin: file, stake: undefined})
    return this.#printed({node: nodeName, cluster: cluster.id}, command)
  }

  async #printCloudInit(
    node: string,
    flags: Values,
    own: readonly string[],
    passed: readonly string[],
  ): Promise<JoinResult> {
    const [{renderCloudInit}, {shellLine}, environment] = await Promise.all([
      import('../lib/k3s/cloud-init.ts'),
      import('../lib/k3s/agent-options.ts'),
      this.#environmentOf(flags),
    ])
    const {DAAS_CLUSTER: cluster = ''} = environment
    const text = await renderCloudInit({
      node,
      cluster,
      environment: {...environment, DAAS_KEY_FILE: '/etc/daas/key'},
      command: shellLine([
        'daas',
        ...unattendedArgs(withoutKeyFile(own), passed).toSpliced(1, 0, '--systemd'),
      ]),
      version: this.config.version,
    })
    return this.#printed({node, cluster}, text)
  }

  /** What a process that does not share this one's environment has to be told. No secret is among it. */
  async #environmentOf(flags: Values): Promise<Record<string, string>> {
    const {settings, network} = await this.openChain(flags)
    return {
      DAAS_RPC_URL: network.url,
      DAAS_CLUSTER: this.clusterOf(settings),
      ...(settings.keyFile !== undefined && {DAAS_KEY_FILE: settings.keyFile}),
      ...(settings.address !== undefined && {DAAS_ADDRESS: settings.address}),
    }
  }

  #printed(known: {node: string; cluster: string}, text: string): JoinResult {
    this.present(text)
    return {...known, changed: false, ended: 'printed', text}
  }
}

/** For the agent to end by itself, ms. */
const GRACE_MS = 10_000

function isIgnored(name: string, flags: Values): boolean {
  const ignored = flags['ignore-preflight'] ?? []
  return ignored.includes(name) || ignored.includes('all')
}

/** The new machine has a key of its own, in a place of its own. */
function withoutKeyFile(args: readonly string[]): string[] {
  return args.filter((arg, index) => !arg.startsWith('--key-file') && args[index - 1] !== '--key-file')
}
