/** What the listener needs to know of the Cluster object. Amounts in MIST. */
export interface ListenerCluster {
  id: string
  name: string
  paused: boolean
  listenerUrls: readonly string[]
  /** X25519, 32 bytes; empty before the first announcement. */
  hpkeKey: Uint8Array
  /** SHA-256 of the SPKI DER of the TLS key; empty before the first announcement. */
  tlsPin: Uint8Array
  /** The pin before this one; good until `previousUntilMs`, Unix time, ms. */
  previousTlsPin: Uint8Array
  previousUntilMs: number
  k3sUrl: string
  /** 32 bytes or empty. */
  caHash: Uint8Array
  k3sVersion: string
  minNodeStakeMist: bigint
  /** The most sealed bytes of one request or answer on chain. */
  maxEnvelopeBytes: number
}

/** What the listener needs to know of a SealToken. */
export interface ListenerSeal {
  id: string
  cluster: string
  owner: string
  stake: string
  kind: 'worker' | 'user' | 'admin' | 'granted'
  /** SHA-256 of the token's text, 32 bytes. */
  tokenHash: Uint8Array
  /** Unix time, ms. */
  expiresAtMs: number
  /** True where the cluster's administrator revoked it. */
  revoked: boolean
}

/** What the listener needs to know of a Stake. */
export interface ListenerStake {
  id: string
  cluster: string
  staker: string
  amountMist: bigint
  status: 'active' | 'unbonding' | 'slashed'
  /** '' for stakes of users. */
  nodeId: string
  type: 'node' | 'user' | 'admin'
}

/** What a listener announces on chain about itself and its cluster. */
export interface Announcement {
  listenerUrls: readonly string[]
  hpkeKey: Uint8Array
  tlsPin: Uint8Array
  k3sUrl: string
  caHash: Uint8Array
  k3sVersion: string
}

/** A K8sAPIRequest event, decoded, its envelope put together. */
export interface RequestEvent {
  /** Object id of the KubectlRequest. */
  request: string
  cluster: string
  seal: string
  stake: string
  requester: string
  /** 16 bytes. */
  requestId: Uint8Array
  verb: string
  /** As `permissionResource` of kube/api-path.ts names it. */
  resource: string
  /** '' = cluster scope. */
  namespace: string
  /** 0 (interactive) to 3. */
  priority: number
  /** Unix time, ms. */
  expiresAtMs: number
  /** `verb:resource` of the seal, as the chain judged them. */
  permissions: readonly string[]
  envelope: Uint8Array
}

/** An answer on its way to the chain. */
export interface StoredResponse {
  /** Object id of the KubectlRequest. */
  request: string
  status: number
  /** Sealed; empty where it lies in a blob, or where there is none. */
  body: Uint8Array
  /** SHA-256 of the sealed body, 32 bytes; of nothing where there is none. */
  bodyHash: Uint8Array
  /** '' = on chain, else the URL path of the blob. */
  bodyLocation: string
}

/** Why a session is over; the place in the list is the `reason` of `SessionEnded` on chain. */
export const SESSION_ENDS = [
  'cluster',
  'requester',
  'seal-lost',
  'stake-lost',
  'time-over',
  'listener-closed',
  'failed',
  'unused',
] as const
export type SessionEnd = (typeof SESSION_ENDS)[number]

/** The end of a session on its way to the chain. */
export interface EndedSession {
  /** Object id of the KubectlRequest that asked for it. */
  request: string
  /** 16 bytes. */
  requestId: Uint8Array
  /** From the requester to the cluster. */
  bytesIn: number
  /** From the cluster to the requester. */
  bytesOut: number
  /** By SESSION_ENDS. */
  reason: number
}

/** Why a worker loses its place. */
export type EvictionReason =
  | 'stake slashed'
  | 'stake withdrawn'
  | 'unstake requested'
  | 'seal revoked'
  | 'registration refused by the chain'

/** One event of the cluster that the listener acts on. */
export type ListenerEvent = {
  /** `<digest>:<index>`. */
  id: string
  cursor: Uint8Array
} & (
  | {kind: 'request'; request: RequestEvent}
  | {kind: 'stake-lost'; stake: string; reason: EvictionReason}
  | {kind: 'seal-lost'; seal: string; reason: EvictionReason}
  | {kind: 'seal-rotated'; seal: string}
  | {kind: 'other'; name: string}
)

/** Who has a stake's place and a node's name; both stay taken after an eviction. */
export interface RegistryEntry {
  /** Object id of the WorkerNode of the stake. */
  byStake?: string
  /** Whether that worker was evicted. */
  evicted?: boolean
  /** Object id of the WorkerNode that has the name. */
  byName?: string
}

/** Who lives. Workers are named by the object ids of their WorkerNodes. */
export interface LivenessReport {
  alive: readonly string[]
  changed: readonly {worker: string; status: 'ready' | 'offline'}[]
}

/** The chain, as the listener sees it. Errors are those of lib/sui. */
export interface ListenerChain {
  readCluster(signal: AbortSignal): Promise<ListenerCluster>
  /** @returns undefined where there is no such object, or it is no SealToken */
  readSeal(id: string, signal: AbortSignal): Promise<ListenerSeal | undefined>
  /** @returns undefined where there is no such object, or it is no Stake */
  readStake(id: string, signal: AbortSignal): Promise<ListenerStake | undefined>
  /** Many stakes at once. @returns in the order of the ids, as readStake */
  readStakes(ids: readonly string[], signal: AbortSignal): Promise<(ListenerStake | undefined)[]>
  /** Many seals at once. @returns in the order of the ids, as readSeal */
  readSeals(ids: readonly string[], signal: AbortSignal): Promise<(ListenerSeal | undefined)[]>
  /** Whether there is a grant with this id that is neither revoked nor over. @param nowMs Unix time, ms */
  isGrantLive(id: string, nowMs: number, signal: AbortSignal): Promise<boolean>
  /** What the registry of nodes says of a stake and of a name. */
  findWorker(of: {stake: string; nodeName: string}, signal: AbortSignal): Promise<RegistryEntry>
  announce(announcement: Announcement, signal: AbortSignal): Promise<{digest: string}>
  /** @returns the object id of the new WorkerNode */
  registerWorker(
    worker: {stake: string; seal: string},
    signal: AbortSignal,
  ): Promise<{worker: string; digest: string}>
  /** Marks a WorkerNode as evicted; one that is evicted already is success. */
  evictWorker(worker: string, reason: string, signal: AbortSignal): Promise<void>
  /** Records how a worker is. */
  setStatus(worker: string, status: 'ready' | 'offline', signal: AbortSignal): Promise<void>
  /** Says who lives, of whom each worker is one by its WorkerNode, and whose status has changed; one transaction. */
  reportLiveness(report: LivenessReport, signal: AbortSignal): Promise<{digest: string; gasMist: bigint}>
  /** All of them in one transaction, or none. */
  storeResponses(
    responses: readonly StoredResponse[],
    signal: AbortSignal,
  ): Promise<{digest: string; gasMist: bigint}>
  /**
   * When requests are over on chain, by their object ids: the time to live of the answer, or of what got none.
   * @returns in the order of the ids, Unix time, ms; undefined where there is none (any more)
   */
  requestEnds(ids: readonly string[], signal: AbortSignal): Promise<(number | undefined)[]>
  /** Deletes requests that are over; all of them in one transaction, or none. What else is to be sent goes first. */
  pruneRequests(ids: readonly string[], signal: AbortSignal): Promise<{digest: string; gasMist: bigint}>
  /** Records the ends of sessions; all of them in one transaction, or none. */
  endSessions(ended: readonly EndedSession[], signal: AbortSignal): Promise<{digest: string}>
  /**
   * The events of this cluster, in order, none lost and none twice, for as long as the signal allows.
   * @param after cursor of the last one that was handled; without it what comes from now on
   */
  events(options: {
    after?: Uint8Array
    signal: AbortSignal
    onSubscribed: () => void
    onReconnect: (error: unknown, attempt: number) => void
  }): AsyncIterable<ListenerEvent>
}
