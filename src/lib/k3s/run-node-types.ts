import type {Logger} from 'pino'
import type {ClusterInfo} from '../contracts/reads.ts'
import type {Enrolled} from '../stake/enroll.ts'
import type {SealDeps} from '../stake/seal.ts'
import type {AgentHandle} from './agent.ts'
import type {JoinProgress} from './join-phases.ts'
import type {JoinOptions} from './join-types.ts'
import type {NodeStateFile} from './node-state.ts'
import type {PreflightProbes} from './preflight.ts'
import type {RestartPolicy} from './restarts.ts'
import type {SuperviseResult} from './supervise.ts'

/** What a node's whole life takes from its surroundings. */
export interface RunNodeDeps extends SealDeps {
  readonly probes: PreflightProbes
  readonly env: Record<string, string | undefined>
  readonly logger: Pick<Logger, 'debug' | 'warn'>
  /** Ends it: the agent is stopped gracefully. */
  readonly signal: AbortSignal
  readonly onProgress: (event: JoinProgress) => void
  /** Where to remember how far it is. */
  readonly state?: NodeStateFile
  /** Told once the node is Ready and watched over. */
  readonly onJoined?: (joined: {readonly enrolled: Enrolled; readonly handle: AgentHandle}) => void
  /** Told of what happens to it afterwards. */
  readonly onEvent?: (event: NodeEvent) => void
}

/** What happens while a node is in. Nothing in it is secret. */
export type NodeEvent =
  | {
      readonly type: 'renewed'
      readonly seal: string
      readonly expiresAt: string
      readonly digest: string
      readonly gasMist: bigint
    }
  | {readonly type: 'heartbeat'; readonly digest: string; readonly gasMist: bigint}
  | {
      readonly type: 'restarting'
      readonly attempt: number
      readonly afterMs: number
      readonly code: number | null
    }
  | {readonly type: 'restarted'; readonly pid: number}

/** Which node, and how. */
export interface RunNodeOptions extends Omit<
  JoinOptions,
  'cluster' | 'clusterNow' | 'identity' | 'onAgent' | 'nameHolder'
> {
  readonly cluster: ClusterInfo
  /** MIST to stake where nothing is staked yet; default the cluster's minimum. */
  readonly amount?: bigint
  /** ms between heartbeats to the listener. */
  readonly heartbeatMs: number
  /** Where heartbeats go besides the listener. */
  readonly heartbeatOnChain?: boolean
  /** Whether the seal is rotated before it ends; by default it is. */
  readonly renew?: boolean
  readonly restarts?: RestartPolicy
}

/** How it ended. */
export interface NodeRun {
  /** Not there where no phase needed it. */
  readonly enrolled: Enrolled
  readonly end: SuperviseResult
}

/** A stake that has no seal yet. */
export type Staked = Pick<Enrolled, 'changed' | 'stake' | 'digest' | 'gasMist'>

/** How a run of some phases ended: without an agent. */
export interface PhasesRun {
  /** What the phases made or found of stake and seal. */
  readonly enrolled: Enrolled | Staked | undefined
  readonly end: {readonly ended: 'phases'}
}
