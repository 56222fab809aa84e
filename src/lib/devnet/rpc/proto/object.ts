import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {DevnetNode, ObjectOwner, StoredObject} from '../../ledger/api.ts'
import type {Vm} from '../../vm/api.ts'
import type {ReadMask} from '../read-mask.ts'
import {packageToProto} from './package.ts'
import {coinTypeOf, typeToString} from './types.ts'
import {toProtoValue} from './values.ts'

/** An owner as the API writes it. */
export function ownerToProto(owner: ObjectOwner): T.Owner {
  const kinds = T.Owner_OwnerKind
  switch (owner.kind) {
    case 'address':
      return {kind: kinds.ADDRESS, address: owner.address}
    case 'object':
      return {kind: kinds.OBJECT, address: owner.parent}
    case 'shared':
      return {kind: kinds.SHARED, version: owner.initialSharedVersion}
    case 'immutable':
      return {kind: kinds.IMMUTABLE}
  }
}

/** `package`, or the type of the Move object. */
export function objectTypeOf(object: StoredObject): string {
  return object.type === undefined ? 'package' : typeToString(object.type)
}

/** The coins in a `Coin<T>` in its smallest unit; undefined for other objects. */
export function coinBalance(object: StoredObject): bigint | undefined {
  if (coinTypeOf(object.type) === undefined) return undefined
  const {buffer, byteOffset} = object.contents
  return new DataView(buffer, byteOffset).getBigUint64(32, true)
}

/** JSON of the value in an object, by the rules of the API. */
export function objectJson(vm: Vm, object: StoredObject): unknown {
  return object.type === undefined
    ? undefined
    : vm.toJson(object.type, vm.deserialize(object.type, object.contents))
}

/**
 * An object as the API writes it, with what the mask wants.
 * @param prefix where the object lies in the mask, with a dot at its end
 */
export function objectToProto(
  node: DevnetNode,
  object: StoredObject,
  mask: Pick<ReadMask<object>, 'wants'>,
  prefix = '',
): T.Object {
  const type = objectTypeOf(object)
  const json = mask.wants(`${prefix}json`) ? objectJson(node.vm, object) : undefined
  return T.Object.create({
    bcs: {name: 'Object', value: object.bcs},
    objectId: object.id,
    version: object.version,
    digest: object.digest,
    owner: ownerToProto(object.owner),
    objectType: type,
    previousTransaction: object.previousTransaction,
    storageRebate: object.storageRebate,
    ...(object.type === undefined
      ? {}
      : {hasPublicTransfer: object.hasPublicTransfer, contents: {name: type, value: object.contents}}),
    ...(json === undefined ? {} : {json: toProtoValue(json)}),
    ...(coinBalance(object) === undefined ? {} : {balance: coinBalance(object)}),
    ...(object.package !== undefined && mask.wants(`${prefix}package`)
      ? {package: packageToProto(node.vm, object.package, false)}
      : {}),
  })
}
