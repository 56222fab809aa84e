import {VmError, type SignatureType, type Value, type VectorValue} from '../api.ts'
import {primitive} from '../types.ts'
import {Ref} from '../values.ts'
import {entry} from '../../bytecode/module.ts'
import type {Build, Family, Scope} from './scope.ts'

const OUT_OF_BOUNDS = 1n
const POP_EMPTY = 2n
const UNPACK_LENGTH = 3n

function fail(subStatus: bigint, what: string): never {
  throw new VmError('VECTOR_OPERATION_ERROR', what, subStatus)
}

function elementType(scope: Scope, operand: unknown): SignatureType {
  return entry(scope.module.signature(operand as number), 0)
}

/** The index if it is in bounds. */
function checkIndex(elements: readonly Value[], index: bigint): number {
  if (index >= BigInt(elements.length)) fail(OUT_OF_BOUNDS, 'the index is out of bounds')
  return Number(index)
}

function elementsOf(ref: unknown): Value[] {
  return ((ref as Ref).read() as VectorValue).elements
}

const borrow =
  (mutable: boolean): Build =>
  (scope, operand) => {
    scope.drop(2)
    scope.push({kind: 'ref', mutable, to: elementType(scope, operand)})
    return ({stack}) => {
      const index = stack.pop() as bigint
      const elements = elementsOf(stack.pop())
      stack.push(new Ref(elements, checkIndex(elements, index)))
    }
  }

/** The vector instructions. */
export const vectors: Family = {
  VecPack: (scope, operand) => {
    const [signature, size] = operand as readonly [number, bigint]
    const count = Number(size)
    scope.drop(count)
    scope.push({kind: 'vector', element: elementType(scope, signature)})
    return ({stack}) => {
      const elements = stack.splice(stack.length - count, count) as Value[]
      stack.push({elements})
    }
  },
  VecUnpack: (scope, operand) => {
    const [signature, size] = operand as readonly [number, bigint]
    const count = Number(size)
    const element = elementType(scope, signature)
    scope.pop()
    for (let index = 0; index < count; index++) scope.push(element)
    return ({stack}) => {
      const {elements} = stack.pop() as VectorValue
      if (elements.length !== count) fail(UNPACK_LENGTH, `a vector of ${elements.length} is not of ${count}`)
      for (const element of elements) stack.push(element)
    }
  },
  VecLen: (scope) => {
    scope.pop()
    scope.push(primitive.u64)
    return ({stack}) => void stack.push(BigInt(elementsOf(stack.pop()).length))
  },
  VecImmBorrow: borrow(false),
  VecMutBorrow: borrow(true),
  VecPushBack: (scope) => {
    scope.drop(2)
    return ({stack}) => {
      const value = stack.pop() as Value
      elementsOf(stack.pop()).push(value)
    }
  },
  VecPopBack: (scope, operand) => {
    scope.pop()
    scope.push(elementType(scope, operand))
    return ({stack}) => {
      const elements = elementsOf(stack.pop())
      if (elements.length === 0) fail(POP_EMPTY, 'pop from an empty vector')
      stack.push(elements.pop()!)
    }
  },
  VecSwap: (scope) => {
    scope.drop(3)
    return ({stack}) => {
      const second = stack.pop() as bigint
      const first = stack.pop() as bigint
      const elements = elementsOf(stack.pop())
      const a = checkIndex(elements, first)
      const b = checkIndex(elements, second)
      const moved = elements[a]!
      elements[a] = elements[b]!
      elements[b] = moved
    }
  },
}
