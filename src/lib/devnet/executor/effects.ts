/** Effects of a transaction: BCS V2, digest, and the balances that changed. */
import {bcs} from '@mysten/sui/bcs'
import type {BalanceChange, MoveEvent, StoredObject} from '../ledger/api.ts'
import {digestBytes, digestOf} from '../ledger/digest.ts'
import {eventsBytes} from '../ledger/formats.ts'
import {coinBalance, coinInner, writeDigest, writeOwner} from '../ledger/object.ts'
import {ByteWriter} from '../vm/bytes.ts'
import {formatType} from '../vm/types.ts'
import type {FailureStatus} from './failure.ts'
import type {GasUsed} from './gas.ts'
import type {EndedInput} from './inputs.ts'

/** An object before and after a transaction. */
export interface FinalChange {
  readonly id: string
  readonly before: StoredObject | undefined
  readonly after: StoredObject | undefined
  readonly operation: 'None' | 'Created' | 'Deleted'
}

/** What the effects say. */
export interface EffectsParts {
  readonly digest: string
  readonly epoch: bigint
  readonly failure: {readonly status: FailureStatus; readonly command: number | undefined} | undefined
  readonly gas: GasUsed
  /** Undefined for transactions of the system. */
  readonly gasId: string | undefined
  readonly events: readonly MoveEvent[]
  readonly dependencies: Iterable<string>
  readonly version: bigint
  readonly changes: readonly FinalChange[]
  /** Shared objects that were only read, or are gone; in the order of the inputs. */
  readonly unchangedShared: readonly (StoredObject | EndedInput)[]
}

/** Effects in every form that is needed. */
export interface Effects {
  readonly effectsBytes: Uint8Array
  readonly effectsDigest: string
  readonly eventsDigest: string | undefined
  readonly gasUsed: GasUsed
}

const NO_DIGEST = '1'.repeat(32)
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Variants of the enums in the BCS of TransactionEffects. */
const V2 = 1
const SUCCESS = 0
const NOT_EXIST = 0
const EXIST = 1
const OBJECT_WRITE = 1
const PACKAGE_WRITE = 2
const READ_ONLY_ROOT = 0
const MUTATE_STREAM_ENDED = 1
const READ_STREAM_ENDED = 2
const OPERATIONS = {None: 0, Created: 1, Deleted: 2} as const
/** Length of what follows the status in the effects of nothing. */
const EMPTY_TAIL = 87

/** BCS of the status. Failures have many forms and are rare: the SDK writes them, in effects that hold nothing else. */
function statusBytes(failure: EffectsParts['failure']): Uint8Array {
  if (failure === undefined) return Uint8Array.of(SUCCESS)
  const {status: error, command} = failure
  const whole = bcs.TransactionEffects.serialize(
    {
      V2: {
        status: {Failure: {error, command: command === undefined ? null : String(command)}},
        executedEpoch: 0,
        gasUsed: {computationCost: 0, storageCost: 0, storageRebate: 0, nonRefundableStorageFee: 0},
        transactionDigest: NO_DIGEST,
        gasObjectIndex: null,
        eventsDigest: null,
        dependencies: [],
        lamportVersion: 0,
        changedObjects: [],
        unchangedConsensusObjects: [],
        auxDataDigest: null,
      },
    },
    {maxSize: 1_048_576},
  ).toBytes()
  return whole.subarray(1, whole.length - EMPTY_TAIL)
}

function writeVersionDigest(writer: ByteWriter, {version, digest}: StoredObject): void {
  writer.big(version, 8)
  writeDigest(writer, digest)
}

function writeChange(writer: ByteWriter, {id, before, after, operation}: FinalChange): void {
  writer.address(id)
  if (before === undefined) {
    writer.u8(NOT_EXIST)
  } else {
    writer.u8(EXIST)
    writeVersionDigest(writer, before)
    writeOwner(writer, before.owner)
  }
  if (after === undefined) {
    writer.u8(NOT_EXIST)
  } else if (after.package === undefined) {
    writer.u8(OBJECT_WRITE)
    writeDigest(writer, after.digest)
    writeOwner(writer, after.owner)
  } else {
    writer.u8(PACKAGE_WRITE)
    writeVersionDigest(writer, after)
  }
  writer.u8(OPERATIONS[operation])
}

function writeUnchanged(writer: ByteWriter, object: StoredObject | EndedInput): void {
  writer.address(object.id)
  if ('stream' in object) {
    writer.u8(object.mutable ? MUTATE_STREAM_ENDED : READ_STREAM_ENDED)
    writer.big(object.stream.version, 8)
    return
  }
  writer.u8(READ_ONLY_ROOT)
  writeVersionDigest(writer, object)
}

function writeOptionalDigest(writer: ByteWriter, digest: string | undefined): void {
  writer.u8(digest === undefined ? 0 : 1)
  if (digest !== undefined) writeDigest(writer, digest)
}

/** Digests sorted by their bytes, each once. */
function sortedDigests(digests: Iterable<string>): Uint8Array[] {
  return [...new Set(digests)].map(digestBytes).sort((a, b) => Buffer.compare(a, b))
}

/** Makes the effects of a transaction. */
export function makeEffects(parts: EffectsParts): Effects {
  const changes = [...parts.changes].sort((a, b) => compareText(a.id, b.id))
  const gasIndex = changes.findIndex((change) => change.id === parts.gasId)
  const eventsDigest =
    parts.events.length === 0 ? undefined : digestOf('TransactionEvents', eventsBytes(parts.events))
  const {gas} = parts
  const writer = new ByteWriter()
  writer.u8(V2)
  writer.bytes(statusBytes(parts.failure))
  writer.big(parts.epoch, 8)
  writer.big(gas.computationCost, 8)
  writer.big(gas.storageCost, 8)
  writer.big(gas.storageRebate, 8)
  writer.big(gas.nonRefundableStorageFee, 8)
  writeDigest(writer, parts.digest)
  writer.u8(gasIndex < 0 ? 0 : 1)
  if (gasIndex >= 0) writer.small(gasIndex, 4)
  writeOptionalDigest(writer, eventsDigest)
  const dependencies = sortedDigests(parts.dependencies)
  writer.length(dependencies.length)
  for (const digest of dependencies) {
    writer.length(digest.length)
    writer.bytes(digest)
  }
  writer.big(parts.version, 8)
  writer.length(changes.length)
  for (const change of changes) writeChange(writer, change)
  writer.length(parts.unchangedShared.length)
  for (const object of parts.unchangedShared) writeUnchanged(writer, object)
  writeOptionalDigest(writer, undefined)
  const effectsBytes = writer.take()
  return {
    effectsBytes,
    effectsDigest: digestOf('TransactionEffects', effectsBytes),
    eventsDigest,
    gasUsed: gas,
  }
}

/** Coins gained and lost, by address and type of coin; sorted, without zeros. */
export function balanceChanges(changes: readonly FinalChange[]): BalanceChange[] {
  const sums = new Map<string, BalanceChange>()
  const add = (object: StoredObject | undefined, sign: bigint): void => {
    const inner = coinInner(object?.type)
    if (object === undefined || inner === undefined || object.owner.kind !== 'address') return
    const coinType = formatType(inner)
    const {address} = object.owner
    const key = `${address} ${coinType}`
    const amount = (sums.get(key)?.amount ?? 0n) + sign * coinBalance(object.contents)
    sums.set(key, {address, coinType, amount})
  }
  for (const {before, after} of changes) {
    add(before, -1n)
    add(after, 1n)
  }
  return [...sums]
    .filter(([, change]) => change.amount !== 0n)
    .sort(([a], [b]) => compareText(a, b))
    .map(([, change]) => change)
}
