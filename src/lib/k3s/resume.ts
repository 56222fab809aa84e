import {daasError} from '../errors/daas-error.ts'
import {liveProcesses, type NodeState, type NodeStateFile} from './node-state.ts'
import {stopProcess} from './stop-process.ts'

/** What an earlier run of `daas join` left. */
export type Earlier =
  /** Nothing runs: a join begins, or goes on. */
  | {readonly kind: 'none'; readonly state: NodeState | undefined}
  /** It is in, its agent runs, somebody watches over it. */
  | {readonly kind: 'joined'; readonly state: NodeState; readonly pid: number}
  /** Its agent ran without anybody to watch over it, and was stopped: it is started again. */
  | {readonly kind: 'orphan'; readonly state: NodeState; readonly pid: number}

/**
 * Looks what an earlier run left on this machine. An agent whose `daas join` was killed is stopped: nobody would end
 * it when its stake is slashed.
 * @throws NODE_BUSY where another run is on its way, NODE_STATE_INVALID
 */
export async function findEarlier(
  file: NodeStateFile,
  {cluster, graceMs, signal}: {cluster: string; graceMs: number; signal: AbortSignal},
): Promise<Earlier> {
  const state = await file.read()
  if (!state) return {kind: 'none', state}
  const {keeper, agent} = await liveProcesses(state)
  if (keeper && state.cluster === cluster && agent && state.status === 'joined') {
    return {kind: 'joined', state, pid: agent.pid}
  }

  if (keeper) throw daasError('NODE_BUSY', {node: state.node, pid: keeper.pid})
  if (!agent) return {kind: 'none', state}
  await stopProcess(agent, {graceMs, group: true, signal})
  return {kind: 'orphan', state, pid: agent.pid}
}
