import type {KubeConfig} from '@kubernetes/client-node'
import type {WalrusPublisher} from '../seal/walrus.ts'
import type {BlobQuota} from './blob-ledger.ts'
import {BLOB_QUOTA} from './blobs.ts'
import type {ListenerChain} from './chain-port.ts'
import type {ListenerLogger} from './logger.ts'
import type {RateLimit} from './rate-limit.ts'
import type {K3sInfo} from './registrar.ts'
import type {SessionLimits} from './sessions.ts'

/** What a listener depends on. */
export interface ListenerDeps {
  chain: ListenerChain
  kubeConfig: KubeConfig
  logger: ListenerLogger
  /** Unix time, ms. */
  clock: () => number
  /** Ends the listener as `close()` does. */
  signal: AbortSignal
}

/** How a listener is set up. */
export interface ListenerOptions {
  /** Object id of the Cluster. */
  clusterId: string
  /** A directory of its own (0700): keys, blobs and, unless said otherwise, the journal. */
  stateDir: string
  /** SQLite file; `journal.sqlite` in the state directory by default. */
  journalPath?: string
  /** What workers are told about the k3s server. */
  k3s: K3sInfo
  /** Where the worker endpoint listens; 127.0.0.1 by default. */
  host?: string
  /** 0 = any, which is the default. */
  port?: number
  /** What is announced on chain; `https://host:port` by default. */
  advertise?: readonly string[]
  /** Of the loopback health and metrics endpoint; 0 = any, which is the default. */
  metricsPort?: number
  /** Nodes that need no stake beside those that are there the first time. */
  exemptNodes?: readonly string[]
  /** How many requests run on Kubernetes at a time; 32 by default. */
  concurrency?: number
  /** How many may wait before the event stream is held back; 10,000 by default. */
  queueLimit?: number
  /** Of the worker endpoint, for each address. */
  rateLimit?: RateLimit
  /** How long a request of the worker endpoint may take to come in, ms; 10,000 by default. */
  requestTimeoutMs?: number
  /** How often workers are looked after without an event, ms; 1,000 by default. */
  pollMs?: number
  /** How long `close()` waits for requests that run, ms; 10,000 by default. */
  drainMs?: number
  /** How long pods of an evicted node get to end, ms; 2,000 by default. */
  evictionGraceMs?: number
  /** Where sessions shall differ from SESSION_LIMITS. */
  sessions?: Partial<SessionLimits>
  /** How long pods of a node that leaves get to move, ms; 30,000 by default. */
  drainGraceMs?: number
  /** How often Leases are looked at, ms; 30,000 by default. */
  livenessMs?: number
  /** After how many looks at a Lease that was not renewed a worker counts as offline; 3 by default. */
  offlineAfter?: number
  /** How often Nodes are compared with the allow-list although they are watched, ms; 60,000 by default. */
  nodeSweepMs?: number
  /** How often what nobody misses is looked for (Secrets without a join, workers without a stake), ms; 180,000. */
  orphanSweepMs?: number
  /** How often what is over is forgotten and pruned, ms; 60,000 by default. */
  upkeepMs?: number
  /** How long requests on chain that are over are left to whoever asked, ms; 600,000 by default. */
  pruneGraceMs?: number
  /** Make new keys, unless the last ones are so new that their predecessors are still good. */
  rotateKeys?: boolean
  /** Connections of the worker endpoint that one address may have at a time; 64 by default. */
  connectionsPerAddress?: number
  /** After how many ms without a heartbeat a worker counts as silent; 90,000 by default. */
  silentAfterMs?: number
  /** The most that answers and requests that are too large for the chain take on the disk; BLOB_QUOTA by default. */
  blobQuota?: BlobQuota
  /** Where answers that are too large for the chain are stored besides. */
  walrus?: WalrusPublisher
  /** Of daas itself, for the metrics. */
  version?: string
}

/** What a running listener is. */
export interface ListenerInfo {
  /** As announced on chain. */
  urls: readonly string[]
  port: number
  /** `http://127.0.0.1:<port>`: /livez, /readyz, /metrics. */
  healthUrl: string
  /** SHA-256 of the SPKI DER of its TLS key, hex. */
  tlsPin: string
  /** The transaction that announced it, where something had changed. */
  announcedIn?: string
}

/** {@link ListenerOptions} with all defaults. */
export type ListenerSettings = Required<Omit<ListenerOptions, 'walrus'>> & Pick<ListenerOptions, 'walrus'>

/** Fills the defaults in, but for `advertise`, which may depend on the port. */
export function settingsOf(options: ListenerOptions): Omit<ListenerSettings, 'advertise'> {
  return {
    journalPath: `${options.stateDir}/journal.sqlite`,
    host: '127.0.0.1',
    port: 0,
    metricsPort: 0,
    exemptNodes: [],
    concurrency: 32,
    queueLimit: 10_000,
    rateLimit: {burst: 60, perSecond: 5},
    requestTimeoutMs: 10_000,
    pollMs: 1000,
    drainMs: 10_000,
    evictionGraceMs: 2000,
    drainGraceMs: 30_000,
    livenessMs: 30_000,
    offlineAfter: 3,
    nodeSweepMs: 60_000,
    orphanSweepMs: 180_000,
    upkeepMs: 60_000,
    pruneGraceMs: 600_000,
    rotateKeys: false,
    connectionsPerAddress: 64,
    silentAfterMs: 90_000,
    sessions: {},
    blobQuota: BLOB_QUOTA,
    version: '0.0.0',
    ...definedOf(options),
  }
}

function definedOf<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
