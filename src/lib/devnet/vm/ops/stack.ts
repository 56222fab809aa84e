import {deserializeConstant} from './constant.ts'
import type {PrimitiveKind, Value} from '../api.ts'
import type {Instruction} from '../machine.ts'
import {copyValue, primitive} from '../types.ts'
import {Ref, type Slot} from '../values.ts'
import {copiesItself, type Build, type Family} from './scope.ts'

function literal(kind: PrimitiveKind, valueOf: (operand: unknown) => Value): Build {
  return (scope, operand) => {
    const value = valueOf(operand)
    scope.push(primitive[kind])
    return ({stack}) => void stack.push(value)
  }
}

const asNumber = (operand: unknown): number => Number(operand)
const asBig = (operand: unknown): bigint => BigInt(operand as number | bigint)

/** LdU256 comes as 32 bytes, little endian. */
function asU256(operand: unknown): bigint {
  return (operand as readonly number[]).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function copySlot(slot: Slot): Slot {
  return slot instanceof Ref ? slot : copyValue(slot)
}

const borrowLocal =
  (mutable: boolean): Build =>
  (scope, operand) => {
    const index = operand as number
    scope.push({kind: 'ref', mutable, to: scope.local(index)})
    return ({stack, locals}) => void stack.push(new Ref(locals, index))
  }

const nop: Instruction = () => undefined

/** Literals, locals, references. */
export const stackOperations: Family = {
  Pop: (scope) => {
    scope.pop()
    return ({stack}) => void stack.pop()
  },
  Nop: () => nop,
  LdU8: literal('u8', asNumber),
  LdU16: literal('u16', asNumber),
  LdU32: literal('u32', asNumber),
  LdU64: literal('u64', asBig),
  LdU128: literal('u128', asBig),
  LdU256: literal('u256', asU256),
  LdTrue: literal('bool', () => true),
  LdFalse: literal('bool', () => false),
  LdConst: (scope, operand) => {
    const {type, value} = deserializeConstant(scope.module, operand as number)
    scope.push(type)
    return ({stack}) => void stack.push(copyValue(value))
  },
  CopyLoc: (scope, operand) => {
    const index = operand as number
    const type = scope.local(index)
    scope.push(type)
    if (copiesItself(type)) return ({stack, locals}) => void stack.push(locals[index]!)
    return ({stack, locals}) => void stack.push(copySlot(locals[index]!))
  },
  MoveLoc: (scope, operand) => {
    const index = operand as number
    scope.push(scope.local(index))
    return ({stack, locals}) => void stack.push(locals[index]!)
  },
  StLoc: (scope, operand) => {
    const index = operand as number
    scope.pop()
    return ({stack, locals}) => void (locals[index] = stack.pop()!)
  },
  MutBorrowLoc: borrowLocal(true),
  ImmBorrowLoc: borrowLocal(false),
  FreezeRef: (scope) => {
    scope.push({kind: 'ref', mutable: false, to: scope.popRef()})
    return nop
  },
  ReadRef: (scope) => {
    const type = scope.popRef()
    scope.push(type)
    if (copiesItself(type)) return ({stack}) => void stack.push((stack.pop() as Ref).read())
    return ({stack}) => void stack.push(copyValue((stack.pop() as Ref).read()))
  },
  WriteRef: (scope) => {
    scope.drop(2)
    return ({stack}) => {
      const ref = stack.pop() as Ref
      ref.write(stack.pop() as Value)
    }
  },
}
