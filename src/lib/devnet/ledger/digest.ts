/** Digests as Sui makes them. */
import {toBase58} from '@mysten/bcs'
import {blake2b256} from '../vm/blake2b.ts'

/** Base58 of the digest of a BCS value: BLAKE2b-256 over `<name of the type>::` and the bytes (facts/sui.md 4). */
export function digestOf(typeName: string, bytes: Uint8Array): string {
  return toBase58(blake2b256(Buffer.from(`${typeName}::`), bytes))
}
