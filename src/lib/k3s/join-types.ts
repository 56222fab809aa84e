import type {Signer} from '@mysten/sui/cryptography'
import type {Logger} from 'pino'
import type {TlsPins} from '../seal/pinned-agent.ts'
import type {RegistrationAnswer} from '../seal/registration.ts'
import type {AgentHandle} from './agent.ts'
import type {FindK3sOptions, FoundK3s} from './binary.ts'
import type {JoinPhase, JoinProgress} from './join-phases.ts'
import type {NameHolder} from './name-holder.ts'
import type {PreflightProbes, PreflightResult} from './preflight.ts'
import type {ListenerClient} from './register.ts'

/** What the Cluster object on chain says; '' where it says nothing. */
export interface JoinCluster {
  readonly id: string
  /** For a stake like this node's, tried in this order. */
  readonly listenerUrls: readonly string[]
  /** SHA-256 of the listener's TLS key (SPKI DER), 32 bytes; two while a new key takes over. */
  readonly tlsPin: TlsPins
  readonly k3sUrl: string
  /** 64 lower-case hex digits. */
  readonly caHash: string
  readonly k3sVersion: string
}

/** Who joins: the stake, the seal made of it, its secret, and the key that owns both. */
export interface JoinIdentity {
  readonly stake: string
  readonly seal: string
  /** `<id>.<secret>`. */
  readonly sealToken: string
  readonly signer: Signer
}

/** What of the listener's answer the agent is started with. */
export type Registration = Pick<RegistrationAnswer, 'serverUrl' | 'caHash' | 'labels' | 'taints'>

/** What a join takes from its surroundings. */
export interface JoinDeps {
  probes: PreflightProbes
  /** The environment the agent's is picked from. */
  env: Record<string, string | undefined>
  logger: Pick<Logger, 'debug' | 'warn'>
  signal: AbortSignal
  /** Unix time, ms. */
  now: () => number
  onProgress: (event: JoinProgress) => void
}

/** What is to be joined, and how. */
export interface JoinOptions {
  cluster: JoinCluster
  /** Reads the Cluster again: its listener may have another key, or be elsewhere, months after the join. */
  clusterNow?: () => Promise<JoinCluster>
  nodeName: string
  dataDir: string
  nodeIp?: string
  labels: Record<string, string>
  /** `key=value:Effect`, beside those of the listener. */
  taints?: readonly string[]
  rootless: boolean
  k3s: Omit<FindK3sOptions, 'version' | 'signal' | 'path' | 'onProgress'>
  ignorePreflight: readonly string[]
  /**
   * Finds stake and seal, and makes of them what is missing and may be made. Called after the preflight: before that
   * no coin moves. Without a seal the identity is not there; `needed` then says that this is an error.
   */
  identity: (may: {readonly stake: boolean; readonly seal: boolean; readonly needed: boolean}) => Promise<{
    readonly stake?: string
    readonly identity?: JoinIdentity
  }>
  /**
   * Gives the seal a new token where another one in the cluster has the id of this one: 6 characters that anybody may
   * have drawn. Not there where no seal may be made.
   */
  redraw?: (identity: JoinIdentity) => Promise<JoinIdentity>
  extraArgs?: readonly string[]
  /** Further names of the environment that the agent may see. */
  passEnv?: readonly string[]
  /** Deadline from the registration to Ready, ms. */
  timeoutMs: number
  /** For the agent's graceful end, ms. */
  graceMs: number
  /** Which phases run; all where it is left out. */
  phases?: ReadonlySet<JoinPhase>
  /** Of an earlier run, for one that skips `register`. */
  registered?: Registration
  /** Whose the name is on chain; undefined where it is free. */
  nameHolder?: () => Promise<NameHolder | undefined>
  /** Told of the agent as soon as it runs, before it is Ready. */
  onAgent?: (handle: AgentHandle) => Promise<void>
}

/** A join up to the start of the agent; what was not needed for the phases that ran is not there. */
export interface PreparedJoin {
  readonly k3s?: FoundK3s
  readonly preflight: readonly PreflightResult[]
  /** With the token that the listener knows. */
  readonly identity?: JoinIdentity
  /** The caller closes it. */
  readonly client?: ListenerClient
  readonly registration?: Registration
  /** Unix time, ms, until which the node must be Ready. */
  readonly deadline: number
}

/** A node that is in. */
export interface JoinedNode {
  readonly handle: AgentHandle
  /** For heartbeats; the caller closes it. */
  readonly client: ListenerClient
  readonly registration: Registration
  readonly preflight: readonly PreflightResult[]
  readonly k3s: FoundK3s
  /** With the token that the listener knows. */
  readonly identity: JoinIdentity
}
