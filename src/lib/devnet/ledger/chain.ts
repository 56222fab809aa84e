/** The history: transactions in their order, and the checkpoints that seal them. */
import type {GasCosts, LedgerCheckpoint, LedgerTransaction} from './api.ts'
import {digestOf} from './digest.ts'
import {CheckpointSummaryBcs, checkpointContentsBytes} from './formats.ts'
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

/** In-memory history of a devnet. */
export class Chain {
  readonly #byDigest = new Map<string, LedgerTransaction>()
  readonly #checkpoints: LedgerCheckpoint[] = []
  readonly #checkpointByDigest = new Map<string, LedgerCheckpoint>()
  readonly #listeners = new Set<(checkpoint: LedgerCheckpoint) => void>()
  /** The last checkpoint of each epoch that is over. */
  readonly #epochEnds: LedgerCheckpoint[] = []
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
    return this.#epochEnds[Number(epoch)]
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
    const gas = this.epochGas
    const epoch = this.currentEpoch
    const endsEpoch = endsAnEpoch(transactions.at(-1))
    const previous = this.#checkpoints.at(-1)
    const contentDigest = digestOf('CheckpointContents', contentsBytes)
    const sequenceNumber = BigInt(this.#checkpoints.length)
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
    if (endsEpoch) this.#epochEnds.push(checkpoint)
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
