/** State and history together: what a node knows. */
import type {LedgerCheckpoint, LedgerTransaction, StoredObject} from './api.ts'
import {Chain} from './chain.ts'
import type {NewTransaction} from './record.ts'
import {ObjectStore} from './store.ts'

/** What a transaction left of an object; undefined: nothing. */
export interface Written {
  readonly id: string
  readonly after: StoredObject | undefined
}

/** The ledger of a devnet, in memory. The reads are those of `DevnetNode`. */
export class Ledger {
  /** Live objects; only the ledger writes to it. */
  readonly store = new ObjectStore()
  readonly #chain: Chain

  /** @param epoch the epoch of all checkpoints */
  constructor(epoch: bigint) {
    this.#chain = new Chain(epoch)
  }

  /** Writes what a transaction did, and adds it to the next checkpoint. */
  commit(transaction: NewTransaction, changes: readonly Written[]): LedgerTransaction {
    for (const {id, after} of changes) {
      if (after === undefined) this.store.remove(id)
      else this.store.write(after)
    }
    return this.#chain.append(transaction)
  }

  /** Seals the transactions since the last checkpoint into one. */
  seal(timestampMs: bigint): LedgerCheckpoint {
    return this.#chain.seal(timestampMs)
  }

  /** Transactions that are in no checkpoint yet. */
  get pending(): number {
    return this.#chain.pending
  }

  getObject(id: string, version?: bigint): StoredObject | undefined {
    const live = this.store.get(id)
    if (version === undefined || live?.version === version) return live
    return this.store.getVersion(id, version)
  }

  objectsOwnedBy(address: string): StoredObject[] {
    return this.store.ownedBy(address)
  }

  objectsOfType(typeName: string): StoredObject[] {
    return this.store.ofType(typeName)
  }

  packageVersions(originalId: string): readonly StoredObject[] {
    return this.store.packageVersions(originalId)
  }

  childrenOf(parent: string): StoredObject[] {
    return this.store.childrenOf(parent)
  }

  getTransaction(digest: string): LedgerTransaction | undefined {
    return this.#chain.getTransaction(digest)
  }

  transactions(from: bigint, to: bigint): LedgerTransaction[] {
    return this.#chain.transactions(from, to)
  }

  checkpointBySequence(sequence: bigint): LedgerCheckpoint | undefined {
    return this.#chain.checkpointBySequence(sequence)
  }

  checkpointByDigest(digest: string): LedgerCheckpoint | undefined {
    return this.#chain.checkpointByDigest(digest)
  }

  tip(): LedgerCheckpoint {
    return this.#chain.tip()
  }

  onCheckpoint(listener: (checkpoint: LedgerCheckpoint) => void): () => void {
    return this.#chain.onCheckpoint(listener)
  }
}
