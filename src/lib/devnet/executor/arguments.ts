/** Arguments of commands: where values lie between commands, and how they may be used. */
import {isUtf8} from 'node:buffer'
import type {MoveType, StructValue, Value, Cell, Vm} from '../vm/api.ts'
import {VmError} from '../vm/api.ts'
import {ByteReader, bytesToAddress} from '../vm/bytes.ts'
import {copyValue, formatType} from '../vm/types.ts'
import {SUI_FRAMEWORK} from '../ledger/object.ts'
import {Entanglement} from './entanglement.ts'
import {argumentFailure, ExecutionError, type PlainArgumentError} from './failure.ts'
import {lastUses, resultKey, type Argument} from './last-uses.ts'
import type {Command} from './inputs.ts'
import {idValue, MOVE_STDLIB, sameType} from './values.ts'

/** A typed place for a value. */
export interface Slot {
  readonly type: MoveType
  readonly cell: Cell
  taken: boolean
  /** The shared objects in the value: what takes it must share them again or delete them. */
  readonly shared?: readonly string[]
  /** What taking it by value, or by mutable reference, would be. */
  readonly noValue?: PlainArgumentError
  readonly noMutation?: PlainArgumentError
}

/** A pure input: bytes, read as the type that each use asks for. */
export interface PureSlot {
  readonly bytes: Uint8Array
  readonly readings: Map<string, Slot>
}

/** An input that is to be received; it has no value of its own. */
export interface ReceivingSlot {
  readonly receiving: Value
  taken: boolean
}

export type AnySlot = Slot | PureSlot | ReceivingSlot

/** The module and name of a type that a pure input may be read as, besides primitives and vectors. */
const PURE_STRUCTS = new Set([
  `${MOVE_STDLIB}::string::String`,
  `${MOVE_STDLIB}::ascii::String`,
  `${SUI_FRAMEWORK}::object::ID`,
])

/** May bytes from outside become a value of this type? */
export function isPureType(type: MoveType): boolean {
  if (type.kind === 'vector') return isPureType(type.element)
  if (type.kind !== 'datatype') return type.kind !== 'signer'
  const name = `${type.address}::${type.module}::${type.name}`
  if (name === `${MOVE_STDLIB}::option::Option`) return type.typeArgs.every(isPureType)
  return PURE_STRUCTS.has(name)
}

function isReceiving(type: MoveType): boolean {
  return (
    type.kind === 'datatype' &&
    type.address === SUI_FRAMEWORK &&
    type.module === 'transfer' &&
    type.name === 'Receiving'
  )
}

/** The value that stands for an object that is to be received: `Receiving<T>{id, version}`. */
export function receivingValue(id: string, version: bigint): StructValue {
  return {fields: [idValue(id), version]}
}

/** What a command may return: a value with its type. */
interface Returned {
  readonly type: MoveType
  readonly value: Value
  readonly noValue?: PlainArgumentError
}

/** Values of one transaction, by argument. One command at a time borrows from it. */
export class Arguments {
  readonly #vm: Vm
  readonly #gas: Slot
  readonly #inputs: readonly AnySlot[]
  readonly #results: Slot[][] = []
  readonly #anyBytes: boolean
  readonly #lastUses: ReadonlyMap<string, string>
  readonly #entanglement = new Entanglement()
  #borrowed = new Map<AnySlot, 'shared' | 'mutable'>()
  #sharedTaken: string[] = []

  /**
   * @param commands where the last use of each result is
   * @param anyBytes pure bytes may become values of any type (simulation without checks)
   */
  constructor(
    vm: Vm,
    gas: Slot,
    inputs: readonly AnySlot[],
    commands: readonly Command[],
    anyBytes: boolean,
  ) {
    this.#vm = vm
    this.#gas = gas
    this.#inputs = inputs
    this.#lastUses = lastUses(commands)
    this.#anyBytes = anyBytes
  }

  /** Ends the borrows of the command before. */
  beginCommand(): void {
    this.#borrowed = new Map()
    this.#sharedTaken = []
    this.#entanglement.begin()
  }

  /** Ids of the shared objects that the command has taken by value so far. */
  get sharedTaken(): readonly string[] {
    return this.#sharedTaken
  }

  /** Fails when an argument of the command may not go to an `entry` function that is not public. */
  checkPrivateEntry(): void {
    if (!this.#anyBytes) this.#entanglement.checkPrivateEntry()
  }

  /**
   * Ends the command and stores what it returned.
   * @param keepsShared what it returned holds the shared objects that it took (MakeMoveVec)
   */
  endCommand(results: readonly Returned[], keepsShared: boolean): void {
    const shared = keepsShared ? this.#sharedTaken : []
    const slots = results.map(({type, value, noValue}): Slot => ({
      type,
      cell: {value},
      taken: false,
      ...(noValue === undefined ? {} : {noValue}),
      ...(shared.length === 0 ? {} : {shared}),
    }))
    this.#results.push(slots)
    const places = slots.map((place) => {
      const abilities = this.#vm.abilitiesOf(place.type)
      return {place, isPotato: !abilities.has('drop') && !abilities.has('store')}
    })
    this.#entanglement.end(places, !keepsShared && this.#sharedTaken.length > 0)
  }

  /** The gas coin as an argument? */
  isGas(argument: Argument): boolean {
    return argument.GasCoin !== undefined
  }

  /** Type of the value that the argument names; undefined for bytes that have none yet. */
  typeOf(argument: Argument, index: number): MoveType | undefined {
    const slot = this.#slot(argument, index)
    return 'type' in slot ? slot.type : undefined
  }

  /** Takes (or copies) a value. */
  byValue(argument: Argument, index: number, type: MoveType): Value {
    const slot = this.#slot(argument, index)
    if ('receiving' in slot) {
      if (!isReceiving(type)) throw argumentFailure(index, 'TypeMismatch')
      if (slot.taken) throw argumentFailure(index, 'InvalidValueUsage')
      slot.taken = true
      this.#entanglement.use(slot, index, true)
      return slot.receiving
    }
    if ('bytes' in slot) {
      const reading = this.#reading(slot, index, type)
      this.#entanglement.use(reading, index, false)
      return copyValue(reading.cell.value)
    }
    this.#check(slot, index, type)
    if (this.#vm.abilitiesOf(type).has('copy')) {
      if (this.#borrowed.get(slot) === 'mutable') throw argumentFailure(index, 'CannotMoveBorrowedValue')
      // The last use takes the value: so what can be copied but not dropped comes to its end.
      slot.taken = this.#isLastUse(argument, index) && !this.#borrowed.has(slot)
      this.#entanglement.use(slot, index, slot.taken)
      return copyValue(slot.cell.value)
    }
    if (this.#borrowed.has(slot)) throw argumentFailure(index, 'CannotMoveBorrowedValue')
    if (slot.noValue !== undefined) throw argumentFailure(index, slot.noValue)
    return this.#take(slot, index)
  }

  #take(slot: Slot, index: number): Value {
    slot.taken = true
    this.#sharedTaken.push(...(slot.shared ?? []))
    this.#entanglement.use(slot, index, true)
    return slot.cell.value
  }

  #isLastUse(argument: Argument, index: number): boolean {
    const key = resultKey(argument)
    return key !== undefined && this.#lastUses.get(key) === `${this.#results.length} ${index}`
  }

  /** Takes the gas coin; only TransferObjects may. */
  takeGas(index: number): Value {
    const slot = this.#gas
    if (slot.taken) throw argumentFailure(index, 'InvalidValueUsage')
    if (this.#borrowed.has(slot)) throw argumentFailure(index, 'CannotMoveBorrowedValue')
    return this.#take(slot, index)
  }

  /** Borrows a value for the length of the command. */
  borrow(argument: Argument, index: number, type: MoveType, mutable: boolean): Cell {
    const slot = this.#slot(argument, index)
    if ('receiving' in slot) {
      if (!isReceiving(type)) throw argumentFailure(index, 'TypeMismatch')
      this.#entanglement.use(slot, index, false)
      return {value: slot.receiving}
    }
    const place = 'bytes' in slot ? this.#reading(slot, index, type) : slot
    this.#check(place, index, type)
    const held = this.#borrowed.get(place)
    if (held === 'mutable' || (held !== undefined && mutable)) {
      throw argumentFailure(index, 'CannotMoveBorrowedValue')
    }
    if (mutable && place.noMutation !== undefined) throw argumentFailure(index, place.noMutation)
    this.#borrowed.set(place, mutable ? 'mutable' : 'shared')
    this.#entanglement.use(place, index, false)
    return place.cell
  }

  /** Values that nobody took, with the place of each; the caller decides which may be dropped. */
  leftOver(): {command: number; result: number; slot: Slot}[] {
    return this.#results.flatMap((slots, command) =>
      slots.flatMap((slot, result) => (slot.taken ? [] : [{command, result, slot}])),
    )
  }

  #check(slot: Slot, index: number, type: MoveType): void {
    if (slot.taken) throw argumentFailure(index, 'InvalidValueUsage')
    if (!sameType(slot.type, type)) {
      const text = `expected ${formatType(type)}, found ${formatType(slot.type)}`
      throw argumentFailure(index, 'TypeMismatch', text)
    }
  }

  #slot(argument: Argument, index: number): AnySlot {
    if (argument.GasCoin !== undefined) return this.#gas
    if (argument.Input !== undefined) {
      const slot = this.#inputs[argument.Input]
      if (slot === undefined) throw argumentFailure(index, {IndexOutOfBounds: {idx: argument.Input}})
      return slot
    }
    if (argument.Result !== undefined) {
      const slots = this.#results[argument.Result]
      if (slots === undefined) throw argumentFailure(index, {IndexOutOfBounds: {idx: argument.Result}})
      const [slot] = slots
      if (slot === undefined || slots.length !== 1) {
        throw argumentFailure(index, {InvalidResultArity: {resultIdx: argument.Result}})
      }
      return slot
    }
    const [resultIdx, secondaryIdx] = argument.NestedResult
    const slots = this.#results[resultIdx]
    if (slots === undefined) throw argumentFailure(index, {IndexOutOfBounds: {idx: resultIdx}})
    const slot = slots[secondaryIdx]
    if (slot === undefined) {
      throw argumentFailure(index, {SecondaryIndexOutOfBounds: {resultIdx, secondaryIdx}})
    }
    return slot
  }

  #reading(slot: PureSlot, index: number, type: MoveType): Slot {
    const name = formatType(type)
    const known = slot.readings.get(name)
    if (known !== undefined) return known
    if (!this.#anyBytes && !isPureType(type)) {
      throw argumentFailure(index, type.kind === 'datatype' ? 'InvalidUsageOfPureArg' : 'TypeMismatch', name)
    }
    const reading: Slot = {
      type,
      cell: {value: this.#read(slot.bytes, index, type)},
      taken: false,
    }
    slot.readings.set(name, reading)
    return reading
  }

  #read(bytes: Uint8Array, index: number, type: MoveType): Value {
    try {
      if (type.kind === 'u64' && bytes.length === 8) return new ByteReader(bytes).big(8)
      if (type.kind === 'address' && bytes.length === 32) return bytesToAddress(bytes)
      const value = this.#vm.deserialize(type, bytes)
      checkText(type, value, index)
      return value
    } catch (error) {
      if (error instanceof ExecutionError || !(error instanceof VmError)) throw error
      throw argumentFailure(index, 'InvalidBCSBytes', error.message)
    }
  }
}

/** Strings from outside must be what their type promises. */
function checkText(type: MoveType, value: Value, index: number): void {
  if (type.kind === 'vector') {
    if (type.element.kind === 'u8' || typeof value !== 'object' || !('elements' in value)) return
    for (const element of value.elements) checkText(type.element, element, index)
    return
  }
  if (type.kind !== 'datatype' || typeof value !== 'object' || !('fields' in value)) return
  const isString = type.address === MOVE_STDLIB && type.name === 'String'
  if (!isString) {
    if (type.module === 'option')
      checkText({kind: 'vector', element: type.typeArgs[0]!}, value.fields[0]!, index)
    return
  }
  const bytes = (value.fields[0] as {elements: number[]}).elements
  const valid = type.module === 'ascii' ? bytes.every((byte) => byte < 0x80) : isUtf8(Uint8Array.from(bytes))
  if (!valid) throw argumentFailure(index, 'InvalidBCSBytes', `not a ${type.module} string`)
}
