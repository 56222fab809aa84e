/** The ledger of a devnet on disk: SQLite, one row per transaction and per checkpoint, in a directory of its own. */
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {deserialize, serialize} from 'node:v8'
import {daasError} from '../../errors/daas-error.ts'
import type {
  BalanceChange,
  ExecutionFailure,
  GasCosts,
  LedgerTransaction,
  MoveEvent,
  StoredObject,
} from './api.ts'
import type {Ledger, LedgerJournal} from './ledger.ts'
import {ByteReader, ByteWriter} from '../vm/bytes.ts'
import {createObjectReader} from './read-object.ts'

/** The file of the ledger in its directory. */
export const LEDGER_FILE = 'ledger.db'
const LOCK_FILE = 'lock.db'
/** Raised when the tables or what is in them change. */
const FORMAT = '1'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS transactions (
    sequence INTEGER PRIMARY KEY,
    digest TEXT NOT NULL,
    bytes BLOB NOT NULL,
    effects BLOB NOT NULL,
    outputs BLOB NOT NULL,
    details BLOB NOT NULL
  );
  CREATE TABLE IF NOT EXISTS checkpoints (
    sequence INTEGER PRIMARY KEY,
    digest TEXT NOT NULL,
    timestamp_ms INTEGER NOT NULL,
    total_transactions INTEGER NOT NULL
  );
`

/** What of a transaction is in neither its bytes nor its effects. */
interface Details {
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

/** What is kept besides the history. */
export interface ChainFacts {
  readonly seed: string
  /** Start of the epoch and how far the clock was moved on, ms. */
  readonly epochStartMs: bigint
  readonly advancedMs: bigint
}

/** A directory with the ledger of one devnet, locked for this process. */
export class DataDir implements LedgerJournal {
  readonly #db: DatabaseSync
  readonly #lock: DatabaseSync
  readonly #insertTransaction
  readonly #insertCheckpoint
  readonly #setMeta

  /**
   * Opens or makes the directory (0700).
   * @throws DaasError DEVNET_DATA_IN_USE, DEVNET_DATA_UNREADABLE
   */
  constructor(dir: string) {
    mkdirSync(dir, {recursive: true, mode: 0o700})
    this.#lock = takeLock(dir)
    try {
      this.#db = openLedger(dir)
    } catch (error) {
      this.#lock.close()
      throw error
    }
    this.#insertTransaction = this.#db.prepare('INSERT INTO transactions VALUES (?, ?, ?, ?, ?, ?)')
    this.#insertCheckpoint = this.#db.prepare('INSERT INTO checkpoints VALUES (?, ?, ?, ?)')
    this.#setMeta = this.#db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)')
  }

  /**
   * Holds a directory, so that no devnet starts on it, until it is closed.
   * @throws DaasError DEVNET_DATA_IN_USE
   */
  static lock(dir: string): {close(): void} {
    mkdirSync(dir, {recursive: true, mode: 0o700})
    return takeLock(dir)
  }

  /** What is kept of a chain; undefined when there is none yet. */
  facts(): ChainFacts | undefined {
    const rows = this.#db.prepare('SELECT key, value FROM meta').all() as {key: string; value: string}[]
    const meta = new Map(rows.map(({key, value}) => [key, value]))
    const seed = meta.get('seed')
    if (seed === undefined) return undefined
    return {
      seed,
      epochStartMs: BigInt(meta.get('epochStartMs') ?? 0),
      advancedMs: BigInt(meta.get('advancedMs') ?? 0),
    }
  }

  /** Keeps the beginning of a chain, all of it or nothing. */
  begin(facts: ChainFacts, genesis: () => void): void {
    this.#db.exec('BEGIN')
    try {
      this.#setMeta.run('seed', facts.seed)
      this.#setMeta.run('epochStartMs', String(facts.epochStartMs))
      this.setAdvanced(facts.advancedMs)
      genesis()
      this.#db.exec('COMMIT')
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }

  /** Keeps how far the clock was moved on, ms. */
  setAdvanced(ms: bigint): void {
    this.#setMeta.run('advancedMs', String(ms))
  }

  transaction(transaction: LedgerTransaction, removed: readonly string[]): void {
    const {sender, signatures, effectsDigest, eventsDigest, gasUsed, failure} = transaction
    const details: Details = {
      sender,
      signatures,
      effectsDigest,
      eventsDigest,
      gasUsed,
      failure,
      events: transaction.events,
      balanceChanges: transaction.balanceChanges,
      inputs: transaction.inputObjects.map(({id, version}) => [id, version]),
      removed,
      timestampMs: transaction.timestampMs,
    }
    this.#insertTransaction.run(
      transaction.sequence,
      transaction.digest,
      transaction.bytes,
      transaction.effectsBytes,
      joinObjects(transaction.outputObjects),
      serialize(details),
    )
  }

  checkpoint(checkpoint: Parameters<LedgerJournal['checkpoint']>[0]): void {
    const {sequenceNumber, digest, timestampMs, totalTransactions} = checkpoint
    this.#insertCheckpoint.run(sequenceNumber, digest, timestampMs, totalTransactions)
  }

  /**
   * Puts everything that is kept into a ledger, in its order.
   * @returns the time of the last of it, ms
   * @throws DaasError DEVNET_DATA_UNREADABLE when a checkpoint does not come out as it was
   */
  replay(ledger: Ledger): bigint {
    const readObject = createObjectReader()
    const checkpoints = this.#db.prepare('SELECT * FROM checkpoints ORDER BY sequence')
    const transactions = this.#db.prepare('SELECT * FROM transactions ORDER BY sequence')
    checkpoints.setReadBigInts(true)
    transactions.setReadBigInts(true)
    const rest = transactions.iterate() as Iterator<TransactionRow>
    let next = rest.next()
    let latest = 0n
    const replayOne = (): void => {
      const details = replayTransaction(ledger, next.value as TransactionRow, readObject)
      if (details.timestampMs > latest) latest = details.timestampMs
      next = rest.next()
    }
    for (const row of checkpoints.iterate() as Iterable<CheckpointRow>) {
      while (next.done !== true && next.value.sequence < row.total_transactions) replayOne()
      const sealed = ledger.replaySeal(row.timestamp_ms)
      if (sealed.digest !== row.digest) {
        throw daasError('DEVNET_DATA_UNREADABLE', {
          file: LEDGER_FILE,
          reason: `checkpoint ${row.sequence} is ${sealed.digest} and was ${row.digest}`,
        })
      }
      if (sealed.timestampMs > latest) latest = sealed.timestampMs
    }
    while (next.done !== true) replayOne()
    return latest
  }

  /** Ends with everything in one file. May be called twice. */
  close(): void {
    if (!this.#db.isOpen) return
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#db.close()
    this.#lock.close()
  }
}

interface TransactionRow {
  readonly sequence: bigint
  readonly digest: string
  readonly bytes: Uint8Array
  readonly effects: Uint8Array
  readonly outputs: Uint8Array
  readonly details: Uint8Array
}

interface CheckpointRow {
  readonly sequence: bigint
  readonly digest: string
  readonly timestamp_ms: bigint
  readonly total_transactions: bigint
}

function replayTransaction(
  ledger: Ledger,
  row: TransactionRow,
  readObject: (bytes: Uint8Array) => StoredObject,
): Details {
  const details = deserialize(row.details) as Details
  const {removed, inputs, ...parts} = details
  const inputObjects = inputs.map(([id, version]) => ledger.getObject(id, version)!)
  const outputObjects = splitObjects(row.outputs).map(readObject)
  const {digest, bytes, effects: effectsBytes} = row
  ledger.replay({...parts, digest, bytes, effectsBytes, inputObjects, outputObjects}, removed)
  return details
}

function joinObjects(objects: readonly StoredObject[]): Uint8Array {
  const writer = new ByteWriter()
  for (const {bcs} of objects) {
    writer.length(bcs.length)
    writer.bytes(bcs)
  }
  return writer.take()
}

function splitObjects(bytes: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(bytes)
  const objects: Uint8Array[] = []
  while (reader.left > 0) objects.push(new Uint8Array(reader.bytes(reader.length())))
  return objects
}

/** SQLite's own lock on a file of its own: the kernel lets go of it when the process ends, however it ends. */
function takeLock(dir: string): DatabaseSync {
  const lock = new DatabaseSync(join(dir, LOCK_FILE))
  try {
    lock.exec('PRAGMA busy_timeout = 0')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    throw daasError('DEVNET_DATA_IN_USE', {dir}, {cause: error})
  }
}

/**
 * Opens the file of a ledger. Each transaction is written when it is final, and so survives the end of the process;
 * synced to the medium now and then, so that a power cut costs the last moments and never the file.
 */
function openLedger(dir: string): DatabaseSync {
  const db = new DatabaseSync(join(dir, LEDGER_FILE))
  try {
    db.exec('PRAGMA journal_mode = WAL')
    db.exec('PRAGMA synchronous = NORMAL')
    db.exec(SCHEMA)
    checkFormat(db)
    return db
  } catch (error) {
    db.close()
    if (error instanceof Error && error.name === 'DaasError') throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw daasError('DEVNET_DATA_UNREADABLE', {file: join(dir, LEDGER_FILE), reason}, {cause: error})
  }
}

function checkFormat(db: DatabaseSync): void {
  db.prepare("INSERT OR IGNORE INTO meta VALUES ('format', ?)").run(FORMAT)
  const {value} = db.prepare("SELECT value FROM meta WHERE key = 'format'").get() as {value: string}
  if (value === FORMAT) return
  throw daasError('DEVNET_DATA_UNREADABLE', {
    file: LEDGER_FILE,
    reason: `it has format ${value}, and this daas reads format ${FORMAT}`,
  })
}
