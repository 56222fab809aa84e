/** Transactions and checkpoints that lie in the file: read when they are asked for, and only as far. */
import {deserialize} from 'node:v8'
import {bcs} from '@mysten/sui/bcs'
import type {
  BalanceChange,
  ExecutionFailure,
  GasCosts,
  LedgerCheckpoint,
  LedgerTransaction,
  MoveEvent,
  StoredObject,
  TransactionData,
  TransactionEffects,
} from './api.ts'
import {CheckpointSummaryBcs, checkpointContentsBytes} from './formats.ts'

/** A row of `transactions`, read with big integers. */
export interface TransactionRow {
  readonly sequence: bigint
  readonly digest: string
  readonly bytes: Uint8Array
  readonly effects: Uint8Array
  readonly outputs: Uint8Array
  readonly details: Uint8Array
}

/** A row of `checkpoints`, read with big integers. */
export interface CheckpointRow {
  readonly sequence: bigint
  readonly digest: string
  readonly summary: Uint8Array
  readonly total_transactions: bigint
  readonly ends_epoch: bigint
}

/** What of a transaction is in neither its bytes nor its effects. */
export interface Details {
  readonly sender: string
  readonly signatures: readonly Uint8Array[]
  readonly effectsDigest: string
  readonly eventsDigest: string | undefined
  readonly gasUsed: GasCosts
  readonly failure: ExecutionFailure | undefined
  readonly events: readonly MoveEvent[]
  readonly balanceChanges: readonly BalanceChange[]
  readonly inputs: readonly (readonly [string, bigint])[]
  readonly removed: readonly string[]
  readonly timestampMs: bigint
}

/** Where records find what they only refer to. */
export interface RecordSource {
  /** A version of an object. */
  object(id: string, version: bigint): StoredObject | undefined
  /** The objects in a row of outputs. */
  readOutputs(outputs: Uint8Array): StoredObject[]
  /** Transactions from `from` up to and without `to`, in their order. */
  transactionsBetween(from: bigint, to: bigint, checkpoint: bigint): LedgerTransaction[]
}

/** A transaction in the file. */
export class KeptTransaction implements LedgerTransaction {
  readonly digest: string
  readonly bytes: Uint8Array
  readonly effectsBytes: Uint8Array
  readonly sequence: bigint
  checkpoint: bigint | undefined
  readonly details: Details
  readonly #source: RecordSource
  readonly #outputs: Uint8Array

  constructor(row: TransactionRow, checkpoint: bigint | undefined, source: RecordSource) {
    this.digest = row.digest
    this.bytes = row.bytes
    this.effectsBytes = row.effects
    this.sequence = row.sequence
    this.checkpoint = checkpoint
    this.details = deserialize(row.details) as Details
    this.#source = source
    this.#outputs = row.outputs
  }

  get sender(): string {
    return this.details.sender
  }
  get signatures(): readonly Uint8Array[] {
    return this.details.signatures
  }
  get effectsDigest(): string {
    return this.details.effectsDigest
  }
  get eventsDigest(): string | undefined {
    return this.details.eventsDigest
  }
  get gasUsed(): GasCosts {
    return this.details.gasUsed
  }
  get failure(): ExecutionFailure | undefined {
    return this.details.failure
  }
  get events(): readonly MoveEvent[] {
    return this.details.events
  }
  get balanceChanges(): readonly BalanceChange[] {
    return this.details.balanceChanges
  }
  get timestampMs(): bigint {
    return this.details.timestampMs
  }
  get data(): TransactionData {
    return bcs.TransactionData.parse(this.bytes)
  }
  get effects(): TransactionEffects {
    return bcs.TransactionEffects.parse(this.effectsBytes)
  }
  get inputObjects(): readonly StoredObject[] {
    return this.details.inputs.map(([id, version]) => this.#source.object(id, version)!)
  }
  get outputObjects(): readonly StoredObject[] {
    return this.#source.readOutputs(this.#outputs)
  }
}

/** A checkpoint in the file. */
export class KeptCheckpoint implements LedgerCheckpoint {
  readonly sequenceNumber: bigint
  readonly digest: string
  readonly previousDigest: string | undefined
  readonly contentDigest: string
  readonly timestampMs: bigint
  readonly epoch: bigint
  readonly totalTransactions: bigint
  readonly epochGas: GasCosts
  readonly endsEpoch: boolean
  readonly summaryBytes: Uint8Array
  readonly #first: bigint
  readonly #source: RecordSource
  #transactions: readonly LedgerTransaction[] | undefined

  /** @param first place of its first transaction in the order of the whole chain */
  constructor(row: CheckpointRow, first: bigint, source: RecordSource) {
    const summary = CheckpointSummaryBcs.parse(row.summary)
    const gas = summary.epochRollingGasCostSummary
    this.sequenceNumber = row.sequence
    this.digest = row.digest
    this.previousDigest = summary.previousDigest ?? undefined
    this.contentDigest = summary.contentDigest
    this.timestampMs = BigInt(summary.timestampMs)
    this.epoch = BigInt(summary.epoch)
    this.totalTransactions = row.total_transactions
    this.epochGas = {
      computationCost: BigInt(gas.computationCost),
      storageCost: BigInt(gas.storageCost),
      storageRebate: BigInt(gas.storageRebate),
      nonRefundableStorageFee: BigInt(gas.nonRefundableStorageFee),
    }
    this.endsEpoch = summary.endOfEpochData !== null
    this.summaryBytes = row.summary
    this.#first = first
    this.#source = source
  }

  get transactions(): readonly LedgerTransaction[] {
    const {sequenceNumber, totalTransactions} = this
    this.#transactions ??= this.#source.transactionsBetween(this.#first, totalTransactions, sequenceNumber)
    return this.#transactions
  }

  get contentsBytes(): Uint8Array {
    return checkpointContentsBytes(this.transactions)
  }
}
