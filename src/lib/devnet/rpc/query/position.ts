import {invalidField} from '../status.ts'

/** A place in the ledger. For a list of checkpoints or transactions the finer parts are 0. */
export interface Position {
  readonly checkpoint: bigint
  /** Its place in the order of the whole chain. */
  readonly transaction: bigint
  readonly event: number
}

/** What is listed: a cursor of one list is refused by another. */
export type Lane = 'checkpoints' | 'transactions' | 'events'

/** A place, and whether the item there was delivered (`item`) or not yet (`boundary`). */
export interface Cursor extends Position {
  readonly kind: 'item' | 'boundary'
}

const cursorBytes = 23
const formatVersion = 2
const lanes: readonly Lane[] = ['checkpoints', 'transactions', 'events']

/** The opaque bytes of a cursor. */
export function encodeCursor(cursor: Cursor, lane: Lane): Uint8Array {
  const bytes = new Uint8Array(cursorBytes)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, formatVersion)
  view.setUint8(1, cursor.kind === 'item' ? 0 : 1)
  view.setBigUint64(2, cursor.checkpoint)
  view.setBigUint64(10, cursor.transaction)
  view.setUint32(18, cursor.event)
  view.setUint8(22, lanes.indexOf(lane))
  return bytes
}

/**
 * Reads a cursor that this devnet gave.
 * @param field which field of the request it is
 * @throws RpcFailure INVALID_ARGUMENT
 */
export function decodeCursor(bytes: Uint8Array, lane: Lane, field: string): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isOurs =
    bytes.length === cursorBytes &&
    view.getUint8(0) === formatVersion &&
    view.getUint8(1) <= 1 &&
    lanes[view.getUint8(22)] === lane
  if (!isOurs) throw invalidField(field, 'invalid cursor')
  return {
    kind: view.getUint8(1) === 0 ? 'item' : 'boundary',
    checkpoint: view.getBigUint64(2),
    transaction: view.getBigUint64(10),
    event: view.getUint32(18),
  }
}

/** Less than, equal to or greater than 0 as `a` lies before, at or behind `b`. */
export function comparePositions(a: Position, b: Position): number {
  if (a.checkpoint !== b.checkpoint) return a.checkpoint < b.checkpoint ? -1 : 1
  if (a.transaction !== b.transaction) return a.transaction < b.transaction ? -1 : 1
  return a.event - b.event
}

/** Does the position lie behind an exclusive lower bound? At a boundary cursor nothing was delivered yet. */
export function isAfter(position: Position, bound: Cursor): boolean {
  const order = comparePositions(position, bound)
  return bound.kind === 'item' ? order > 0 : order >= 0
}

/** Does the position lie before an exclusive upper bound? */
export function isBefore(position: Position, bound: Cursor): boolean {
  return comparePositions(position, bound) < 0
}
