import type {DatabaseSync} from 'node:sqlite'

/** A request is told by its id, 32 hex digits, and the seal that it was asked by: ids are unique by seal only. */
export interface CancelledRequest {
  seal: string
  requestId: string
}

/** The cancellations of the journal: they hold after a restart, and before the event of their request comes. */
export interface CancellationLog {
  note(cancelled: CancelledRequest, nowMs: number): void
  has(cancelled: CancelledRequest): boolean
  /** How many of this seal are kept. */
  count(seal: string): number
  /** Forgets those noted before this time. */
  prune(beforeMs: number): void
}

/** The table of cancellations. @param db with the schema of journal.ts */
export function createCancellationLog(db: DatabaseSync): CancellationLog {
  const insert = db.prepare('INSERT OR IGNORE INTO cancellations VALUES (?, ?, ?)')
  const find = db.prepare('SELECT 1 FROM cancellations WHERE seal = ? AND request_id = ?')
  const total = db.prepare('SELECT count(*) AS n FROM cancellations WHERE seal = ?')
  const remove = db.prepare('DELETE FROM cancellations WHERE noted_at < ?')
  return {
    note: ({seal, requestId}, nowMs) => {
      insert.run(seal, requestId, nowMs)
    },
    has: ({seal, requestId}) => find.get(seal, requestId) !== undefined,
    count: (seal) => total.get(seal)?.n as number,
    prune: (beforeMs) => {
      remove.run(beforeMs)
    },
  }
}
