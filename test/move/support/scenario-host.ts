/** `sui::test_scenario` for our own machine: several transactions in one call, over the executor's object runtime. */
import {ObjectRuntime} from '../../../src/lib/devnet/executor/runtime.ts'
import {objectIdOf, sameType} from '../../../src/lib/devnet/executor/values.ts'
import type {StoredObject} from '../../../src/lib/devnet/ledger/api.ts'
import {VmAbort, type MoveType, type OwnerTarget, type TxInfo, type Value, type Vm} from '../../../src/lib/devnet/vm/api.ts'
import {derivedId} from '../../../src/lib/devnet/vm/natives/objects.ts'
import {formatType} from '../../../src/lib/devnet/vm/types.ts'

/** Codes of `sui::test_scenario`. */
const INVALID_SHARED_OR_IMMUTABLE_USAGE = 1n
const OBJECT_NOT_FOUND = 4n
const TICKET_VERSION = 1n
const LAST_SYSTEM_ID = 0xffffn

interface Kept {
  readonly type: MoveType
  readonly value: Value
  readonly owner: OwnerTarget
}

interface Taken {
  readonly owner: OwnerTarget
  readonly type: MoveType
  /** BCS when it was taken. */
  readonly before: Uint8Array
}

/** What a transaction did: ids, in the order in which it happened. */
export interface ScenarioEffects {
  readonly created: readonly string[]
  readonly written: readonly string[]
  readonly deleted: readonly string[]
  readonly toAccount: ReadonlyMap<string, string>
  readonly toObject: ReadonlyMap<string, string>
  readonly shared: readonly string[]
  readonly frozen: readonly string[]
  readonly events: number
}

/** The transaction of a test as it can be told anew. */
export type MutableTx = {-readonly [Key in keyof TxInfo]: TxInfo[Key]}

/** Whether an object of this owner is meant. */
type Whose = (owner: OwnerTarget) => boolean

export class ScenarioHost extends ObjectRuntime {
  override readonly tx: MutableTx
  idCount = 0n
  readonly #vm: Vm
  readonly #sharedInputs: Set<string>
  readonly #receivable: Map<string, StoredObject>
  /** Objects that transactions before left; the latest last. */
  readonly #kept = new Map<string, Kept>()
  readonly #taken = new Map<string, Taken>()
  readonly #ticketed = new Map<string, Kept>()

  constructor(vm: Vm) {
    const tx: MutableTx = {
      sender: `0x${'0'.repeat(64)}`,
      digest: new Uint8Array(32),
      epoch: 0n,
      epochTimestampMs: 0n,
      referenceGasPrice: 1000n,
      gasPrice: 1000n,
      gasBudget: 0n,
      sponsor: undefined,
    }
    const sharedInputs = new Set<string>()
    const receivable = new Map<string, StoredObject>()
    super({tx, vm, reader: {get: () => undefined, endedStream: () => undefined}, sharedInputs, receivable})
    this.tx = tx
    this.#vm = vm
    this.#sharedInputs = sharedInputs
    this.#receivable = receivable
  }

  override freshId(): string {
    const id = derivedId(this.tx.digest, this.idCount)
    this.idCount += 1n
    this.recordNewUid(id)
    return id
  }

  override idsCreated(): bigint {
    return this.idCount
  }

  override transfer(type: MoveType, value: Value, target: OwnerTarget): void {
    // Tests make the objects of the system themselves, under ids that no transaction gives out.
    const id = objectIdOf(value)
    if (BigInt(id) <= LAST_SYSTEM_ID) this.newIds.add(id)
    super.transfer(type, value, target)
  }

  /** Takes an object out of what there is. Throws VmAbort where there is none such. */
  take(id: string, type: MoveType, whose: Whose): Value {
    const kept = this.#kept.get(id)
    if (kept === undefined || !sameType(kept.type, type) || !whose(kept.owner)) throw new VmAbort(OBJECT_NOT_FOUND)
    this.#kept.delete(id)
    this.#taken.set(id, {...kept, before: this.#vm.serialize(type, kept.value)})
    if (kept.owner.kind === 'shared') this.#sharedInputs.add(id)
    return kept.value
  }

  /** Ids of the objects of a type, the latest last. */
  idsOf(type: MoveType, whose: Whose): string[] {
    return [...this.#kept].filter(([, kept]) => sameType(kept.type, type) && whose(kept.owner)).map(([id]) => id)
  }

  wasTaken(id: string, whose: Whose): boolean {
    const taken = this.#taken.get(id)
    return taken !== undefined && whose(taken.owner)
  }

  /** Makes an object receivable; returns its version. */
  giveTicket(id: string, type: MoveType): bigint {
    const kept = this.#kept.get(id)
    if (kept?.owner.kind !== 'address' || !sameType(kept.type, type)) throw new VmAbort(OBJECT_NOT_FOUND)
    this.#kept.delete(id)
    this.#ticketed.set(id, kept)
    const contents = this.#vm.serialize(type, kept.value)
    const owner = {kind: 'address', address: kept.owner.address} as const
    this.#receivable.set(id, {
      ...NOTHING,
      id,
      version: TICKET_VERSION,
      owner,
      type,
      typeName: formatType(type),
      contents,
    })
    return TICKET_VERSION
  }

  takeTicketBack(id: string): void {
    const kept = this.#ticketed.get(id)
    if (kept === undefined) throw new VmAbort(OBJECT_NOT_FOUND)
    this.#ticketed.delete(id)
    this.#receivable.delete(id)
    this.#kept.set(id, kept)
  }

  /** The events of a type in this transaction. */
  eventsOf(type: MoveType): Value[] {
    const own = this.events.filter((event) => sameType(event.type, type))
    return own.map(({contents}) => this.#vm.deserialize(type, contents))
  }

  /** Ends the transaction: what was transferred can be taken in the next one. */
  endTransaction(): ScenarioEffects {
    for (const [id, taken] of this.#taken) this.#checkGivenBack(id, taken)
    const effects = this.#effects()
    for (const [id, {type, value, target}] of this.transfers) {
      this.#kept.delete(id)
      this.#kept.set(id, {type, value, owner: target})
    }
    for (const id of this.received.keys()) this.#ticketed.delete(id)
    for (const state of this.children.values()) state.touched = false
    for (const id of [...this.transfers.keys(), ...this.deletedIds]) this.#taken.delete(id)
    this.transfers.clear()
    this.newIds.clear()
    this.deletedIds.clear()
    this.events.length = 0
    return effects
  }

  /** What was taken may be kept for the next transaction; given back, it must be as it was. */
  #checkGivenBack(id: string, {owner, type, before}: Taken): void {
    if (owner.kind === 'address') return
    const back = this.transfers.get(id)
    const elsewhere = (back !== undefined && back.target.kind !== owner.kind) || this.children.get(id)?.cell !== undefined
    const changed =
      owner.kind === 'immutable' &&
      (this.deletedIds.has(id) ||
        (back !== undefined && Buffer.compare(before, this.#vm.serialize(type, back.value)) !== 0))
    if (elsewhere || changed) throw new VmAbort(INVALID_SHARED_OR_IMMUTABLE_USAGE)
  }

  #effects(): ScenarioEffects {
    const children = [...this.children].filter(([, {touched, cell}]) => touched && cell !== undefined)
    const written = [...this.transfers.keys(), ...children.map(([id]) => id)]
    const given = (kind: OwnerTarget['kind']): string[] =>
      [...this.transfers].filter(([, {target}]) => target.kind === kind).map(([id]) => id)
    return {
      created: written.filter((id) => this.newIds.has(id)),
      written: written.filter((id) => !this.newIds.has(id)),
      deleted: [...this.deletedIds],
      toAccount: new Map(
        [...this.transfers].flatMap(([id, {target}]) => (target.kind === 'address' ? [[id, target.address]] : [])),
      ),
      toObject: new Map(children.map(([id, {parent}]) => [id, parent])),
      shared: given('shared'),
      frozen: given('immutable'),
      events: this.events.length,
    }
  }
}

/** A stored object of which nothing is known. */
const NOTHING: Omit<StoredObject, 'id' | 'version' | 'owner' | 'type' | 'typeName' | 'contents'> = {
  digest: '',
  hasPublicTransfer: true,
  package: undefined,
  previousTransaction: '',
  storageRebate: 0n,
  bcs: new Uint8Array(),
}

