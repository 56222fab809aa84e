/** Effects of a transaction: BCS V2, digest, and the balances that changed. */
import {bcs} from '@mysten/sui/bcs'
import {fromBase58} from '@mysten/bcs'
import type {BalanceChange, MoveEvent, ObjectOwner, StoredObject, TransactionEffects} from '../ledger/api.ts'
import {digestOf} from '../ledger/digest.ts'
import {eventsBytes} from '../ledger/formats.ts'
import {coinBalance, coinInner} from '../ledger/object.ts'
import {formatType} from '../vm/types.ts'
import type {FailureStatus} from './failure.ts'
import type {GasUsed} from './gas.ts'

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
  /** Shared objects that were only read. */
  readonly readOnlyShared: readonly StoredObject[]
}

/** Effects in every form that is needed. */
export interface Effects {
  readonly effects: TransactionEffects
  readonly effectsBytes: Uint8Array
  readonly effectsDigest: string
  readonly eventsDigest: string | undefined
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function ownerInput(owner: ObjectOwner) {
  switch (owner.kind) {
    case 'address':
      return {AddressOwner: owner.address}
    case 'object':
      return {ObjectOwner: owner.parent}
    case 'shared':
      return {Shared: {initialSharedVersion: owner.initialSharedVersion.toString()}}
    case 'immutable':
      return {Immutable: true as const}
  }
}

function changeInput({id, before, after, operation}: FinalChange) {
  const inputState =
    before === undefined
      ? {NotExist: true as const}
      : {Exist: [[before.version.toString(), before.digest], ownerInput(before.owner)] as const}
  const outputState =
    after === undefined
      ? {NotExist: true as const}
      : after.package === undefined
        ? {ObjectWrite: [after.digest, ownerInput(after.owner)] as const}
        : {PackageWrite: [after.version.toString(), after.digest] as const}
  return [id, {inputState, outputState, idOperation: {[operation]: true}}] as const
}

/** Digests sorted by their bytes, each once. */
function sortedDigests(digests: Iterable<string>): string[] {
  return [...new Set(digests)]
    .map((digest) => ({digest, bytes: fromBase58(digest)}))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({digest}) => digest)
}

/** Makes the effects of a transaction. */
export function makeEffects(parts: EffectsParts): Effects {
  const changes = [...parts.changes].sort((a, b) => compareText(a.id, b.id))
  const gasIndex = changes.findIndex((change) => change.id === parts.gasId)
  const eventsDigest =
    parts.events.length === 0 ? undefined : digestOf('TransactionEvents', eventsBytes(parts.events))
  const {failure, gas} = parts
  const input = {
    V2: {
      status:
        failure === undefined
          ? {Success: true}
          : {
              Failure: {
                error: failure.status,
                command: failure.command === undefined ? null : String(failure.command),
              },
            },
      executedEpoch: parts.epoch.toString(),
      gasUsed: gas,
      transactionDigest: parts.digest,
      gasObjectIndex: gasIndex < 0 ? null : gasIndex,
      eventsDigest: eventsDigest ?? null,
      dependencies: sortedDigests(parts.dependencies),
      lamportVersion: parts.version.toString(),
      changedObjects: changes.map(changeInput),
      unchangedConsensusObjects: parts.readOnlyShared
        .toSorted((a, b) => compareText(a.id, b.id))
        .map((object) => [object.id, {ReadOnlyRoot: [object.version.toString(), object.digest]}]),
      auxDataDigest: null,
    },
  } as unknown as typeof bcs.TransactionEffects.$inferInput
  const effectsBytes = bcs.TransactionEffects.serialize(input, {maxSize: 1_048_576}).toBytes()
  return {
    effects: bcs.TransactionEffects.parse(effectsBytes),
    effectsBytes,
    effectsDigest: digestOf('TransactionEffects', effectsBytes),
    eventsDigest,
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
