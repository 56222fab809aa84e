import type {bcs} from '@mysten/sui/bcs'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {StoredObject, TransactionEffects} from '../../ledger/api.ts'
import {type ExecutedParts} from './executed.ts'
import {failureToProto} from './failure.ts'
import {objectTypeOf} from './object.ts'

type V2 = NonNullable<TransactionEffects['V2']>
type Change = V2['changedObjects'][number]
type BcsOwner = typeof bcs.Owner.$inferType

/** What can be said of effects that succeeded without reading them: most clients ask for no more. */
const IN_HAND = ['bcs', 'digest', 'version', 'status', 'transaction_digest', 'events_digest', 'gas_used']
const NOT_IN_HAND = T.TransactionEffects.fields
  .map(({name}) => name)
  .filter((name) => !IN_HAND.includes(name))

/**
 * Effects as the API writes them, changed objects with their types.
 * @param wants is this field of the effects wanted?
 */
export function effectsToProto(
  transaction: ExecutedParts,
  wants: (field: string) => boolean,
): T.TransactionEffects {
  const {failure, gasUsed, effectsBytes, effectsDigest, digest, eventsDigest} = transaction
  if (failure !== undefined || NOT_IN_HAND.some(wants)) return readEffects(transaction)
  return T.TransactionEffects.create({
    bcs: {name: 'TransactionEffects', value: effectsBytes},
    digest: effectsDigest,
    version: 2,
    status: {success: true},
    gasUsed,
    transactionDigest: digest,
    eventsDigest,
  })
}

function readEffects(transaction: ExecutedParts): T.TransactionEffects {
  const effects = transaction.effects.V2
  if (effects === undefined) throw new Error('the devnet writes effects of version 2')
  const before = new Map(transaction.inputObjects.map((object) => [object.id, object]))
  const after = new Map(transaction.outputObjects.map((object) => [object.id, object]))
  const changed = effects.changedObjects.map((change) => changeToProto(change, effects, before, after))
  const {gasUsed} = effects
  return T.TransactionEffects.create({
    bcs: {name: 'TransactionEffects', value: transaction.effectsBytes},
    digest: transaction.effectsDigest,
    version: 2,
    status: {
      success: effects.status.$kind === 'Success',
      ...(effects.status.$kind === 'Success'
        ? {}
        : {error: failureToProto(effects.status, transaction.failure)}),
    },
    epoch: BigInt(effects.executedEpoch),
    gasUsed: {
      computationCost: BigInt(gasUsed.computationCost),
      storageCost: BigInt(gasUsed.storageCost),
      storageRebate: BigInt(gasUsed.storageRebate),
      nonRefundableStorageFee: BigInt(gasUsed.nonRefundableStorageFee),
    },
    transactionDigest: effects.transactionDigest,
    gasObject: effects.gasObjectIndex === null ? undefined : changed[effects.gasObjectIndex],
    eventsDigest: effects.eventsDigest ?? undefined,
    dependencies: effects.dependencies,
    lamportVersion: BigInt(effects.lamportVersion),
    changedObjects: changed,
    unchangedConsensusObjects: effects.unchangedConsensusObjects.map(([objectId, kind]) =>
      unchangedToProto(objectId, kind, before.get(objectId)),
    ),
    auxiliaryDataDigest: effects.auxDataDigest ?? undefined,
  })
}

function changeToProto(
  [objectId, change]: Change,
  effects: V2,
  before: ReadonlyMap<string, StoredObject>,
  after: ReadonlyMap<string, StoredObject>,
): T.ChangedObject {
  const object = after.get(objectId) ?? before.get(objectId)
  const proto: T.ChangedObject = {
    objectId,
    inputState: T.ChangedObject_InputObjectState.DOES_NOT_EXIST,
    outputState: T.ChangedObject_OutputObjectState.DOES_NOT_EXIST,
    idOperation: idOperations[change.idOperation.$kind],
    objectType: object === undefined ? undefined : objectTypeOf(object),
  }
  if (change.inputState.$kind === 'Exist') {
    const [[version, digest], owner] = change.inputState.Exist
    proto.inputState = T.ChangedObject_InputObjectState.EXISTS
    proto.inputVersion = BigInt(version)
    proto.inputDigest = digest
    proto.inputOwner = bcsOwnerToProto(owner)
  }
  if (change.outputState.$kind === 'ObjectWrite') {
    const [digest, owner] = change.outputState.ObjectWrite
    proto.outputState = T.ChangedObject_OutputObjectState.OBJECT_WRITE
    proto.outputVersion = BigInt(effects.lamportVersion)
    proto.outputDigest = digest
    proto.outputOwner = bcsOwnerToProto(owner)
  } else if (change.outputState.$kind === 'PackageWrite') {
    const [version, digest] = change.outputState.PackageWrite
    proto.outputState = T.ChangedObject_OutputObjectState.PACKAGE_WRITE
    proto.outputVersion = BigInt(version)
    proto.outputDigest = digest
    proto.outputOwner = {kind: T.Owner_OwnerKind.IMMUTABLE}
  }
  return proto
}

const idOperations: Record<Change[1]['idOperation']['$kind'], T.ChangedObject_IdOperation> = {
  None: T.ChangedObject_IdOperation.NONE,
  Created: T.ChangedObject_IdOperation.CREATED,
  Deleted: T.ChangedObject_IdOperation.DELETED,
}

function unchangedToProto(
  objectId: string,
  kind: V2['unchangedConsensusObjects'][number][1],
  object: StoredObject | undefined,
): T.UnchangedConsensusObject {
  const kinds = T.UnchangedConsensusObject_UnchangedConsensusObjectKind
  const objectType = object === undefined ? undefined : objectTypeOf(object)
  switch (kind.$kind) {
    case 'ReadOnlyRoot':
      return {
        kind: kinds.READ_ONLY_ROOT,
        objectId,
        objectType,
        version: BigInt(kind.ReadOnlyRoot[0]),
        digest: kind.ReadOnlyRoot[1],
      }
    case 'MutateConsensusStreamEnded':
      return {
        kind: kinds.MUTATE_CONSENSUS_STREAM_ENDED,
        objectId,
        version: BigInt(kind.MutateConsensusStreamEnded),
      }
    case 'ReadConsensusStreamEnded':
      return {
        kind: kinds.READ_CONSENSUS_STREAM_ENDED,
        objectId,
        version: BigInt(kind.ReadConsensusStreamEnded),
      }
    case 'Cancelled':
      return {kind: kinds.CANCELED, objectId, version: BigInt(kind.Cancelled)}
    case 'PerEpochConfig':
      return {kind: kinds.PER_EPOCH_CONFIG, objectId}
  }
}

function bcsOwnerToProto(owner: BcsOwner): T.Owner {
  const kinds = T.Owner_OwnerKind
  switch (owner.$kind) {
    case 'AddressOwner':
      return {kind: kinds.ADDRESS, address: owner.AddressOwner}
    case 'ObjectOwner':
      return {kind: kinds.OBJECT, address: owner.ObjectOwner}
    case 'Shared':
      return {kind: kinds.SHARED, version: BigInt(owner.Shared.initialSharedVersion)}
    case 'Immutable':
      return {kind: kinds.IMMUTABLE}
    case 'ConsensusAddressOwner':
      return {
        kind: kinds.CONSENSUS_ADDRESS,
        address: owner.ConsensusAddressOwner.owner,
        version: BigInt(owner.ConsensusAddressOwner.startVersion),
      }
  }
}
