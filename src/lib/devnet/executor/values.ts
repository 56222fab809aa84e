/** The few Move values that the executor makes and reads itself. */
import {SUI_FRAMEWORK} from '../ledger/object.ts'
import {VmError, type MoveType, type StructValue, type TxInfo, type Value} from '../vm/api.ts'
import {bytesValue, formatType} from '../vm/types.ts'

/** `0x1`, written out. */
export const MOVE_STDLIB = `0x${'1'.padStart(64, '0')}`

/** A datatype of the Sui framework. */
export function frameworkType(module: string, name: string, typeArgs: readonly MoveType[] = []): MoveType {
  return {kind: 'datatype', address: SUI_FRAMEWORK, module, name, typeArgs}
}

/** `0x2::object::ID` as a value. */
export function idValue(id: string): StructValue {
  return {fields: [id]}
}

/** `0x2::object::UID` as a value. */
export function uidValue(id: string): StructValue {
  return {fields: [idValue(id)]}
}

/** A field of a struct. Throws VmError INVARIANT_VIOLATION when it is not there. */
export function fieldOf(value: Value, ...path: readonly number[]): Value {
  let current: Value | undefined = value
  for (const index of path) {
    if (typeof current !== 'object' || !('fields' in current)) break
    current = current.fields[index]
  }
  if (current === undefined) throw new VmError('INVARIANT_VIOLATION', 'a value lacks a field')
  return current
}

/** The id of an object: its first field is its UID. */
export function objectIdOf(value: Value): string {
  const id = fieldOf(value, 0, 0, 0)
  if (typeof id !== 'string') throw new VmError('INVARIANT_VIOLATION', 'an object without an id')
  return id
}

/** `Coin<T>` as a value. */
export function coinValue(id: string, balance: bigint): StructValue {
  return {fields: [uidValue(id), {fields: [balance]}]}
}

/** The balance of a coin value. */
export function balanceOf(coin: Value): bigint {
  return fieldOf(coin, 1, 0) as bigint
}

/** Sets the balance of a coin value. */
export function setBalance(coin: Value, balance: bigint): void {
  const holder = fieldOf(coin, 1) as StructValue
  holder.fields[0] = balance
}

/** `0x2::tx_context::TxContext` as a value. */
export function txContextValue(tx: TxInfo, idsCreated: bigint): StructValue {
  return {fields: [tx.sender, bytesValue(tx.digest), tx.epoch, tx.epochTimestampMs, idsCreated]}
}

/** Are these the same type? */
export function sameType(a: MoveType, b: MoveType): boolean {
  return a === b || formatType(a) === formatType(b)
}
