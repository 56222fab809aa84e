import {setTimeout as delay} from 'node:timers/promises'
import type {AgentHandle} from './agent.ts'
import type {RestartBudget} from './restarts.ts'
import type {RunNodeDeps} from './run-node-types.ts'
import type {StopReason, SuperviseResult} from './supervise.ts'
import {untilGone} from './until-gone.ts'

/** How an agent is started again. */
export interface RestartSteps {
  readonly budget: RestartBudget
  /** Whether the node was thrown out meanwhile; undefined where nobody says so. */
  readonly eviction: () => Promise<StopReason | undefined>
  /** Settles where the chain says that the node has to end. */
  readonly gone: Promise<StopReason>
  /**
   * @param registers whether it is to be registered anew: its certificate alone did not do
   * @param signal ends the start, and what was started
   */
  readonly start: (registers: boolean, signal: AbortSignal) => Promise<AgentHandle>
}

/**
 * Starts an agent again that ended by itself, with back-off, as long as nobody has said that it must stay down: an
 * evicted node would only be refused, for ever.
 * @param end how it ended
 * @returns the agent, or how it ends: evicted, the signal, or as it did where it has ended too often
 */
export async function restartAgent(
  deps: Pick<RunNodeDeps, 'now' | 'signal' | 'logger' | 'onEvent'>,
  end: SuperviseResult,
  {budget, eviction, gone, start}: RestartSteps,
): Promise<AgentHandle | SuperviseResult> {
  const {exit} = end
  const until = untilGone(gone, deps.signal)
  const {signal} = until
  for (let registers = false; ; registers = true) {
    const afterMs = budget.take(deps.now())
    if (afterMs === undefined) return end
    deps.onEvent?.({type: 'restarting', attempt: budget.count, afterMs, code: exit.code})
    try {
      await delay(afterMs, undefined, {signal})
      const evicted = await eviction()
      if (evicted) return {ended: 'reason', reason: evicted, exit}
      return await start(registers, signal)
    } catch (error) {
      if (until.reason) return {ended: 'reason', reason: until.reason, exit}
      if (deps.signal.aborted) return {ended: 'signal', exit}
      deps.logger.warn({err: error}, 'the agent could not be started again yet')
    }
  }
}
