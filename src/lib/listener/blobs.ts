import {createHash} from 'node:crypto'
import {mkdir, open, readdir, readFile, unlink} from 'node:fs/promises'
import {join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {createBlobLedger, type BlobQuota} from './blob-ledger.ts'

/** A blob that was found. */
export interface Blob {
  /** Object id of the seal whose holder may fetch it. */
  seal: string
  bytes: Uint8Array
}

/** Answers that are too large for a transaction: files named by their SHA-256, sealed like all answers. */
export interface BlobStore {
  /**
   * Keeps sealed bytes for the holder of a seal; what is old makes room.
   * @returns the URL path under which the listener serves them
   * @throws BLOBS_FULL where there is none
   */
  put(seal: string, bytes: Uint8Array): Promise<string>
  /** @param hash 64 lower-case hex digits */
  get(hash: string): Promise<Blob | undefined>
  /** Forgets what is older than `keepMs`. */
  prune(nowMs: number, keepMs: number): Promise<void>
}

const SEAL_BYTES = 32
const NAME = /^[0-9a-f]{64}$/

/** What a store of blobs goes by. */
export interface BlobStoreOptions {
  /** The most that lies on the disk; BLOB_QUOTA by default. */
  quota?: BlobQuota
  /** Unix time, ms. */
  clock: () => number
}

/** 4 GiB in all, an eighth of it for one seal; whoever asked has fetched an answer within two minutes. */
export const BLOB_QUOTA: BlobQuota = {bytes: 4 * 1024 ** 3, sealBytes: 512 * 1024 ** 2, freshMs: 120_000}

/**
 * A store of blobs in a directory (0700). A file is the 32 bytes of the seal's id, then the blob: who may fetch it
 * travels with it, and survives a restart.
 */
export async function openBlobStore(directory: string, options: BlobStoreOptions): Promise<BlobStore> {
  const {quota = BLOB_QUOTA, clock} = options
  await mkdir(directory, {recursive: true, mode: 0o700})
  const ledger = createBlobLedger(quota)
  for (const hash of await readdir(directory)) {
    const found = NAME.test(hash) ? await readHead(join(directory, hash)) : undefined
    if (found !== undefined) ledger.add(hash, found)
  }

  return {
    async put(seal, bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex')
      const entry = {seal, bytes: bytes.length + SEAL_BYTES, atMs: clock()}
      for (const old of ledger.makeRoom(hash, entry)) await unlessMissing(unlink(join(directory, old)))
      const content = Buffer.concat([Buffer.from(seal.slice(2), 'hex'), bytes])
      try {
        await writeFileAtomic(join(directory, hash), content, {mode: 0o600})
      } catch (error) {
        ledger.remove(hash)
        throw error
      }

      return `/v1/blobs/${hash}`
    },
    async get(hash) {
      if (!NAME.test(hash)) return undefined
      const content = await unlessMissing(readFile(join(directory, hash)))
      if (content === undefined) return undefined
      const seal = `0x${content.subarray(0, SEAL_BYTES).toString('hex')}`
      return {seal, bytes: new Uint8Array(content.subarray(SEAL_BYTES))}
    },
    async prune(nowMs, keepMs) {
      for (const hash of ledger.olderThan(nowMs - keepMs)) {
        ledger.remove(hash)
        await unlessMissing(unlink(join(directory, hash)))
      }
    },
  }
}

/** Whose a file is, its size, and since when; undefined where it is no blob, or gone. */
async function readHead(file: string): Promise<{seal: string; bytes: number; atMs: number} | undefined> {
  const handle = await unlessMissing(open(file, 'r'))
  if (handle === undefined) return undefined
  try {
    const {size, mtimeMs} = await handle.stat()
    const head = Buffer.alloc(SEAL_BYTES)
    const {bytesRead} = await handle.read(head, 0, SEAL_BYTES, 0)
    if (bytesRead < SEAL_BYTES) return undefined
    return {seal: `0x${head.toString('hex')}`, bytes: size, atMs: mtimeMs}
  } finally {
    await handle.close()
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
