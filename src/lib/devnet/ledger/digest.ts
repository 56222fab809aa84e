/** Digests as Sui makes them. */
import {fromBase58, toBase58} from '@mysten/bcs'
import {blake2b256} from '../vm/blake2b.ts'

/** How many digests are remembered: those of the last transactions are asked for again and again. */
const MOST_KNOWN = 16_384
const known = new Map<string, Uint8Array>()
const prefixes = new Map<string, Uint8Array>()

/** Base58 of the digest of a BCS value: BLAKE2b-256 over `<name of the type>::` and the bytes (facts/sui.md 4). */
export function digestOf(typeName: string, bytes: Uint8Array): string {
  const digest = blake2b256(prefixOf(typeName), bytes)
  const text = toBase58(digest)
  remember(text, digest)
  return text
}

/**
 * The bytes of a digest in base58.
 * @returns bytes that are kept for the next time: not to be changed
 */
export function digestBytes(text: string): Uint8Array {
  let digest = known.get(text)
  if (digest === undefined) {
    digest = fromBase58(text)
    remember(text, digest)
  }
  return digest
}

function prefixOf(typeName: string): Uint8Array {
  let prefix = prefixes.get(typeName)
  if (prefix === undefined) {
    prefix = new TextEncoder().encode(`${typeName}::`)
    prefixes.set(typeName, prefix)
  }
  return prefix
}

function remember(text: string, digest: Uint8Array): void {
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(text, digest)
}
