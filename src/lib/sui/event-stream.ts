import type {GrpcTypes, SuiGrpcClient} from '@mysten/sui/grpc'
import {setTimeout as sleep} from 'node:timers/promises'

/** One event of the chain, with where it stands in the ledger. */
export interface ChainEvent {
  /** `<transaction digest>:<index>`: for de-duplication. */
  readonly id: string
  /** Full type, with the defining package. */
  readonly type: string
  /** The last part of the type, without type arguments. */
  readonly name: string
  readonly bcs: Uint8Array
  readonly sender: string
  readonly digest: string
  /** Opaque; `after` of a later stream resumes behind this event. */
  readonly cursor: Uint8Array
}

/** Which events, from where. */
export interface StreamEventsOptions {
  readonly client: SuiGrpcClient
  /** The package that defines the event types. */
  readonly packageId: string
  /** Only events that this module defines. */
  readonly module?: string
  /** Resume behind this cursor; without it only what comes from now on. */
  readonly after?: Uint8Array
  readonly signal: AbortSignal
  /** Told of each lost connection, with how often it was lost in a row. */
  readonly onReconnect?: (error: unknown, attempt: number) => void
  /** Called once the first subscription stands: what is emitted from then on is seen. */
  readonly onSubscribed?: () => void
}

const READ_MASK = {
  paths: [
    'package_id',
    'module',
    'sender',
    'event_type',
    'contents',
    'transaction_digest',
    'event_index',
    'checkpoint',
  ],
}
const BACK_OFF_MS = {first: 200, most: 10_000}

/**
 * Every matching event, in order, none lost and none twice, for as long as the signal allows: subscribes first, then
 * backfills from the cursor to where the subscription began, then drains it; reconnects with jittered exponential
 * back-off and without a limit (facts/sui.md 3.4, "Durable consumer").
 * @throws only when the signal aborts, with its reason
 */
export async function* streamEvents(options: StreamEventsOptions): AsyncGenerator<ChainEvent> {
  const {client, signal} = options
  const filter = eventFilter(options.packageId, options.module)
  let after = options.after
  let attempt = 0
  let announced = false
  const seen = new RecentIds()
  while (!signal.aborted) {
    // Without an abort the HTTP request outlives the loop: `break` does not close it.
    const abort = new AbortController()
    const stop = AbortSignal.any([signal, abort.signal])
    try {
      const call = client.subscriptionService.subscribeEvents({filter, readMask: READ_MASK}, {abort: stop})
      const frames = call.responses[Symbol.asyncIterator]()
      let frame = await frames.next()
      const start = frame.done ? undefined : frame.value.watermark?.cursor
      if (!announced && !frame.done) {
        announced = true
        options.onSubscribed?.()
      }

      if (after && start) {
        for await (const event of backfill(client, filter, after, start, stop)) {
          attempt = 0
          after = event.cursor
          if (seen.add(event.id)) yield event
        }
      }

      while (!frame.done) {
        attempt = 0
        const event = toChainEvent(frame.value)
        after = frame.value.watermark?.cursor ?? after
        if (event && seen.add(event.id)) yield event
        frame = await frames.next()
      }
    } catch (error) {
      if (signal.aborted) break
      options.onReconnect?.(error, attempt + 1)
    } finally {
      abort.abort()
    }

    if (signal.aborted) break
    attempt += 1
    const ceiling = Math.min(BACK_OFF_MS.most, BACK_OFF_MS.first * 2 ** Math.min(attempt, 10))
    await sleep(ceiling / 2 + (Math.random() * ceiling) / 2, undefined, {signal}).catch(() => signal.aborted)
  }

  signal.throwIfAborted()
}

async function* backfill(
  client: SuiGrpcClient,
  filter: GrpcTypes.EventFilter,
  from: Uint8Array,
  before: Uint8Array,
  abort: AbortSignal,
): AsyncGenerator<ChainEvent> {
  const CURSOR_BOUND = 4
  let after = from
  for (;;) {
    let reason: number | undefined
    const call = client.ledgerService.listEvents(
      {filter, readMask: READ_MASK, options: {after, before}},
      {abort},
    )
    for await (const frame of call.responses) {
      after = frame.watermark?.cursor ?? after
      const event = toChainEvent(frame)
      if (event) yield event
      reason = frame.end?.reason ?? reason
    }

    if (reason === CURSOR_BOUND) return
    // The index may trail behind the subscription: ask again from where it ended.
    await sleep(50, undefined, {signal: abort})
  }
}

function toChainEvent(frame: {
  event?: GrpcTypes.Event
  watermark?: GrpcTypes.Watermark
}): ChainEvent | undefined {
  const {event, watermark} = frame
  if (!event?.eventType || !watermark?.cursor) return undefined
  return {
    id: `${event.transactionDigest}:${event.eventIndex}`,
    type: event.eventType,
    name: event.eventType.split('<', 1)[0]!.split('::').at(-1)!,
    bcs: event.contents?.value ?? new Uint8Array(),
    sender: event.sender ?? '',
    digest: event.transactionDigest ?? '',
    cursor: watermark.cursor,
  }
}

function eventFilter(packageId: string, module: string | undefined): GrpcTypes.EventFilter {
  const eventType = {eventType: module === undefined ? packageId : `${packageId}::${module}`}
  return {terms: [{literals: [{negated: false, predicate: {oneofKind: 'eventType', eventType}}]}]}
}

/** The last few thousand ids: what a backfill and a subscription may both bring. */
class RecentIds {
  readonly #ids = new Set<string>()

  /** Adds an id; false when it was there. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false
    this.#ids.add(id)
    if (this.#ids.size > 5000) this.#ids.delete(this.#ids.values().next().value!)
    return true
  }
}
