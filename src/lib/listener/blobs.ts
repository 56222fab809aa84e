import {createHash} from 'node:crypto'
import {mkdir, readdir, readFile, stat, unlink} from 'node:fs/promises'
import {join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** A blob that was found. */
export interface Blob {
  /** Object id of the seal whose holder may fetch it. */
  seal: string
  bytes: Uint8Array
}

/** Answers that are too large for a transaction: files named by their SHA-256, sealed like all answers. */
export interface BlobStore {
  /** Keeps sealed bytes for the holder of a seal. @returns the URL path under which the listener serves them */
  put(seal: string, bytes: Uint8Array): Promise<string>
  /** @param hash 64 lower-case hex digits */
  get(hash: string): Promise<Blob | undefined>
  /** Forgets what is older than `keepMs`. */
  prune(nowMs: number, keepMs: number): Promise<void>
}

const SEAL_BYTES = 32

/**
 * A store of blobs in a directory (0700). A file is the 32 bytes of the seal's id, then the blob: who may fetch it
 * travels with it, and survives a restart.
 */
export async function openBlobStore(directory: string): Promise<BlobStore> {
  await mkdir(directory, {recursive: true, mode: 0o700})
  return {
    async put(seal, bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex')
      const content = Buffer.concat([Buffer.from(seal.slice(2), 'hex'), bytes])
      await writeFileAtomic(join(directory, hash), content, {mode: 0o600})
      return `/v1/blobs/${hash}`
    },
    async get(hash) {
      if (!/^[0-9a-f]{64}$/.test(hash)) return undefined
      const content = await unlessMissing(readFile(join(directory, hash)))
      if (content === undefined) return undefined
      const seal = `0x${content.subarray(0, SEAL_BYTES).toString('hex')}`
      return {seal, bytes: new Uint8Array(content.subarray(SEAL_BYTES))}
    },
    async prune(nowMs, keepMs) {
      for (const name of await readdir(directory)) {
        const file = join(directory, name)
        const found = await unlessMissing(stat(file))
        if (found !== undefined && found.mtimeMs < nowMs - keepMs) await unlessMissing(unlink(file))
      }
    },
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if ((error as {code?: string}).code === 'ENOENT') return undefined
    throw error
  }
}
