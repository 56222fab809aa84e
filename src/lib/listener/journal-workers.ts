import type {DatabaseSync} from 'node:sqlite'
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
  /** Unix time, ms. */
  heartbeatAtMs?: number
}

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
  register(worker: Omit<WorkerRecord, 'state' | 'worker' | 'reason' | 'heartbeatAtMs'>): void
  registered(nodeName: string, worker: string): void
  /** @returns how many of the named workers were still there to be evicted */
  evictStake(stake: string, reason: EvictionReason): number
  evictSeal(seal: string, reason: EvictionReason): number
  evicted(nodeName: string): void
  /** @returns false where it was not there, or on its way out already */
  leave(nodeName: string, reason: string): boolean
  /** A seal has another token now. */
  sealRotated(seal: string): void
  tokenIs(nodeName: string, tokenHash: string): void
  heartbeat(nodeName: string, atMs: number): void
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
    ON CONFLICT (node_name) DO UPDATE SET state = 'pending', reason = NULL,
      worker = CASE WHEN stake = excluded.stake THEN worker END,
      stake = excluded.stake, seal = excluded.seal, owner = excluded.owner, token_id = excluded.token_id,
      token_hash = excluded.token_hash, token_expires_at = excluded.token_expires_at, lease_seen = excluded.lease_seen
  `)
  const setRegistered = db.prepare(
    "UPDATE workers SET state = 'registered', worker = ? WHERE node_name = ? AND state = 'pending'",
  )
  const evictByStake = db.prepare(`${EVICT} AND stake = ?`)
  const evictBySeal = db.prepare(`${EVICT} AND seal = ?`)
  const setEvicted = db.prepare(
    "UPDATE workers SET state = 'evicted' WHERE node_name = ? AND state = 'evicting'",
  )
  const setLeaving = db.prepare(
    `UPDATE workers SET state = 'leaving', reason = ? WHERE node_name = ? AND ${live}`,
  )
  const clearToken = db.prepare("UPDATE workers SET token_hash = '' WHERE seal = ?")
  const setToken = db.prepare('UPDATE workers SET token_hash = ? WHERE node_name = ?')
  const setHeartbeat = db.prepare('UPDATE workers SET heartbeat_at = ? WHERE node_name = ?')
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
    evictStake: (stake, reason) => Number(evictByStake.run(reason, stake).changes),
    evictSeal: (seal, reason) => Number(evictBySeal.run(reason, seal).changes),
    evicted: (nodeName) => {
      setEvicted.run(nodeName)
    },
    leave: (nodeName, reason) => setLeaving.run(reason, nodeName).changes === 1,
    sealRotated: (seal) => {
      clearToken.run(seal)
    },
    tokenIs: (nodeName, tokenHash) => {
      setToken.run(tokenHash, nodeName)
    },
    heartbeat: (nodeName, atMs) => {
      setHeartbeat.run(atMs, nodeName)
    },
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
    ...(row.heartbeat_at === null ? {} : {heartbeatAtMs: row.heartbeat_at as number}),
  }
}
