import {z} from 'zod'

/** A request to the Kubernetes API, as kubectl made it. */
export interface KubeRequest {
  /** Upper case. */
  method: string
  /** With its query. */
  path: string
  /** Names in lower case. */
  headers: Record<string, string>
  body: Uint8Array
}

/** An answer of the Kubernetes API. */
export interface KubeResponse {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
  body: Uint8Array
}

const requestHead = z.strictObject({
  method: z.string().regex(/^[A-Z]{1,16}$/),
  path: z.string().startsWith('/').max(16_384),
  headers: z.record(z.string(), z.string()),
})
const responseHead = z.strictObject({
  status: z.int().min(100).max(599),
  headers: z.record(z.string(), z.string()),
})

/** Bytes of a request: u32 length of the head, big endian; the head as JSON; the body as it is. */
export function encodeRequest({method, path, headers, body}: KubeRequest): Uint8Array {
  return encode({method, path, headers}, body)
}

/** The inverse of {@link encodeRequest}. @throws Error where the bytes are something else */
export function decodeRequest(bytes: Uint8Array): KubeRequest {
  const {head, body} = decode(bytes)
  return {...requestHead.parse(head), body}
}

/** Bytes of a response, built as those of a request. */
export function encodeResponse({status, headers, body}: KubeResponse): Uint8Array {
  return encode({status, headers}, body)
}

/** The inverse of {@link encodeResponse}. @throws Error where the bytes are something else */
export function decodeResponse(bytes: Uint8Array): KubeResponse {
  const {head, body} = decode(bytes)
  return {...responseHead.parse(head), body}
}

function encode(head: object, body: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(head))
  const bytes = new Uint8Array(4 + text.length + body.length)
  new DataView(bytes.buffer).setUint32(0, text.length)
  bytes.set(text, 4)
  bytes.set(body, 4 + text.length)
  return bytes
}

function decode(bytes: Uint8Array): {head: unknown; body: Uint8Array} {
  if (bytes.length < 4) throw new RangeError('message shorter than its length field')
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
  if (length > bytes.length - 4) throw new RangeError('message shorter than its head')
  const head: unknown = JSON.parse(
    new TextDecoder('utf8', {fatal: true}).decode(bytes.subarray(4, 4 + length)),
  )
  return {head, body: new Uint8Array(bytes.subarray(4 + length))}
}
