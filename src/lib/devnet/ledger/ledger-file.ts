/** The file of a ledger: its tables, how it is opened, and the lock on its directory. */
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {daasError} from '../../errors/daas-error.ts'
import {ByteReader, ByteWriter} from '../vm/bytes.ts'
import type {StoredObject} from './api.ts'

/** The file of the ledger in its directory. */
export const LEDGER_FILE = 'ledger.db'
const LOCK_FILE = 'lock.db'
/** Raised when the tables or what is in them change. */
const FORMAT = '2'

/** History: `transactions`, `checkpoints`, `versions`. State, as of some transaction: `objects`, `ended`. */
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
  CREATE UNIQUE INDEX IF NOT EXISTS transactions_by_digest ON transactions (digest);
  CREATE TABLE IF NOT EXISTS checkpoints (
    sequence INTEGER PRIMARY KEY,
    digest TEXT NOT NULL,
    summary BLOB NOT NULL,
    total_transactions INTEGER NOT NULL,
    ends_epoch INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS checkpoints_by_digest ON checkpoints (digest);
  CREATE INDEX IF NOT EXISTS checkpoints_by_total ON checkpoints (total_transactions);
  CREATE INDEX IF NOT EXISTS epoch_ends ON checkpoints (sequence) WHERE ends_epoch = 1;
  CREATE TABLE IF NOT EXISTS versions (
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (id, version)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS objects (id BLOB PRIMARY KEY, digest BLOB NOT NULL, object BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS ended (
    id TEXT PRIMARY KEY,
    initial_version INTEGER NOT NULL,
    version INTEGER NOT NULL,
    digest TEXT NOT NULL
  ) WITHOUT ROWID;
`

/** DEVNET_DATA_UNREADABLE with this reason. */
export function unreadable(reason: string, cause?: unknown): Error {
  return daasError('DEVNET_DATA_UNREADABLE', {file: LEDGER_FILE, reason}, cause === undefined ? {} : {cause})
}

/** SQLite's own lock on a file of its own: the kernel lets go of it when the process ends, however it ends. */
export function takeLock(dir: string): DatabaseSync {
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
export function openLedger(dir: string): DatabaseSync {
  const db = new DatabaseSync(join(dir, LEDGER_FILE))
  try {
    db.exec('PRAGMA journal_mode = WAL')
    db.exec('PRAGMA synchronous = NORMAL')
    checkFormat(db)
    db.exec(SCHEMA)
    return db
  } catch (error) {
    db.close()
    if (error instanceof Error && error.name === 'DaasError') throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw daasError('DEVNET_DATA_UNREADABLE', {file: join(dir, LEDGER_FILE), reason}, {cause: error})
  }
}

function checkFormat(db: DatabaseSync): void {
  db.exec('CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID')
  db.prepare("INSERT OR IGNORE INTO meta VALUES ('format', ?)").run(FORMAT)
  const {value} = db.prepare("SELECT value FROM meta WHERE key = 'format'").get() as {value: string}
  if (value !== FORMAT) throw unreadable(`it has format ${value}, and this daas reads format ${FORMAT}`)
}

/** Runs statements as one: all of them are kept, or none. */
export function atomically(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN')
  try {
    work()
    db.exec('COMMIT')
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

/** An id as it is kept. */
export function idBytes(id: string): Uint8Array {
  return Buffer.from(id.slice(2), 'hex')
}

/** The BCS of objects, one behind the other. */
export function joinObjects(objects: readonly StoredObject[]): Uint8Array {
  const writer = new ByteWriter()
  for (const {bcs} of objects) {
    writer.length(bcs.length)
    writer.bytes(bcs)
  }
  return writer.take()
}

/** The way back from `joinObjects`. */
export function splitObjects(bytes: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(bytes)
  const objects: Uint8Array[] = []
  while (reader.left > 0) objects.push(new Uint8Array(reader.bytes(reader.length())))
  return objects
}
