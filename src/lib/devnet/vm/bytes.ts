/** BCS primitives: a reader that trusts nothing and a writer that grows. */
import {VmError} from './api.ts'

/** `0x` and 64 hex digits of 32 bytes. */
export function bytesToAddress(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`
}

/** The 32 bytes of an address (`0x` and 64 hex digits). */
export function addressToBytes(address: string): Uint8Array {
  const bytes = new Uint8Array(ADDRESS_BYTES)
  Buffer.from(bytes.buffer).write(address.slice(2), 'hex')
  return bytes
}

const ADDRESS_BYTES = 32
const WORD_MASK = 0xffff_ffffn

/** Collects bytes, little endian. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(256)
  #size = 0

  #room(count: number): void {
    if (this.#size + count <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#size + count))
    larger.set(this.#buffer.subarray(0, this.#size))
    this.#buffer = larger
  }

  /** One byte. */
  u8(value: number): void {
    this.#room(1)
    this.#buffer[this.#size++] = value
  }

  /** An unsigned number of `width` bytes, at most 4. */
  small(value: number, width: number): void {
    this.#room(width)
    this.#size = this.#buffer.writeUIntLE(value, this.#size, width)
  }

  /** An unsigned number of `width` bytes, a multiple of 8. */
  big(value: bigint, width: number): void {
    this.#room(width)
    let rest = value
    for (let index = 0; index < width; index += 8) {
      this.#buffer.writeUInt32LE(Number(rest & WORD_MASK), this.#size)
      rest >>= 32n
      this.#buffer.writeUInt32LE(Number(rest & WORD_MASK), this.#size + 4)
      rest >>= 32n
      this.#size += 8
    }
  }

  /** A length as ULEB128. */
  length(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.u8((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.u8(rest)
  }

  /** Raw bytes. */
  bytes(bytes: ArrayLike<number>): void {
    this.#room(bytes.length)
    this.#buffer.set(bytes, this.#size)
    this.#size += bytes.length
  }

  /** 32 bytes of an address. */
  address(address: string): void {
    this.#room(ADDRESS_BYTES)
    this.#buffer.write(address.slice(2), this.#size, 'hex')
    this.#size += ADDRESS_BYTES
  }

  /** How much was written so far. */
  get size(): number {
    return this.#size
  }

  /** What was written so far, in memory of its own: what is kept must not keep scratch memory alive. */
  take(): Uint8Array {
    return new Uint8Array(this.#buffer.subarray(0, this.#size))
  }
}

/** Reads bytes, little endian; every method throws VmError MALFORMED_VALUE at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#position
  }

  /** Raw bytes, not copied. */
  bytes(count: number): Uint8Array {
    if (count > this.left) throw new VmError('MALFORMED_VALUE', 'the bytes end too early')
    const bytes = this.#bytes.subarray(this.#position, this.#position + count)
    this.#position += count
    return bytes
  }

  /** One byte. */
  u8(): number {
    if (this.left === 0) throw new VmError('MALFORMED_VALUE', 'the bytes end too early')
    return this.#bytes[this.#position++]!
  }

  /** An unsigned number of `width` bytes, at most 4. */
  small(width: number): number {
    const bytes = this.bytes(width)
    let value = 0
    for (let index = width - 1; index >= 0; index--) value = value * 256 + bytes[index]!
    return value
  }

  /** An unsigned number of `width` bytes. */
  big(width: number): bigint {
    if (width === 8) return BigInt(this.small(4)) | (BigInt(this.small(4)) << 32n)
    let value = 0n
    for (let index = 0; index < width; index += 4) value |= BigInt(this.small(4)) << BigInt(8 * index)
    return value
  }

  /** A length as canonical ULEB128 of at most 32 bits. */
  length(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) break
        if (value > 0xffff_ffff) break
        return value
      }
    }
    throw new VmError('MALFORMED_VALUE', 'a length is not canonical ULEB128')
  }
}
