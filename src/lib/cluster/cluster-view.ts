import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {readCluster} from '../contracts/reads.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'

/** A Cluster object as people and scripts read it. Amounts in MIST. */
export interface ClusterView {
  cluster: string
  name: string
  package: string
  listenerUrls: readonly string[]
  k3sUrl: string
  caHash: string
  k3sVersion: string
  minStakeMist: {node: bigint; user: bigint; admin: bigint}
  slashBps: bigint
  paused: boolean
}

/** @throws OBJECT_MISSING, OBJECT_WRONG_TYPE, RPC_UNREACHABLE */
export async function viewCluster(client: SuiGrpcClient, url: string, id: string): Promise<ClusterView> {
  const info = await withRpcErrors(url, () => readCluster(client, id))
  return {
    cluster: info.id,
    name: info.name,
    package: info.packageId,
    listenerUrls: info.listenerUrls,
    k3sUrl: info.k3sUrl,
    caHash: info.caHash,
    k3sVersion: info.k3sVersion,
    minStakeMist: {node: info.minStake[0] ?? 0n, user: info.minStake[1] ?? 0n, admin: info.minStake[2] ?? 0n},
    slashBps: info.slashBps,
    paused: info.paused,
  }
}
