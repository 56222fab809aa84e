import {chmodSync, mkdirSync} from 'node:fs'
import {dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {createCancellationLog} from './journal-cancellations.ts'
import type {CancellationLog} from './journal-cancellations.ts'
import {createRequestLog} from './journal-requests.ts'
import type {RequestLog} from './journal-requests.ts'
import {createWorkerLog} from './journal-workers.ts'
import type {WorkerLog} from './journal-workers.ts'

/** Which bootstrap Secrets were written: noted before, forgotten after. So nobody has to be allowed to list them. */
export interface SecretLog {
  note(tokenId: string): void
  forget(tokenId: string): void
  all(): string[]
}

/** What the listener must still know after kill -9: nothing in it is secret. */
export interface Journal {
  readonly requests: RequestLog
  readonly cancellations: CancellationLog
  readonly workers: WorkerLog
  /** Ids of tokens whose Secret may stand in the cluster. */
  readonly secrets: SecretLog
  /** Where the event stream goes on; undefined the first time. */
  cursor(): Uint8Array | undefined
  saveCursor(cursor: Uint8Array): void
  /**
   * Uses a nonce of a registration up.
   * @returns false where it was used before
   */
  useNonce(nonce: string, expiresAtMs: number): boolean
  /** All of it or, where it throws, nothing. */
  atomically<T>(work: () => T): T
  /** Forgets what has expired: nonces at once, finished requests and cancellations after `keepMs`. */
  prune(nowMs: number, keepMs: number): void
  close(): void
}

/**
 * NORMAL: a kill loses nothing; a power cut may lose the last commits, cursor included, so that their events come
 * again. Only the claim of a write must survive that too: it asks for more (journal-requests.ts).
 */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS nonces (nonce TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS requests (
    request TEXT PRIMARY KEY, state TEXT NOT NULL, expires_at INTEGER NOT NULL, event TEXT NOT NULL,
    status INTEGER, body BLOB, hash BLOB, location TEXT, seal TEXT, request_id TEXT, ends_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS cancellations (
    seal TEXT NOT NULL, request_id TEXT NOT NULL, noted_at INTEGER NOT NULL, PRIMARY KEY (seal, request_id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS requests_by_state ON requests (state);
  CREATE TABLE IF NOT EXISTS workers (
    node_name TEXT PRIMARY KEY, state TEXT NOT NULL, stake TEXT NOT NULL, seal TEXT NOT NULL, owner TEXT NOT NULL,
    token_id TEXT NOT NULL, token_hash TEXT NOT NULL, token_expires_at INTEGER NOT NULL, lease_seen TEXT NOT NULL,
    worker TEXT, reason TEXT, heartbeat_at INTEGER, leaving TEXT, heartbeat TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS secrets (token_id TEXT PRIMARY KEY) STRICT;
  CREATE INDEX IF NOT EXISTS workers_by_stake ON workers (stake);
  CREATE INDEX IF NOT EXISTS workers_by_seal ON workers (seal);
`

/** Opens the journal of a listener, or makes it (mode 0600). One process at a time. */
export function openJournal(path: string): Journal {
  mkdirSync(dirname(path), {recursive: true, mode: 0o700})
  const db = new DatabaseSync(path)
  chmodSync(path, 0o600)
  db.exec(SCHEMA)
  addColumn(db, 'workers', 'leaving TEXT')
  addColumn(db, 'workers', 'heartbeat TEXT')
  addColumn(db, 'requests', 'seal TEXT')
  addColumn(db, 'requests', 'request_id TEXT')
  addColumn(db, 'requests', 'ends_at INTEGER')
  db.exec('CREATE INDEX IF NOT EXISTS requests_by_end ON requests (ends_at)')
  db.exec('CREATE INDEX IF NOT EXISTS requests_by_id ON requests (request_id)')
  const readMeta = db.prepare('SELECT value FROM meta WHERE key = ?')
  const writeMeta = db.prepare(
    'INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const insertNonce = db.prepare('INSERT OR IGNORE INTO nonces VALUES (?, ?)')
  const pruneNonces = db.prepare('DELETE FROM nonces WHERE expires_at < ?')
  const requests = createRequestLog(db)
  const cancellations = createCancellationLog(db)
  const insertSecret = db.prepare('INSERT OR IGNORE INTO secrets VALUES (?)')
  const deleteSecret = db.prepare('DELETE FROM secrets WHERE token_id = ?')
  const selectSecrets = db.prepare('SELECT token_id FROM secrets')

  return {
    requests,
    cancellations,
    workers: createWorkerLog(db),
    secrets: {
      note: (tokenId) => {
        insertSecret.run(tokenId)
      },
      forget: (tokenId) => {
        deleteSecret.run(tokenId)
      },
      all: () => selectSecrets.all().map((row) => row.token_id as string),
    },
    cursor: () => readMeta.get('cursor')?.value as Uint8Array | undefined,
    saveCursor: (cursor) => {
      writeMeta.run('cursor', cursor)
    },
    useNonce: (nonce, expiresAtMs) => insertNonce.run(nonce, expiresAtMs).changes === 1,
    atomically<T>(work: () => T): T {
      db.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        db.exec('COMMIT')
        return result
      } catch (error) {
        db.exec('ROLLBACK')
        throw error
      }
    },
    prune(nowMs, keepMs) {
      pruneNonces.run(nowMs)
      requests.prune(nowMs - keepMs)
      cancellations.prune(nowMs - keepMs)
    },
    close: () => db.close(),
  }
}

/** A journal of an older listener has not all columns. */
function addColumn(db: DatabaseSync, table: string, column: string): void {
  const known = db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()
  if (known.some(({name}) => name === column.split(' ')[0])) return
  db.exec(`ALTER TABLE ${table} ADD COLUMN ${column}`)
}
