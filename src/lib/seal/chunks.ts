/** The most bytes of one chunk: a pure argument of a Sui transaction may hold 16 KiB, its length included. */
export const CHUNK_BYTES = 16_000

/** Cuts bytes into chunks of at most {@link CHUNK_BYTES}; no bytes give no chunk. */
export function chunk(bytes: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) chunks.push(bytes.subarray(at, at + CHUNK_BYTES))
  return chunks
}

/** Puts chunks together again: the inverse of {@link chunk}. */
export function joinChunks(chunks: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of chunks) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
