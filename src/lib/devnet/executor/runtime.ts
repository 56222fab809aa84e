/** The object runtime: what the natives of the framework do to objects within one transaction. */
import type {MoveEvent, StoredObject} from '../ledger/api.ts'
import {blake2b256} from '../vm/blake2b.ts'
import type {ObjectReader} from '../ledger/store.ts'
import {
  VmAbort,
  VmError,
  type Cell,
  type MoveType,
  type OwnerTarget,
  type TxInfo,
  type Value,
  type Vm,
  type VmHost,
} from '../vm/api.ts'
import {ByteWriter, bytesToAddress} from '../vm/bytes.ts'
import {formatType} from '../vm/types.ts'
import {plainFailure} from './failure.ts'
import {objectIdOf, sameType} from './values.ts'

const ID_SCOPE = 0xf1
/** Codes of 0x2::dynamic_field and 0x2::transfer (facts/move-vm.md 4). */
const FIELD_EXISTS = 0n
const FIELD_MISSING = 1n
const FIELD_TYPE_MISMATCH = 2n
const SHARED_NON_NEW = 0n
const RECEIVE_TYPE_MISMATCH = 2n
const UNABLE_TO_RECEIVE = 3n
const MAX_EVENTS = 1_024

/** An object that was given to somebody. */
export interface Transferred {
  readonly type: MoveType
  readonly value: Value
  readonly target: OwnerTarget
}

/** A dynamic field's object that this transaction has touched. */
export interface ChildState {
  readonly original: StoredObject | undefined
  parent: string
  type: MoveType
  /** Undefined after removal. */
  cell: Cell | undefined
  /** May differ from the original. */
  touched: boolean
}

/** Id number `count` of a transaction: a hash of its digest and the number. */
export function deriveObjectId(digest: Uint8Array, count: bigint): string {
  const writer = new ByteWriter()
  writer.u8(ID_SCOPE)
  writer.bytes(digest)
  writer.big(count, 8)
  return bytesToAddress(blake2b256(writer.take()))
}

/** Objects as one transaction sees them. Implements what the VM asks of its host. */
export class ObjectRuntime implements VmHost {
  readonly tx: TxInfo
  readonly newIds = new Set<string>()
  readonly deletedIds = new Set<string>()
  readonly transfers = new Map<string, Transferred>()
  readonly children = new Map<string, ChildState>()
  readonly received = new Map<string, StoredObject>()
  readonly events: MoveEvent[] = []
  /** The call of the transaction that events are attributed to. */
  caller: {packageId: string; module: string} = {packageId: '', module: ''}

  readonly #vm: Vm
  readonly #reader: ObjectReader
  readonly #sharedInputs: ReadonlySet<string>
  readonly #receivable: ReadonlyMap<string, StoredObject>
  #count = 0n

  constructor(options: {
    tx: TxInfo
    vm: Vm
    reader: ObjectReader
    sharedInputs: ReadonlySet<string>
    receivable: ReadonlyMap<string, StoredObject>
  }) {
    this.tx = options.tx
    this.#vm = options.vm
    this.#reader = options.reader
    this.#sharedInputs = options.sharedInputs
    this.#receivable = options.receivable
  }

  freshId(): string {
    const id = deriveObjectId(this.tx.digest, this.#count)
    this.#count += 1n
    this.recordNewUid(id)
    return id
  }

  idsCreated(): bigint {
    return this.#count
  }

  recordNewUid(id: string): void {
    // A field that was removed and is added again in one transaction is neither new nor deleted.
    if (!this.deletedIds.delete(id)) this.newIds.add(id)
  }

  deleteUid(id: string): void {
    if (!this.newIds.delete(id)) this.deletedIds.add(id)
  }

  transfer(type: MoveType, value: Value, target: OwnerTarget): void {
    const id = objectIdOf(value)
    if (target.kind === 'shared' && !this.newIds.has(id) && !this.#sharedInputs.has(id)) {
      throw new VmAbort(SHARED_NON_NEW)
    }
    this.transfers.set(id, {type, value, target})
  }

  receive(parent: string, id: string, version: bigint, type: MoveType): Value {
    const object = this.#receivable.get(id)
    const owned = object?.owner.kind === 'address' && object.owner.address === parent
    if (object?.type === undefined || !owned || object.version !== version || this.received.has(id)) {
      throw new VmAbort(UNABLE_TO_RECEIVE)
    }
    if (!sameType(object.type, type)) throw new VmAbort(RECEIVE_TYPE_MISMATCH)
    this.received.set(id, object)
    return this.#vm.deserialize(type, object.contents)
  }

  emit(type: MoveType, value: Value): void {
    if (this.events.length >= MAX_EVENTS) {
      throw new VmError('UNSUPPORTED', `more than ${MAX_EVENTS} events in one transaction`)
    }
    this.events.push({
      ...this.caller,
      sender: this.tx.sender,
      type,
      typeName: formatType(type),
      contents: this.#vm.serialize(type, value),
    })
  }

  addChild(parent: string, childId: string, type: MoveType, value: Value): void {
    const state = this.#child(parent, childId)
    if (state?.cell !== undefined) throw new VmAbort(FIELD_EXISTS)
    this.transfers.delete(childId)
    const original = this.children.get(childId)?.original
    this.children.set(childId, {original, parent, type, cell: {value}, touched: true})
  }

  borrowChild(parent: string, childId: string, type: MoveType, mutable: boolean): Cell {
    const state = this.#present(parent, childId, type)
    if (mutable) state.touched = true
    return state.cell
  }

  removeChild(parent: string, childId: string, type: MoveType): Value {
    const state = this.#present(parent, childId, type)
    const {value} = state.cell
    const removed: ChildState = state
    removed.cell = undefined
    removed.touched = true
    return value
  }

  hasChild(parent: string, childId: string): boolean {
    return this.#child(parent, childId)?.cell !== undefined
  }

  hasChildWithType(parent: string, childId: string, type: MoveType): boolean {
    const state = this.#child(parent, childId)
    return state?.cell !== undefined && sameType(state.type, type)
  }

  #present(parent: string, childId: string, type: MoveType): ChildState & {cell: Cell} {
    const state = this.#child(parent, childId)
    if (state?.cell === undefined) throw new VmAbort(FIELD_MISSING)
    if (!sameType(state.type, type)) throw new VmAbort(FIELD_TYPE_MISMATCH)
    return state as ChildState & {cell: Cell}
  }

  /** The child as it is now, read from the store at first use; undefined when this parent has no such child. */
  #child(parent: string, childId: string): ChildState | undefined {
    const known = this.children.get(childId)
    if (known !== undefined) return known.parent === parent ? known : undefined
    const object = this.#reader.get(childId)
    if (object?.type === undefined || object.owner.kind !== 'object' || object.owner.parent !== parent) {
      return undefined
    }
    const value = this.#vm.deserialize(object.type, object.contents)
    const state: ChildState = {original: object, parent, type: object.type, cell: {value}, touched: false}
    this.children.set(childId, state)
    return state
  }

  /** Fails when a shared object that was taken by value is neither shared again nor deleted. */
  checkSharedTaken(id: string): void {
    if (this.transfers.get(id)?.target.kind === 'shared' || this.deletedIds.has(id)) return
    throw plainFailure('SharedObjectOperationNotAllowed')
  }
}
