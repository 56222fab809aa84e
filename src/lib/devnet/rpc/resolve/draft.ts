import type {bcs} from '@mysten/sui/bcs'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import {parseType, requireAddress, typeToString} from '../proto/types.ts'
import {invalidArgument, invalidField, lastStep, missingField} from '../status.ts'
import {readExpiration} from './expiration.ts'

/** An input as the BCS of a transaction wants it. */
export type CallArgInput = typeof bcs.CallArg.$inferInput
/** A command as the BCS of a transaction wants it. */
export type CommandInput = typeof bcs.Command.$inferInput
/** An argument as the BCS of a transaction wants it. */
export type ArgumentInput = typeof bcs.Argument.$inferInput
/** A reference to a version of an object. */
export type ObjectRef = {objectId: string; version: string; digest: string}

/** An object as the client names it: whatever it says of it, the node looks it up. */
export interface NamedObject {
  readonly objectId: string
  readonly version?: bigint
  readonly digest?: string
  /** What the client says that it is. */
  readonly as?: 'owned' | 'shared' | 'receiving'
}

/** An input: complete as it is, an object to be looked up, or both. */
export interface DraftInput {
  readonly ready?: CallArgInput
  readonly object?: NamedObject
}

/** A transaction of which parts may still be open. */
export interface Draft {
  readonly sender: string
  readonly inputs: readonly DraftInput[]
  readonly commands: readonly CommandInput[]
  /** Is nothing left open? Then it is taken as it is. */
  readonly complete: boolean
  readonly expiration: typeof bcs.TransactionExpiration.$inferInput
  readonly gas: {
    readonly owner: string
    readonly price: bigint | undefined
    readonly budget: bigint | undefined
    readonly payment: readonly NamedObject[]
  }
}

/**
 * Reads a structured transaction (facts/sui.md 1.3).
 * @throws RpcFailure INVALID_ARGUMENT for what is missing or malformed
 */
export function readDraft(transaction: T.Transaction): Draft {
  const data = transaction.kind?.data
  if (data?.oneofKind !== 'programmableTransaction') {
    throw missingField('transaction.kind.programmable_transaction')
  }
  const sender = requireAddress(transaction.sender, 'transaction.sender')
  const gas = transaction.gasPayment
  const inputs = data.programmableTransaction.inputs.map(readInput)
  return {
    sender,
    inputs,
    complete:
      inputs.every(({ready}) => ready !== undefined) &&
      gas?.owner !== undefined &&
      gas.price !== undefined &&
      gas.budget !== undefined &&
      gas.objects.every((ref) => ref.version !== undefined && ref.digest !== undefined) &&
      transaction.expiration !== undefined,
    commands: data.programmableTransaction.commands.map((command, index) => readCommand(command, index)),
    expiration: readExpiration(transaction.expiration),
    gas: {
      owner: gas?.owner === undefined ? sender : requireAddress(gas.owner, 'owner'),
      price: gas?.price,
      budget: gas?.budget,
      payment: (gas?.objects ?? []).map(({objectId, version, digest}, index) => ({
        objectId: requireAddress(objectId, `gas_payment.objects[${index}].object_id`),
        ...(version === undefined ? {} : {version}),
        ...(digest === undefined ? {} : {digest}),
      })),
    },
  }
}

/** The payment as references; those that lack a version or a digest are left out. */
export function wholeRefs(payment: readonly NamedObject[]): ObjectRef[] {
  return payment.flatMap(({objectId, version, digest}) =>
    version === undefined || digest === undefined ? [] : [{objectId, version: String(version), digest}],
  )
}

function readRef(
  ref: {objectId?: string; version?: bigint; digest?: string},
  where: string,
): {objectId: string; version: string; digest: string} {
  if (ref.version === undefined || ref.digest === undefined) {
    throw invalidField(where, `invalid ${lastStep(where)}: it is no object reference`)
  }
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
  const objectId = requireAddress(input.objectId, `${where}.object_id`)
  const object: NamedObject = {
    objectId,
    ...(input.version === undefined ? {} : {version: input.version}),
    ...(input.digest === undefined ? {} : {digest: input.digest}),
  }
  const isWhole = input.version !== undefined && input.digest !== undefined
  const mutable =
    input.mutability === undefined ? input.mutable : input.mutability !== T.Input_Mutability.IMMUTABLE
  switch (input.kind) {
    case kinds.IMMUTABLE_OR_OWNED: {
      const ready = isWhole ? {ready: {Object: {ImmOrOwnedObject: readRef(input, where)}}} : {}
      return {object: {...object, as: 'owned'}, ...ready}
    }
    case kinds.RECEIVING: {
      const ready = isWhole ? {ready: {Object: {Receiving: readRef(input, where)}}} : {}
      return {object: {...object, as: 'receiving'}, ...ready}
    }
    case kinds.SHARED: {
      if (input.version === undefined || mutable === undefined) return {object: {objectId, as: 'shared'}}
      const SharedObject = {objectId, initialSharedVersion: String(input.version), mutable}
      return {object: {objectId, as: 'shared'}, ready: {Object: {SharedObject}}}
    }
    default:
      return {object}
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
