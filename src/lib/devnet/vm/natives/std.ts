/** Natives of 0x1. */
import {isUtf8} from 'node:buffer'
import {sha256} from '@noble/hashes/sha2.js'
import {sha3_256} from '@noble/hashes/sha3.js'
import {VmError, type MoveType, type Value, type VectorValue} from '../api.ts'
import {formatType} from '../types.ts'
import {Ref} from '../values.ts'
import {
  bytesOf,
  chargeBytes,
  result,
  typeArg,
  valueOf,
  type Native,
  type NativeContext,
  type NativeModules,
} from './native.ts'

const encoder = new TextEncoder()

/** A TypeName: ascii text, 64 hex digits without 0x. */
function typeName(type: MoveType): Value {
  const text = formatType(type).replaceAll('0x', '')
  return {fields: [{fields: [result(encoder.encode(text))]}]}
}

function withOriginalIds(context: NativeContext, type: MoveType): MoveType {
  if (type.kind === 'vector') return {kind: 'vector', element: withOriginalIds(context, type.element)}
  if (type.kind !== 'datatype') return type
  const typeArgs = type.typeArgs.map((argument) => withOriginalIds(context, argument))
  return {...type, address: context.originalId(type.address), typeArgs}
}

function addressOf(type: MoveType): string {
  if (type.kind !== 'datatype') throw new VmError('TYPE_MISMATCH', `${formatType(type)} has no address`)
  return type.address
}

const definingName: Native = (_context, _args, typeArgs) => typeName(typeArg(typeArgs))
const originalName: Native = (context, _args, typeArgs) =>
  typeName(withOriginalIds(context, typeArg(typeArgs)))

/** True if no character begins before `index` and ends after it. */
function isCharBoundary(bytes: Uint8Array, index: number): boolean {
  return index === bytes.length || (index < bytes.length && (bytes[index]! & 0xc0) !== 0x80)
}

function elements(slot: unknown): Value[] {
  return (valueOf(slot as Value) as VectorValue).elements
}

function boundsError(): never {
  throw new VmError('VECTOR_OPERATION_ERROR', 'the index is out of bounds', 1n)
}

function at(list: readonly Value[], index: unknown): number {
  return (index as bigint) < BigInt(list.length) ? Number(index) : boundsError()
}

const borrow: Native = (_context, [vector, index]) => {
  const list = elements(vector)
  return new Ref(list, at(list, index))
}

const print: Native = (context, [value], typeArgs) => {
  const type = typeArg(typeArgs)
  const shown = JSON.stringify(context.types.codec(type).json(valueOf(value)))
  context.log(`${formatType(type)}: ${shown}`)
  return undefined
}

const nothing: Native = () => undefined

/** std::vector, std::string and the rest. The vector natives are compiled to instructions, but may be called. */
export const stdNatives: NativeModules = {
  bcs: {
    to_bytes: (context, [value], typeArgs) => {
      const bytes = context.types.serialize(typeArg(typeArgs), valueOf(value))
      chargeBytes(context, bytes.length)
      return result(bytes)
    },
  },
  hash: {
    sha2_256: (context, [bytes]) => result(sha256(bytesOf(context, bytes))),
    sha3_256: (context, [bytes]) => result(sha3_256(bytesOf(context, bytes))),
  },
  string: {
    internal_check_utf8: (context, [bytes]) => isUtf8(bytesOf(context, bytes)),
    internal_is_char_boundary: (context, [bytes, index]) =>
      isCharBoundary(bytesOf(context, bytes), Number(index as bigint)),
    internal_sub_string: (context, [bytes, from, to]) =>
      result(bytesOf(context, bytes).slice(Number(from as bigint), Number(to as bigint))),
    internal_index_of: (context, [bytes, wanted]) => {
      const text = bytesOf(context, bytes)
      const found = Buffer.from(text).indexOf(bytesOf(context, wanted))
      return BigInt(found < 0 ? text.length : found)
    },
  },
  type_name: {
    get: definingName,
    with_defining_ids: definingName,
    get_with_original_ids: originalName,
    with_original_ids: originalName,
    defining_id: (_context, _args, typeArgs) => addressOf(typeArg(typeArgs)),
    original_id: (context, _args, typeArgs) => context.originalId(addressOf(typeArg(typeArgs))),
  },
  vector: {
    empty: () => ({elements: []}),
    length: (_context, [vector]) => BigInt(elements(vector).length),
    borrow,
    borrow_mut: borrow,
    push_back: (_context, [vector, value]) => void elements(vector).push(value as Value),
    pop_back: (_context, [vector]) => {
      const list = elements(vector)
      if (list.length === 0) throw new VmError('VECTOR_OPERATION_ERROR', 'pop from an empty vector', 2n)
      return list.pop()
    },
    destroy_empty: (_context, [vector]) => {
      if (elements(vector).length > 0)
        throw new VmError('VECTOR_OPERATION_ERROR', 'the vector is not empty', 3n)
      return undefined
    },
    swap: (_context, [vector, first, second]) => {
      const list = elements(vector)
      const a = at(list, first)
      const b = at(list, second)
      const moved = list[a]!
      list[a] = list[b]!
      list[b] = moved
      return undefined
    },
  },
  debug: {print, print_stack_trace: nothing},
  unit_test: {poison: nothing, destroy: nothing},
}
