import type {DevnetNode, StoredObject} from '../../ledger/api.ts'
import type {SignatureType} from '../../vm/api.ts'
import {frameworkAddress} from '../proto/types.ts'
import {objectMissing} from '../services/ledger.ts'
import {invalidArgument, notFound} from '../status.ts'
import type {ArgumentInput, CallArgInput, CommandInput, Draft, ObjectRef, NamedObject} from './draft.ts'

/** How the commands use an input. */
interface Use {
  readonly mutable: boolean
  readonly receiving: boolean
}

/**
 * Completes the inputs of a draft from the live objects and the signatures of the called functions: what kind of
 * input an object is, which version, whether a shared one may be changed. What the client says of the latter does not
 * count, as on real nodes; a draft that leaves nothing open is taken as it is.
 * @throws RpcFailure NOT_FOUND for an object or package that is not there, INVALID_ARGUMENT for one that cannot be used
 */
export function resolveInputs(node: DevnetNode, draft: Draft): CallArgInput[] {
  if (draft.complete) return draft.inputs.flatMap(({ready}) => ready ?? [])
  for (const command of draft.commands) checkPackage(node, command)
  return draft.inputs.flatMap(({ready, object}, index) => {
    if (object !== undefined) return resolveObject(node, object, usesOf(node, draft.commands, index))
    return ready ?? []
  })
}

function checkPackage(node: DevnetNode, command: CommandInput): void {
  if (!('MoveCall' in command) || command.MoveCall === undefined) return
  const id = String(command.MoveCall.package)
  const object = node.getObject(id)
  if (object === undefined) throw notFound(objectMissing(id))
  if (object.package === undefined) throw invalidArgument(`object ${id} is not a package`)
}

/** The reference to the live version of an object. */
export function refOf(object: StoredObject): ObjectRef {
  return {objectId: object.id, version: String(object.version), digest: object.digest}
}

function resolveObject(node: DevnetNode, wanted: NamedObject, uses: readonly Use[]): CallArgInput {
  const object = node.getObject(wanted.objectId)
  if (object === undefined) throw notFound(objectMissing(wanted.objectId))
  if (wanted.as === undefined && object.owner.kind === 'object') {
    throw invalidArgument(`object ${object.id} is object owned and cannot be used as an input`)
  }
  if (object.owner.kind === 'shared' && (wanted.as === undefined || wanted.as === 'shared')) {
    return {
      Object: {
        SharedObject: {
          objectId: object.id,
          initialSharedVersion: String(object.owner.initialSharedVersion),
          mutable: uses.some((use) => use.mutable),
        },
      },
    }
  }
  if (wanted.as === 'shared') throw invalidArgument(`object ${object.id} is not a shared or consensus object`)
  if (object.owner.kind !== 'address' && object.owner.kind !== 'immutable') {
    throw invalidArgument(`object ${object.id} is not Immutable or AddressOwned`)
  }
  checkVersion(wanted, object)
  const isReceived =
    wanted.as === undefined
      ? object.owner.kind === 'address' && uses.some((use) => use.receiving)
      : wanted.as === 'receiving'
  return {Object: isReceived ? {Receiving: refOf(object)} : {ImmOrOwnedObject: refOf(object)}}
}

/** Refuses another version or digest than the live one. Throws RpcFailure INVALID_ARGUMENT. */
export function checkVersion(wanted: NamedObject, object: StoredObject): void {
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

/** How each command uses an input; of one that takes it twice the first place counts, as on real nodes. */
function usesOf(node: DevnetNode, commands: readonly CommandInput[], input: number): Use[] {
  const isIt = (argument: ArgumentInput): boolean => 'Input' in argument && argument.Input === input
  return commands.flatMap((command): Use[] => {
    if ('MoveCall' in command && command.MoveCall !== undefined) {
      const call = command.MoveCall
      const at = [...call.arguments].findIndex(isIt)
      return at < 0 ? [] : [useAs(parameterOf(node, call, at))]
    }
    return changed(command).some(isIt) ? [{mutable: true, receiving: false}] : []
  })
}

function parameterOf(
  node: DevnetNode,
  call: NonNullable<Extract<CommandInput, {MoveCall: unknown}>['MoveCall']>,
  at: number,
): SignatureType {
  const packageId = String(call.package)
  const hasModule = node.getObject(packageId)?.package?.modules.has(call.module) === true
  const functions = hasModule ? node.vm.moduleFunctions(packageId, call.module) : []
  const info = functions.find(({name}) => name === call.function)
  if (info === undefined) {
    throw invalidArgument(`unable to find function ${packageId}::${call.module}::${call.function}`)
  }
  const parameter = info.parameters[at]
  if (parameter === undefined) throw invalidArgument('invalid input parameter')
  return parameter
}

/** The arguments that a command other than a call changes; one that is only transferred may stay as it is. */
function changed(command: CommandInput): ArgumentInput[] {
  if ('SplitCoins' in command && command.SplitCoins) {
    return [command.SplitCoins.coin, ...command.SplitCoins.amounts]
  }
  if ('MergeCoins' in command && command.MergeCoins) {
    return [command.MergeCoins.destination, ...command.MergeCoins.sources]
  }
  if ('MakeMoveVec' in command && command.MakeMoveVec) return [...command.MakeMoveVec.elements]
  return []
}

function useAs(parameter: SignatureType): Use {
  const inner = parameter.kind === 'ref' ? parameter.to : parameter
  const receiving =
    inner.kind === 'datatype' &&
    inner.address === frameworkAddress &&
    inner.module === 'transfer' &&
    inner.name === 'Receiving'
  const mutable = parameter.kind === 'ref' ? parameter.mutable : parameter.kind === 'datatype'
  return {mutable, receiving}
}
