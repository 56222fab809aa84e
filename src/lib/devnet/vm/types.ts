/** Types of Move: text, BCS of a TypeTag, substitution; and copies of values. */
import {ByteWriter} from './bytes.ts'
import {
  VmError,
  type MoveType,
  type PrimitiveKind,
  type SignatureType,
  type StructValue,
  type Value,
  type VariantValue,
  type VectorValue,
} from './api.ts'

const PRIMITIVES = ['bool', 'u8', 'u16', 'u32', 'u64', 'u128', 'u256', 'address', 'signer'] as const

/** One object per primitive type, so that no type of a primitive is made twice. */
export const primitive: Readonly<Record<PrimitiveKind, {readonly kind: PrimitiveKind}>> = Object.fromEntries(
  PRIMITIVES.map((kind) => [kind, {kind}]),
) as Record<PrimitiveKind, {readonly kind: PrimitiveKind}>

/** Variant numbers of a TypeTag in BCS (facts/move-vm.md 5). */
const TAG_NUMBERS: Readonly<Record<PrimitiveKind, number>> = {
  bool: 0,
  u8: 1,
  u64: 2,
  u128: 3,
  address: 4,
  signer: 5,
  u16: 8,
  u32: 9,
  u256: 10,
}

const MAX_TYPE_DEPTH = 64
const names = new WeakMap<MoveType, string>()

/** Pads an address to `0x` and 64 lower-case hex digits. Throws VmError MALFORMED_VALUE for other text. */
export function normalizeMoveAddress(text: string): string {
  const digits = /^(?:0x)?([0-9a-fA-F]{1,64})$/.exec(text)?.[1]
  if (digits === undefined) throw new VmError('MALFORMED_VALUE', `not an address: ${text}`)
  return `0x${digits.toLowerCase().padStart(64, '0')}`
}

/** Text of a type with 64-digit addresses, e.g. `0x…2::coin::Coin<0x…2::sui::SUI>`; commas without blanks. */
export function formatType(type: MoveType): string {
  switch (type.kind) {
    case 'vector':
      return remember(type, () => `vector<${formatType(type.element)}>`)
    case 'datatype':
      return remember(type, () => {
        const args = type.typeArgs.length === 0 ? '' : `<${type.typeArgs.map(formatType).join(',')}>`
        return `${type.address}::${type.module}::${type.name}${args}`
      })
    default:
      return type.kind
  }
}

function remember(type: MoveType, make: () => string): string {
  let name = names.get(type)
  if (name === undefined) {
    name = make()
    names.set(type, name)
  }
  return name
}

/** Reads the text of a type; short and long addresses, blanks after commas. Throws VmError MALFORMED_VALUE. */
export function parseTypeName(text: string): MoveType {
  let position = 0
  const fail = (): never => {
    throw new VmError('MALFORMED_VALUE', `not a type: ${text}`)
  }
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) position += found.length
    return found
  }
  const expect = (pattern: RegExp): string => take(pattern) ?? fail()
  const parse = (depth: number): MoveType => {
    if (depth > MAX_TYPE_DEPTH) fail()
    const head = expect(/\w+/y)
    if (take(/\s*::\s*/y) === undefined) {
      if (head === 'vector') {
        expect(/\s*<\s*/y)
        const element = parse(depth + 1)
        expect(/\s*>/y)
        return {kind: 'vector', element}
      }
      return PRIMITIVES.includes(head as PrimitiveKind) ? primitive[head as PrimitiveKind] : fail()
    }
    const module = expect(/\w+/y)
    expect(/\s*::\s*/y)
    const name = expect(/\w+/y)
    const typeArgs: MoveType[] = []
    if (take(/\s*<\s*/y) !== undefined) {
      do typeArgs.push(parse(depth + 1))
      while (take(/\s*,\s*/y) !== undefined)
      expect(/\s*>/y)
    }
    return {kind: 'datatype', address: normalizeMoveAddress(head), module, name, typeArgs}
  }
  take(/\s*/y)
  const type = parse(0)
  take(/\s*/y)
  return position === text.length ? type : fail()
}

const tags = new WeakMap<MoveType, Uint8Array>()

/**
 * BCS of the TypeTag of a type: the last part of what a dynamic field's id is a hash of.
 * @returns bytes that are kept for the next time: not to be changed
 */
export function typeTagBytes(type: MoveType): Uint8Array {
  let bytes = tags.get(type)
  if (bytes === undefined) {
    const writer = new ByteWriter()
    writeTag(writer, type)
    bytes = writer.take()
    tags.set(type, bytes)
  }
  return bytes
}

function writeTag(writer: ByteWriter, type: MoveType): void {
  if (type.kind === 'vector') {
    writer.u8(6)
    writeTag(writer, type.element)
  } else if (type.kind === 'datatype') {
    writer.u8(7)
    writer.address(type.address)
    for (const name of [type.module, type.name]) {
      const bytes = new TextEncoder().encode(name)
      writer.length(bytes.length)
      writer.bytes(bytes)
    }
    writer.length(type.typeArgs.length)
    for (const argument of type.typeArgs) writeTag(writer, argument)
  } else {
    writer.u8(TAG_NUMBERS[type.kind])
  }
}

/** Puts types in the place of type parameters. Throws VmError TYPE_MISMATCH if one is missing. */
export function substitute(type: SignatureType, typeArgs: readonly SignatureType[]): SignatureType {
  switch (type.kind) {
    case 'typeParameter': {
      const argument = typeArgs[type.index]
      if (argument === undefined)
        throw new VmError('TYPE_MISMATCH', `type parameter ${type.index} has no argument`)
      return argument
    }
    case 'vector':
      return {kind: 'vector', element: substitute(type.element, typeArgs)}
    case 'ref':
      return {kind: 'ref', mutable: type.mutable, to: substitute(type.to, typeArgs)}
    case 'datatype':
      if (type.typeArgs.length === 0) return type
      return {...type, typeArgs: type.typeArgs.map((argument) => substitute(argument, typeArgs))}
    default:
      return type
  }
}

/** The concrete type of a signature type under type arguments. Throws VmError TYPE_MISMATCH for a reference. */
export function signatureToConcrete(type: SignatureType, typeArgs: readonly MoveType[]): MoveType {
  switch (type.kind) {
    case 'ref':
      throw new VmError('TYPE_MISMATCH', 'a reference is no concrete type')
    case 'typeParameter':
      return substitute(type, typeArgs) as MoveType
    case 'vector':
      return {kind: 'vector', element: signatureToConcrete(type.element, typeArgs)}
    case 'datatype':
      if (type.typeArgs.length === 0) return type as MoveType
      return {...type, typeArgs: type.typeArgs.map((argument) => signatureToConcrete(argument, typeArgs))}
    default:
      return primitive[type.kind]
  }
}

/** A deep copy of a value. Primitives are their own copies. */
export function copyValue(value: Value): Value {
  if (typeof value !== 'object') return value
  if ('elements' in value) {
    const {elements} = value as VectorValue
    return {elements: typeof elements[0] === 'object' ? elements.map(copyValue) : elements.slice()}
  }
  if ('tag' in value) return {tag: (value as VariantValue).tag, fields: value.fields.map(copyValue)}
  return {fields: (value as StructValue).fields.map(copyValue)}
}

/** A vector<u8> value of bytes. */
export function bytesValue(bytes: Uint8Array): VectorValue {
  // Not Array.from: going through an iterator takes ten times as long.
  const elements = new Array<number>(bytes.length)
  for (let index = 0; index < bytes.length; index++) elements[index] = bytes[index]!
  return {elements}
}

/** The bytes of a vector<u8> value. */
export function valueBytes(value: Value): Uint8Array {
  return new Uint8Array((value as VectorValue).elements as number[])
}
