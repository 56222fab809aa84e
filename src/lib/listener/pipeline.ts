import PQueue from 'p-queue'
import type {ListenerEvent, RequestEvent, StoredResponse} from './chain-port.ts'
import type {Executor} from './executor.ts'
import type {Journal} from './journal.ts'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'
import type {Responder} from './responder.ts'

/** What the pipeline needs. */
export interface PipelineDeps {
  clusterId: string
  journal: Journal
  executor: Executor
  responder: Responder
  logger: ListenerLogger
  /** How many requests run on Kubernetes at a time. */
  concurrency: number
  /** How many may wait before the event stream is held back. */
  queueLimit: number
  clock: () => number
  signal: AbortSignal
  /** Called when a stake or seal was lost, after it stands in the journal. */
  onLost: () => void
  onEvent?: (kind: string) => void
  onEnd?: (end: 'answered' | 'cancelled' | 'expired' | 'failed') => void
}

/** From events to answers. */
export interface Pipeline {
  /** Goes on with what an earlier process left behind; before the first event. */
  resume(): Promise<void>
  /** Takes events until the stream ends. */
  consume(events: AsyncIterable<ListenerEvent>): Promise<void>
  /** Whether a request, by its object id, is being executed: it cannot be cancelled any more. */
  begun(request: string): boolean
  /** How many requests wait or run. */
  depth(): number
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>
}

/** How often the cursor moves over events that do not concern the listener, ms. */
const OTHER_CURSOR_MS = 5000

/**
 * Makes the pipeline: each event into the journal together with its cursor, then into a queue by priority, executed,
 * the answer into the journal, then on chain. Whatever is cut off on the way is found again by {@link Pipeline.resume}.
 */
export function createPipeline(deps: PipelineDeps): Pipeline {
  const {journal, executor, responder, logger, signal} = deps
  const queue = new PQueue({concurrency: deps.concurrency})
  const begun = new Set<string>()

  function enqueue(event: RequestEvent): void {
    queue
      // 0 is the most urgent for those who ask, the largest number for the queue.
      .add(() => process(event), {priority: -event.priority})
      .catch((error: unknown) => {
        if (signal.aborted) return
        deps.onEnd?.('failed')
        logger.error({...errorFields(error), request: event.request}, 'a request could not be executed')
      })
  }

  async function process(event: RequestEvent): Promise<void> {
    if (signal.aborted) return
    const {request, seal} = event
    const requestId = Buffer.from(event.requestId).toString('hex')
    // The contract knows the last 64 ids of a seal; here are all of the last hour.
    if (journal.requests.isReused(request, seal, requestId)) {
      return answer(event, await executor.reused(event))
    }

    if (journal.cancellations.has({seal, requestId})) {
      return answer(event, await executor.cancelled(event), 'cancelled')
    }

    begun.add(request)
    try {
      await carryOut(event)
    } finally {
      begun.delete(request)
    }
  }

  async function carryOut(event: RequestEvent): Promise<void> {
    const claim = (): void => journal.requests.claim(event.request)
    const response = await executor.execute(event, claim, signal)
    if (response === undefined) {
      journal.requests.finish([event.request], 'expired')
      deps.onEnd?.('expired')
      return
    }

    answer(event, response)
  }

  function answer(
    event: RequestEvent,
    response: StoredResponse,
    end: 'answered' | 'cancelled' = 'answered',
  ): void {
    journal.requests.answer(response)
    deps.onEnd?.(end)
    responder.push(response, event.expiresAtMs)
  }

  let savedAt = 0
  /** Journal and cursor change together: an event is either all there or will come again. */
  function note(event: ListenerEvent): void {
    deps.onEvent?.(event.kind)
    if (event.kind === 'other') {
      // Nothing to lose: the cursor moves now and then, so that a restart has less to read.
      if (deps.clock() - savedAt < OTHER_CURSOR_MS) return
      savedAt = deps.clock()
    }

    let isNew = false
    let lost = 0
    journal.atomically(() => {
      if (event.kind === 'request' && event.request.cluster === deps.clusterId) {
        isNew = journal.requests.enqueue(event.request)
      } else if (event.kind === 'stake-lost') {
        lost = journal.workers.evictStake(event.stake, event.reason)
      } else if (event.kind === 'seal-lost') {
        lost = journal.workers.evictSeal(event.seal, event.reason)
      } else if (event.kind === 'seal-rotated') {
        journal.workers.sealRotated(event.seal)
      }

      journal.saveCursor(event.cursor)
    })
    if (isNew && event.kind === 'request') enqueue(event.request)
    if (lost > 0) deps.onLost()
  }

  return {
    async resume() {
      for (const unfinished of journal.requests.unfinished()) {
        const {event} = unfinished
        if (unfinished.state === 'answered') responder.push(unfinished.response, event.expiresAtMs)
        else if (unfinished.state === 'claimed') answer(event, await executor.outcomeUnknown(event))
        else enqueue(event)
      }
    },
    async consume(events) {
      for await (const event of events) {
        note(event)
        await queue.onSizeLessThan(deps.queueLimit)
      }
    },
    begun: (request) => begun.has(request),
    depth: () => queue.size + queue.pending,
    idle: () => queue.onIdle(),
  }
}
