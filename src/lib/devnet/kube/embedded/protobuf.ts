import {KubeError} from './kube-error.ts'
import {protobufMessages} from './protobuf-schema.ts'
import {type JsonObject} from './types.ts'

/** The media type in which typed Go clients (kubectl create configmap, auth can-i, drain) send their bodies. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf'

const MAGIC = Buffer.from('k8s\0')

/**
 * Fields whose zero means something other than their absence: in Go they are pointers. All other zero values are
 * written by Go's encoder although they were never set, and left out here as JSON leaves them out.
 */
const KEEP_ZERO = new Set([
  'replicas',
  'gracePeriodSeconds',
  'automountServiceAccountToken',
  'immutable',
  'terminationGracePeriodSeconds',
  'backoffLimit',
  'parallelism',
  'completions',
  'expirationSeconds',
  'suspend',
  'leaseTransitions',
])
/** Messages that mean something even when empty. */
const KEEP_EMPTY = new Set(['metadata', 'spec', 'selector'])

/**
 * Decodes a protobuf body of Kubernetes (magic, `runtime.Unknown`, message) to the JSON form of the object.
 * @throws KubeError 415 for a kind or a field that is not in the table, 400 for what is no such body
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, 4).equals(MAGIC))
    throw new KubeError(400, 'BadRequest', 'the body is no Kubernetes protobuf')
  const unknown = fieldsOf(body.subarray(4))
  const typeMeta = fieldsOf(bytesOf(unknown.get(1)?.[0]))
  const apiVersion = bytesOf(typeMeta.get(1)?.[0]).toString()
  const kind = bytesOf(typeMeta.get(2)?.[0]).toString()
  const message = messageName(apiVersion, kind)
  if (message === undefined) throw unsupported(`${apiVersion} ${kind}`)
  return {apiVersion, kind, ...decodeMessage(message, bytesOf(unknown.get(2)?.[0]))}
}

/** `rbac.authorization.k8s.io/v1` `Role` is message `rbac.Role`; DeleteOptions come in every group. */
function messageName(apiVersion: string, kind: string): string | undefined {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : ['core']
  return [kind === 'DeleteOptions' ? kind : '', `${group!.split('.')[0]}.${kind}`].find(
    (name) => name in protobufMessages,
  )
}

type Wire = bigint | Buffer

interface Field {
  readonly name: string
  readonly shape: 'one' | 'list' | 'map'
  readonly type: string
}

function schemaOf(message: string): Map<number, Field> {
  const text = protobufMessages[message]
  if (text === undefined) throw unsupported(message)
  const fields = text.split(', ').filter((field) => field !== '')
  return new Map(
    fields.map((field) => {
      const [number, name, ...rest] = field.split(' ')
      const shape = rest[0] === 'map' || rest[0] === 'list' ? rest.shift()! : 'one'
      return [Number(number), {name: name!, shape: shape as Field['shape'], type: rest[0] ?? 'string'}]
    }),
  )
}

function decodeMessage(message: string, bytes: Buffer): JsonObject {
  const schema = schemaOf(message)
  const result: JsonObject = {}
  for (const [number, values] of fieldsOf(bytes)) {
    const field = schema.get(number)
    if (field === undefined) {
      if (values.every(isZero)) continue
      throw unsupported(`field ${number} of ${message}`)
    }
    const {name, shape, type} = field
    if (shape === 'list') result[name] = values.map((value) => decodeValue(type, value))
    else if (shape === 'map') {
      result[name] = Object.fromEntries(
        values.map((value) => {
          const entry = fieldsOf(bytesOf(value))
          return [
            bytesOf(entry.get(1)?.[0]).toString(),
            decodeValue(type, entry.get(2)?.[0] ?? Buffer.alloc(0)),
          ]
        }),
      )
    } else {
      const value = decodeValue(type, values.at(-1)!)
      if (!isUnset(name, value)) result[name] = value
    }
  }
  return result
}

function decodeValue(type: string, value: Wire): unknown {
  switch (type) {
    case 'string':
      return bytesOf(value).toString()
    case 'bytes':
      return bytesOf(value).toString('base64')
    case 'bool':
      return value !== 0n
    case 'int':
      return Number(BigInt.asIntN(64, value as bigint))
    case 'Time':
    case 'MicroTime':
      return decodeTime(type, bytesOf(value))
    case 'Quantity':
      return bytesOf(fieldsOf(bytesOf(value)).get(1)?.[0]).toString()
    case 'IntOrString': {
      const parts = fieldsOf(bytesOf(value))
      if ((parts.get(1)?.[0] ?? 0n) === 1n) return bytesOf(parts.get(3)?.[0]).toString()
      return Number(BigInt.asIntN(64, (parts.get(2)?.[0] ?? 0n) as bigint))
    }
    default:
      // Extra values are lists in a message of their own; in JSON they are plain lists.
      if (type.endsWith('.ExtraValue'))
        return (fieldsOf(bytesOf(value)).get(1) ?? []).map((item) => bytesOf(item).toString())
      return decodeMessage(type, bytesOf(value))
  }
}

function decodeTime(type: string, bytes: Buffer): string | null {
  const parts = fieldsOf(bytes)
  const seconds = Number(BigInt.asIntN(64, (parts.get(1)?.[0] ?? 0n) as bigint))
  const nanos = Number((parts.get(2)?.[0] ?? 0n) as bigint)
  if (seconds === 0 && nanos === 0) return null
  const base = new Date(seconds * 1000).toISOString().slice(0, 19)
  return type === 'Time' ? `${base}Z` : `${base}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`
}

function isUnset(name: string, value: unknown): boolean {
  if (value === null || value === '') return true
  if (value === 0 || value === false) return !KEEP_ZERO.has(name)
  return typeof value === 'object' && Object.keys(value).length === 0 && !KEEP_EMPTY.has(name)
}

function isZero(value: Wire): boolean {
  if (typeof value === 'bigint') return value === 0n
  // A message that holds nothing but empty fields is empty too.
  return (
    value.length === 0 || (value.length % 2 === 0 && value.every((byte, at) => at % 2 === 0 || byte === 0))
  )
}

/** The fields of a message by their number, in the order of the wire. */
function fieldsOf(bytes: Buffer): Map<number, Wire[]> {
  const fields = new Map<number, Wire[]>()
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) break
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new KubeError(400, 'BadRequest', 'the protobuf body ends early')
  }
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new KubeError(400, 'BadRequest', 'the protobuf body ends early')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const wireType = tag & 7
    let value: Wire
    if (wireType === 0) value = varint()
    else if (wireType === 2) value = take(Number(varint()))
    else if (wireType === 1) value = take(8)
    else if (wireType === 5) value = take(4)
    else throw new KubeError(400, 'BadRequest', `the protobuf body has wire type ${wireType}`)
    const number = tag >>> 3
    fields.set(number, [...(fields.get(number) ?? []), value])
  }
  return fields
}

function bytesOf(value: Wire | undefined): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0)
}

function unsupported(what: string): KubeError {
  return new KubeError(
    415,
    'UnsupportedMediaType',
    `the embedded Kubernetes does not read ${what} in protobuf: send JSON`,
    {},
  )
}
