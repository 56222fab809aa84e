import {VmError, type PrimitiveKind, type SignatureType} from '../api.ts'
import type {Instruction, Machine} from '../machine.ts'
import {primitive} from '../types.ts'
import {equalSlots} from '../values.ts'
import type {Build, Family} from './scope.ts'

const WIDTHS: Partial<Record<PrimitiveKind | 'vector' | 'datatype' | 'typeParameter' | 'ref', number>> = {
  u8: 8,
  u16: 16,
  u32: 32,
  u64: 64,
  u128: 128,
  u256: 256,
}

function widthOf(type: SignatureType): number {
  const width = WIDTHS[type.kind]
  if (width === undefined) throw new VmError('INVARIANT_VIOLATION', `arithmetic on ${type.kind}`)
  return width
}

function fail(what: string): never {
  throw new VmError('ARITHMETIC_ERROR', what)
}

type NumberRule = (a: number, b: number, max: number) => number
type BigRule = (a: bigint, b: bigint, max: bigint) => bigint

/** Two operands of one integer type, one result of it; u8 to u32 are numbers, wider ones bigints. */
function binary(onNumbers: NumberRule, onBigs: BigRule): Build {
  return (scope) => {
    scope.pop()
    const type = scope.pop()
    const width = widthOf(type)
    scope.push(type)
    if (width <= 32) {
      const max = 2 ** width - 1
      return ({stack}) => {
        const b = stack.pop() as number
        stack.push(onNumbers(stack.pop() as number, b, max))
      }
    }
    const max = (1n << BigInt(width)) - 1n
    return ({stack}) => {
      const b = stack.pop() as bigint
      stack.push(onBigs(stack.pop() as bigint, b, max))
    }
  }
}

const checked = <T extends number | bigint>(result: T, max: T): T =>
  result > max ? fail('overflow') : result
const positive = <T extends number | bigint>(a: T, b: T): T => (a < b ? fail('underflow') : a)
const divisor = <T extends number | bigint>(value: T): T => (value == 0 ? fail('division by zero') : value)

/** A value and a u8 by how much to shift; bits that leave the width are dropped. */
function shift(onNumbers: NumberRule, onBigs: (a: bigint, by: bigint, width: number) => bigint): Build {
  return (scope) => {
    scope.pop()
    const type = scope.pop()
    const width = widthOf(type)
    scope.push(type)
    const max = 2 ** width - 1
    return ({stack}) => {
      const by = stack.pop() as number
      if (by >= width) fail('shift by the width or more')
      const a = stack.pop()
      stack.push(width <= 32 ? onNumbers(a as number, by, max) : onBigs(a as bigint, BigInt(by), width))
    }
  }
}

/** Any integer to an integer type. */
function cast(kind: 'u8' | 'u16' | 'u32' | 'u64' | 'u128' | 'u256'): Build {
  return (scope) => {
    const from = widthOf(scope.pop())
    scope.push(primitive[kind])
    const width = widthOf(primitive[kind])
    const max = (1n << BigInt(width)) - 1n
    const small = 2 ** width - 1
    if (from <= 32 && width <= 32) {
      return ({stack}) => {
        const value = stack.pop() as number
        stack.push(value > small ? fail('cast') : value)
      }
    }
    if (from <= 32) return ({stack}) => void stack.push(BigInt(stack.pop() as number))
    return ({stack}) => {
      const value = stack.pop() as bigint
      if (value > max) fail('cast')
      stack.push(width <= 32 ? Number(value) : value)
    }
  }
}

/** Two operands, a bool. Numbers and bigints compare alike. */
function comparison(run: (machine: Machine) => void): Build {
  return (scope) => {
    scope.drop(2)
    scope.push(primitive.bool)
    return run
  }
}

function ordering(holds: (a: number, b: number) => boolean): Build {
  return comparison(({stack}) => {
    const b = stack.pop() as number
    stack.push(holds(stack.pop() as number, b))
  })
}

const not: Instruction = ({stack}) => void stack.push(stack.pop() !== true)

/** Arithmetic, bits, casts, comparisons, logic. */
export const arithmetic: Family = {
  Add: binary(
    (a, b, max) => checked(a + b, max),
    (a, b, max) => checked(a + b, max),
  ),
  Sub: binary(
    (a, b) => positive(a, b) - b,
    (a, b) => positive(a, b) - b,
  ),
  Mul: binary(
    (a, b, max) => checked(a * b, max),
    (a, b, max) => checked(a * b, max),
  ),
  Div: binary(
    (a, b) => Math.floor(a / divisor(b)),
    (a, b) => a / divisor(b),
  ),
  Mod: binary(
    (a, b) => a % divisor(b),
    (a, b) => a % divisor(b),
  ),
  BitOr: binary(
    (a, b) => (a | b) >>> 0,
    (a, b) => a | b,
  ),
  BitAnd: binary(
    (a, b) => (a & b) >>> 0,
    (a, b) => a & b,
  ),
  Xor: binary(
    (a, b) => (a ^ b) >>> 0,
    (a, b) => a ^ b,
  ),
  Shl: shift(
    (a, by, max) => ((a << by) & max) >>> 0,
    (a, by, width) => BigInt.asUintN(width, a << by),
  ),
  Shr: shift(
    (a, by) => a >>> by,
    (a, by) => a >> by,
  ),
  CastU8: cast('u8'),
  CastU16: cast('u16'),
  CastU32: cast('u32'),
  CastU64: cast('u64'),
  CastU128: cast('u128'),
  CastU256: cast('u256'),
  Lt: ordering((a, b) => a < b),
  Gt: ordering((a, b) => a > b),
  Le: ordering((a, b) => a <= b),
  Ge: ordering((a, b) => a >= b),
  Eq: comparison(({stack}) => {
    const b = stack.pop()!
    stack.push(equalSlots(stack.pop()!, b))
  }),
  Neq: comparison(({stack}) => {
    const b = stack.pop()!
    stack.push(!equalSlots(stack.pop()!, b))
  }),
  Or: comparison(({stack}) => {
    const b = stack.pop() === true
    stack.push(stack.pop() === true || b)
  }),
  And: comparison(({stack}) => {
    const b = stack.pop() === true
    stack.push(stack.pop() === true && b)
  }),
  Not: (scope) => {
    scope.pop()
    scope.push(primitive.bool)
    return not
  },
}
