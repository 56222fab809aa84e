import {setTimeout as delay} from 'node:timers/promises'
import type {Logger} from 'pino'
import type {Heartbeat} from '../seal/heartbeat.ts'
import type {AgentExit, AgentHandle} from './agent.ts'
import {isUnknownWorker, type ListenerClient} from './register.ts'

/** Why a worker has to leave. */
export interface StopReason {
  readonly kind: 'stake-slashed' | 'stake-withdrawn' | 'seal-ended' | 'evicted'
  /** One sentence, the operator's reason where there is one. */
  readonly message: string
  /** The transaction that says so. */
  readonly digest?: string
}

/** How the supervision ended; the agent is gone in every case. */
export type SuperviseResult =
  | {readonly ended: 'reason'; readonly reason: StopReason; readonly exit: AgentExit}
  | {readonly ended: 'signal'; readonly exit: AgentExit}
  | {readonly ended: 'agent'; readonly exit: AgentExit}

/** What the supervision of a joined node looks at. */
export interface SuperviseOptions {
  /** Settles where the chain says that it has to end: stake or seal are lost. */
  gone: Promise<StopReason>
  /** Second witness where the chain is silent: heartbeats go out, and an eviction is noticed. */
  listener?: {
    client: Pick<ListenerClient, 'heartbeat' | 'status'>
    nodeName: string
    everyMs: number
    /** What a heartbeat says. */
    report?: () => Heartbeat
    /** The listener has never heard of this node: it lost its journal. */
    onUnknown?: () => Promise<void>
  }
  /** Ctrl-C, SIGTERM. */
  signal: AbortSignal
  logger: Pick<Logger, 'debug' | 'warn'>
}

/**
 * Stays with a joined node until the chain (or the listener) says that it has to leave, the caller wants to end, or
 * the agent ends by itself; then stops the agent.
 */
export async function supervise(
  handle: Pick<AgentHandle, 'exited' | 'stop'>,
  options: SuperviseOptions,
): Promise<SuperviseResult> {
  const {listener, logger} = options
  const over = new AbortController()
  const signal = AbortSignal.any([options.signal, over.signal])
  const aborted = new Promise<'signal'>((resolve) => {
    if (options.signal.aborted) resolve('signal')
    options.signal.addEventListener('abort', () => resolve('signal'), {signal: over.signal})
  })
  const contenders = [
    options.gone,
    aborted,
    handle.exited.then(() => 'agent' as const),
    ...(listener ? [watchListener(listener, signal, logger)] : []),
  ]
  try {
    const first = await Promise.race(contenders)
    const exit = await handle.stop()
    return typeof first === 'string' ? {ended: first, exit} : {ended: 'reason', reason: first, exit}
  } finally {
    over.abort()
  }
}

async function watchListener(
  {client, nodeName, everyMs, report, onUnknown}: NonNullable<SuperviseOptions['listener']>,
  signal: AbortSignal,
  logger: SuperviseOptions['logger'],
): Promise<StopReason> {
  for (;;) {
    try {
      await delay(everyMs, undefined, {signal})
      // The status first: to an evicted node a heartbeat is refused, and the refusal says less.
      const status = await client.status(nodeName)
      if (status.evicted) return {kind: 'evicted', message: status.reason ?? 'the listener gave no reason'}
      if (!status.leaving) await client.heartbeat(nodeName, report?.())
    } catch (error) {
      if (signal.aborted) return new Promise<never>(() => {})
      logger.warn({err: error}, 'the listener did not take the heartbeat')
      if (isUnknownWorker(error)) {
        await onUnknown?.().catch((cause: unknown) => {
          if (!signal.aborted) logger.warn({err: cause}, 'the node could not be registered again')
        })
      }
    }
  }
}
