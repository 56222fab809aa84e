import type {TlsPins} from '../seal/pinned-agent.ts'

/** One kubectl request on its way to the chain. */
export interface ChainRequest {
  /** 16 random bytes. */
  requestId: Uint8Array
  verb: string
  /** As `permissionResource` names it. */
  resource: string
  /** '' = cluster scope. */
  namespace: string
  /** Sealed to the listener. */
  envelope: Uint8Array
  /** 0 interactive, 1 normal, 2 low, 3 batch, as in `daas::cluster`: 0 goes first and lives shortest. */
  priority: number
}

/** A transaction that carried requests. */
export interface SubmittedBatch {
  digest: string
  gasMist: bigint
}

/** A K8sRequestProcessed event, decoded. */
export interface ChainAnswer {
  requestId: Uint8Array
  cluster: string
  /** HTTP status in clear; the sealed one counts where there is a body. */
  status: number
  /** Sealed; empty where it lies in a blob, or where there is none. */
  body: Uint8Array
  /** SHA-256 of the sealed body. */
  bodyHash: Uint8Array
  /** '' = on chain, else the URL path of the blob at the listener. */
  bodyLocation: string
}

/** What the gateway needs to know of the Cluster object. */
export interface GatewayCluster {
  id: string
  name: string
  paused: boolean
  listenerUrls: readonly string[]
  /** X25519, 32 bytes; empty before a listener has announced itself. */
  listenerHpkeKey: Uint8Array
  /** Of the listener's TLS key, and of the one before it while both are good. */
  listenerTlsPin: TlsPins
  maxEnvelopeBytes: number
}

/** What the gateway needs to know of the user's SealToken. */
export interface GatewaySeal {
  id: string
  owner: string
  /** `verb:resource`, with `*` for all. */
  permissions: readonly string[]
  /** Of a seal that was made of a grant: where it counts; `*` = everywhere, and for what has no namespace. */
  namespaces?: readonly string[]
  /** Unix time, ms. */
  expiresAtMs: number
}

/** The chain, as the gateway sees it. */
export interface GatewayChain {
  /**
   * Puts requests into one transaction; all of them are accepted or none.
   * @throws DaasError MOVE_ABORT, SIMULATION_FAILED or TRANSACTION_FAILED where the chain refused, with
   *   `details.requestIndex` where one request is known to be the reason; TRANSACTION_TIMEOUT where the outcome is
   *   unknown; RPC_UNREACHABLE
   */
  submit(batch: readonly ChainRequest[], signal: AbortSignal): Promise<SubmittedBatch>
  /**
   * The answers of the listener, for as long as the signal allows.
   * @param onReady called once: what is emitted from then on is seen
   */
  answers(signal: AbortSignal, onReady: () => void): AsyncIterable<ChainAnswer>
  readCluster(signal: AbortSignal): Promise<GatewayCluster>
  readSeal(signal: AbortSignal): Promise<GatewaySeal>
}
