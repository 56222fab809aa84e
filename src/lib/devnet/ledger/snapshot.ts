/** Copies of a devnet's ledger: taken while it runs or not, and put in the place of one that does not run. */
import {existsSync} from 'node:fs'
import {chmod, copyFile, rename, rm, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {daasError} from '../../errors/daas-error.ts'
import {DataDir, LEDGER_FILE} from './data-dir.ts'

/** What is in a copy. */
export interface LedgerCopy {
  file: string
  bytes: number
  chainId: string
  /** The last checkpoint. */
  checkpoint: number
  transactions: number
}

/**
 * Writes the ledger of a data directory as it is at one moment to a new file (0600). The devnet may be running.
 * @throws DaasError DEVNET_DATA_MISSING, DEVNET_SNAPSHOT_EXISTS, DEVNET_DATA_UNREADABLE
 */
export async function takeSnapshot(dataDir: string, file: string): Promise<LedgerCopy> {
  const ledger = join(dataDir, LEDGER_FILE)
  if (!existsSync(ledger)) throw daasError('DEVNET_DATA_MISSING', {file: ledger})
  if (existsSync(file)) throw daasError('DEVNET_SNAPSHOT_EXISTS', {file})
  withLedger(ledger, (db) => db.prepare('VACUUM INTO ?').run(file))
  await chmod(file, 0o600)
  return describe(file)
}

/**
 * Puts a copy where a devnet looks for its ledger.
 * @param force replaces the ledger that is there
 * @throws DaasError DEVNET_DATA_MISSING, DEVNET_DATA_EXISTS, DEVNET_DATA_IN_USE, DEVNET_DATA_UNREADABLE
 */
export async function restoreSnapshot(file: string, dataDir: string, force: boolean): Promise<LedgerCopy> {
  if (!existsSync(file)) throw daasError('DEVNET_DATA_MISSING', {file})
  const copy = await describe(file)
  const ledger = join(dataDir, LEDGER_FILE)
  if (existsSync(ledger) && !force) throw daasError('DEVNET_DATA_EXISTS', {dir: dataDir})
  const lock = DataDir.lock(dataDir)
  try {
    const half = `${ledger}.new`
    await copyFile(file, half)
    await chmod(half, 0o600)
    // What was not yet in the old file must not be played into the new one.
    for (const end of ['-wal', '-shm']) await rm(`${ledger}${end}`, {force: true})
    await rename(half, ledger)
  } finally {
    lock.close()
  }
  return {...copy, file: ledger}
}

async function describe(file: string): Promise<LedgerCopy> {
  const facts = withLedger(file, (db) => {
    const {integrity_check: verdict} = db.prepare('PRAGMA integrity_check').get() as {integrity_check: string}
    if (verdict !== 'ok') throw new Error(verdict)
    const {digest} = db.prepare('SELECT digest FROM checkpoints WHERE sequence = 0').get() as {digest: string}
    const last = db.prepare('SELECT max(sequence) AS checkpoint FROM checkpoints').get()
    const all = db.prepare('SELECT count(*) AS transactions FROM transactions').get()
    return {
      chainId: digest,
      checkpoint: (last as {checkpoint: number}).checkpoint,
      transactions: (all as {transactions: number}).transactions,
    }
  })
  return {file, bytes: (await stat(file)).size, ...facts}
}

function withLedger<Result>(file: string, work: (db: DatabaseSync) => Result): Result {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file)
    return work(db)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw daasError('DEVNET_DATA_UNREADABLE', {file, reason}, {cause: error})
  } finally {
    db?.close()
  }
}
