/** What a transaction does to objects: gathered from the runtime when its commands are done. */
import type {ObjectOwner, StoredObject} from '../ledger/api.ts'
import type {ObjectDraft} from '../ledger/object.ts'
import type {MoveType, PackageBytecode, Value, Vm} from '../vm/api.ts'
import {formatType} from '../vm/types.ts'
import type {Slot} from './arguments.ts'
import {ExecutionError} from './failure.ts'
import type {LoadedInputs} from './inputs.ts'
import type {ObjectRuntime, Transferred} from './runtime.ts'

const MAX_OBJECT_BYTES = 250 * 1024

/** An object that may be changed, with the place of its value. */
export interface HeldInput {
  readonly object: StoredObject
  readonly slot: Slot
}

/** One object that a transaction writes, ends, or both makes and ends. */
export interface Change {
  readonly id: string
  readonly before: StoredObject | undefined
  readonly after: ObjectDraft | undefined
  readonly operation: 'None' | 'Created' | 'Deleted'
}

/** The draft that writes an object as it was. */
function unchangedDraft(object: StoredObject): ObjectDraft {
  const {id, owner, type, hasPublicTransfer, contents} = object
  return {id, owner, type, hasPublicTransfer, contents, package: object.package}
}

/** What a transaction that fails writes: its inputs as they were, with a new version; and its gas coins, smashed. */
export function failedChanges({gas, inputs}: LoadedInputs): Change[] {
  const held = inputs.flatMap((input) => (input.kind === 'object' && input.mutable ? [input.object] : []))
  const written = [...gas.slice(0, 1), ...held].map((object): Change => {
    return {id: object.id, before: object, after: unchangedDraft(object), operation: 'None'}
  })
  const smashed = gas.slice(1).map((coin): Change => {
    return {id: coin.id, before: coin, after: undefined, operation: 'Deleted'}
  })
  return [...written, ...smashed]
}

/** The draft of a new package. */
export function packageDraft(code: PackageBytecode): ObjectDraft {
  return {
    id: code.storageId,
    owner: {kind: 'immutable'},
    type: undefined,
    hasPublicTransfer: false,
    contents: new Uint8Array(),
    package: code,
  }
}

/** Gathers drafts of objects by id. */
class Drafts {
  readonly byId = new Map<string, ObjectDraft>()
  readonly #vm: Vm

  constructor(vm: Vm) {
    this.#vm = vm
  }

  add(id: string, type: MoveType, value: Value, owner: ObjectOwner): ObjectDraft {
    const contents = this.#vm.serialize(type, value)
    if (contents.length > MAX_OBJECT_BYTES) {
      throw new ExecutionError({
        MoveObjectTooBig: {objectSize: String(contents.length), maxObjectSize: String(MAX_OBJECT_BYTES)},
      })
    }
    const hasPublicTransfer = this.#vm.abilitiesOf(type).has('store')
    const draft = {id, owner, type, hasPublicTransfer, contents, package: undefined}
    this.byId.set(id, draft)
    return draft
  }
}

/** Owner of a transferred object; a shared object that is shared again keeps the version it started at. */
function ownerOf({target}: Transferred, before: StoredObject | undefined, version: bigint): ObjectOwner {
  if (target.kind !== 'shared') return target
  const kept = before?.owner.kind === 'shared' ? before.owner.initialSharedVersion : version
  return {kind: 'shared', initialSharedVersion: kept}
}

/**
 * Every change of a transaction that succeeded, in no order.
 * @param held inputs that may be changed
 * @param version the version that everything written gets
 * @throws ExecutionError when an object is too big or a shared object went where none may go
 */
export function collectChanges(options: {
  vm: Vm
  runtime: ObjectRuntime
  held: readonly HeldInput[]
  smashed: readonly StoredObject[]
  packages: Iterable<PackageBytecode>
  version: bigint
}): Change[] {
  const {vm, runtime, held, smashed, version} = options
  const known = new Map<string, StoredObject>()
  const drafts = new Drafts(vm)
  for (const {object, slot} of held) {
    known.set(object.id, object)
    if (!slot.taken) drafts.add(object.id, slot.type, slot.cell.value, object.owner)
  }
  for (const coin of smashed) known.set(coin.id, coin)
  for (const [id, object] of runtime.received) known.set(id, object)
  addChildren(runtime, drafts, known)
  for (const [id, given] of runtime.transfers) {
    drafts.add(id, given.type, given.value, ownerOf(given, known.get(id), version))
  }
  for (const code of options.packages) drafts.byId.set(code.storageId, packageDraft(code))

  const ended = new Set([...runtime.deletedIds, ...smashed.map((coin) => coin.id)])
  const ids = new Set([...drafts.byId.keys(), ...known.keys(), ...ended])
  return [...ids].map((id): Change => {
    const after = drafts.byId.get(id)
    const written = runtime.newIds.has(id) ? 'Created' : 'None'
    const gone = ended.has(id) ? 'Deleted' : 'None'
    return {id, before: known.get(id), after, operation: after === undefined ? gone : written}
  })
}

/** Children are written only when their bytes or their parent changed. */
function addChildren(runtime: ObjectRuntime, drafts: Drafts, known: Map<string, StoredObject>): void {
  for (const [id, child] of runtime.children) {
    if (!child.touched) continue
    const {original} = child
    if (original !== undefined) known.set(id, original)
    if (child.cell === undefined) continue
    const draft = drafts.add(id, child.type, child.cell.value, {kind: 'object', parent: child.parent})
    const unchanged =
      original !== undefined &&
      original.owner.kind === 'object' &&
      original.owner.parent === child.parent &&
      original.typeName === formatType(child.type) &&
      Buffer.compare(original.contents, draft.contents) === 0
    if (!unchanged) continue
    drafts.byId.delete(id)
    known.delete(id)
  }
}
