import {daasError} from '../errors/daas-error.ts'

/** How much may lie on the disk. */
export interface BlobQuota {
  /** Of all seals together. */
  bytes: number
  /** Of one seal: a user who asks for much does not take the room of the others. */
  sealBytes: number
  /** What is younger than this is not put aside for something newer, ms: it may not have been fetched yet. */
  freshMs: number
}

/** A blob, as it counts. */
export interface BlobEntry {
  /** Object id. */
  seal: string
  /** On the disk. */
  bytes: number
  /** Unix time, ms. */
  atMs: number
}

/** What lies in a store of blobs. */
export interface BlobLedger {
  add(hash: string, entry: BlobEntry): void
  /**
   * Enters a blob that is about to be written.
   * @returns the hashes of those that have to go for it, oldest first; they are entered no more
   * @throws BLOBS_FULL where there is no room; nothing is changed then
   */
  makeRoom(hash: string, entry: BlobEntry): string[]
  remove(hash: string): void
  olderThan(atMs: number): string[]
}

/** Makes the ledger of a store of blobs; it is empty. */
export function createBlobLedger(quota: BlobQuota): BlobLedger {
  const entries = new Map<string, BlobEntry>()

  const oldestFirst = (): [string, BlobEntry][] => [...entries].sort(([, a], [, b]) => a.atMs - b.atMs)

  return {
    add: (hash, entry) => void entries.set(hash, entry),
    makeRoom(hash, entry) {
      const others = oldestFirst().filter(([name]) => name !== hash)
      const sum = (of: readonly [string, BlobEntry][]): number =>
        of.reduce((bytes, [, each]) => bytes + each.bytes, 0)
      let all = sum(others) + entry.bytes
      let own = sum(others.filter(([, {seal}]) => seal === entry.seal)) + entry.bytes
      const going: string[] = []
      for (const [name, {seal, bytes, atMs}] of others) {
        const mustGo = all > quota.bytes || (own > quota.sealBytes && seal === entry.seal)
        if (!mustGo || atMs > entry.atMs - quota.freshMs) continue
        going.push(name)
        all -= bytes
        if (seal === entry.seal) own -= bytes
      }

      if (all > quota.bytes || own > quota.sealBytes) throw daasError('BLOBS_FULL', {})
      for (const name of going) entries.delete(name)
      entries.set(hash, entry)
      return going
    },
    remove: (hash) => void entries.delete(hash),
    olderThan: (atMs) => [...entries].filter(([, entry]) => entry.atMs < atMs).map(([hash]) => hash),
  }
}
