import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {DevnetNode, LedgerCheckpoint} from '../../ledger/api.ts'
import {type HandlerTable, stream} from '../dispatch.ts'
import {checkpointToProto} from '../proto/checkpoint.ts'
import {eventToProto} from '../proto/event.ts'
import {executedToProto} from '../proto/executed.ts'
import {eventFilter, transactionFilter} from '../query/filter.ts'
import {eventsOf, transactionsOf} from '../query/items.ts'
import {type Lane, encodeCursor} from '../query/position.ts'
import {type Placed, startOf} from '../query/scan.ts'
import {readMask} from '../read-mask.ts'
import {type CheckpointFeed} from './checkpoint-feed.ts'
import {transactionMask} from './ledger.ts'

const service = 'sui.rpc.v2.SubscriptionService'
/** Without a match, real nodes tell how far they are each 25 checkpoints. */
const checkpointsPerTick = 25

/** SubscriptionService: what happens from now on. Every stream begins at the tip; none ends by itself. */
export function subscriptionHandlers(node: DevnetNode, feed: CheckpointFeed): HandlerTable {
  return {
    [`${service}/SubscribeCheckpoints`]: stream(async function* (
      request: T.SubscribeCheckpointsRequest,
      {signal},
    ): AsyncGenerator<T.SubscribeCheckpointsResponse> {
      const mask = readMask(T.Checkpoint, request.readMask, 'sequence_number,digest')
      const passes = transactionFilter(request.filter)
      const isFiltered = request.filter !== undefined
      const ticker = new Ticker()
      const checkpoints = feed.subscribe(signal, {gapless: !isFiltered})
      if (isFiltered) yield {cursor: node.tip().sequenceNumber}
      for await (const checkpoint of checkpoints) {
        if (checkpoint === 'idle') {
          if (isFiltered) yield {cursor: node.tip().sequenceNumber}
          continue
        }
        const cursor = checkpoint.sequenceNumber
        if (!isFiltered || checkpoint.transactions.some(passes)) {
          yield {cursor, checkpoint: mask.prune(checkpointToProto(node, checkpoint, mask))}
          ticker.reset()
        } else if (ticker.isDue()) {
          yield {cursor}
        }
      }
    }),
    [`${service}/SubscribeTransactions`]: stream(async function* (
      request: T.SubscribeTransactionsRequest,
      {signal},
    ): AsyncGenerator<T.SubscribeTransactionsResponse> {
      const mask = transactionMask(request.readMask)
      const passes = transactionFilter(request.filter)
      for await (const {item, watermark} of follow(node, feed, signal, 'transactions', (one) =>
        transactionsOf(one, passes),
      )) {
        if (item === undefined) yield {watermark}
        else
          yield {
            watermark,
            transaction: mask.prune(executedToProto(node, item.transaction, mask, item.place)),
          }
      }
    }),
    [`${service}/SubscribeEvents`]: stream(async function* (
      request: T.SubscribeEventsRequest,
      {signal},
    ): AsyncGenerator<T.SubscribeEventsResponse> {
      const mask = readMask(T.Event, request.readMask, 'event_type')
      const passes = eventFilter(request.filter)
      for await (const {item, watermark} of follow(node, feed, signal, 'events', (one) =>
        eventsOf(one, passes),
      )) {
        if (item === undefined) yield {watermark}
        else yield {watermark, event: mask.prune(eventToProto(node.vm, item.event, mask, '', item.place))}
      }
    }),
  }
}

/** The matching items of each new checkpoint, and progress: at the start, every 25 checkpoints, and when idle. */
async function* follow<Item>(
  node: DevnetNode,
  feed: CheckpointFeed,
  signal: AbortSignal,
  lane: Lane,
  matches: (checkpoint: LedgerCheckpoint) => Placed<Item>[],
): AsyncGenerator<{item?: Item; watermark: T.Watermark}> {
  const checkpoints = feed.subscribe(signal, {gapless: false})
  const ticker = new Ticker()
  let covered = node.tip().sequenceNumber
  yield {watermark: progress(node, covered, lane)}
  for await (const checkpoint of checkpoints) {
    if (checkpoint === 'idle') {
      yield {watermark: progress(node, covered, lane)}
      continue
    }
    const items = matches(checkpoint)
    for (const {position, item} of items) {
      yield {item, watermark: {cursor: encodeCursor({kind: 'item', ...position}, lane), checkpoint: covered}}
    }
    covered = checkpoint.sequenceNumber
    if (items.length > 0) ticker.reset()
    else if (ticker.isDue()) yield {watermark: progress(node, covered, lane)}
  }
}

function progress(node: DevnetNode, covered: bigint, lane: Lane): T.Watermark {
  return {cursor: encodeCursor(startOf(node, covered + 1n), lane), checkpoint: covered}
}

/** Counts checkpoints without a frame. */
class Ticker {
  #silent = 0

  reset(): void {
    this.#silent = 0
  }

  isDue(): boolean {
    this.#silent = (this.#silent + 1) % checkpointsPerTick
    return this.#silent === 0
  }
}
