/**
 * The live objects in the file, so that a start need not go through the history. They are brought up to date now and
 * then, all at once: what came later is in the history and is taken from there.
 */
import type {DatabaseSync, StatementSync} from 'node:sqlite'
import type {LedgerTransaction, StoredObject} from './api.ts'
import {digestBytes} from './digest.ts'
import {atomically, idBytes, unreadable} from './ledger-file.ts'
import type {ObjectStore} from './store.ts'

/** After so many transactions the state in the file is brought up to date; a start goes through fewer than these. */
const MOST_BEHIND = 512
/** Digests are added up in this range. */
const RANGE = 1n << 256n

const SEQUENCE = 'stateSequence'
const SUM = 'stateSum'

/** The state of a ledger as a file keeps it. */
export class KeptState {
  readonly #db: DatabaseSync
  readonly #store: ObjectStore
  readonly #meta: StatementSync
  readonly #setMeta: StatementSync
  readonly #digestOf: StatementSync
  readonly #setObject: StatementSync
  readonly #dropObject: StatementSync
  readonly #addVersion: StatementSync
  readonly #addEnded: StatementSync
  /** The place of the first transaction that is not in the state. */
  #sequence: bigint
  #sum: bigint
  /** What the transactions since have written and ended. */
  #written: [object: StoredObject, sequence: bigint][] = []
  readonly #live = new Map<string, StoredObject | undefined>()
  #next: bigint

  constructor(db: DatabaseSync, store: ObjectStore) {
    this.#db = db
    this.#store = store
    this.#meta = db.prepare('SELECT value FROM meta WHERE key = ?')
    this.#setMeta = db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)')
    this.#digestOf = db.prepare('SELECT digest FROM objects WHERE id = ?')
    this.#setObject = db.prepare(
      'INSERT INTO objects VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET digest = ?2, object = ?3',
    )
    this.#dropObject = db.prepare('DELETE FROM objects WHERE id = ?')
    this.#addVersion = db.prepare('INSERT OR REPLACE INTO versions VALUES (?, ?, ?)')
    this.#addEnded = db.prepare('INSERT INTO ended VALUES (?, ?, ?, ?)')
    this.#sequence = this.#number(SEQUENCE)
    this.#next = this.#sequence
    this.#sum = this.#number(SUM)
  }

  /** The place of the first transaction that the state in the file does not know. */
  get sequence(): bigint {
    return this.#sequence
  }

  /**
   * Puts the state into the store.
   * @throws DaasError DEVNET_DATA_UNREADABLE when the digests of the objects do not add up to what they did
   */
  load(readObject: (bytes: Uint8Array) => StoredObject): void {
    const packages: StoredObject[] = []
    let sum = 0n
    for (const row of this.#db.prepare('SELECT object FROM objects').iterate()) {
      const object = readObject((row as {object: Uint8Array}).object)
      sum = (sum + numberOf(digestBytes(object.digest))) % RANGE
      if (object.package === undefined) this.#store.write(object)
      else packages.push(object)
    }
    if (sum !== this.#sum) throw unreadable('its objects are not those that were written')
    for (const object of packages.sort((a, b) => Number(a.version - b.version))) this.#store.write(object)
    const ended = this.#db.prepare('SELECT * FROM ended')
    ended.setReadBigInts(true)
    for (const row of ended.iterate()) {
      const {id, initial_version: initialSharedVersion, version, digest} = row as unknown as EndedRow
      this.#store.endStream(id, {initialSharedVersion, version, digest})
    }
  }

  /** Takes note of a transaction, before or after it is in the store. */
  note(
    {outputObjects, sequence}: Pick<LedgerTransaction, 'outputObjects' | 'sequence'>,
    removed: readonly string[],
  ): void {
    for (const id of removed) this.#live.set(id, undefined)
    for (const object of outputObjects) {
      this.#live.set(object.id, object)
      this.#written.push([object, sequence])
    }
    this.#next = sequence + 1n
  }

  /** Brings the file up to date where it is too far behind. To be called when all that was noted is in the store. */
  keepUp(): void {
    if (this.#next - this.#sequence >= MOST_BEHIND) this.flush()
  }

  /** Brings the file up to date. To be called when all that was noted is in the store. */
  flush(): void {
    if (this.#next === this.#sequence) return
    let sum = this.#sum
    atomically(this.#db, () => {
      for (const [id, object] of this.#live) sum = (sum + this.#write(id, object)) % RANGE
      for (const [{id, version}, sequence] of this.#written)
        this.#addVersion.run(idBytes(id), version, sequence)
      this.#db.exec('DELETE FROM ended')
      for (const [id, {initialSharedVersion, version, digest}] of this.#store.endedStreams()) {
        this.#addEnded.run(id, initialSharedVersion, version, digest)
      }
      this.#setMeta.run(SEQUENCE, String(this.#next))
      this.#setMeta.run(SUM, String(sum))
    })
    this.#sum = sum
    this.#sequence = this.#next
    this.#written = []
    this.#live.clear()
  }

  /** Writes an object, or that it is gone; gives what this adds to the sum. */
  #write(id: string, object: StoredObject | undefined): bigint {
    const key = idBytes(id)
    const before = this.#digestOf.get(key) as {digest: Uint8Array} | undefined
    const gone = before === undefined ? 0n : RANGE - numberOf(before.digest)
    if (object === undefined) {
      if (before !== undefined) this.#dropObject.run(key)
      return gone
    }
    const digest = digestBytes(object.digest)
    this.#setObject.run(key, digest, object.bcs)
    return gone + numberOf(digest)
  }

  #number(key: string): bigint {
    const row = this.#meta.get(key) as {value: string} | undefined
    return BigInt(row?.value ?? 0)
  }
}

interface EndedRow {
  readonly id: string
  readonly initial_version: bigint
  readonly version: bigint
  readonly digest: string
}

function numberOf(digest: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(digest.buffer, digest.byteOffset, digest.length).toString('hex')}`)
}
