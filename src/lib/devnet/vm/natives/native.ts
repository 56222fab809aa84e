import {VmAbort, type MoveType, type StructValue, type Value, type VmHost} from '../api.ts'
import {NATIVE_BYTE_UNITS} from '../gas-table.ts'
import type {TypeSystem} from '../type-system.ts'
import {bytesValue, primitive, valueBytes} from '../types.ts'
import type {Ref, Slot} from '../values.ts'

/** What a native may use. */
export interface NativeContext {
  readonly host: VmHost
  readonly types: TypeSystem
  /** Charges units of the meter. */
  charge(units: number): void
  /** Takes what `std::debug` prints. */
  log(line: string): void
  /** The original id of the package stored under an id. */
  originalId(packageId: string): string
}

/** A native: takes its arguments (references as Ref), gives its one result or undefined. */
export type Native = (
  context: NativeContext,
  args: readonly Slot[],
  typeArgs: readonly MoveType[],
) => Slot | undefined

/** Natives by `0x…::module::function`. */
export type NativeTable = ReadonlyMap<string, Native>

/** Natives of one package: module to function to native. */
export type NativeModules = Readonly<Record<string, Readonly<Record<string, Native>>>>

/** What an argument is or refers to. */
export function valueOf(slot: Slot | undefined): Value {
  return isRef(slot) ? slot.read() : (slot as Value)
}

function isRef(slot: Slot | undefined): slot is Ref {
  return typeof slot === 'object' && 'slots' in slot
}

/** The bytes of a vector<u8> argument (or reference); charged by length. */
export function bytesOf(context: NativeContext, slot: Slot | undefined): Uint8Array {
  const bytes = valueBytes(valueOf(slot))
  chargeBytes(context, bytes.length)
  return bytes
}

/** Charges for bytes that a native touches. */
export function chargeBytes(context: NativeContext, count: number): void {
  context.charge(Math.ceil(count * NATIVE_BYTE_UNITS))
}

/** A vector<u8> result. */
export const result = bytesValue

/** The first field of a struct argument (or reference). */
export function fieldOf(slot: Slot | undefined, index = 0): Value {
  return (valueOf(slot) as StructValue).fields[index]!
}

/** A type argument; the bytecode guarantees that it is there. */
export function typeArg(typeArgs: readonly MoveType[]): MoveType {
  return typeArgs[0] ?? primitive.bool
}

/** Ends with the abort code of the framework. */
export function abort(code: number): never {
  throw new VmAbort(BigInt(code))
}
