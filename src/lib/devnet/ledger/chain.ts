/** The history: transactions in their order, and the checkpoints that seal them. */
import type {GasCosts, LedgerCheckpoint, LedgerTransaction} from './api.ts'
import {digestOf} from './digest.ts'
import {CheckpointSummaryBcs, checkpointContentsBytes} from './formats.ts'
import type {History} from './kept-history.ts'
import {TransactionRecord, type NewTransaction} from './record.ts'

const NO_GAS: GasCosts = {
  computationCost: 0n,
  storageCost: 0n,
  storageRebate: 0n,
  nonRefundableStorageFee: 0n,
}

/** The protocol version the devnet speaks for (facts/sui.md 1.1: what the SDK announces). */
export const PROTOCOL_VERSION = 138n

/** The first bytes of a TransactionData: version 1, and the kind that ends an epoch. */
const V1 = 0
const END_OF_EPOCH = 5

/** Where a chain goes on. */
export interface ChainStart {
  /** Everything up to the tip. */
  readonly history: History
  readonly tip: LedgerCheckpoint
  /** The last checkpoint of each epoch that is over. */
  readonly epochEnds: readonly bigint[]
}

/** History of a devnet: in memory, but for what an earlier process has left in a file. */
export class Chain {
  #history: History | undefined
  /** The first checkpoint that is in memory. */
  #base = 0n
  readonly #byDigest = new Map<string, LedgerTransaction>()
  readonly #checkpoints: LedgerCheckpoint[] = []
  readonly #checkpointByDigest = new Map<string, LedgerCheckpoint>()
  readonly #listeners = new Set<(checkpoint: LedgerCheckpoint) => void>()
  /** The last checkpoint of each epoch that is over. */
  #epochEnds: bigint[] = []
  #open: LedgerTransaction[] = []
  #total = 0n
  #gas = NO_GAS

  /** The epoch of the next checkpoint: one more than have ended. */
  get currentEpoch(): bigint {
    return BigInt(this.#epochEnds.length)
  }

  /** What the transactions of this epoch have paid, as far as they are in checkpoints or wait for one. */
  get epochGas(): GasCosts {
    return this.#open.reduce((sum, {gasUsed}) => addGas(sum, gasUsed), this.#gas)
  }

  /** The last checkpoint of an epoch that is over. */
  epochEnd(epoch: bigint): LedgerCheckpoint | undefined {
    const sequence = this.#epochEnds[Number(epoch)]
    return sequence === undefined ? undefined : this.checkpointBySequence(sequence)
  }

  /** Goes on behind what an earlier process has left. */
  resume({history, tip, epochEnds}: ChainStart): void {
    this.#history = history
    this.#base = tip.sequenceNumber
    this.#checkpoints.push(tip)
    this.#checkpointByDigest.set(tip.digest, tip)
    this.#epochEnds = [...epochEnds]
    this.#total = tip.totalTransactions
    this.#gas = tip.endsEpoch ? NO_GAS : tip.epochGas
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
    this.appendKept(added)
    return added
  }

  /** Adds a transaction that is kept already to the next checkpoint. */
  appendKept(transaction: LedgerTransaction): void {
    this.#total += 1n
    this.#byDigest.set(transaction.digest, transaction)
    this.#open.push(transaction)
  }

  /**
   * Seals what is open into a checkpoint and tells the listeners.
   * @param store keeps the checkpoint before anybody hears of it
   */
  seal(timestampMs: bigint, store: (checkpoint: LedgerCheckpoint) => void): LedgerCheckpoint {
    const transactions = this.#open
    const contentsBytes = checkpointContentsBytes(transactions)
    const gas = this.epochGas
    const epoch = this.currentEpoch
    const endsEpoch = endsAnEpoch(transactions.at(-1))
    const previous = this.#checkpoints.at(-1)
    const contentDigest = digestOf('CheckpointContents', contentsBytes)
    const sequenceNumber = this.#base + BigInt(this.#checkpoints.length)
    const summaryBytes = CheckpointSummaryBcs.serialize({
      epoch,
      sequenceNumber,
      networkTotalTransactions: this.#total,
      contentDigest,
      previousDigest: previous?.digest ?? null,
      epochRollingGasCostSummary: gas,
      timestampMs,
      checkpointCommitments: [],
      endOfEpochData: endsEpoch
        ? {nextEpochCommittee: [], nextEpochProtocolVersion: PROTOCOL_VERSION, epochCommitments: []}
        : null,
      versionSpecificData: [],
    }).toBytes()
    const checkpoint: LedgerCheckpoint = {
      sequenceNumber,
      digest: digestOf('CheckpointSummary', summaryBytes),
      previousDigest: previous?.digest,
      contentDigest,
      timestampMs,
      epoch,
      transactions,
      totalTransactions: this.#total,
      epochGas: gas,
      endsEpoch,
      summaryBytes,
      contentsBytes,
    }
    store(checkpoint)
    this.#open = []
    this.#gas = endsEpoch ? NO_GAS : gas
    if (endsEpoch) this.#epochEnds.push(sequenceNumber)
    for (const transaction of transactions) transaction.checkpoint = sequenceNumber
    this.#checkpoints.push(checkpoint)
    this.#checkpointByDigest.set(checkpoint.digest, checkpoint)
    for (const listener of [...this.#listeners]) listener(checkpoint)
    return checkpoint
  }

  getTransaction(digest: string): LedgerTransaction | undefined {
    return this.#byDigest.get(digest) ?? this.#history?.transaction(digest)
  }

  /** Transactions of the checkpoints `from` to `to`, inclusive, in order. */
  transactions(from: bigint, to: bigint): LedgerTransaction[] {
    const transactions: LedgerTransaction[] = []
    for (let at = from; at <= to; at++) {
      const checkpoint = this.checkpointBySequence(at)
      if (checkpoint === undefined) break
      for (const transaction of checkpoint.transactions) transactions.push(transaction)
    }
    return transactions
  }

  checkpointBySequence(sequence: bigint): LedgerCheckpoint | undefined {
    if (sequence < this.#base) return this.#history?.checkpoint(sequence)
    return this.#checkpoints[Number(sequence - this.#base)]
  }

  checkpointByDigest(digest: string): LedgerCheckpoint | undefined {
    return this.#checkpointByDigest.get(digest) ?? this.#history?.checkpointByDigest(digest)
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

function endsAnEpoch(transaction: LedgerTransaction | undefined): boolean {
  return transaction?.bytes[0] === V1 && transaction.bytes[1] === END_OF_EPOCH
}

function addGas(sum: GasCosts, used: GasCosts): GasCosts {
  return {
    computationCost: sum.computationCost + used.computationCost,
    storageCost: sum.storageCost + used.storageCost,
    storageRebate: sum.storageRebate + used.storageRebate,
    nonRefundableStorageFee: sum.nonRefundableStorageFee + used.nonRefundableStorageFee,
  }
}
