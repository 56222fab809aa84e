/** The history that was written before this process: it stays in the file, and is read from there. */
import type {DatabaseSync, StatementSync} from 'node:sqlite'
import type {LedgerCheckpoint, LedgerTransaction, StoredObject} from './api.ts'
import {digestOf} from './digest.ts'
import {checkpointContentsBytes} from './formats.ts'
import {idBytes, splitObjects, unreadable} from './ledger-file.ts'
import {
  type CheckpointRow,
  KeptCheckpoint,
  KeptTransaction,
  type RecordSource,
  type TransactionRow,
} from './kept-records.ts'

/** Checkpoints that are at hand: lists ask for one after the other, and again. */
const MOST_AT_HAND = 256

/** What a chain asks of the part of its history that it does not hold. */
export interface History {
  transaction(digest: string): LedgerTransaction | undefined
  checkpoint(sequence: bigint): LedgerCheckpoint | undefined
  checkpointByDigest(digest: string): LedgerCheckpoint | undefined
  object(id: string, version: bigint): StoredObject | undefined
}

/** Reads the history of a file. */
export class KeptHistory implements History, RecordSource {
  readonly #readObject: (bytes: Uint8Array) => StoredObject
  readonly #byDigest: StatementSync
  readonly #between: StatementSync
  readonly #from: StatementSync
  readonly #checkpointAt: StatementSync
  readonly #checkpointBy: StatementSync
  readonly #checkpointOf: StatementSync
  readonly #versionAt: StatementSync
  readonly #last: StatementSync
  readonly #epochEnds: StatementSync
  readonly #atHand = new Map<bigint, LedgerCheckpoint>()

  constructor(db: DatabaseSync, readObject: (bytes: Uint8Array) => StoredObject) {
    this.#readObject = readObject
    const prepare = (sql: string): StatementSync => {
      const statement = db.prepare(sql)
      statement.setReadBigInts(true)
      return statement
    }
    this.#byDigest = prepare('SELECT * FROM transactions WHERE digest = ?')
    this.#between = prepare(
      'SELECT * FROM transactions WHERE sequence >= ? AND sequence < ? ORDER BY sequence',
    )
    this.#from = prepare('SELECT * FROM transactions WHERE sequence >= ? ORDER BY sequence')
    this.#checkpointAt = prepare('SELECT * FROM checkpoints WHERE sequence = ?')
    this.#checkpointBy = prepare('SELECT * FROM checkpoints WHERE digest = ?')
    this.#last = prepare('SELECT * FROM checkpoints ORDER BY sequence DESC LIMIT 1')
    this.#checkpointOf = prepare(
      'SELECT sequence FROM checkpoints WHERE total_transactions > ? ORDER BY total_transactions, sequence LIMIT 1',
    )
    this.#versionAt = prepare(
      'SELECT outputs FROM versions JOIN transactions USING (sequence) WHERE id = ? AND version = ?',
    )
    this.#epochEnds = prepare(
      'SELECT sequence, total_transactions FROM checkpoints WHERE ends_epoch = 1 ORDER BY sequence',
    )
  }

  transaction(digest: string): LedgerTransaction | undefined {
    const row = this.#byDigest.get(digest) as TransactionRow | undefined
    if (row === undefined) return undefined
    const at = this.#checkpointOf.get(row.sequence) as {sequence: bigint} | undefined
    return new KeptTransaction(row, at?.sequence, this)
  }

  transactionsBetween(from: bigint, to: bigint, checkpoint: bigint): LedgerTransaction[] {
    const rows = this.#between.all(from, to) as unknown as TransactionRow[]
    return rows.map((row) => new KeptTransaction(row, checkpoint, this))
  }

  /** Transactions from a place on, without their checkpoints. */
  *transactionsFrom(sequence: bigint): Generator<KeptTransaction> {
    for (const row of this.#from.iterate(sequence)) {
      yield new KeptTransaction(row as unknown as TransactionRow, undefined, this)
    }
  }

  checkpoint(sequence: bigint): LedgerCheckpoint | undefined {
    const known = this.#atHand.get(sequence)
    if (known !== undefined) return known
    return this.#open(this.#checkpointAt.get(sequence) as CheckpointRow | undefined)
  }

  checkpointByDigest(digest: string): LedgerCheckpoint | undefined {
    return this.#open(this.#checkpointBy.get(digest) as CheckpointRow | undefined)
  }

  object(id: string, version: bigint): StoredObject | undefined {
    const row = this.#versionAt.get(idBytes(id), version) as {outputs: Uint8Array} | undefined
    return row === undefined ? undefined : this.readOutputs(row.outputs).find((object) => object.id === id)
  }

  readOutputs(outputs: Uint8Array): StoredObject[] {
    return splitObjects(outputs).map((bytes) => this.#readObject(bytes))
  }

  /** Where epochs ended: the checkpoint, and how many transactions there were up to it. */
  epochEnds(): {sequence: bigint; total: bigint}[] {
    const rows = this.#epochEnds.all() as unknown as Pick<CheckpointRow, 'sequence' | 'total_transactions'>[]
    return rows.map(({sequence, total_transactions: total}) => ({sequence, total}))
  }

  /**
   * The last checkpoint, verified: its digest is that of its summary, what it says of its transactions is so, and it
   * follows the one before.
   * @throws DaasError DEVNET_DATA_UNREADABLE
   */
  verifiedTip(): LedgerCheckpoint {
    const row = this.#last.get() as CheckpointRow | undefined
    const tip = this.#open(row)
    if (tip === undefined) throw unreadable('it has no checkpoint')
    const {sequenceNumber, digest, summaryBytes, contentDigest, transactions} = tip
    const expect = (what: string, found: string | undefined, expected: string | undefined): void => {
      if (found !== expected) throw unreadable(`${what} ${sequenceNumber} is ${found} and was ${expected}`)
    }
    const before = sequenceNumber === 0n ? undefined : this.checkpoint(sequenceNumber - 1n)
    expect('checkpoint', digestOf('CheckpointSummary', summaryBytes), digest)
    expect('checkpoint before', before?.digest, tip.previousDigest)
    const first = before?.totalTransactions ?? 0n
    expect('number of transactions of', String(transactions.length), String(tip.totalTransactions - first))
    for (const transaction of transactions) {
      expect('a transaction of', digestOf('TransactionData', transaction.bytes), transaction.digest)
      const {effectsBytes, effectsDigest} = transaction
      expect('effects of', digestOf('TransactionEffects', effectsBytes), effectsDigest)
    }
    const contents = digestOf('CheckpointContents', checkpointContentsBytes(transactions))
    expect('contents of', contents, contentDigest)
    return tip
  }

  #open(row: CheckpointRow | undefined): LedgerCheckpoint | undefined {
    if (row === undefined) return undefined
    const before = this.#checkpointAt.get(row.sequence - 1n) as CheckpointRow | undefined
    const checkpoint = new KeptCheckpoint(row, before?.total_transactions ?? 0n, this)
    if (this.#atHand.size >= MOST_AT_HAND) this.#atHand.delete(this.#atHand.keys().next().value!)
    this.#atHand.set(row.sequence, checkpoint)
    return checkpoint
  }
}
