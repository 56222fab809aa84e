import type {Logger} from 'pino'
import type {ClusterInfo} from '../contracts/reads.ts'
import {enroll, type Enrolled} from '../stake/enroll.ts'
import {watchLoss} from '../stake/loss.ts'
import type {SealDeps} from '../stake/seal.ts'
import type {AgentHandle} from './agent.ts'
import {joinNode, type JoinOptions, type JoinProgress} from './join.ts'
import type {PreflightProbes} from './preflight.ts'
import {supervise, type SuperviseResult} from './supervise.ts'

/** What a node's whole life takes from its surroundings. */
export interface RunNodeDeps extends SealDeps {
  readonly probes: PreflightProbes
  readonly env: Record<string, string | undefined>
  readonly logger: Pick<Logger, 'debug' | 'warn'>
  /** Ends it: the agent is stopped gracefully. */
  readonly signal: AbortSignal
  readonly onProgress: (event: JoinProgress) => void
  /** Told once the node is Ready and watched over. */
  readonly onJoined?: (joined: {readonly enrolled: Enrolled; readonly handle: AgentHandle}) => void
}

/** Which node, and how. */
export interface RunNodeOptions extends Omit<JoinOptions, 'cluster' | 'identity'> {
  readonly cluster: ClusterInfo
  /** MIST to stake where nothing is staked yet; default the cluster's minimum. */
  readonly amount?: bigint
  /** ms between heartbeats to the listener. */
  readonly heartbeatMs: number
}

/** How it ended. */
export interface NodeRun {
  readonly enrolled: Enrolled
  readonly end: SuperviseResult
}

/**
 * Joins a node and stays with it: preflight, stake and seal where they are missing, registration, agent, Ready; then
 * heartbeats and a watch of the chain, until the stake or seal is lost, the signal fires, or the agent ends by itself.
 * @throws those of joinNode, enroll
 */
export async function runNode(deps: RunNodeDeps, options: RunNodeOptions): Promise<NodeRun> {
  const {cluster} = options
  let enrolled: Enrolled | undefined
  const joined = await joinNode(deps, {
    ...options,
    cluster: {
      id: cluster.id,
      listenerUrls: cluster.listenerUrls,
      tlsPin: cluster.listenerTlsPin,
      k3sUrl: cluster.k3sUrl,
      caHash: cluster.caHash,
      k3sVersion: cluster.k3sVersion,
    },
    identity: async () => {
      enrolled = await enroll(deps, {
        cluster: cluster.id,
        subject: {kind: 'node', name: options.nodeName},
        ...(options.amount !== undefined && {amount: options.amount}),
      })
      const {stake, seal, token} = enrolled
      return {stake, seal, sealToken: token, signer: deps.execute.signer}
    },
  })
  if (!enrolled) throw new Error('joined without an identity')
  const over = new AbortController()
  try {
    deps.onJoined?.({enrolled, handle: joined.handle})
    const end = await supervise(joined.handle, {
      reasons: watchLoss({
        client: deps.execute.client,
        packageId: cluster.packageId,
        stake: enrolled.stake,
        seal: enrolled.seal,
        signal: AbortSignal.any([deps.signal, over.signal]),
        onReconnect: (error) => deps.logger.warn({err: error}, 'the chain is out of sight'),
      }),
      listener: {client: joined.client, nodeName: options.nodeName, everyMs: options.heartbeatMs},
      signal: deps.signal,
      logger: deps.logger,
    })
    return {enrolled, end}
  } finally {
    over.abort()
    joined.client.close()
  }
}
