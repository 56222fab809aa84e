/** State and history together: what a node knows. */
import {bcs} from '@mysten/sui/bcs'
import type {EpochSpan, GasCosts, LedgerCheckpoint, LedgerTransaction, StoredObject} from './api.ts'
import {Chain, type ChainStart} from './chain.ts'
import type {History} from './kept-history.ts'
import type {NewTransaction} from './record.ts'
import {ObjectStore} from './store.ts'

/** What a transaction left of an object; undefined: nothing. */
export interface Written {
  readonly id: string
  readonly after: StoredObject | undefined
}

/** Where a ledger keeps what is final, beyond the life of the process. */
export interface LedgerJournal {
  /** Keeps a transaction; once it returns, the transaction survives the end of the process. */
  transaction(transaction: LedgerTransaction, removed: readonly string[]): void
  checkpoint(checkpoint: LedgerCheckpoint): void
}

/** The ledger of a devnet: state in memory, history too but for what an earlier process has left. The reads are those of `DevnetNode`. */
export class Ledger {
  /** Live objects; only the ledger writes to it. */
  readonly store = new ObjectStore()
  readonly #chain = new Chain()
  readonly #journal: LedgerJournal | undefined
  #history: History | undefined

  /** @param journal is told of everything before it counts */
  constructor(journal?: LedgerJournal) {
    this.#journal = journal
  }

  /** Writes what a transaction did, and adds it to the next checkpoint. */
  commit(transaction: NewTransaction, changes: readonly Written[]): LedgerTransaction {
    const removed = changes.flatMap(({id, after}) => (after === undefined ? [id] : []))
    const added = this.#chain.append(transaction, (record) => this.#journal?.transaction(record, removed))
    this.#write(transaction, removed)
    return added
  }

  /** Goes on behind what the journal has kept: its state is in the store already, or written next. */
  resume(start: ChainStart): void {
    this.#history = start.history
    this.#chain.resume(start)
  }

  /** Writes what a transaction did that the journal has kept. */
  writeKept(transaction: NewTransaction, removed: readonly string[]): void {
    this.#write(transaction, removed)
  }

  /** Adds a transaction that the journal has kept to the next checkpoint. */
  appendKept(transaction: LedgerTransaction): void {
    this.#chain.appendKept(transaction)
  }

  #write(transaction: NewTransaction, removed: readonly string[]): void {
    this.#endStreams(transaction, removed)
    for (const id of removed) this.store.remove(id)
    for (const object of transaction.outputObjects) this.store.write(object)
  }

  /** Keeps the ends of shared objects, and who still wanted to change them (transaction_outputs.rs of sui-core). */
  #endStreams({digest, effectsBytes, failure}: NewTransaction, removed: readonly string[]): void {
    const shared = removed.flatMap((id) => {
      const owner = this.store.get(id)?.owner
      return owner?.kind === 'shared' ? [[id, owner.initialSharedVersion] as const] : []
    })
    if (shared.length === 0 && failure?.kind !== 'InputObjectDeleted') return
    const {lamportVersion, unchangedConsensusObjects} = bcs.TransactionEffects.parse(effectsBytes).V2!
    const end = {version: BigInt(lamportVersion), digest}
    for (const [id, initialSharedVersion] of shared) {
      this.store.endStream(id, {...end, initialSharedVersion})
    }
    for (const [id, {$kind}] of unchangedConsensusObjects) {
      const before = this.store.endedStream(id)
      if ($kind !== 'MutateConsensusStreamEnded' || before === undefined) continue
      this.store.endStream(id, {...before, ...end})
    }
  }

  /** Seals the transactions since the last checkpoint into one. */
  seal(timestampMs: bigint): LedgerCheckpoint {
    return this.#sealed(this.#chain.seal(timestampMs, (checkpoint) => this.#journal?.checkpoint(checkpoint)))
  }

  #sealed(checkpoint: LedgerCheckpoint): LedgerCheckpoint {
    if (checkpoint.endsEpoch) this.store.forgetEnded()
    return checkpoint
  }

  /** The epoch of the next checkpoint. */
  get currentEpoch(): bigint {
    return this.#chain.currentEpoch
  }

  /** What the transactions of this epoch have paid. */
  get epochGas(): GasCosts {
    return this.#chain.epochGas
  }

  /**
   * Where an epoch lies in the history.
   * @param firstStartMs when epoch 0 began, ms: no checkpoint says so
   */
  spanOfEpoch(epoch: bigint, firstStartMs: bigint): EpochSpan | undefined {
    if (epoch > this.currentEpoch || epoch < 0n) return undefined
    const before = this.#chain.epochEnd(epoch - 1n)
    return {
      epoch,
      startTimestampMs: before?.timestampMs ?? firstStartMs,
      firstCheckpoint: before === undefined ? 0n : before.sequenceNumber + 1n,
      last: this.#chain.epochEnd(epoch),
    }
  }

  /** Transactions that are in no checkpoint yet. */
  get pending(): number {
    return this.#chain.pending
  }

  getObject(id: string, version?: bigint): StoredObject | undefined {
    const live = this.store.get(id)
    if (version === undefined || live?.version === version) return live
    return this.store.getVersion(id, version) ?? this.#history?.object(id, version)
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
