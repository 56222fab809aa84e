/**
 * What stands on chain for an envelope that is too large for it: a version byte and the SHA-256 of the envelope, which
 * lies at the listener. The hash on chain is that of the sealed bytes, and those are bound to the request as ever.
 */
const VERSION = 2
const HASH_BYTES = 32

/** @param hash SHA-256 of the envelope, 32 bytes */
export function referenceTo(hash: Uint8Array): Uint8Array {
  return Uint8Array.of(VERSION, ...hash)
}

/**
 * The hash (lower-case hex) of the envelope that is meant.
 * @returns undefined where the bytes are an envelope themselves
 */
export function referencedHash(envelope: Uint8Array): string | undefined {
  if (envelope.length !== HASH_BYTES + 1 || envelope[0] !== VERSION) return undefined
  return Buffer.from(envelope.subarray(1)).toString('hex')
}

/** The most that a listener takes for a request, bytes: Kubernetes takes bodies of 3 MiB, and sealing adds little. */
export const MAX_UPLOAD_BYTES = 3 * 1024 * 1024 + 65_536

/** Names the seal whose token comes with an upload. */
export const SEAL_HEADER = 'x-seal'
