import {setImmediate as nextTurn} from 'node:timers/promises'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {DevnetNode, LedgerCheckpoint} from '../../ledger/api.ts'
import {invalidField} from '../status.ts'
import {clamp} from './page.ts'
import {
  type Cursor,
  type Lane,
  type Position,
  decodeCursor,
  encodeCursor,
  isAfter,
  isBefore,
} from './position.ts'

/** The parts of a List request that say where to look. */
export interface ScanRequest {
  readonly startCheckpoint?: bigint
  readonly endCheckpoint?: bigint
  readonly options?: T.QueryOptions
}

/** What a method lists, and how many items it gives by default and at most. */
export interface ScanLimits {
  readonly lane: Lane
  readonly defaultLimit: number
  readonly maxLimit: number
}

/** One frame of the answer: an item or progress, and on the last one why it is the last. */
export interface ScanFrame<Item> {
  readonly item?: Item
  readonly watermark: T.Watermark
  readonly end?: T.QueryEnd
}

/** Something of a checkpoint, with its place. */
export interface Placed<Item> {
  readonly position: Position
  readonly item: Item
}

/** After so many checkpoints a scan lets others run. */
const checkpointsPerTurn = 256

/**
 * Goes through the ledger between the bounds of a request, in either order: facts/sui.md 3.4.
 * @param matches the matching items of a checkpoint in ledger order
 * @throws RpcFailure INVALID_ARGUMENT for a cursor that is none
 */
export async function* scan<Item>(
  node: DevnetNode,
  request: ScanRequest,
  limits: ScanLimits,
  matches: (checkpoint: LedgerCheckpoint) => Placed<Item>[],
): AsyncGenerator<ScanFrame<Item>> {
  const bounds = boundsOf(node, request, limits.lane)
  const limit = clamp(request.options?.limit ?? limits.defaultLimit, limits.maxLimit)
  const step = bounds.descending ? -1n : 1n
  let given = 0
  let covered: bigint | undefined
  for (let at = bounds.first; at >= bounds.lowest && at <= bounds.highest; at += step) {
    if (at % BigInt(checkpointsPerTurn) === 0n) await nextTurn()
    const checkpoint = node.checkpointBySequence(at)
    const items =
      checkpoint === undefined ? [] : matches(checkpoint).filter((found) => bounds.holds(found.position))
    if (bounds.descending) items.reverse()
    for (const {position, item} of items) {
      given += 1
      const watermark = {
        cursor: encodeCursor({kind: 'item', ...position}, limits.lane),
        ...(covered === undefined ? {} : {checkpoint: covered}),
      }
      if (given < limit) {
        yield {item, watermark}
        continue
      }
      yield {item, watermark, end: {reason: T.QueryEndReason.ITEM_LIMIT}}
      return
    }
    if (bounds.covers(at)) covered = at
  }
  yield {
    watermark: {
      cursor: encodeCursor(bounds.last, limits.lane),
      ...(covered === undefined ? {} : {checkpoint: covered}),
    },
    end: {reason: bounds.reason},
  }
}

interface Bounds {
  readonly descending: boolean
  readonly first: bigint
  readonly lowest: bigint
  readonly highest: bigint
  readonly last: Cursor
  readonly reason: T.QueryEndReason
  holds(position: Position): boolean
  covers(checkpoint: bigint): boolean
}

function boundsOf(node: DevnetNode, request: ScanRequest, lane: Lane): Bounds {
  const {options} = request
  if (request.endCheckpoint !== undefined && request.endCheckpoint < (request.startCheckpoint ?? 0n)) {
    const text = 'end_checkpoint must be greater than or equal to start_checkpoint'
    throw invalidField('end_checkpoint', text)
  }
  if (options?.ordering !== undefined && !(options.ordering in T.Ordering)) {
    throw invalidField('options.ordering', 'invalid ordering')
  }
  const after = options?.after === undefined ? undefined : decodeCursor(options.after, lane, 'options.after')
  const before =
    options?.before === undefined ? undefined : decodeCursor(options.before, lane, 'options.before')
  const descending = options?.ordering === T.Ordering.DESCENDING
  const tip = node.tip().sequenceNumber
  const start = request.startCheckpoint ?? 0n
  const end = request.endCheckpoint ?? tip + 1n
  const lowest = max(start, after?.checkpoint ?? 0n)
  const highest = min(tip, end - 1n, before?.checkpoint ?? tip)
  return {
    descending,
    first: descending ? highest : lowest,
    lowest,
    highest,
    ...(descending ? lowerEnd(start, after) : upperEnd(node, tip, end, before)),
    holds: (position) =>
      (after === undefined || isAfter(position, after)) &&
      (before === undefined || isBefore(position, before)),
    covers: (checkpoint) =>
      descending ? after === undefined || checkpoint > after.checkpoint : before?.checkpoint !== checkpoint,
  }
}

function upperEnd(
  node: DevnetNode,
  tip: bigint,
  end: bigint,
  before: Cursor | undefined,
): Pick<Bounds, 'last' | 'reason'> {
  if (before !== undefined && before.checkpoint < end && before.checkpoint <= tip) {
    return {last: {...before, kind: 'boundary'}, reason: T.QueryEndReason.CURSOR_BOUND}
  }
  if (end <= tip) return {last: startOf(node, end), reason: T.QueryEndReason.CHECKPOINT_BOUND}
  const reachesCursor = before !== undefined && before.checkpoint === tip + 1n && end > tip
  return {
    last: startOf(node, tip + 1n),
    reason: reachesCursor ? T.QueryEndReason.CURSOR_BOUND : T.QueryEndReason.LEDGER_TIP,
  }
}

function lowerEnd(start: bigint, after: Cursor | undefined): Pick<Bounds, 'last' | 'reason'> {
  if (after !== undefined && after.checkpoint >= start) {
    return {last: after, reason: T.QueryEndReason.CURSOR_BOUND}
  }
  const last: Cursor = {kind: 'boundary', checkpoint: start, transaction: 0n, event: 0}
  return {last, reason: T.QueryEndReason.CHECKPOINT_BOUND}
}

/** The boundary before the first item of a checkpoint; it may be the one to come. */
export function startOf(node: DevnetNode, checkpoint: bigint): Cursor {
  const previous = checkpoint === 0n ? undefined : node.checkpointBySequence(checkpoint - 1n)
  return {kind: 'boundary', checkpoint, transaction: previous?.totalTransactions ?? 0n, event: 0}
}

function max(...values: bigint[]): bigint {
  return values.reduce((a, b) => (a > b ? a : b))
}

function min(...values: bigint[]): bigint {
  return values.reduce((a, b) => (a < b ? a : b))
}
