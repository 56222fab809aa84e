import {entry} from '../module.ts'
import {byName} from './by-name.ts'
import {refuse} from './refusal.ts'
import {TypeCheck} from './type-check.ts'
import {COPY, DROP, isInteger, isReference} from './types.ts'
import type {FunctionView, Instruction, ModuleView} from './view.ts'

type Rule = (check: TypeCheck, instruction: Instruction) => void

/** Every instruction finds the types on the stack that it works on. Blocks are looked at one by one: each begins with nothing. */
export function checkTypes(view: ModuleView, fn: FunctionView): void {
  const check = new TypeCheck(view, fn)
  for (const {start, end} of fn.flow) {
    for (check.at = start; check.at <= end; check.at++) {
      const instruction = fn.code[check.at]!
      const rule = RULES[instruction.name]
      if (rule === undefined) refuse('DEPRECATED_BYTECODE_FORMAT', `${fn.name} uses ${instruction.name}`)
      rule(check, instruction)
    }
  }
}

const literal =
  (kind: Parameters<TypeCheck['primitive']>[0]): Rule =>
  (check) =>
    check.push(check.primitive(kind))

const cast =
  (kind: Parameters<TypeCheck['primitive']>[0]): Rule =>
  (check) => {
    if (!isInteger(check.pop())) check.fail('INTEGER_OP_TYPE_MISMATCH_ERROR')
    check.push(check.primitive(kind))
  }

/** Two integers of one type; of that type is the result too, or it is a bool. */
const integers =
  (toBool: boolean): Rule =>
  (check) => {
    const type = check.pop()
    if (!isInteger(type) || check.pop() !== type) check.fail('INTEGER_OP_TYPE_MISMATCH_ERROR')
    check.push(toBool ? check.primitive('Bool') : type)
  }

const shift: Rule = (check) => {
  const by = check.pop()
  const type = check.pop()
  if (by.kind !== 'U8' || !isInteger(type)) check.fail('INTEGER_OP_TYPE_MISMATCH_ERROR')
  check.push(type)
}

const booleans =
  (count: number): Rule =>
  (check) => {
    for (let left = count; left > 0; left--)
      check.expect(check.primitive('Bool'), 'BOOLEAN_OP_TYPE_MISMATCH_ERROR')
    check.push(check.primitive('Bool'))
  }

const equality: Rule = (check) => {
  const type = check.pop()
  if (!check.has(type, DROP) || check.pop() !== type) check.fail('EQUALITY_OP_TYPE_MISMATCH_ERROR')
  check.push(check.primitive('Bool'))
}

const condition: Rule = (check) => check.expect(check.primitive('Bool'), 'BR_TYPE_MISMATCH_ERROR')

const borrowLocal =
  (mutable: boolean): Rule =>
  (check, instruction) => {
    const type = check.local(instruction)
    if (isReference(type)) check.fail('BORROWLOC_REFERENCE_ERROR')
    check.push(check.reference(mutable, type))
  }

const borrowField =
  (mutable: boolean): Rule =>
  (check, instruction) => {
    const {type, fields, field} = check.view.dataUse(instruction)
    const status = 'BORROWFIELD_TYPE_MISMATCH_ERROR'
    if (check.popReference(mutable, status) !== type) check.fail(status)
    check.push(check.reference(mutable, entry(fields, field)))
  }

const call: Rule = (check, instruction) => {
  const {parameters, returns} = check.view.callUse(instruction)
  check.expectAll(parameters, 'CALL_TYPE_MISMATCH_ERROR')
  check.push(...returns)
}

const pack: Rule = (check, instruction) => {
  const {type, fields} = check.view.dataUse(instruction)
  check.expectAll(fields, 'PACK_TYPE_MISMATCH_ERROR')
  check.push(type)
}

const unpack: Rule = (check, instruction) => {
  const {type, fields} = check.view.dataUse(instruction)
  check.expect(type, 'UNPACK_TYPE_MISMATCH_ERROR')
  check.push(...fields)
}

const unpackReference =
  (mutable: boolean): Rule =>
  (check, instruction) => {
    const {type, fields} = check.view.dataUse(instruction)
    check.expect(check.reference(mutable, type), 'UNPACK_TYPE_MISMATCH_ERROR')
    check.push(...fields.map((field) => check.reference(mutable, field)))
  }

const variantSwitch: Rule = (check, {index}) => {
  const {head, targets} = entry(check.fn.jumpTables, index)
  const type = check.pop()
  if (type.kind !== 'Reference') check.fail('ENUM_SWITCH_BAD_OPERAND')
  const {enum_handle: handle, variants} = entry(check.view.raw.enum_defs, head)
  const [to] = type.args
  if (to!.kind !== 'Datatype' || to!.index !== handle) check.fail('ENUM_TYPE_MISMATCH')
  if (targets.length !== variants.length) check.fail('PARTIAL_ENUM_SWITCH')
}

const borrowElement =
  (mutable: boolean): Rule =>
  (check, instruction) => {
    check.expect(check.primitive('U64'), 'TYPE_MISMATCH')
    check.push(check.reference(mutable, check.popVector(mutable, instruction)))
  }

const RULES: Readonly<Record<string, Rule>> = {
  Pop: (check) => {
    if (!check.has(check.pop(), DROP)) check.fail('POP_WITHOUT_DROP_ABILITY')
  },
  BrTrue: condition,
  BrFalse: condition,
  Branch: () => undefined,
  Nop: () => undefined,
  Abort: (check) => check.expect(check.primitive('U64'), 'ABORT_TYPE_MISMATCH_ERROR'),
  Ret: (check) => check.expectAll(check.fn.returns, 'RET_TYPE_MISMATCH_ERROR'),
  StLoc: (check, instruction) => check.expect(check.local(instruction), 'STLOC_TYPE_MISMATCH_ERROR'),
  MoveLoc: (check, instruction) => check.push(check.local(instruction)),
  CopyLoc: (check, instruction) => {
    const type = check.local(instruction)
    if (!check.has(type, COPY)) check.fail('COPYLOC_WITHOUT_COPY_ABILITY')
    check.push(type)
  },
  MutBorrowLoc: borrowLocal(true),
  ImmBorrowLoc: borrowLocal(false),
  FreezeRef: (check) =>
    check.push(check.reference(false, check.popReference(true, 'FREEZEREF_TYPE_MISMATCH_ERROR'))),
  ReadRef: (check) => {
    const type = check.popReference(false, 'READREF_TYPE_MISMATCH_ERROR')
    if (!check.has(type, COPY)) check.fail('READREF_WITHOUT_COPY_ABILITY')
    check.push(type)
  },
  WriteRef: (check) => {
    const type = check.popReference(true, 'WRITEREF_NO_MUTABLE_REFERENCE_ERROR')
    if (!check.has(type, DROP)) check.fail('WRITEREF_WITHOUT_DROP_ABILITY')
    check.expect(type, 'WRITEREF_TYPE_MISMATCH_ERROR')
  },
  LdU8: literal('U8'),
  LdU16: literal('U16'),
  LdU32: literal('U32'),
  LdU64: literal('U64'),
  LdU128: literal('U128'),
  LdU256: literal('U256'),
  LdTrue: literal('Bool'),
  LdFalse: literal('Bool'),
  LdConst: (check, {index}) =>
    check.push(check.view.types.of(entry(check.view.raw.constant_pool, index).type_)),
  CastU8: cast('U8'),
  CastU16: cast('U16'),
  CastU32: cast('U32'),
  CastU64: cast('U64'),
  CastU128: cast('U128'),
  CastU256: cast('U256'),
  ...byName('Add Sub Mul Mod Div BitOr BitAnd Xor', integers(false)),
  ...byName('Lt Gt Le Ge', integers(true)),
  ...byName('Shl Shr', shift),
  ...byName('Or And', booleans(2)),
  Not: booleans(1),
  ...byName('Eq Neq', equality),
  ...byName('Call CallGeneric', call),
  ...byName('MutBorrowField MutBorrowFieldGeneric', borrowField(true)),
  ...byName('ImmBorrowField ImmBorrowFieldGeneric', borrowField(false)),
  ...byName('Pack PackGeneric PackVariant PackVariantGeneric', pack),
  ...byName('Unpack UnpackGeneric UnpackVariant UnpackVariantGeneric', unpack),
  ...byName('UnpackVariantImmRef UnpackVariantGenericImmRef', unpackReference(false)),
  ...byName('UnpackVariantMutRef UnpackVariantGenericMutRef', unpackReference(true)),
  VariantSwitch: variantSwitch,
  VecPack: (check, instruction) => {
    const element = check.view.elementType(instruction)
    for (let left = instruction.count; left > 0; left--) check.expect(element, 'TYPE_MISMATCH')
    check.push(check.view.types.make('Vector', [element]))
  },
  VecUnpack: (check, instruction) => {
    const element = check.view.elementType(instruction)
    check.expect(check.view.types.make('Vector', [element]), 'TYPE_MISMATCH')
    for (let left = instruction.count; left > 0; left--) check.push(element)
  },
  VecLen: (check, instruction) => {
    check.popVector(false, instruction)
    check.push(check.primitive('U64'))
  },
  VecImmBorrow: borrowElement(false),
  VecMutBorrow: borrowElement(true),
  VecPushBack: (check, instruction) => {
    check.expect(check.view.elementType(instruction), 'TYPE_MISMATCH')
    check.popVector(true, instruction)
  },
  VecPopBack: (check, instruction) => check.push(check.popVector(true, instruction)),
  VecSwap: (check, instruction) => {
    check.expectAll([check.primitive('U64'), check.primitive('U64')], 'TYPE_MISMATCH')
    check.popVector(true, instruction)
  },
}
