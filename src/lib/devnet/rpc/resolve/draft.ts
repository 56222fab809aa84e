import type {bcs} from '@mysten/sui/bcs'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import {parseType, requireAddress, typeToString} from '../proto/types.ts'
import {invalidArgument} from '../status.ts'

/** An input as the BCS of a transaction wants it. */
export type CallArgInput = typeof bcs.CallArg.$inferInput
/** A command as the BCS of a transaction wants it. */
export type CommandInput = typeof bcs.Command.$inferInput
/** An argument as the BCS of a transaction wants it. */
export type ArgumentInput = typeof bcs.Argument.$inferInput
/** A reference to a version of an object. */
export type ObjectRef = {objectId: string; version: string; digest: string}

/** An object of which the client left parts for the node to find. */
export interface UnresolvedObject {
  readonly objectId: string
  readonly version?: bigint
  readonly digest?: string
  readonly mutable?: boolean
}

/** An input that is complete, or an object that is not. */
export type DraftInput = {readonly ready: CallArgInput} | {readonly unresolved: UnresolvedObject}

/** A transaction of which parts may still be open. */
export interface Draft {
  readonly sender: string
  readonly inputs: readonly DraftInput[]
  readonly commands: readonly CommandInput[]
  readonly expiration: typeof bcs.TransactionExpiration.$inferInput
  readonly gas: {
    readonly owner: string
    readonly price: bigint | undefined
    readonly budget: bigint | undefined
    readonly payment: readonly ObjectRef[]
  }
}

/**
 * Reads a structured transaction (facts/sui.md 1.3).
 * @throws RpcFailure INVALID_ARGUMENT for what is missing or malformed
 */
export function readDraft(transaction: T.Transaction): Draft {
  const data = transaction.kind?.data
  if (data?.oneofKind !== 'programmableTransaction') {
    throw invalidArgument('only programmable transactions are supported')
  }
  const sender = requireAddress(transaction.sender, 'sender')
  const gas = transaction.gasPayment
  return {
    sender,
    inputs: data.programmableTransaction.inputs.map(readInput),
    commands: data.programmableTransaction.commands.map((command, index) => readCommand(command, index)),
    expiration: readExpiration(transaction.expiration),
    gas: {
      owner: gas?.owner === undefined ? sender : requireAddress(gas.owner, 'gas_payment.owner'),
      price: gas?.price,
      budget: gas?.budget,
      payment: (gas?.objects ?? []).map((ref, index) => readRef(ref, `gas_payment.objects[${index}]`)),
    },
  }
}

function readRef(
  ref: {objectId?: string; version?: bigint; digest?: string},
  where: string,
): {objectId: string; version: string; digest: string} {
  if (ref.version === undefined || ref.digest === undefined)
    throw invalidArgument(`${where} is no object reference`)
  return {
    objectId: requireAddress(ref.objectId, `${where}.object_id`),
    version: String(ref.version),
    digest: ref.digest,
  }
}

function readInput(input: T.Input, index: number): DraftInput {
  const kinds = T.Input_InputKind
  const where = `inputs[${index}]`
  if (input.literal !== undefined) throw invalidArgument(`${where}: literal inputs are not supported`)
  if (input.kind === kinds.FUNDS_WITHDRAWAL) {
    throw invalidArgument(`${where}: the devnet keeps no address balances to withdraw from`)
  }
  if (input.kind === kinds.PURE || (input.pure !== undefined && !input.kind)) {
    return {ready: {Pure: {bytes: input.pure ?? new Uint8Array()}}}
  }
  const mutable =
    input.mutability === undefined ? input.mutable : input.mutability !== T.Input_Mutability.IMMUTABLE
  if (input.kind === kinds.IMMUTABLE_OR_OWNED && input.version !== undefined && input.digest !== undefined) {
    return {ready: {Object: {ImmOrOwnedObject: readRef(input, where)}}}
  }
  if (input.kind === kinds.RECEIVING && input.version !== undefined && input.digest !== undefined) {
    return {ready: {Object: {Receiving: readRef(input, where)}}}
  }
  const objectId = requireAddress(input.objectId, `${where}.object_id`)
  if (input.kind === kinds.SHARED && input.version !== undefined && mutable !== undefined) {
    return {ready: {Object: {SharedObject: {objectId, initialSharedVersion: String(input.version), mutable}}}}
  }
  return {
    unresolved: {
      objectId,
      ...(input.version === undefined ? {} : {version: input.version}),
      ...(input.digest === undefined ? {} : {digest: input.digest}),
      ...(mutable === undefined ? {} : {mutable}),
    },
  }
}

function readCommand({command}: T.Command, index: number): CommandInput {
  const where = `commands[${index}]`
  const one = (argument: T.Argument | undefined): ArgumentInput => readArgument(argument, where)
  const many = (list: readonly T.Argument[]): ArgumentInput[] => list.map(one)
  switch (command.oneofKind) {
    case 'moveCall': {
      const call = command.moveCall
      if (!call.module || !call.function) throw invalidArgument(`${where}: missing module or function`)
      return {
        MoveCall: {
          package: requireAddress(call.package, `${where}.package`),
          module: call.module,
          function: call.function,
          typeArguments: call.typeArguments.map((type) => typeToString(parseType(type))),
          arguments: many(call.arguments),
        },
      }
    }
    case 'transferObjects':
      return {
        TransferObjects: {
          objects: many(command.transferObjects.objects),
          address: one(command.transferObjects.address),
        },
      }
    case 'splitCoins':
      return {SplitCoins: {coin: one(command.splitCoins.coin), amounts: many(command.splitCoins.amounts)}}
    case 'mergeCoins':
      return {
        MergeCoins: {
          destination: one(command.mergeCoins.coin),
          sources: many(command.mergeCoins.coinsToMerge),
        },
      }
    case 'publish':
      return {
        Publish: {
          modules: command.publish.modules,
          dependencies: command.publish.dependencies.map((id) => requireAddress(id, `${where}.dependencies`)),
        },
      }
    case 'makeMoveVector': {
      const {elementType, elements} = command.makeMoveVector
      const type = elementType ? typeToString(parseType(elementType)) : null
      return {MakeMoveVec: {type, elements: many(elements)}}
    }
    case 'upgrade': {
      const {modules, dependencies, package: packageId, ticket} = command.upgrade
      return {
        Upgrade: {
          modules,
          dependencies: dependencies.map((id) => requireAddress(id, `${where}.dependencies`)),
          package: requireAddress(packageId, `${where}.package`),
          ticket: one(ticket),
        },
      }
    }
    case undefined:
      throw invalidArgument(`${where} is empty`)
  }
}

function readArgument(argument: T.Argument | undefined, where: string): ArgumentInput {
  const kinds = T.Argument_ArgumentKind
  if (argument?.kind === kinds.GAS) return {GasCoin: true}
  if (argument?.kind === kinds.INPUT && argument.input !== undefined) return {Input: argument.input}
  if (argument?.kind === kinds.RESULT && argument.result !== undefined) {
    return argument.subresult === undefined
      ? {Result: argument.result}
      : {NestedResult: [argument.result, argument.subresult]}
  }
  throw invalidArgument(`${where}: invalid argument`)
}

function readExpiration(expiration: T.TransactionExpiration | undefined): Draft['expiration'] {
  const kinds = T.TransactionExpiration_TransactionExpirationKind
  switch (expiration?.kind) {
    case undefined:
    case kinds.TRANSACTION_EXPIRATION_KIND_UNKNOWN:
    case kinds.NONE:
      return {None: true}
    case kinds.EPOCH:
      return {Epoch: Number(expiration.epoch ?? 0n)}
    case kinds.VALID_DURING:
      return {ValidDuring: validity(expiration)}
    case kinds.VALIDITY: {
      const allowed = expiration.allowedProposers
      return {
        Validity: {
          ...validity(expiration),
          allowedProposers:
            allowed === undefined ? null : {epoch: allowed.epoch ?? 0n, proposers: allowed.proposers},
        },
      }
    }
    default:
      throw invalidArgument('invalid expiration')
  }
}

function validity(
  expiration: T.TransactionExpiration,
): typeof bcs.TransactionExpiration.$inferInput extends infer E
  ? Extract<E, {ValidDuring: unknown}>['ValidDuring']
  : never {
  const ms = (stamp: {seconds: bigint; nanos: number} | undefined): bigint | null =>
    stamp === undefined ? null : stamp.seconds * 1000n + BigInt(Math.floor(stamp.nanos / 1_000_000))
  return {
    minEpoch: expiration.minEpoch ?? null,
    maxEpoch: expiration.epoch ?? null,
    minTimestamp: ms(expiration.minTimestamp),
    maxTimestamp: ms(expiration.maxTimestamp),
    chain: expiration.chain ?? '',
    nonce: expiration.nonce ?? 0,
  }
}
