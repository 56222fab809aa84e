/** Digests as Sui makes them. */
import {blake2b} from '@noble/hashes/blake2.js'
import {toBase58} from '@mysten/bcs'

const OPTIONS = {dkLen: 32}

/** BLAKE2b with 32 bytes of output over the parts one after the other. */
export function blake2b256(...parts: readonly Uint8Array[]): Uint8Array {
  return blake2b(parts.length === 1 ? parts[0]! : Buffer.concat(parts), OPTIONS)
}

/** Base58 of the digest of a BCS value: BLAKE2b-256 over `<name of the type>::` and the bytes (facts/sui.md 4). */
export function digestOf(typeName: string, bytes: Uint8Array): string {
  return toBase58(blake2b256(Buffer.from(`${typeName}::`), bytes))
}
