/** The framing of gRPC-web: a flag, a big-endian length, the payload; in text mode all of it in base64. */
import {STATUS_DETAILS} from '../proto/status-details.ts'

const trailerFlag = 0x80
const compressedFlag = 0x01

/** One data frame. */
export function dataFrame(message: Uint8Array): Buffer {
  return frame(0, message)
}

/** The frame that ends an answer. */
export function trailerFrame(trailers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(trailers).map(([key, value]) => `${key}: ${value}\r\n`)
  return frame(trailerFlag, Buffer.from(lines.join(''), 'latin1'))
}

/**
 * What ends an answer: keys in lower case, the message percent-encoded, bytes in base64.
 * @param details `google.rpc.Status`, where there are any
 */
export function statusTrailers(code: number, message: string, details?: Uint8Array): Record<string, string> {
  return {
    'grpc-status': String(code),
    'grpc-message': encodeStatusMessage(message),
    ...(details === undefined ? {} : {[STATUS_DETAILS]: Buffer.from(details).toString('base64')}),
  }
}

/** A status text as header and trailer carry it: printable ASCII without `%`, the rest percent-encoded. */
export function encodeStatusMessage(message: string): string {
  let encoded = ''
  for (const byte of Buffer.from(message, 'utf8')) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25
    encoded += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

/**
 * The message of a request body.
 * @param text the body is base64, perhaps of several pieces padded each on its own
 * @returns undefined if the body is no single uncompressed data frame
 */
export function readRequestFrame(body: Buffer, text: boolean): Buffer | undefined {
  const bytes = text ? decodeBase64Pieces(body.toString('latin1')) : body
  if (bytes.length < 5) return undefined
  const flag = bytes.readUInt8(0)
  const length = bytes.readUInt32BE(1)
  if (flag === trailerFlag || (flag & compressedFlag) !== 0 || bytes.length < 5 + length) return undefined
  return bytes.subarray(5, 5 + length)
}

function decodeBase64Pieces(text: string): Buffer {
  const pieces = text.match(/[^=]+=*/g) ?? []
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')))
}

function frame(flag: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(5 + payload.length)
  bytes.writeUInt8(flag, 0)
  bytes.writeUInt32BE(payload.length, 1)
  bytes.set(payload, 5)
  return bytes
}
