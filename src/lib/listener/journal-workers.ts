import type {DatabaseSync} from 'node:sqlite'
import {z} from 'zod'
import type {Heartbeat} from '../seal/heartbeat.ts'
import {type DrainPolicy, drainPolicySchema} from '../seal/leave.ts'
import type {EvictionReason} from './chain-port.ts'

/**
 * How far a worker is. pending: its token stands in the cluster, its Node is awaited. registered: its Node was
 * Ready, it is on chain. leaving: it asked to go, or its seal ran out; it is forgotten when it is gone, and may come
 * back. evicting: it must go. evicted: it is gone, and this stake does not come back.
 */
export type WorkerState = 'pending' | 'registered' | 'leaving' | 'evicting' | 'evicted'

/** A worker, as the listener remembers it. */
export interface WorkerRecord {
  nodeName: string
  state: WorkerState
  stake: string
  seal: string
  owner: string
  /** The public half of the seal token. */
  tokenId: string
  /** SHA-256 of the seal token, hex; '' after the seal was rotated, until the new token was seen. */
  tokenHash: string
  /** Unix time, ms. */
  tokenExpiresAtMs: number
  /** Resource version of its Lease when it registered, '' where it had none: a later one proves a live kubelet. */
  leaseSeen: string
  /** Object id of its WorkerNode, once it is on chain. */
  worker?: string
  reason?: string
  /** Of one that leaves: what that may cost its pods. */
  drain?: DrainPolicy
  /** Of one that wanted to leave and could not be drained. */
  stays?: Stays
  /** Unix time, ms. */
  heartbeatAtMs?: number
  /** What it said of itself with the last heartbeat that said something. */
  heartbeat?: Heartbeat
}

/** Why a worker that wanted to leave is still there, and what to do. */
export type Stays = z.infer<typeof staysSchema>

const staysSchema = z.object({reason: z.string(), remedy: z.string()})
const leavingSchema = z.object({drain: drainPolicySchema.optional(), stays: staysSchema.optional()})

/** The workers of the journal. */
export interface WorkerLog {
  get(nodeName: string): WorkerRecord | undefined
  byState(...states: WorkerState[]): WorkerRecord[]
  /** Those of one stake that are not evicted or about to be. */
  byStake(stake: string): WorkerRecord[]
  bySeal(seal: string): WorkerRecord[]
  /** Was this stake ever evicted? */
  wasEvicted(stake: string): boolean
  /** Notes a registration; the id of a WorkerNode that is known stays. */
  register(
    worker: Omit<
      WorkerRecord,
      'state' | 'worker' | 'reason' | 'drain' | 'stays' | 'heartbeatAtMs' | 'heartbeat'
    >,
  ): void
  registered(nodeName: string, worker: string): void
  /** Its Node is a new one: it has to be settled again. @returns false where it was not registered */
  returned(nodeName: string): boolean
  /** @returns how many of the named workers were still there to be evicted */
  evictStake(stake: string, reason: EvictionReason): number
  evictSeal(seal: string, reason: EvictionReason): number
  evicted(nodeName: string): void
  /** @returns false where it was not there, or on its way out already */
  leave(nodeName: string, reason: string, drain?: DrainPolicy): boolean
  /** One that leaves already asks for another way of being drained. */
  leaveBy(nodeName: string, drain: DrainPolicy | undefined): void
  /** It could not be drained: it is what it was before it asked to leave. */
  stay(nodeName: string, stays: Stays): void
  /** A seal has another token now. */
  sealRotated(seal: string): void
  tokenIs(nodeName: string, tokenHash: string): void
  heartbeat(nodeName: string, atMs: number, report?: Heartbeat): void
  /** Registered workers that sent heartbeats, and none since then; ms. */
  silent(sinceMs: number): WorkerRecord[]
  /** How many there are in each state. */
  count(): Readonly<Record<WorkerState, number>>
  remove(nodeName: string): void
}

const EVICT =
  "UPDATE workers SET state = 'evicting', reason = ? WHERE state IN ('pending', 'registered', 'leaving')"

/** The table of workers. @param db with the schema of journal.ts */
export function createWorkerLog(db: DatabaseSync): WorkerLog {
  const select = db.prepare('SELECT * FROM workers WHERE node_name = ?')
  const selectState = db.prepare('SELECT * FROM workers WHERE state = ? ORDER BY rowid')
  const live = "state IN ('pending', 'registered')"
  const selectStake = db.prepare(`SELECT * FROM workers WHERE stake = ? AND ${live}`)
  const selectSeal = db.prepare(`SELECT * FROM workers WHERE seal = ? AND ${live}`)
  const selectGone = db.prepare("SELECT 1 FROM workers WHERE stake = ? AND state IN ('evicting', 'evicted')")
  const upsert = db.prepare(`
    INSERT INTO workers (node_name, state, stake, seal, owner, token_id, token_hash, token_expires_at, lease_seen)
    VALUES (?, 'pending', ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (node_name) DO UPDATE SET state = 'pending', reason = NULL, leaving = NULL,
      worker = CASE WHEN stake = excluded.stake THEN worker END,
      stake = excluded.stake, seal = excluded.seal, owner = excluded.owner, token_id = excluded.token_id,
      token_hash = excluded.token_hash, token_expires_at = excluded.token_expires_at, lease_seen = excluded.lease_seen
  `)
  const setRegistered = db.prepare(
    "UPDATE workers SET state = 'registered', worker = ? WHERE node_name = ? AND state = 'pending'",
  )
  const setReturned = db.prepare(
    "UPDATE workers SET state = 'pending' WHERE node_name = ? AND state = 'registered'",
  )
  const evictByStake = db.prepare(`${EVICT} AND stake = ?`)
  const evictBySeal = db.prepare(`${EVICT} AND seal = ?`)
  const setEvicted = db.prepare(
    "UPDATE workers SET state = 'evicted' WHERE node_name = ? AND state = 'evicting'",
  )
  const setLeaving = db.prepare(
    `UPDATE workers SET state = 'leaving', reason = ?, leaving = ? WHERE node_name = ? AND ${live}`,
  )
  const setDrain = db.prepare("UPDATE workers SET leaving = ? WHERE node_name = ? AND state = 'leaving'")
  const setStaying = db.prepare(`
    UPDATE workers SET state = CASE WHEN worker IS NULL THEN 'pending' ELSE 'registered' END, reason = NULL, leaving = ?
    WHERE node_name = ? AND state = 'leaving'
  `)
  const clearToken = db.prepare("UPDATE workers SET token_hash = '' WHERE seal = ?")
  const setToken = db.prepare('UPDATE workers SET token_hash = ? WHERE node_name = ?')
  const setHeartbeat = db.prepare(
    'UPDATE workers SET heartbeat_at = ?, heartbeat = coalesce(?, heartbeat) WHERE node_name = ?',
  )
  const selectSilent = db.prepare("SELECT * FROM workers WHERE state = 'registered' AND heartbeat_at < ?")
  const countStates = db.prepare('SELECT state, count(*) AS workers FROM workers GROUP BY state')
  const remove = db.prepare('DELETE FROM workers WHERE node_name = ?')

  return {
    get: (nodeName) => {
      const row = select.get(nodeName)
      return row === undefined ? undefined : recordOf(row)
    },
    byState: (...states) => states.flatMap((state) => selectState.all(state)).map(recordOf),
    byStake: (stake) => selectStake.all(stake).map(recordOf),
    bySeal: (seal) => selectSeal.all(seal).map(recordOf),
    wasEvicted: (stake) => selectGone.get(stake) !== undefined,
    register: (it) => {
      const {nodeName, stake, seal, owner, tokenId, tokenHash, tokenExpiresAtMs, leaseSeen} = it
      upsert.run(nodeName, stake, seal, owner, tokenId, tokenHash, tokenExpiresAtMs, leaseSeen)
    },
    registered: (nodeName, worker) => {
      setRegistered.run(worker, nodeName)
    },
    returned: (nodeName) => setReturned.run(nodeName).changes === 1,
    evictStake: (stake, reason) => Number(evictByStake.run(reason, stake).changes),
    evictSeal: (seal, reason) => Number(evictBySeal.run(reason, seal).changes),
    evicted: (nodeName) => {
      setEvicted.run(nodeName)
    },
    leave: (nodeName, reason, drain) =>
      setLeaving.run(reason, drain === undefined ? null : JSON.stringify({drain}), nodeName).changes === 1,
    leaveBy: (nodeName, drain) => {
      setDrain.run(drain === undefined ? null : JSON.stringify({drain}), nodeName)
    },
    stay: (nodeName, stays) => {
      setStaying.run(JSON.stringify({stays}), nodeName)
    },
    sealRotated: (seal) => {
      clearToken.run(seal)
    },
    tokenIs: (nodeName, tokenHash) => {
      setToken.run(tokenHash, nodeName)
    },
    heartbeat: (nodeName, atMs, report) => {
      setHeartbeat.run(atMs, report === undefined ? null : JSON.stringify(report), nodeName)
    },
    silent: (sinceMs) => selectSilent.all(sinceMs).map(recordOf),
    count: () => ({
      ...{pending: 0, registered: 0, leaving: 0, evicting: 0, evicted: 0},
      ...Object.fromEntries(countStates.all().map((row) => [row.state as string, row.workers as number])),
    }),
    remove: (nodeName) => {
      remove.run(nodeName)
    },
  }
}

function recordOf(row: Record<string, unknown>): WorkerRecord {
  return {
    nodeName: row.node_name as string,
    state: row.state as WorkerState,
    stake: row.stake as string,
    seal: row.seal as string,
    owner: row.owner as string,
    tokenId: row.token_id as string,
    tokenHash: row.token_hash as string,
    tokenExpiresAtMs: row.token_expires_at as number,
    leaseSeen: row.lease_seen as string,
    ...(row.worker === null ? {} : {worker: row.worker as string}),
    ...(row.reason === null ? {} : {reason: row.reason as string}),
    ...(row.leaving === null ? {} : leavingOf(row.leaving as string)),
    ...(row.heartbeat_at === null ? {} : {heartbeatAtMs: row.heartbeat_at as number}),
    ...(row.heartbeat === null ? {} : {heartbeat: JSON.parse(row.heartbeat as string) as Heartbeat}),
  }
}

function leavingOf(text: string): Pick<WorkerRecord, 'drain' | 'stays'> {
  const {drain, stays} = leavingSchema.parse(JSON.parse(text))
  return {...(drain && {drain}), ...(stays && {stays})}
}
