import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {DevnetNode, StoredObject} from '../../ledger/api.ts'
import type {MoveType, StructValue, Value} from '../../vm/api.ts'
import {objectToProto} from '../proto/object.ts'
import {isDatatype, requireAddress, typeToString} from '../proto/types.ts'
import {pageOf} from '../query/page.ts'
import {type ReadMask, readMask} from '../read-mask.ts'

/** One page of the dynamic fields of an object. Other children of it (transferred to it) are none and left out. */
export function listDynamicFields(
  node: DevnetNode,
  request: T.ListDynamicFieldsRequest,
): T.ListDynamicFieldsResponse {
  const parent = requireAddress(request.parent, 'parent')
  const mask = readMask(T.DynamicField, request.readMask, 'parent,field_id')
  const fields = node.childrenOf(parent).filter((child) => isDatatype(child.type, 'dynamic_field', 'Field'))
  const {items, nextPageToken} = pageOf(fields, request, {
    scope: `fields ${parent}`,
    keyOf: (field) => field.id,
    render: (field) => mask.prune(fieldToProto(node, parent, field, mask)),
    sizeOf: (shown) => T.DynamicField.toBinary(shown).length,
  })
  return {dynamicFields: items, nextPageToken}
}

function fieldToProto(
  node: DevnetNode,
  parent: string,
  field: StoredObject,
  mask: ReadMask<T.DynamicField>,
): T.DynamicField {
  const {nameType, valueType, name, value} = partsOf(node, field)
  const fieldObject = mask.wants('field_object')
    ? objectToProto(node, field, mask, 'field_object.')
    : undefined
  const wrapped = nameType.kind === 'datatype' && isDatatype(nameType, 'dynamic_object_field', 'Wrapper')
  if (!wrapped) {
    return T.DynamicField.create({
      kind: T.DynamicField_DynamicFieldKind.FIELD,
      parent,
      fieldId: field.id,
      fieldObject,
      name: {name: typeToString(nameType), value: node.vm.serialize(nameType, name)},
      value: {name: typeToString(valueType), value: node.vm.serialize(valueType, value)},
      valueType: typeToString(valueType),
    })
  }
  const innerType = nameType.typeArgs[0] ?? nameType
  const childId = `0x${Buffer.from(node.vm.serialize(valueType, value)).toString('hex')}`
  const child = node.getObject(childId)
  const childType = child?.type === undefined ? undefined : typeToString(child.type)
  return T.DynamicField.create({
    kind: T.DynamicField_DynamicFieldKind.OBJECT,
    parent,
    fieldId: field.id,
    fieldObject,
    name: {name: typeToString(innerType), value: node.vm.serialize(nameType, name)},
    childId,
    ...(child === undefined || childType === undefined
      ? {}
      : {
          value: {name: childType, value: child.contents},
          valueType: childType,
          ...(mask.wants('child_object')
            ? {childObject: objectToProto(node, child, mask, 'child_object.')}
            : {}),
        }),
  })
}

function partsOf(
  node: DevnetNode,
  field: StoredObject,
): {nameType: MoveType; valueType: MoveType; name: Value; value: Value} {
  const type = field.type
  if (type?.kind !== 'datatype') throw new Error(`${field.id} is no dynamic field`)
  const [nameType, valueType] = type.typeArgs
  const {fields} = node.vm.deserialize(type, field.contents) as StructValue
  const [, name, value] = fields
  if (nameType === undefined || valueType === undefined || name === undefined || value === undefined) {
    throw new Error(`${field.id} is no dynamic field`)
  }
  return {nameType, valueType, name, value}
}
