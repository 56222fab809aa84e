import {entry, type RawField} from '../../bytecode/module.ts'
import {VmError, type SignatureType, type StructValue, type Value, type VariantValue} from '../api.ts'
import type {Instruction, Machine} from '../machine.ts'
import {substitute} from '../types.ts'
import {Ref} from '../values.ts'
import type {Build, Family, Scope} from './scope.ts'

interface StructUse {
  readonly type: SignatureType
  readonly fields: readonly SignatureType[]
}

interface VariantUse extends StructUse {
  readonly tag: number
}

const NO_TYPES: readonly SignatureType[] = []

function fieldTypes(
  {module}: Scope,
  fields: readonly RawField[],
  args: readonly SignatureType[],
): SignatureType[] {
  return fields.map(({signature}) => substitute(module.type(signature), args))
}

function structUse(scope: Scope, definition: number, args: readonly SignatureType[] = NO_TYPES): StructUse {
  const {module} = scope
  return {
    type: module.structType(definition, args),
    fields: fieldTypes(scope, module.structFields(definition), args),
  }
}

function genericStructUse(scope: Scope, index: number): StructUse {
  const {def, type_parameters} = entry(scope.module.raw.struct_def_instantiations, index)
  return structUse(scope, def, scope.module.signature(type_parameters))
}

function variantUse(
  scope: Scope,
  definition: number,
  tag: number,
  args: readonly SignatureType[],
): VariantUse {
  const {variants} = entry(scope.module.raw.enum_defs, definition)
  return {
    type: scope.module.enumType(definition, args),
    tag,
    fields: fieldTypes(scope, entry(variants, tag).fields, args),
  }
}

function plainVariantUse(scope: Scope, index: number): VariantUse {
  const {enum_def, variant} = entry(scope.module.raw.variant_handles, index)
  return variantUse(scope, enum_def, variant, NO_TYPES)
}

function genericVariantUse(scope: Scope, index: number): VariantUse {
  const {raw} = scope.module
  const {enum_def, variant} = entry(raw.variant_instantiation_handles, index)
  const {def, type_parameters} = entry(raw.enum_def_instantiations, enum_def)
  return variantUse(scope, def, variant, scope.module.signature(type_parameters))
}

function takeFields({stack}: Machine, count: number): Value[] {
  return stack.splice(stack.length - count, count) as Value[]
}

function pack(use: (scope: Scope, index: number) => StructUse): Build {
  return (scope, operand) => {
    const {type, fields} = use(scope, operand as number)
    const count = fields.length
    scope.drop(count)
    scope.push(type)
    return (machine) => {
      const values = takeFields(machine, count)
      machine.stack.push({fields: values})
    }
  }
}

function unpack(use: (scope: Scope, index: number) => StructUse): Build {
  return (scope, operand) => {
    const {fields} = use(scope, operand as number)
    scope.pop()
    scope.push(...fields)
    return ({stack}) => {
      for (const value of (stack.pop() as StructValue).fields) stack.push(value)
    }
  }
}

function packVariant(use: (scope: Scope, index: number) => VariantUse): Build {
  return (scope, operand) => {
    const {type, tag, fields} = use(scope, operand as number)
    const count = fields.length
    scope.drop(count)
    scope.push(type)
    return (machine) => {
      const values = takeFields(machine, count)
      machine.stack.push({tag, fields: values})
    }
  }
}

function expectTag(value: Value, tag: number): Value[] {
  const variant = value as VariantValue
  if (variant.tag !== tag) throw new VmError('INVARIANT_VIOLATION', `variant ${variant.tag} is not ${tag}`)
  return variant.fields
}

function unpackVariant(use: (scope: Scope, index: number) => VariantUse): Build {
  return (scope, operand) => {
    const {tag, fields} = use(scope, operand as number)
    scope.pop()
    scope.push(...fields)
    return ({stack}) => {
      for (const value of expectTag(stack.pop() as Value, tag)) stack.push(value)
    }
  }
}

function unpackVariantRef(use: (scope: Scope, index: number) => VariantUse, mutable: boolean): Build {
  return (scope, operand) => {
    const {tag, fields} = use(scope, operand as number)
    scope.pop()
    scope.push(...fields.map((to) => ({kind: 'ref', mutable, to}) as const))
    return ({stack}) => {
      const values = expectTag((stack.pop() as Ref).read(), tag)
      for (let index = 0; index < values.length; index++) stack.push(new Ref(values, index))
    }
  }
}

function borrowField(
  scope: Scope,
  handle: number,
  args: readonly SignatureType[],
  mutable: boolean,
): Instruction {
  const {owner, field} = entry(scope.module.raw.field_handles, handle)
  const to = entry(structUse(scope, owner, args).fields, field)
  scope.pop()
  scope.push({kind: 'ref', mutable, to})
  return ({stack}) => void stack.push(new Ref(((stack.pop() as Ref).read() as StructValue).fields, field))
}

const borrowPlainField =
  (mutable: boolean): Build =>
  (scope, operand) =>
    borrowField(scope, operand as number, NO_TYPES, mutable)

const borrowGenericField =
  (mutable: boolean): Build =>
  (scope, operand) => {
    const {handle, type_parameters} = entry(scope.module.raw.field_instantiations, operand as number)
    return borrowField(scope, handle, scope.module.signature(type_parameters), mutable)
  }

/** Structs, enums, their fields. */
export const datatypes: Family = {
  Pack: pack(structUse),
  PackGeneric: pack(genericStructUse),
  Unpack: unpack(structUse),
  UnpackGeneric: unpack(genericStructUse),
  MutBorrowField: borrowPlainField(true),
  ImmBorrowField: borrowPlainField(false),
  MutBorrowFieldGeneric: borrowGenericField(true),
  ImmBorrowFieldGeneric: borrowGenericField(false),
  PackVariant: packVariant(plainVariantUse),
  PackVariantGeneric: packVariant(genericVariantUse),
  UnpackVariant: unpackVariant(plainVariantUse),
  UnpackVariantGeneric: unpackVariant(genericVariantUse),
  UnpackVariantImmRef: unpackVariantRef(plainVariantUse, false),
  UnpackVariantMutRef: unpackVariantRef(plainVariantUse, true),
  UnpackVariantGenericImmRef: unpackVariantRef(genericVariantUse, false),
  UnpackVariantGenericMutRef: unpackVariantRef(genericVariantUse, true),
}
