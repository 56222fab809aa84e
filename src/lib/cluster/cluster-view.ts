import type {SuiGrpcClient} from '@mysten/sui/grpc'
import type {EndpointInfo, TierInfo} from '../contracts/cluster-info.ts'
import {readListenerCaps, type ListenerStatus} from '../contracts/heartbeat.ts'
import {readCluster} from '../contracts/reads.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'

/** A value for each kind of stake. */
interface ByKind {
  node: bigint
  user: bigint
  admin: bigint
}

/** A ListenerCap, and how its listener is. */
export interface ListenerView {
  cap: string
  status: ListenerStatus
  /** Absent until it has said so. */
  lastHeartbeat?: string
}

/** A Cluster object as people and scripts read it. Amounts in MIST, times in ms. */
export interface ClusterView {
  cluster: string
  name: string
  /** Defines its types and events. */
  package: string
  /** The version of the package that is called. */
  callPackage: string
  /** Of the contracts: what `daas cluster migrate` raises. */
  version: bigint
  createdAt: string
  listenerUrls: readonly string[]
  /** By stake. */
  endpoints: readonly EndpointInfo[]
  /** The ListenerCaps that are good, and how their listeners say that they are. */
  listeners: readonly ListenerView[]
  keyEpoch: bigint
  /** Absent before the first announcement. */
  announcedAt?: string
  k3sUrl: string
  caHash: string
  k3sVersion: string
  minStakeMist: ByKind
  lockMs: ByKind
  unbondingMs: bigint
  writeMinStakeMist: bigint
  verbMinStakeMist: Readonly<Record<string, bigint>>
  tiers: readonly TierInfo[]
  requestTtlMs: readonly bigint[]
  responseTtlMs: readonly bigint[]
  maxSealTtlMs: bigint
  maxEnvelopeBytes: bigint
  keyOverlapMs: bigint
  slashBps: bigint
  treasury: string
  revokedSeals: readonly string[]
  paused: boolean
}

/** @throws OBJECT_MISSING, OBJECT_WRONG_TYPE, RPC_UNREACHABLE */
export async function viewCluster(client: SuiGrpcClient, url: string, id: string): Promise<ClusterView> {
  const {info, caps} = await withRpcErrors(url, async () => {
    const cluster = await readCluster(client, id)
    return {info: cluster, caps: await readListenerCaps(client, cluster)}
  })
  return {
    cluster: info.id,
    name: info.name,
    package: info.packageId,
    callPackage: info.versionPackageId,
    version: info.version,
    createdAt: isoOf(info.createdAtMs),
    listenerUrls: info.listenerUrls,
    endpoints: info.endpoints,
    listeners: caps.map((cap) => ({
      cap: cap.id,
      status: cap.status,
      ...(cap.lastHeartbeatMs > 0n && {lastHeartbeat: isoOf(cap.lastHeartbeatMs)}),
    })),
    keyEpoch: info.keyEpoch,
    ...(info.announcedAtMs > 0n && {announcedAt: isoOf(info.announcedAtMs)}),
    k3sUrl: info.k3sUrl,
    caHash: info.caHash,
    k3sVersion: info.k3sVersion,
    minStakeMist: byKind(info.minStake),
    lockMs: byKind(info.lockMs),
    unbondingMs: info.unbondingMs,
    writeMinStakeMist: info.writeMinStake,
    verbMinStakeMist: info.verbMinStake,
    tiers: info.tiers,
    requestTtlMs: info.requestTtlMs,
    responseTtlMs: info.responseTtlMs,
    maxSealTtlMs: info.maxSealTtlMs,
    maxEnvelopeBytes: info.maxEnvelopeBytes,
    keyOverlapMs: info.keyOverlapMs,
    slashBps: info.slashBps,
    treasury: info.treasury,
    revokedSeals: info.revokedSeals,
    paused: info.paused,
  }
}

function byKind([node = 0n, user = 0n, admin = 0n]: readonly bigint[]): ByKind {
  return {node, user, admin}
}

function isoOf(ms: bigint): string {
  return new Date(Number(ms)).toISOString()
}
