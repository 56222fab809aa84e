import PQueue from 'p-queue'
import {daasError} from '../errors/daas-error.ts'
import type {Enrolled} from '../stake/enroll.ts'
import {firstLoss} from '../stake/loss.ts'
import type {AgentHandle} from './agent.ts'
import {joinNode} from './join.ts'
import type {JoinOptions, PreparedJoin} from './join-types.ts'
import {keepInTouch} from './keep-in-touch.ts'
import {prepareJoin} from './prepare-join.ts'
import {restartAgent} from './restart-agent.ts'
import {createRestartBudget} from './restarts.ts'
import type {RunNodeDeps, RunNodeOptions} from './run-node-types.ts'
import {startNode} from './start-node.ts'
import {type StopReason, supervise, type SuperviseResult} from './supervise.ts'
import {untilGone} from './until-gone.ts'

const REJOIN = new Set(['register', 'verify', 'agent', 'ready'] as const)

/**
 * From the start of the agent to its end: heartbeats, renewal, the watch of the chain, restarts.
 * @throws those of startNode
 */
export async function liveAsNode(
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
  const {redraw} = joinOptions
  const again: JoinOptions = {
    ...joinOptions,
    ...(redraw && {redraw: (identity) => turns.add(() => redraw(identity))}),
  }
  const lost = firstLoss({
    client: deps.execute.client,
    packageId: options.cluster.packageId,
    stake: enrolled.stake,
    seal: enrolled.seal,
    signal,
    onReconnect: (error) => deps.logger.warn({err: error}, 'the chain is out of sight'),
  })
  const startedAt = deps.now()
  let handle: AgentHandle | undefined
  try {
    handle = await startUnlessLost(deps, joinOptions, prepared, lost)
    await deps.state?.amend({status: 'joined', phase: 'ready'})
    deps.onJoined?.({enrolled, handle})
    const touch = keepInTouch(deps, {
      ...options,
      enrolled,
      client: prepared.client!,
      inTurn: (work) => turns.add(work),
      signal,
    })
    const gone = Promise.race([lost, touch.sealEnded])
    for (;;) {
      const current: AgentHandle = handle
      const end = await supervise(handle, {
        gone,
        listener: {
          client: prepared.client!,
          nodeName: options.nodeName,
          everyMs: options.heartbeatMs,
          report: () => ({
            stage: current.stage,
            restarts: budget.count,
            uptimeMs: Math.max(0, Math.round(deps.now() - startedAt)),
          }),
          onUnknown: () => registerAgain(deps, again, prepared),
        },
        signal: deps.signal,
        logger: deps.logger,
      })
      if (end.ended !== 'agent') return end
      const next = await restartAgent(deps, end, {
        budget,
        eviction: () => evictionOf(deps, options.nodeName, prepared),
        gone,
        start: (registers, until) => startAgain({...deps, signal: until}, again, prepared, registers),
      })
      if ('ended' in next) return next
      handle = next
      await deps.state?.amend({status: 'joined', phase: 'ready'})
      deps.onEvent?.({type: 'restarted', pid: handle.pid})
    }
  } catch (error) {
    await handle?.stop()
    throw error
  } finally {
    over.abort()
  }
}

/**
 * The first start. A stake that is lost before the node is Ready ends it, also where no listener is there to say so.
 * @throws NODE_EVICTED, those of startNode
 */
async function startUnlessLost(
  deps: RunNodeDeps,
  options: JoinOptions,
  prepared: PreparedJoin,
  lost: Promise<StopReason>,
): Promise<AgentHandle> {
  const until = untilGone(lost, deps.signal)
  try {
    return (await startNode({...deps, signal: until.signal}, options, prepared)).handle
  } catch (error) {
    if (!until.reason || deps.signal.aborted) throw error
    throw daasError(
      'NODE_EVICTED',
      {node: options.nodeName, reason: until.reason.message},
      {cause: error, details: {...until.reason}},
    )
  }
}

/** By its certificate first; where that did not do, registered anew, with a token that the cluster knows. */
async function startAgain(
  deps: RunNodeDeps,
  options: JoinOptions,
  prepared: PreparedJoin,
  registers: boolean,
): Promise<AgentHandle> {
  if (!registers) {
    const deadline = deps.now() + options.timeoutMs
    return (await startNode(deps, options, {...prepared, deadline})).handle
  }

  const joined = await joinNode(deps, {...options, phases: REJOIN})
  joined.client.close()
  prepared.client!.useToken(joined.identity.sealToken)
  return joined.handle
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
async function registerAgain(deps: RunNodeDeps, options: JoinOptions, prepared: PreparedJoin): Promise<void> {
  if ((await deps.state?.read())?.status === 'leaving') return
  const phases = new Set(['register'] as const)
  const {client, identity} = await prepareJoin({...deps, onProgress: () => undefined}, {...options, phases})
  client?.close()
  if (identity) prepared.client!.useToken(identity.sealToken)
}
