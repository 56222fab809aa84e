import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, signerFlags} from '../lib/cli/flags.ts'
import type {JoinElsewhere} from '../lib/cli/join-elsewhere.ts'
import {joinFlags, unattendedArgs} from '../lib/cli/join-flags.ts'
import {AGENT_GRACE_MS, type JoinFlagValues, readJoinOptions} from '../lib/cli/join-options.ts'
import {daasError} from '../lib/errors/daas-error.ts'
import {ExitCode} from '../lib/errors/exit-codes.ts'
import {splitAtDashes} from '../lib/k3s/agent-options.ts'
import {JOIN_PHASES} from '../lib/k3s/join-phases.ts'
import type {JoinPlan} from '../lib/k3s/join-plan.ts'
import type {NodeStateFile} from '../lib/k3s/node-state.ts'
import type {NodeEvent, RunNodeDeps, RunNodeOptions} from '../lib/k3s/run-node-types.ts'
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

/** What running a node takes, but for what the command itself does with it. */
type Deps = Omit<RunNodeDeps, 'onProgress' | 'onJoined' | 'onEvent' | 'state'>

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
  static override usage = '<%= command.id %> --node NAME [FLAGS] [-- K3S-AGENT-FLAGS]'
  static override streaming = true
  static override flags = {...joinFlags, ...chainFlags, ...signerFlags}

  async run(): Promise<JoinResult | JoinPlan> {
    const {own, passed} = splitAtDashes(this.argv)
    const {flags} = await this.parse(Join, own)
    const options = await readJoinOptions(flags, passed, this.config)
    const {nodeName: node} = options
    if (flags['print-cloud-init'] || flags.systemd) {
      const elsewhere = {node, flags, passed, environment: await this.#environmentOf(flags)}
      return flags.systemd ? this.#systemd(elsewhere, flags.print) : this.#printCloudInit(elsewhere)
    }

    const {deps, cluster} = await this.#open(flags)
    const runOptions: RunNodeOptions = {...options, cluster}
    if (flags['print-command']) return this.#printCommand(runOptions)
    if (flags['dry-run']) return this.#dryRun(deps, runOptions)
    const {nodeDirOf, openNodeState} = await import('../lib/k3s/node-state.ts')
    const state = openNodeState(nodeDirOf(this.config.dataDir, node))
    const already = await this.#alreadyIn(state, runOptions)
    if (already) return already
    return flags.detach ? this.#detach(state.dir, {node, flags, passed}) : this.#stay(deps, runOptions, state)
  }

  async #open(flags: JoinFlagValues): Promise<{deps: Deps; cluster: RunNodeOptions['cluster']}> {
    const {execute, network, client, settings} = await this.openSigner(flags)
    const clusterId = this.clusterOf(settings)
    const [{readCluster}, {withRpcErrors}, {createMachineProbes}] = await Promise.all([
      import('../lib/contracts/reads.ts'),
      import('../lib/sui/rpc-errors.ts'),
      import('../lib/k3s/machine-probes.ts'),
    ])
    const cluster = await withRpcErrors(network.url, () => readCluster(client, clusterId))
    const deps = {
      execute,
      url: network.url,
      tokens: await this.openTokens(),
      now: Date.now,
      probes: createMachineProbes(),
      env: process.env,
      logger: await this.openLogger(),
      signal: this.signal,
    }
    return {deps, cluster}
  }

  async #dryRun(deps: Deps, options: RunNodeOptions): Promise<JoinPlan> {
    const [{planJoin}, {renderJoinPlan}, {failedChecks}] = await Promise.all([
      import('../lib/k3s/join-plan.ts'),
      import('../lib/ui/join-text.ts'),
      import('../lib/k3s/preflight.ts'),
    ])
    const plan = await planJoin(deps, options)
    this.present(renderJoinPlan(plan))
    if (failedChecks(plan.preflight, options.ignorePreflight).length > 0) this.endWith(ExitCode.degraded)
    return plan
  }

  async #alreadyIn(
    state: NodeStateFile,
    {cluster, nodeName, phases}: RunNodeOptions,
  ): Promise<JoinResult | undefined> {
    // Single phases change nothing of a node that runs.
    if (!phases?.has('agent')) return undefined
    const {findEarlier} = await import('../lib/k3s/resume.ts')
    const how = {cluster: cluster.id, graceMs: AGENT_GRACE_MS, signal: this.signal}
    const earlier = await findEarlier(state, how)
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

  async #stay(deps: Deps, options: RunNodeOptions, state: NodeStateFile): Promise<JoinResult> {
    const {nodeName: node, cluster} = options
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
            this.emit('joined', {node, cluster: cluster.id, stake, seal, digest, gasMist, pid})
            this.note(`${node} has joined; Ctrl-C stops its agent`)
          },
          onEvent: (event) => this.#tell(node, event),
        },
        options,
      )
      const seal = enrolled && 'seal' in enrolled ? {seal: enrolled.seal} : {}
      const known = {node, cluster: cluster.id, ...(enrolled && {stake: enrolled.stake}), ...seal}
      if (end.ended === 'phases') return {...known, changed: enrolled?.changed ?? false, ended: 'phases'}
      if (end.ended === 'signal') return {...known, changed: true, ended: 'signal'}
      if (end.ended === 'agent') throw daasError('AGENT_ENDED', {node, code: String(end.exit.code)})
      const {kind, message, digest} = end.reason
      const transaction = digest === undefined ? '' : ` (transaction ${digest})`
      const details = {...known, kind, digest}
      throw daasError('NODE_STOPPED', {node, reason: message, transaction}, {details})
    } finally {
      await progress.close()
    }
  }

  #tell(node: string, {type, ...fields}: NodeEvent): void {
    this.emit(type, {node, ...fields})
    if (type === 'restarting') this.note(`the agent of ${node} ended by itself; starting it again`)
  }

  async #detach(dir: string, {node, flags, passed}: Omit<JoinElsewhere, 'environment'>): Promise<JoinResult> {
    const {startDetached} = await import('../lib/k3s/detach.ts')
    const environment = await this.#environmentOf(flags as JoinFlagValues)
    const {pid, log, joined} = await startDetached({
      nodeName: node,
      execPath: process.execPath,
      args: [process.argv[1] ?? '', ...unattendedArgs(flags, passed).toSpliced(1, 0, '--json')],
      env: {...process.env, ...environment},
      dir,
      signal: this.signal,
    })
    this.present(`${node} has joined and goes on in the background (pid ${pid}); its log: ${log}`)
    const {stake, seal, cluster} = joined as {stake: string; seal: string; cluster: string}
    return {node, cluster, changed: true, stake, seal, ended: 'detached', pid, log}
  }

  async #systemd(elsewhere: JoinElsewhere, print: boolean): Promise<JoinResult> {
    const [{joinUnitText}, units] = await Promise.all([
      import('../lib/cli/join-elsewhere.ts'),
      import('../lib/k3s/units.ts'),
    ])
    const {dataDir, cacheDir} = this.config
    const [, script = ''] = process.argv
    const text = await joinUnitText(elsewhere, {dataDir, cacheDir, execPath: process.execPath, script})
    if (print) return this.#printed(elsewhere, text)
    const {node} = elsewhere
    const name = units.joinUnitName(node)
    const unit = await units.installUnit(units.systemdHost(), name, text)
    this.present(`${unit.changed ? 'installed' : 'unchanged'}: ${unit.file}; see journalctl -u ${name}`)
    return {node, cluster: clusterIn(elsewhere), changed: unit.changed, ended: 'systemd', unit: unit.file}
  }

  async #printCommand(options: RunNodeOptions): Promise<JoinResult> {
    const [{planCommand}, {renderAgentScript}] = await Promise.all([
      import('../lib/k3s/join-plan.ts'),
      import('../lib/ui/join-text.ts'),
    ])
    const {nodeName: node, cluster} = options
    const agent = await planCommand(process.env, options, this.signal)
    return this.#printed({node, environment: {DAAS_CLUSTER: cluster.id}}, renderAgentScript(agent))
  }

  async #printCloudInit(elsewhere: JoinElsewhere): Promise<JoinResult> {
    const {joinCloudInit} = await import('../lib/cli/join-elsewhere.ts')
    return this.#printed(elsewhere, await joinCloudInit(elsewhere, this.config.version))
  }

  /** What a process that does not share this one's environment has to be told. No secret is among it. */
  async #environmentOf(flags: JoinFlagValues): Promise<Record<string, string>> {
    const {settings, network} = await this.openChain(flags)
    return {
      DAAS_RPC_URL: network.url,
      DAAS_CLUSTER: this.clusterOf(settings),
      ...(settings.keyFile !== undefined && {DAAS_KEY_FILE: settings.keyFile}),
      ...(settings.address !== undefined && {DAAS_ADDRESS: settings.address}),
    }
  }

  #printed(it: Pick<JoinElsewhere, 'node' | 'environment'>, text: string): JoinResult {
    this.present(text)
    return {node: it.node, cluster: clusterIn(it), changed: false, ended: 'printed', text}
  }
}

function clusterIn({environment}: Pick<JoinElsewhere, 'environment'>): string {
  return environment.DAAS_CLUSTER ?? ''
}
