import type {DevnetNode, StoredObject} from '../../ledger/api.ts'
import type {SignatureType} from '../../vm/api.ts'
import {frameworkAddress} from '../proto/types.ts'
import {objectMissing} from '../services/ledger.ts'
import {invalidArgument, notFound} from '../status.ts'
import type {ArgumentInput, CallArgInput, CommandInput, Draft, ObjectRef, UnresolvedObject} from './draft.ts'

/** How the commands use an input. */
interface Use {
  readonly mutable: boolean
  readonly receiving: boolean
}

/**
 * Completes the inputs of a draft from the live objects and the signatures of the called functions: what kind of
 * input an object is, which version, whether a shared one may be changed.
 * @throws RpcFailure NOT_FOUND for an object or function that is not there, INVALID_ARGUMENT for one that cannot be used
 */
export function resolveInputs(node: DevnetNode, draft: Draft): CallArgInput[] {
  return draft.inputs.map((input, index) =>
    'ready' in input
      ? input.ready
      : resolveObject(node, input.unresolved, usesOf(node, draft.commands, index)),
  )
}

/** The reference to the live version of an object. */
export function refOf(object: StoredObject): ObjectRef {
  return {objectId: object.id, version: String(object.version), digest: object.digest}
}

function resolveObject(node: DevnetNode, wanted: UnresolvedObject, uses: readonly Use[]): CallArgInput {
  const object = node.getObject(wanted.objectId)
  if (object === undefined) throw notFound(objectMissing(wanted.objectId))
  if (object.owner.kind === 'object') {
    throw invalidArgument(`object ${object.id} is object owned and cannot be used as an input`)
  }
  if (object.owner.kind === 'shared') {
    return {
      Object: {
        SharedObject: {
          objectId: object.id,
          initialSharedVersion: String(object.owner.initialSharedVersion),
          mutable: wanted.mutable ?? uses.some((use) => use.mutable),
        },
      },
    }
  }
  checkVersion(wanted, object)
  const isReceived = object.owner.kind === 'address' && uses.some((use) => use.receiving)
  return {Object: isReceived ? {Receiving: refOf(object)} : {ImmOrOwnedObject: refOf(object)}}
}

function checkVersion(wanted: UnresolvedObject, object: StoredObject): void {
  if (wanted.version !== undefined && wanted.version !== object.version) {
    throw invalidArgument(
      `provided version doesn't match, provided: ${wanted.version} actual: ${object.version} (object ${object.id})`,
    )
  }
  if (wanted.digest !== undefined && wanted.digest !== object.digest) {
    throw invalidArgument(
      `provided digest doesn't match, provided: ${wanted.digest} actual: ${object.digest} (object ${object.id})`,
    )
  }
}

function usesOf(node: DevnetNode, commands: readonly CommandInput[], input: number): Use[] {
  const isIt = (argument: ArgumentInput): boolean => 'Input' in argument && argument.Input === input
  return commands.flatMap((command): Use[] => {
    if ('MoveCall' in command && command.MoveCall !== undefined) {
      const call = command.MoveCall
      const args = [...call.arguments]
      if (!args.some(isIt)) return []
      const {parameters} = node.functionInfo(String(call.package), call.module, call.function)
      return args.flatMap((argument, at) => {
        const parameter = parameters[at]
        return isIt(argument) && parameter !== undefined ? [useAs(parameter)] : []
      })
    }
    return argumentsOf(command).some(isIt) ? [{mutable: true, receiving: false}] : []
  })
}

/** The arguments of a command that is no call; all of them take or change what they are given. */
function argumentsOf(command: CommandInput): ArgumentInput[] {
  if ('TransferObjects' in command && command.TransferObjects) {
    return [...command.TransferObjects.objects, command.TransferObjects.address]
  }
  if ('SplitCoins' in command && command.SplitCoins) {
    return [command.SplitCoins.coin, ...command.SplitCoins.amounts]
  }
  if ('MergeCoins' in command && command.MergeCoins) {
    return [command.MergeCoins.destination, ...command.MergeCoins.sources]
  }
  if ('MakeMoveVec' in command && command.MakeMoveVec) return [...command.MakeMoveVec.elements]
  if ('Upgrade' in command && command.Upgrade) return [command.Upgrade.ticket]
  return []
}

function useAs(parameter: SignatureType): Use {
  const inner = parameter.kind === 'ref' ? parameter.to : parameter
  const receiving =
    inner.kind === 'datatype' &&
    inner.address === frameworkAddress &&
    inner.module === 'transfer' &&
    inner.name === 'Receiving'
  return {mutable: parameter.kind !== 'ref' || parameter.mutable, receiving}
}
