import {setTimeout as delay} from 'node:timers/promises'
import PQueue from 'p-queue'
import type {Logger} from 'pino'
import type {ClusterInfo} from '../contracts/reads.ts'
import {enroll, type Enrolled} from '../stake/enroll.ts'
import {liveSeal, type SealDeps} from '../stake/seal.ts'
import {watchLoss} from '../stake/loss.ts'
import {readHolding} from '../stake/wallet.ts'
import type {AgentHandle} from './agent.ts'
import {type JoinOptions, joinNode, prepareJoin, type PreparedJoin, startNode} from './join.ts'
import type {JoinProgress} from './join-phases.ts'
import {keepInTouch} from './keep-in-touch.ts'
import type {NodeStateFile} from './node-state.ts'
import type {PreflightProbes} from './preflight.ts'
import {markProcess} from './process-mark.ts'
import {createRestartBudget, type RestartPolicy} from './restarts.ts'
import {type StopReason, supervise, type SuperviseResult} from './supervise.ts'

/** What a node's whole life takes from its surroundings. */
export interface RunNodeDeps extends SealDeps {
  readonly probes: PreflightProbes
  readonly env: Record<string, string | undefined>
  readonly logger: Pick<Logger, 'debug' | 'warn'>
  /** Ends it: the agent is stopped gracefully. */
  readonly signal: AbortSignal
  readonly onProgress: (event: JoinProgress) => void
  /** Where to remember how far it is. */
  readonly state?: NodeStateFile
  /** Told once the node is Ready and watched over. */
  readonly onJoined?: (joined: {readonly enrolled: Enrolled; readonly handle: AgentHandle}) => void
  /** Told of what happens to it afterwards. */
  readonly onEvent?: (event: NodeEvent) => void
}

/** What happens while a node is in. Nothing in it is secret. */
export type NodeEvent =
  | {
      readonly type: 'renewed'
      readonly seal: string
      readonly expiresAt: string
      readonly digest: string
      readonly gasMist: bigint
    }
  | {readonly type: 'heartbeat'; readonly digest: string; readonly gasMist: bigint}
  | {
      readonly type: 'restarting'
      readonly attempt: number
      readonly afterMs: number
      readonly code: number | null
    }
  | {readonly type: 'restarted'; readonly pid: number}

/** Which node, and how. */
export interface RunNodeOptions extends Omit<JoinOptions, 'cluster' | 'identity' | 'onAgent'> {
  readonly cluster: ClusterInfo
  /** MIST to stake where nothing is staked yet; default the cluster's minimum. */
  readonly amount?: bigint
  /** ms between heartbeats to the listener. */
  readonly heartbeatMs: number
  /** Where heartbeats go besides the listener. */
  readonly heartbeatOnChain?: boolean
  /** Whether the seal is rotated before it ends; by default it is. */
  readonly renew?: boolean
  readonly restarts?: RestartPolicy
}

/** How it ended. */
export interface NodeRun {
  /** Not there where no phase needed it. */
  readonly enrolled: Enrolled
  readonly end: SuperviseResult
}

/** How a run of some phases ended: without an agent. */
export interface PhasesRun {
  readonly enrolled: Enrolled | undefined
  readonly end: {readonly ended: 'phases'}
}

/**
 * Joins a node and stays with it: preflight, stake and seal where they are missing, registration, agent, Ready; then
 * heartbeats, renewal of the seal and a watch of the chain, until the stake or seal is lost, the signal fires, or the
 * agent ends by itself more often than the policy of restarts allows.
 * @throws those of joinNode, enroll
 */
export async function runNode(deps: RunNodeDeps, options: RunNodeOptions): Promise<NodeRun> {
  const run = await runPhases(deps, options)
  if (run.end.ended === 'phases') throw new Error('a node without an agent')
  return run as NodeRun
}

/** As {@link runNode}, for any selection of phases. */
export async function runPhases(deps: RunNodeDeps, options: RunNodeOptions): Promise<NodeRun | PhasesRun> {
  const {state} = deps
  let enrolled: Enrolled | undefined
  const before = await state?.read()
  const keeper = await markProcess(process.pid)
  await state?.update({
    node: options.nodeName,
    cluster: options.cluster.id,
    status: 'joining',
    dataDir: options.dataDir,
    rootless: options.rootless,
    ...(keeper && {keeper}),
    reason: undefined,
  })
  const joinOptions: JoinOptions = {
    ...options,
    cluster: {
      id: options.cluster.id,
      listenerUrls: options.cluster.listenerUrls,
      tlsPin: options.cluster.listenerTlsPin,
      k3sUrl: options.cluster.k3sUrl,
      caHash: options.cluster.caHash,
      k3sVersion: options.cluster.k3sVersion,
    },
    ...(before?.registration && {registered: before.registration}),
    identity: async (mayMake) => {
      enrolled = mayMake ? await enroll(deps, enrollOptions(options)) : await enrolledAlready(deps, options)
      const {stake, seal, token} = enrolled
      await state?.update({stake, seal, phase: 'identity'})
      return {stake, seal, sealToken: token, signer: deps.execute.signer}
    },
    onAgent: async ({pid}) => {
      const agent = await markProcess(pid)
      await state?.update({phase: 'agent', agent})
    },
  }
  const prepared = await prepareJoin(deps, joinOptions)
  const {k3s, registration} = prepared
  await state?.amend({
    phase: 'verify',
    ...(k3s && {k3s: k3s.file, standIn: k3s.standIn}),
    ...(registration && {
      registration: {
        serverUrl: registration.serverUrl,
        caHash: registration.caHash,
        labels: registration.labels,
        taints: registration.taints,
      },
    }),
  })
  const phases = options.phases
  if (phases && !phases.has('agent')) {
    prepared.client?.close()
    // What the node was before these phases, it still is.
    await state?.amend({status: before?.status ?? 'joining', keeper: before?.keeper})
    return {enrolled, end: {ended: 'phases'}}
  }

  try {
    if (!enrolled) throw new Error('joined without an identity')
    const end = await live(deps, options, joinOptions, prepared, enrolled)
    const lost = end.ended === 'reason'
    await state?.amend({
      status: lost ? 'lost' : 'stopped',
      keeper: undefined,
      agent: undefined,
      ...(lost && {reason: end.reason.message}),
    })
    return {enrolled, end}
  } finally {
    prepared.client?.close()
  }
}

const REJOIN = new Set(['register', 'verify', 'agent', 'ready'] as const)

/** From the start of the agent to its end. */
async function live(
  deps: RunNodeDeps,
  options: RunNodeOptions,
  joinOptions: JoinOptions,
  prepared: PreparedJoin,
  enrolled: Enrolled,
): Promise<SuperviseResult> {
  const budget = createRestartBudget(options.restarts)
  const over = new AbortController()
  const signal = AbortSignal.any([deps.signal, over.signal])
  // One key signs: two transactions at a time would fight over its coins.
  const turns = new PQueue({concurrency: 1})
  let {handle} = await startNode(deps, joinOptions, prepared)
  const startedAt = deps.now()
  try {
    await deps.state?.amend({status: 'joined', phase: 'ready'})
    deps.onJoined?.({enrolled, handle})
    const touch = keepInTouch(deps, {
      ...options,
      enrolled,
      client: prepared.client!,
      inTurn: (work) => turns.add(work),
      signal,
    })
    for (;;) {
      const current = handle
      const end = await supervise(handle, {
        reasons: watchLoss({
          client: deps.execute.client,
          packageId: options.cluster.packageId,
          stake: enrolled.stake,
          seal: enrolled.seal,
          signal,
          onReconnect: (error) => deps.logger.warn({err: error}, 'the chain is out of sight'),
        }),
        ends: touch.sealEnded,
        listener: {
          client: prepared.client!,
          nodeName: options.nodeName,
          everyMs: options.heartbeatMs,
          report: () => ({
            stage: current.stage,
            restarts: budget.count,
            uptimeMs: Math.max(0, Math.round(deps.now() - startedAt)),
          }),
          onUnknown: () => registerAgain(deps, joinOptions),
        },
        signal: deps.signal,
        logger: deps.logger,
      })
      if (end.ended !== 'agent') return end
      const next = await restart(deps, joinOptions, prepared, budget, end)
      if ('ended' in next) return next
      handle = next
      await deps.state?.amend({status: 'joined', phase: 'ready'})
      deps.onEvent?.({type: 'restarted', pid: handle.pid})
    }
  } catch (error) {
    await handle.stop()
    throw error
  } finally {
    over.abort()
  }
}

/** Starts an agent again that ended by itself, with back-off, as long as nobody has said that it must stay down. */
async function restart(
  deps: RunNodeDeps,
  options: JoinOptions,
  prepared: PreparedJoin,
  budget: ReturnType<typeof createRestartBudget>,
  end: SuperviseResult,
): Promise<AgentHandle | SuperviseResult> {
  const {exit} = end
  for (let registers = false; ; registers = true) {
    const afterMs = budget.take(deps.now())
    if (afterMs === undefined) return end
    deps.onEvent?.({type: 'restarting', attempt: budget.count, afterMs, code: exit.code})
    try {
      await delay(afterMs, undefined, {signal: deps.signal})
      const evicted = await evictionOf(deps, options.nodeName, prepared)
      if (evicted) return {ended: 'reason', reason: evicted, exit}
      // By its certificate first; where that did not do, registered anew, with a token that the cluster knows.
      if (!registers)
        return (await startNode(deps, options, {...prepared, deadline: deps.now() + options.timeoutMs}))
          .handle
      const joined = await joinNode(deps, {...options, phases: REJOIN})
      joined.client.close()
      return joined.handle
    } catch (error) {
      if (deps.signal.aborted) return {ended: 'signal', exit}
      deps.logger.warn({err: error}, 'the agent could not be started again yet')
    }
  }
}

/** A listener that does not answer has evicted nobody: the chain is watched too. */
async function evictionOf(
  deps: RunNodeDeps,
  nodeName: string,
  {client}: PreparedJoin,
): Promise<StopReason | undefined> {
  try {
    const {evicted, reason} = await client!.status(nodeName)
    return evicted ? {kind: 'evicted', message: reason ?? 'the listener gave no reason'} : undefined
  } catch (error) {
    deps.logger.debug({err: error}, 'the listener did not say how the node is')
    return undefined
  }
}

/** The listener lost its journal: it is told again, unless this node is on its way out. */
async function registerAgain(deps: RunNodeDeps, options: JoinOptions): Promise<void> {
  if ((await deps.state?.read())?.status === 'leaving') return
  const phases = new Set(['register'] as const)
  const {client} = await prepareJoin({...deps, onProgress: () => undefined}, {...options, phases})
  client?.close()
}

function enrollOptions(options: RunNodeOptions): Parameters<typeof enroll>[1] {
  return {
    cluster: options.cluster.id,
    subject: {kind: 'node', name: options.nodeName},
    ...(options.amount !== undefined && {amount: options.amount}),
  }
}

/** Stake and seal as they are: nothing is sent. @throws STAKE_MISSING, SEAL_MISSING, SEAL_EXPIRED, SEAL_TOKEN_LOST */
async function enrolledAlready(deps: RunNodeDeps, options: RunNodeOptions): Promise<Enrolled> {
  const {execute, url, tokens, now} = deps
  const {cluster, subject} = enrollOptions(options)
  const owner = execute.signer.toSuiAddress()
  const holding = await readHolding({client: execute.client, url, owner, cluster, subject})
  const {seal, token, tokenFile} = await liveSeal(holding, {tokens, now, owner}, subject)
  return {changed: false, stake: seal.stake, seal: seal.id, token, tokenFile}
}
