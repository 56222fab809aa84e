import {type bcs} from '@mysten/sui/bcs'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import {TransactionDataBuilder} from '@mysten/sui/transactions'
import {fromBase64} from '@mysten/sui/utils'
import type {TransactionData} from '../../ledger/api.ts'
import {toTimestamp} from './values.ts'

type V1 = NonNullable<TransactionData['V1']>
type Programmable = NonNullable<V1['kind']['ProgrammableTransaction']>
type CallArg = Programmable['inputs'][number]
type BcsCommand = Programmable['commands'][number]
type BcsArgument = typeof bcs.Argument.$inferType

const systemKinds: Partial<Record<V1['kind']['$kind'], T.TransactionKind_Kind>> = {
  ChangeEpoch: T.TransactionKind_Kind.CHANGE_EPOCH,
  EndOfEpochTransaction: T.TransactionKind_Kind.END_OF_EPOCH,
  Genesis: T.TransactionKind_Kind.GENESIS,
  ConsensusCommitPrologue: T.TransactionKind_Kind.CONSENSUS_COMMIT_PROLOGUE_V1,
  ConsensusCommitPrologueV4: T.TransactionKind_Kind.CONSENSUS_COMMIT_PROLOGUE_V4,
  RandomnessStateUpdate: T.TransactionKind_Kind.RANDOMNESS_STATE_UPDATE,
}

/** A transaction as the API writes it. Of system transactions only the kind is shown. */
export function transactionToProto(data: TransactionData, bytes: Uint8Array): T.Transaction {
  const {V1} = data
  const programmable = V1.kind.ProgrammableTransaction
  return T.Transaction.create({
    bcs: {name: 'TransactionData', value: bytes},
    digest: TransactionDataBuilder.getDigestFromBytes(bytes),
    version: 1,
    sender: V1.sender,
    gasPayment: {
      objects: V1.gasData.payment.map((ref) => ({...ref, version: BigInt(ref.version)})),
      owner: V1.gasData.owner,
      price: BigInt(V1.gasData.price),
      budget: BigInt(V1.gasData.budget),
    },
    expiration: expirationToProto(V1.expiration),
    kind:
      programmable === undefined
        ? {
            kind: systemKinds[V1.kind.$kind] ?? T.TransactionKind_Kind.KIND_UNKNOWN,
            data: {oneofKind: undefined},
          }
        : {
            kind: T.TransactionKind_Kind.PROGRAMMABLE_TRANSACTION,
            data: {
              oneofKind: 'programmableTransaction',
              programmableTransaction: {
                inputs: programmable.inputs.map(inputToProto),
                commands: programmable.commands.map((command) => ({command: commandToProto(command)})),
              },
            },
          },
  })
}

function expirationToProto(expiration: V1['expiration']): T.TransactionExpiration {
  const kinds = T.TransactionExpiration_TransactionExpirationKind
  if (expiration.$kind === 'Epoch') return {kind: kinds.EPOCH, epoch: BigInt(expiration.Epoch)}
  if (expiration.$kind === 'None') return {kind: kinds.NONE}
  const validity = expiration.$kind === 'ValidDuring' ? expiration.ValidDuring : expiration.Validity
  const proposers = expiration.$kind === 'Validity' ? expiration.Validity.allowedProposers : null
  return {
    kind: expiration.$kind === 'ValidDuring' ? kinds.VALID_DURING : kinds.VALIDITY,
    minEpoch: optional(validity.minEpoch, BigInt),
    epoch: optional(validity.maxEpoch, BigInt),
    minTimestamp: optional(validity.minTimestamp, (ms) => toTimestamp(BigInt(ms))),
    maxTimestamp: optional(validity.maxTimestamp, (ms) => toTimestamp(BigInt(ms))),
    chain: validity.chain,
    nonce: validity.nonce,
    allowedProposers: optional(proposers, (allowed) => ({...allowed, epoch: BigInt(allowed.epoch)})),
  }
}

function inputToProto(input: CallArg): T.Input {
  const kinds = T.Input_InputKind
  if (input.$kind === 'Pure') return {kind: kinds.PURE, pure: fromBase64(input.Pure.bytes)}
  if (input.$kind === 'FundsWithdrawal') {
    const {reservation, typeArg} = input.FundsWithdrawal
    return {
      kind: kinds.FUNDS_WITHDRAWAL,
      fundsWithdrawal: {
        amount: BigInt(reservation.MaxAmountU64),
        coinType: typeArg.Balance,
        source: T.FundsWithdrawal_Source.SENDER,
      },
    }
  }
  const {Object: object} = input
  if (object.$kind === 'SharedObject') {
    const {objectId, initialSharedVersion, mutable} = object.SharedObject
    const mutability = mutable ? T.Input_Mutability.MUTABLE : T.Input_Mutability.IMMUTABLE
    return {kind: kinds.SHARED, objectId, version: BigInt(initialSharedVersion), mutable, mutability}
  }
  const [kind, ref] =
    object.$kind === 'Receiving'
      ? [kinds.RECEIVING, object.Receiving]
      : [kinds.IMMUTABLE_OR_OWNED, object.ImmOrOwnedObject]
  return {kind, objectId: ref.objectId, version: BigInt(ref.version), digest: ref.digest}
}

function commandToProto(command: BcsCommand): T.Command['command'] {
  switch (command.$kind) {
    case 'MoveCall': {
      const call = command.MoveCall
      return {
        oneofKind: 'moveCall',
        moveCall: {...call, arguments: call.arguments.map(argumentToProto)},
      }
    }
    case 'TransferObjects': {
      const {objects, address} = command.TransferObjects
      return {
        oneofKind: 'transferObjects',
        transferObjects: {objects: objects.map(argumentToProto), address: argumentToProto(address)},
      }
    }
    case 'SplitCoins': {
      const {coin, amounts} = command.SplitCoins
      return {
        oneofKind: 'splitCoins',
        splitCoins: {coin: argumentToProto(coin), amounts: amounts.map(argumentToProto)},
      }
    }
    case 'MergeCoins': {
      const {destination, sources} = command.MergeCoins
      return {
        oneofKind: 'mergeCoins',
        mergeCoins: {coin: argumentToProto(destination), coinsToMerge: sources.map(argumentToProto)},
      }
    }
    case 'Publish': {
      const {modules, dependencies} = command.Publish
      return {oneofKind: 'publish', publish: {modules: modules.map(fromBase64), dependencies}}
    }
    case 'MakeMoveVec': {
      const {type, elements} = command.MakeMoveVec
      return {
        oneofKind: 'makeMoveVector',
        makeMoveVector: {elementType: type ?? undefined, elements: elements.map(argumentToProto)},
      }
    }
    case 'Upgrade': {
      const {modules, dependencies, package: packageId, ticket} = command.Upgrade
      return {
        oneofKind: 'upgrade',
        upgrade: {
          modules: modules.map(fromBase64),
          dependencies,
          package: packageId,
          ticket: argumentToProto(ticket),
        },
      }
    }
  }
}

/** An argument of a command as the API writes it. */
export function argumentToProto(argument: BcsArgument): T.Argument {
  const kinds = T.Argument_ArgumentKind
  switch (argument.$kind) {
    case 'GasCoin':
      return {kind: kinds.GAS}
    case 'Input':
      return {kind: kinds.INPUT, input: argument.Input}
    case 'Result':
      return {kind: kinds.RESULT, result: argument.Result}
    case 'NestedResult':
      return {kind: kinds.RESULT, result: argument.NestedResult[0], subresult: argument.NestedResult[1]}
  }
}

function optional<From, To>(value: From | null, map: (value: From) => To): To | undefined {
  return value === null ? undefined : map(value)
}
