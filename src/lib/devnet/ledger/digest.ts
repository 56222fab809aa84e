/** Digests as Sui makes them. */
import {toBase58} from '@mysten/bcs'
import {blake2b} from '@noble/hashes/blake2.js'

const encoder = new TextEncoder()

/** BLAKE2b with 32 bytes of output over the parts one after the other. */
export function blake2b256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = blake2b.create({dkLen: 32})
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Base58 of the digest of a BCS value: BLAKE2b-256 over `<name of the type>::` and the bytes (facts/sui.md 4). */
export function digestOf(typeName: string, bytes: Uint8Array): string {
  return toBase58(blake2b256(encoder.encode(`${typeName}::`), bytes))
}
