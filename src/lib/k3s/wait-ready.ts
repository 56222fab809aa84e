import {setTimeout as delay} from 'node:timers/promises'
import {type DaasError, daasError} from '../errors/daas-error.ts'
import type {WorkerStatus} from '../seal/registration.ts'
import type {AgentExit, AgentHandle} from './agent.ts'
import {isRetryableRefusal} from './register.ts'

/** What waiting for a node takes. */
export interface WaitNodeReadyOptions {
  nodeName: string
  handle: Pick<AgentHandle, 'exited' | 'lastCause' | 'causeRepeats' | 'tail' | 'logFile' | 'stage'>
  /** Asks the listener; its word is the truth, not the agent's log. */
  status: () => Promise<WorkerStatus>
  /** The deadline, ms. */
  timeoutMs: number
  /** First pause between two questions, ms; it grows by half each time up to {@link MAX_PAUSE_MS}. */
  pauseMs?: number
  /** How long a permanent cause must last before it counts as such, ms; 5 s where it is left out. */
  patienceMs?: number
  signal: AbortSignal
  now?: () => number
}

const MAX_PAUSE_MS = 3000
/** Said this often, and for this long, a permanent cause is not a hiccup of the start. */
const PERMANENT_AFTER = 3
const PATIENCE_MS = 5000

/**
 * Polls the listener until the node is Ready, watching the agent meanwhile.
 * @throws AGENT_DIED, AGENT_STUCK, AGENT_TIMEOUT, NODE_EVICTED, LISTENER_REFUSED, the signal's reason
 */
export async function waitNodeReady(options: WaitNodeReadyOptions): Promise<void> {
  const {handle, signal, nodeName} = options
  const now = options.now ?? ((): number => Date.now())
  const deadline = now() + options.timeoutMs
  let pause = options.pauseMs ?? 250
  let stuck: {code: string; since: number} | undefined
  const exited = handle.exited.then((exit) => ({exit}))
  for (;;) {
    signal.throwIfAborted()
    const status = await Promise.race([askOnce(options.status), exited])
    if (status && 'exit' in status) throw agentDied(options, status.exit)
    if (status?.evicted)
      throw daasError('NODE_EVICTED', {node: nodeName, reason: status.reason ?? 'no reason given'})
    if (status?.nodeReady) return
    const cause = handle.lastCause
    if (!cause?.permanent) stuck = undefined
    else if (stuck?.code !== cause.code) stuck = {code: cause.code, since: now()}
    const patience = options.patienceMs ?? PATIENCE_MS
    if (cause && stuck && handle.causeRepeats >= PERMANENT_AFTER && now() - stuck.since >= patience) {
      throw daasError(
        'AGENT_STUCK',
        {node: nodeName, cause: cause.message, remedy: cause.remedy},
        details(options),
      )
    }
    if (now() >= deadline) {
      throw daasError(
        'AGENT_TIMEOUT',
        {
          node: nodeName,
          seconds: Math.round(options.timeoutMs / 1000),
          cause: cause?.message ?? `stage ${handle.stage}`,
          log: handle.logFile,
        },
        details(options),
      )
    }
    const timer = new AbortController()
    const rest = Math.min(pause, Math.max(deadline - now(), 1))
    try {
      await Promise.race([delay(rest, undefined, {signal: AbortSignal.any([signal, timer.signal])}), exited])
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      timer.abort()
    }
    pause = Math.min(pause * 1.5, MAX_PAUSE_MS)
  }
}

/** A listener that is restarting is no reason to give up before the deadline. */
async function askOnce(status: () => Promise<WorkerStatus>): Promise<WorkerStatus | undefined> {
  try {
    return await status()
  } catch (error) {
    if (isRetryableRefusal(error)) return undefined
    throw error
  }
}

function agentDied(options: WaitNodeReadyOptions, exit: AgentExit): DaasError {
  const {handle, nodeName} = options
  return daasError(
    'AGENT_DIED',
    {
      node: nodeName,
      how: exit.signal ? `signal ${exit.signal}` : `exit code ${exit.code}`,
      cause: handle.lastCause?.message ?? handle.tail.at(-1) ?? 'it said nothing',
      log: handle.logFile,
    },
    details(options),
  )
}

function details({handle}: WaitNodeReadyOptions): {details: Record<string, unknown>} {
  return {
    details: {
      stage: handle.stage,
      ...(handle.lastCause && {cause: handle.lastCause.code}),
      log: handle.logFile,
      tail: handle.tail.slice(-5),
    },
  }
}
