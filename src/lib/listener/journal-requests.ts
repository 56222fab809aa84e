import type {DatabaseSync} from 'node:sqlite'
import type {RequestEvent, StoredResponse} from './chain-port.ts'

/**
 * How far a request is. queued: seen, not begun. claimed: a write that may have happened. answered: its answer is
 * here and not known to be on chain. The rest are ends: done, refused (the chain did not take the answer), expired.
 */
export type RequestState = 'queued' | 'claimed' | 'answered' | 'done' | 'refused' | 'expired'

/** A request that has not come to an end. */
export type UnfinishedRequest =
  | {state: 'queued' | 'claimed'; event: RequestEvent}
  | {state: 'answered'; event: RequestEvent; response: StoredResponse}

/** The requests of the journal. */
export interface RequestLog {
  /** @returns false where this request is known already */
  enqueue(event: RequestEvent): boolean
  /** A write is about to be sent to Kubernetes. Not inside of `atomically`. */
  claim(request: string): void
  answer(response: StoredResponse): void
  finish(requests: readonly string[], state: 'done' | 'refused' | 'expired'): void
  state(request: string): RequestState | undefined
  /** Whether a seal has used a request id before this request, as far as the journal goes back. */
  isReused(request: string, seal: string, requestId: string): boolean
  /** All requests of this id, 32 hex digits, the oldest first. */
  byId(requestId: string): {request: string; seal: string; state: RequestState}[]
  unfinished(): UnfinishedRequest[]
  /** Ended requests that may be over on chain since this time, the oldest first. */
  over(atMs: number, most: number): string[]
  /** When the chain lets go of an ended request, Unix time, ms; undefined where it is gone. */
  lookAgain(request: string, endMs: number | undefined): void
  /**
   * Forgets ended requests that expired before this time: their events are behind the cursor. Those that are still
   * on chain are kept a day longer.
   */
  prune(beforeMs: number): void
}

/** What cannot be pruned for so long is left to others, ms. */
const DAY_MS = 86_400_000

/** The table of requests. @param db with the schema of journal.ts */
export function createRequestLog(db: DatabaseSync): RequestLog {
  const insert = db.prepare(
    `INSERT OR IGNORE INTO requests (request, state, expires_at, event, seal, request_id)
      VALUES (?, 'queued', ?, ?, ?, ?)`,
  )
  const setState = db.prepare('UPDATE requests SET state = ? WHERE request = ?')
  const setAnswer = db.prepare(
    "UPDATE requests SET state = 'answered', status = ?, body = ?, hash = ?, location = ? WHERE request = ?",
  )
  // Ended requests keep their name, so that they are known, and nothing else.
  const end = db.prepare(
    "UPDATE requests SET state = ?, event = '', body = NULL, ends_at = expires_at WHERE request = ?",
  )
  const readOver = db.prepare('SELECT request FROM requests WHERE ends_at <= ? ORDER BY ends_at LIMIT ?')
  const setEnd = db.prepare('UPDATE requests SET ends_at = ? WHERE request = ?')
  const readState = db.prepare('SELECT state FROM requests WHERE request = ?')
  const readById = db.prepare('SELECT request, seal, state FROM requests WHERE request_id = ? ORDER BY rowid')
  const readFirst = db.prepare(
    'SELECT request FROM requests WHERE request_id = ? AND seal = ? ORDER BY rowid LIMIT 1',
  )
  const readUnfinished = db.prepare(
    "SELECT * FROM requests WHERE state IN ('queued', 'claimed', 'answered') ORDER BY rowid",
  )
  const remove = db.prepare(
    `DELETE FROM requests WHERE state IN ('done', 'refused', 'expired') AND expires_at < ?
      AND (ends_at IS NULL OR ends_at < ?)`,
  )

  return {
    enqueue: (event) => {
      const {request, expiresAtMs, seal} = event
      const requestId = Buffer.from(event.requestId).toString('hex')
      return insert.run(request, expiresAtMs, encodeEvent(event), seal, requestId).changes === 1
    },
    claim: (request) => {
      // On disk, with everything before it, before Kubernetes hears of it; ms that only writes pay.
      db.exec('PRAGMA synchronous = FULL')
      setState.run('claimed', request)
      db.exec('PRAGMA synchronous = NORMAL')
    },
    answer: ({request, status, body, bodyHash, bodyLocation}) => {
      setAnswer.run(status, body, bodyHash, bodyLocation, request)
    },
    finish: (requests, state) => {
      for (const request of requests) end.run(state, request)
    },
    state: (request) => readState.get(request)?.state as RequestState | undefined,
    isReused: (request, seal, requestId) => (readFirst.get(requestId, seal)?.request ?? request) !== request,
    byId: (requestId) =>
      readById.all(requestId).map((row) => ({
        request: row.request as string,
        seal: row.seal as string,
        state: row.state as RequestState,
      })),
    unfinished: () =>
      readUnfinished.all().map((row) => {
        const event = decodeEvent(row.event as string)
        const state = row.state as 'queued' | 'claimed' | 'answered'
        if (state !== 'answered') return {state, event}
        const response = {
          request: event.request,
          status: row.status as number,
          body: row.body as Uint8Array,
          bodyHash: row.hash as Uint8Array,
          bodyLocation: row.location as string,
        }
        return {state, event, response}
      }),
    over: (atMs, most) => readOver.all(atMs, most).map(({request}) => request as string),
    lookAgain: (request, endMs) => {
      setEnd.run(endMs ?? null, request)
    },
    prune: (beforeMs) => {
      remove.run(beforeMs, beforeMs - DAY_MS)
    },
  }
}

function encodeEvent(event: RequestEvent): string {
  return JSON.stringify({
    ...event,
    requestId: Buffer.from(event.requestId).toString('base64'),
    envelope: Buffer.from(event.envelope).toString('base64'),
  })
}

function decodeEvent(text: string): RequestEvent {
  const parsed = JSON.parse(text) as RequestEvent & {requestId: string; envelope: string}
  return {
    ...parsed,
    requestId: new Uint8Array(Buffer.from(parsed.requestId, 'base64')),
    envelope: new Uint8Array(Buffer.from(parsed.envelope, 'base64')),
  }
}
