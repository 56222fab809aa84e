import type {WorkerInfo} from '../contracts/reads.ts'
import type {WorkerStatus} from '../seal/registration.ts'
import type {StatusSection} from './status.ts'

/** By the number on chain. */
export const NODE_STATES = ['registered', 'ready', 'offline', 'evicted'] as const

/** What the listener said of a node, or why it said nothing; empty where it was not asked. */
export interface HeardOfNode {
  readonly heartbeat?: WorkerStatus['heartbeat']
  readonly silence?: string
}

/**
 * How a node is, by the chain, and by its last heartbeat where the listener told.
 * @param worker as the chain has it; undefined where it has never joined
 * @param nowMs Unix time
 */
export function nodeSection(
  name: string,
  worker: Pick<WorkerInfo, 'id' | 'status' | 'score'> | undefined,
  {heartbeat, silence}: HeardOfNode,
  nowMs: number,
): StatusSection {
  if (!worker) {
    return {name: 'node', state: 'error', message: `${name} has not joined`, fix: `daas join --node ${name}`}
  }

  const status = NODE_STATES[worker.status] ?? 'unknown'
  const facts = {
    worker: worker.id,
    status,
    score: worker.score,
    ...(heartbeat && {heartbeat}),
    ...(silence !== undefined && {heartbeatUnknown: silence}),
  }
  const last = heartbeat ? `; ${describeHeartbeat(heartbeat, nowMs)}` : ''
  return status === 'evicted' || status === 'offline'
    ? {
        name: 'node',
        state: 'error',
        message: `${name} is ${status}${last}`,
        fix: 'see the log of the agent',
        facts,
      }
    : {name: 'node', state: 'ok', message: `${name} is in the cluster${last}`, facts}
}

function describeHeartbeat(
  {at, stage, restarts}: NonNullable<WorkerStatus['heartbeat']>,
  nowMs: number,
): string {
  // The listener's clock may be ahead of this one.
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(at)) / 1000))
  const agent = stage === undefined ? '' : `, agent ${stage}`
  const again = restarts ? `, restarted ${restarts === 1 ? 'once' : `${restarts} times`}` : ''
  return `heartbeat ${seconds} s ago${agent}${again}`
}
