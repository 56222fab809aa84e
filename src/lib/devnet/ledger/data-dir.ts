/** The ledger of a devnet on disk: SQLite, one row per transaction and per checkpoint, in a directory of its own. */
import {mkdirSync} from 'node:fs'
import type {DatabaseSync} from 'node:sqlite'
import {serialize} from 'node:v8'
import type {LedgerTransaction} from './api.ts'
import {KeptHistory} from './kept-history.ts'
import type {Details} from './kept-records.ts'
import {KeptState} from './kept-state.ts'
import {atomically, joinObjects, LEDGER_FILE, openLedger, takeLock} from './ledger-file.ts'
import type {Ledger, LedgerJournal} from './ledger.ts'
import {createObjectReader} from './read-object.ts'

export {LEDGER_FILE}

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
  #state: KeptState | undefined

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
    this.#insertCheckpoint = this.#db.prepare('INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?)')
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
  begin(facts: ChainFacts, ledger: Ledger, genesis: () => void): void {
    this.#state = new KeptState(this.#db, ledger.store)
    atomically(this.#db, () => {
      this.#setMeta.run('seed', facts.seed)
      this.#setMeta.run('epochStartMs', String(facts.epochStartMs))
      this.setAdvanced(facts.advancedMs)
      genesis()
    })
  }

  /** Keeps how far the clock was moved on, ms. */
  setAdvanced(ms: bigint): void {
    this.#setMeta.run('advancedMs', String(ms))
  }

  transaction(transaction: LedgerTransaction, removed: readonly string[]): void {
    this.#state?.keepUp()
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
    this.#state?.note(transaction, removed)
  }

  checkpoint(checkpoint: Parameters<LedgerJournal['checkpoint']>[0]): void {
    const {sequenceNumber, digest, summaryBytes, totalTransactions, endsEpoch} = checkpoint
    this.#insertCheckpoint.run(sequenceNumber, digest, summaryBytes, totalTransactions, endsEpoch ? 1 : 0)
  }

  /**
   * Puts the state that is kept into a ledger, with the history within its reach. What came after the state in the
   * file, and what is in no checkpoint yet, is taken from the transactions.
   * @returns the time of the last of it, ms
   * @throws DaasError DEVNET_DATA_UNREADABLE when the last checkpoint or the objects are not what they were
   */
  resume(ledger: Ledger): bigint {
    const readObject = createObjectReader()
    const history = new KeptHistory(this.#db, readObject)
    const state = new KeptState(this.#db, ledger.store)
    const tip = history.verifiedTip()
    const ends = history.epochEnds()
    state.load(readObject)
    ledger.resume({history, tip, epochEnds: ends.map(({sequence}) => sequence)})
    const endTotals = new Set(ends.map(({total}) => total))
    const stateAt = state.sequence
    let latest = tip.timestampMs
    // Input objects are looked up in the ledger: versions that are not in the file's index yet were written meanwhile.
    for (const transaction of history.transactionsFrom(min(stateAt, tip.totalTransactions))) {
      const {sequence, timestampMs, details} = transaction
      if (endTotals.has(sequence)) ledger.store.forgetEnded()
      if (sequence >= stateAt) {
        ledger.writeKept(transaction, details.removed)
        state.note(transaction, details.removed)
      }
      if (sequence < tip.totalTransactions) continue
      ledger.appendKept(transaction)
      if (timestampMs > latest) latest = timestampMs
    }
    if (tip.endsEpoch && ledger.pending === 0) ledger.store.forgetEnded()
    state.flush()
    this.#state = state
    return latest
  }

  /** Ends with everything in one file. May be called twice. */
  close(): void {
    if (!this.#db.isOpen) return
    this.#state?.flush()
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#db.close()
    this.#lock.close()
  }
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
