/** The history: transactions in their order, and the checkpoints that seal them. */
import type {GasCosts, LedgerCheckpoint, LedgerTransaction} from './api.ts'
import {digestOf} from './digest.ts'
import {CheckpointSummaryBcs, checkpointContentsBytes} from './formats.ts'
import {TransactionRecord, type NewTransaction} from './record.ts'

/** In-memory history of a devnet. */
export class Chain {
  readonly #epoch: bigint
  readonly #byDigest = new Map<string, LedgerTransaction>()
  readonly #checkpoints: LedgerCheckpoint[] = []
  readonly #checkpointByDigest = new Map<string, LedgerCheckpoint>()
  readonly #listeners = new Set<(checkpoint: LedgerCheckpoint) => void>()
  #open: LedgerTransaction[] = []
  #total = 0n
  #gas: GasCosts = {
    computationCost: 0n,
    storageCost: 0n,
    storageRebate: 0n,
    nonRefundableStorageFee: 0n,
  }

  constructor(epoch: bigint) {
    this.#epoch = epoch
  }

  /** How many transactions wait for the next checkpoint. */
  get pending(): number {
    return this.#open.length
  }

  /**
   * Adds an executed transaction to the next checkpoint.
   * @param store keeps the transaction before it counts
   */
  append(transaction: NewTransaction, store: (added: LedgerTransaction) => void): LedgerTransaction {
    const added: LedgerTransaction = new TransactionRecord(transaction, this.#total)
    store(added)
    this.#total += 1n
    this.#byDigest.set(added.digest, added)
    this.#open.push(added)
    return added
  }

  /**
   * Seals what is open into a checkpoint and tells the listeners.
   * @param store keeps the checkpoint before anybody hears of it
   */
  seal(timestampMs: bigint, store: (checkpoint: LedgerCheckpoint) => void): LedgerCheckpoint {
    const transactions = this.#open
    const contentsBytes = checkpointContentsBytes(transactions)
    const gas = transactions.reduce((sum, {gasUsed}) => addGas(sum, gasUsed), this.#gas)
    const previous = this.#checkpoints.at(-1)
    const contentDigest = digestOf('CheckpointContents', contentsBytes)
    const sequenceNumber = BigInt(this.#checkpoints.length)
    const summaryBytes = CheckpointSummaryBcs.serialize({
      epoch: this.#epoch,
      sequenceNumber,
      networkTotalTransactions: this.#total,
      contentDigest,
      previousDigest: previous?.digest ?? null,
      epochRollingGasCostSummary: gas,
      timestampMs,
      checkpointCommitments: [],
      endOfEpochData: null,
      versionSpecificData: [],
    }).toBytes()
    const checkpoint: LedgerCheckpoint = {
      sequenceNumber,
      digest: digestOf('CheckpointSummary', summaryBytes),
      previousDigest: previous?.digest,
      contentDigest,
      timestampMs,
      epoch: this.#epoch,
      transactions,
      totalTransactions: this.#total,
      summaryBytes,
      contentsBytes,
    }
    store(checkpoint)
    this.#open = []
    this.#gas = gas
    for (const transaction of transactions) transaction.checkpoint = sequenceNumber
    this.#checkpoints.push(checkpoint)
    this.#checkpointByDigest.set(checkpoint.digest, checkpoint)
    for (const listener of [...this.#listeners]) listener(checkpoint)
    return checkpoint
  }

  getTransaction(digest: string): LedgerTransaction | undefined {
    return this.#byDigest.get(digest)
  }

  /** Transactions of the checkpoints `from` to `to`, inclusive, in order. */
  transactions(from: bigint, to: bigint): LedgerTransaction[] {
    if (to < from) return []
    return this.#checkpoints
      .slice(Number(from), Number(to) + 1)
      .flatMap((checkpoint) => checkpoint.transactions)
  }

  checkpointBySequence(sequence: bigint): LedgerCheckpoint | undefined {
    return this.#checkpoints[Number(sequence)]
  }

  checkpointByDigest(digest: string): LedgerCheckpoint | undefined {
    return this.#checkpointByDigest.get(digest)
  }

  /** The last checkpoint. Throws when there is no genesis yet. */
  tip(): LedgerCheckpoint {
    const tip = this.#checkpoints.at(-1)
    if (tip === undefined) throw new Error('the chain has no genesis')
    return tip
  }

  /** Calls the listener for every checkpoint from now on; returns how to stop. */
  onCheckpoint(listener: (checkpoint: LedgerCheckpoint) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

function addGas(sum: GasCosts, used: GasCosts): GasCosts {
  return {
    computationCost: sum.computationCost + used.computationCost,
    storageCost: sum.storageCost + used.storageCost,
    storageRebate: sum.storageRebate + used.storageRebate,
    nonRefundableStorageFee: sum.nonRefundableStorageFee + used.nonRefundableStorageFee,
  }
}
