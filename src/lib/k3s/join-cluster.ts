import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {listenerPinsOf, listenerUrlsFor} from '../contracts/listener-access.ts'
import {type ClusterInfo, readCluster, readStake} from '../contracts/reads.ts'
import {readHolding} from '../stake/wallet.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import type {JoinCluster} from './join-types.ts'

/** Who looks at a Cluster. */
export interface ClusterReader {
  readonly client: SuiGrpcClient
  /** The node's URL, for errors. */
  readonly url: string
  /** Whose stake it is; undefined where nobody has said who joins. */
  readonly owner?: string
  /** Unix time, ms. */
  readonly now: () => number
}

/** Which node joins it. */
export interface JoiningNode {
  readonly cluster: ClusterInfo
  readonly nodeName: string
  /** MIST to stake where nothing is staked yet; default the cluster's minimum. */
  readonly amount?: bigint
}

/**
 * What of a Cluster object a join goes by.
 * @param stakeMist by which the listener's endpoint is chosen
 * @param nowMs Unix time, by which the listener's keys are good
 */
export function joinClusterOf(
  info: ClusterInfo,
  {stakeMist, nowMs}: {readonly stakeMist: bigint; readonly nowMs: number},
): JoinCluster {
  const {id, k3sUrl, caHash, k3sVersion} = info
  const tlsPin = listenerPinsOf(info, nowMs)
  return {id, listenerUrls: listenerUrlsFor(info, stakeMist), tlsPin, k3sUrl, caHash, k3sVersion}
}

/**
 * As {@link joinClusterOf}, by what the node has staked, or, where it has nothing yet, by what it will stake.
 * @throws OBJECT_MISSING, RPC_UNREACHABLE
 */
export async function joinClusterFor(reader: ClusterReader, node: JoiningNode): Promise<JoinCluster> {
  const {cluster} = node
  // Where no tier has an endpoint of its own, the stake decides nothing.
  const stakeMist = cluster.endpoints.length === 0 ? 0n : await stakeToBe(reader, node)
  return joinClusterOf(cluster, {stakeMist, nowMs: reader.now()})
}

/**
 * Reads the Cluster again, then as {@link joinClusterFor}.
 * @throws OBJECT_MISSING, RPC_UNREACHABLE, the signal's reason
 */
export async function joinClusterNow(
  reader: ClusterReader,
  node: JoiningNode,
  signal: AbortSignal,
): Promise<JoinCluster> {
  const {client, url} = reader
  const cluster = await withRpcErrors(url, () => readCluster(client, node.cluster.id, signal))
  return joinClusterFor(reader, {...node, cluster})
}

async function stakeToBe(reader: ClusterReader, {cluster, nodeName, amount}: JoiningNode): Promise<bigint> {
  const {client, url, owner} = reader
  const subject = {kind: 'node', name: nodeName} as const
  const holding = owner && (await readHolding({client, url, owner, cluster: cluster.id, subject}))
  if (!holding || !holding.ticket) return amount ?? cluster.minStake[0] ?? 0n
  const {stake} = holding.ticket
  return (await withRpcErrors(url, () => readStake(client, stake))).balance
}
