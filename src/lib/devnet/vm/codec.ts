/** BCS and JSON of values by their types. */
import {isUtf8} from 'node:buffer'
import {bytesToAddress, type ByteReader, type ByteWriter} from './bytes.ts'
import {
  VmError,
  type MoveType,
  type PrimitiveKind,
  type StructValue,
  type Value,
  type VariantValue,
} from './api.ts'
import {STD, SUI} from './well-known.ts'
import {bytesValue, valueBytes} from './types.ts'

/** How values of one type are written, read and shown. */
export interface Codec {
  write(writer: ByteWriter, value: Value): void
  /** Throws VmError MALFORMED_VALUE. */
  read(reader: ByteReader): Value
  /** By the rules of Sui's gRPC (facts/sui.md 3.1). */
  json(value: Value): unknown
}

/** What a datatype codec needs to know: names and codecs of the fields of each variant. */
export interface VariantCodec {
  readonly name: string
  readonly fields: readonly {readonly name: string; readonly codec: Codec}[]
}

const same = (value: Value): unknown => value

function small(width: number): Codec {
  return {
    write: (writer, value) => writer.small(value as number, width),
    read: (reader) => reader.small(width),
    json: same,
  }
}

function big(width: number): Codec {
  return {
    write: (writer, value) => writer.big(value as bigint, width),
    read: (reader) => reader.big(width),
    json: String,
  }
}

const address: Codec = {
  write: (writer, value) => writer.address(value as string),
  read: (reader) => bytesToAddress(reader.bytes(32)),
  json: same,
}

/** Codecs of the primitive types. */
export const primitiveCodecs: Readonly<Record<PrimitiveKind, Codec>> = {
  bool: {
    write: (writer, value) => writer.u8(value === true ? 1 : 0),
    read: (reader) => {
      const byte = reader.u8()
      if (byte > 1) throw new VmError('MALFORMED_VALUE', `${byte} is no bool`)
      return byte === 1
    },
    json: same,
  },
  u8: small(1),
  u16: small(2),
  u32: small(4),
  u64: big(8),
  u128: big(16),
  u256: big(32),
  address,
  signer: address,
}

/** vector<u8> at the speed of bytes; JSON is base64. */
export const byteVectorCodec: Codec = {
  write: (writer, value) => {
    const {elements} = value as {elements: number[]}
    writer.length(elements.length)
    writer.bytes(elements)
  },
  read: (reader) => bytesValue(reader.bytes(reader.length())),
  json: (value) => Buffer.from(valueBytes(value)).toString('base64'),
}

/** A vector of anything else. */
export function vectorCodec(element: Codec): Codec {
  return {
    write: (writer, value) => {
      const {elements} = value as {elements: Value[]}
      writer.length(elements.length)
      for (const item of elements) element.write(writer, item)
    },
    read: (reader) => {
      const elements: Value[] = []
      const count = reader.length()
      if (count > reader.left) throw new VmError('MALFORMED_VALUE', 'a vector is longer than its bytes')
      for (let index = 0; index < count; index++) elements.push(element.read(reader))
      return {elements}
    },
    json: (value) => (value as {elements: Value[]}).elements.map((item) => element.json(item)),
  }
}

/** A struct: its fields in order. */
export function structCodec({fields}: VariantCodec): Codec {
  return {
    write: (writer, value) =>
      fields.forEach(({codec}, index) => codec.write(writer, (value as StructValue).fields[index]!)),
    read: (reader) => ({fields: fields.map(({codec}) => codec.read(reader))}),
    json: (value) => fieldsJson(fields, (value as StructValue).fields),
  }
}

/** An enum: the tag as ULEB128, then the fields of the variant. */
export function enumCodec(variants: readonly VariantCodec[]): Codec {
  const variant = (tag: number): VariantCodec => {
    const found = variants[tag]
    if (found === undefined) throw new VmError('MALFORMED_VALUE', `an enum has no variant ${tag}`)
    return found
  }
  return {
    write: (writer, value) => {
      const {tag, fields} = value as VariantValue
      writer.length(tag)
      variant(tag).fields.forEach(({codec}, index) => codec.write(writer, fields[index]!))
    },
    read: (reader) => {
      const tag = reader.length()
      return {tag, fields: variant(tag).fields.map(({codec}) => codec.read(reader))}
    },
    json: (value) => {
      const {tag, fields} = value as VariantValue
      const {name, fields: declared} = variant(tag)
      return {'@variant': name, ...fieldsJson(declared, fields)}
    },
  }
}

function fieldsJson(declared: VariantCodec['fields'], fields: readonly Value[]): Record<string, unknown> {
  return Object.fromEntries(declared.map(({name, codec}, index) => [name, codec.json(fields[index]!)]))
}

const firstField = (value: Value): Value => (value as StructValue).fields[0]!

function textOf(value: Value): string {
  return Buffer.from(valueBytes(value)).toString('utf8')
}

/** A struct of one vector<u8> that must be text. */
function textCodec(plain: Codec, valid: (bytes: Uint8Array) => boolean): Codec {
  return {
    write: plain.write,
    read: (reader) => {
      const value = plain.read(reader)
      if (!valid(valueBytes(firstField(value))))
        throw new VmError('MALFORMED_VALUE', 'a string is not valid text')
      return value
    },
    json: (value) => textOf(firstField(value)),
  }
}

/** The codec of a framework type that JSON shows in a way of its own, or `plain` itself. */
export function specialCodec(type: MoveType & {kind: 'datatype'}, plain: Codec): Codec {
  const name = `${type.module}::${type.name}`
  if (type.address === STD) {
    switch (name) {
      case 'string::String':
        return textCodec(plain, isUtf8)
      case 'ascii::String':
        return textCodec(plain, (bytes) => bytes.every((byte) => byte < 0x80))
      case 'type_name::TypeName':
        return {...plain, json: (value) => textOf(firstField(firstField(value)))}
      case 'option::Option':
        return optionCodec(plain)
    }
  }
  if (type.address === SUI) {
    switch (name) {
      case 'object::UID':
        return {...plain, json: (value) => firstField(firstField(value))}
      case 'object::ID':
        return {...plain, json: firstField}
      case 'url::Url':
        return {...plain, json: (value) => textOf(firstField(firstField(value)))}
      case 'balance::Balance':
        return {...plain, json: (value) => String(firstField(value))}
    }
  }
  return plain
}

function optionCodec(plain: Codec): Codec {
  const elements = (value: Value): Value[] => (firstField(value) as {elements: Value[]}).elements
  return {
    write: plain.write,
    read: (reader) => {
      const value = plain.read(reader)
      if (elements(value).length > 1)
        throw new VmError('MALFORMED_VALUE', 'an option holds more than one value')
      return value
    },
    json: (value) => {
      const shown = (plain.json(value) as {vec: unknown}).vec
      if (elements(value).length === 0) return null
      return typeof shown === 'string' ? elements(value)[0] : (shown as unknown[])[0]
    },
  }
}
