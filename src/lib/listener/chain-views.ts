import type {RequestInfo, SealInfo, StakeInfo} from '../contracts/infos.ts'
import {type ClusterInfo, isRevoked} from '../contracts/reads.ts'
import type {ListenerCluster, ListenerSeal, ListenerStake} from './chain-port.ts'

const STATUS = ['active', 'unbonding', 'slashed'] as const
const STAKE_TYPES = ['node', 'user', 'admin'] as const
const SEAL_KINDS = ['worker', 'user', 'admin', 'granted'] as const

/** @param cluster says which seals are revoked */
export function sealView(seal: SealInfo, cluster: ClusterInfo): ListenerSeal {
  return {
    id: seal.id,
    cluster: seal.cluster,
    owner: seal.owner,
    stake: seal.stake,
    kind: SEAL_KINDS[seal.kind] ?? 'user',
    tokenHash: seal.tokenHash,
    expiresAtMs: Number(seal.expiresAtMs),
    revoked: isRevoked(seal, cluster),
  }
}

/** What the listener needs to know of a Stake. */
export function stakeView(stake: StakeInfo): ListenerStake {
  return {
    id: stake.id,
    cluster: stake.cluster,
    staker: stake.staker,
    amountMist: stake.balance,
    status: STATUS[stake.status] ?? 'slashed',
    nodeId: stake.nodeId,
    type: STAKE_TYPES[stake.stakeType] ?? 'user',
  }
}

/** What the listener needs to know of its Cluster. */
export function clusterView(cluster: ClusterInfo): ListenerCluster {
  return {
    id: cluster.id,
    name: cluster.name,
    paused: cluster.paused,
    listenerUrls: cluster.listenerUrls,
    hpkeKey: cluster.listenerHpkeKey,
    tlsPin: cluster.listenerTlsPin,
    previousTlsPin: cluster.previousTlsPin,
    previousUntilMs: Number(cluster.previousUntilMs),
    k3sUrl: cluster.k3sUrl,
    caHash: new Uint8Array(Buffer.from(cluster.caHash, 'hex')),
    k3sVersion: cluster.k3sVersion,
    minNodeStakeMist: cluster.minStake[0] ?? 0n,
    maxEnvelopeBytes: Number(cluster.maxEnvelopeBytes),
  }
}

/** When `k8s_gateway::prune` takes a request, Unix time, ms. */
export function requestEndOf(request: RequestInfo): number {
  return Number(request.answered ? request.responseExpiresAtMs : request.expiresAtMs)
}
