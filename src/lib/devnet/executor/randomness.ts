/**
 * The Random object, 0x8: its state lies in a dynamic field of the Versioned inside it. Before each transaction that
 * takes it the system sets the bytes of a new round; here they follow from the seed and the number of the round.
 */
import type {StoredObject} from '../ledger/api.ts'
import {blake2b256} from '../vm/blake2b.ts'
import {finishObject, type ObjectDraft} from '../ledger/object.ts'
import type {ObjectReader} from '../ledger/store.ts'
import {ByteReader, bytesToAddress, ByteWriter} from '../vm/bytes.ts'
import {fieldId} from '../vm/natives/objects.ts'
import {primitive} from '../vm/types.ts'
import {RANDOM_ID} from './inputs.ts'
import {systemData, systemTransaction, type SystemTransaction} from './system.ts'
import {frameworkType} from './values.ts'

const INNER_VERSION = 1n
const encoder = new TextEncoder()

/** What the field holds. */
interface RandomState {
  readonly epoch: bigint
  readonly round: bigint
  /** Empty before the first round. */
  readonly bytes: Uint8Array
}

/** A hash of the seed and of what it is for. */
function derive(seed: Uint8Array, purpose: string, number: bigint): Uint8Array {
  const writer = new ByteWriter()
  writer.bytes(seed)
  writer.bytes(encoder.encode(purpose))
  writer.big(number, 8)
  return blake2b256(writer.take())
}

function nameBytes(): Uint8Array {
  const writer = new ByteWriter()
  writer.big(INNER_VERSION, 8)
  return writer.take()
}

/** The id of the field that holds the state, from the contents of the Random object. */
function fieldOf(random: {readonly contents: Uint8Array}): {versioned: string; field: string} {
  const versioned = bytesToAddress(random.contents.subarray(32, 64))
  return {versioned, field: fieldId(versioned, primitive.u64, nameBytes())}
}

function stateDraft(random: {readonly contents: Uint8Array}, state: RandomState): ObjectDraft {
  const {versioned, field} = fieldOf(random)
  const writer = new ByteWriter()
  writer.address(field)
  writer.big(INNER_VERSION, 8)
  writer.big(INNER_VERSION, 8)
  writer.big(state.epoch, 8)
  writer.big(state.round, 8)
  writer.length(state.bytes.length)
  writer.bytes(state.bytes)
  const type = frameworkType('dynamic_field', 'Field', [
    primitive.u64,
    frameworkType('random', 'RandomInner'),
  ])
  return {
    id: field,
    owner: {kind: 'object', parent: versioned},
    type,
    hasPublicTransfer: false,
    contents: writer.take(),
    package: undefined,
  }
}

function readState({contents}: StoredObject): RandomState {
  const reader = new ByteReader(contents.subarray(32 + 8 + 8))
  const epoch = reader.big(8)
  const round = reader.big(8)
  return {epoch, round, bytes: reader.bytes(reader.length())}
}

/** The Random object and its state as genesis makes them. */
export function randomDrafts(seed: Uint8Array, initialSharedVersion: bigint): ObjectDraft[] {
  const writer = new ByteWriter()
  writer.address(RANDOM_ID)
  writer.bytes(derive(seed, 'daas-devnet-random-id', 0n))
  writer.big(INNER_VERSION, 8)
  const random: ObjectDraft = {
    id: RANDOM_ID,
    owner: {kind: 'shared', initialSharedVersion},
    type: frameworkType('random', 'Random'),
    hasPublicTransfer: false,
    contents: writer.take(),
    package: undefined,
  }
  return [random, stateDraft(random, {epoch: 0n, round: 0n, bytes: new Uint8Array()})]
}

/**
 * The transaction that begins the next round; undefined on a chain without randomness (begun by an older devnet).
 * @param seed 32 bytes
 */
export function nextRound(
  reader: ObjectReader,
  seed: Uint8Array,
  options: {epoch: bigint; timestampMs: bigint},
): SystemTransaction | undefined {
  const random = reader.get(RANDOM_ID)
  const held = random === undefined ? undefined : reader.get(fieldOf(random).field)
  if (random?.owner.kind !== 'shared' || held === undefined) return undefined
  const before = readState(held)
  const round = before.bytes.length === 0 ? 0n : before.round + 1n
  const bytes = derive(seed, 'daas-devnet-random', round)
  const head = systemData({
    RandomnessStateUpdate: {
      epoch: options.epoch.toString(),
      randomnessRound: round.toString(),
      randomBytes: bytes,
      randomnessObjInitialSharedVersion: random.owner.initialSharedVersion.toString(),
    },
  })
  const version = (random.version > held.version ? random.version : held.version) + 1n
  const write = (object: StoredObject, draft: ObjectDraft) => {
    const after = finishObject(draft, version, head.digest, object.storageRebate)
    return {id: object.id, before: object, after, operation: 'None'} as const
  }
  const {id, owner, type, hasPublicTransfer, contents} = random
  const changes = [
    write(random, {id, owner, type, hasPublicTransfer, contents, package: undefined}),
    write(held, stateDraft(random, {epoch: options.epoch, round, bytes})),
  ]
  return systemTransaction(head, changes, {...options, version})
}
