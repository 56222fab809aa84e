import * as gateway from './generated/daas/k8s_gateway.ts'
import * as nodes from './generated/daas/node_registry.ts'
import * as registry from './generated/daas/registry.ts'
import * as seals from './generated/daas/seal_token.ts'
import * as staking from './generated/daas/staking.ts'
import type {RawObject} from './objects.ts'

/** A Stake object. Amounts in MIST, times in ms. */
export interface StakeInfo {
  readonly id: string
  readonly packageId: string
  readonly cluster: string
  readonly staker: string
  readonly balance: bigint
  readonly stakedAtMs: bigint
  readonly lockedUntilMs: bigint
  /** 0 active, 1 unbonding, 2 slashed. */
  readonly status: number
  /** '' unless it is a node's. */
  readonly nodeId: string
  /** 0 node, 1 user, 2 admin. */
  readonly stakeType: number
  readonly totalSlashed: bigint
  /** 0 while unbonding has not begun. */
  readonly unbondingUntilMs: bigint
}

/** A StakeTicket object. */
export interface StakeTicketInfo {
  readonly id: string
  readonly packageId: string
  readonly stake: string
  readonly cluster: string
  readonly nodeId: string
  /** 0 node, 1 user, 2 admin. */
  readonly stakeType: number
}

/** A SealToken object. */
export interface SealInfo {
  readonly id: string
  readonly packageId: string
  readonly cluster: string
  readonly owner: string
  /** What it was made of: a Stake, or a UserPermission where `kind` is 3. */
  readonly stake: string
  /** MIST. */
  readonly stakeAmount: bigint
  /** 0 worker, 1 user, 2 admin, 3 user by a grant, 4 operator of a node. */
  readonly kind: number
  /** SHA-256 of the token's text. */
  readonly tokenHash: Uint8Array
  readonly permissions: string[]
  readonly createdAtMs: bigint
  readonly expiresAtMs: bigint
  readonly revision: bigint
  readonly requestCount: bigint
}

/** A NodeRegistry object. */
export interface RegistryInfo {
  readonly id: string
  readonly packageId: string
  readonly cluster: string
  /** Id of the table of names. */
  readonly names: string
  /** Id of the table of stakes. */
  readonly stakes: string
  readonly nextIndex: bigint
}

/** A WorkerNode object. */
export interface WorkerInfo {
  readonly id: string
  readonly packageId: string
  readonly cluster: string
  readonly owner: string
  readonly stake: string
  readonly seal: string
  readonly name: string
  readonly index: bigint
  readonly score: bigint
  /** 0 registered, 1 ready, 2 offline, 3 evicted. */
  readonly status: number
  readonly registeredAtMs: bigint
  readonly lastHeartbeatMs: bigint
}

/** A KubectlRequest object. */
export interface RequestInfo {
  readonly id: string
  readonly packageId: string
  readonly cluster: string
  readonly seal: string
  readonly requester: string
  readonly requestId: Uint8Array
  readonly priority: number
  readonly createdAtMs: bigint
  readonly expiresAtMs: bigint
  readonly answered: boolean
  /** HTTP status; 0 until it is answered. */
  readonly status: number
  readonly respondedAtMs: bigint
  readonly responseExpiresAtMs: bigint
  /** SHA-256 of the sealed body; empty until it is answered. */
  readonly responseHash: Uint8Array
}

/** Reads the BCS of a Stake. */
export function stakeInfo({id, packageId, content}: RawObject): StakeInfo {
  const raw = staking.Stake.parse(content)
  return {
    id,
    packageId,
    cluster: raw.cluster,
    staker: raw.staker,
    balance: BigInt(raw.balance.value),
    stakedAtMs: BigInt(raw.staked_at_ms),
    lockedUntilMs: BigInt(raw.locked_until_ms),
    status: raw.status,
    nodeId: raw.node_id,
    stakeType: raw.stake_type,
    totalSlashed: BigInt(raw.total_slashed),
    unbondingUntilMs: BigInt(raw.unbonding_until_ms),
  }
}

/** Reads the BCS of a StakeTicket. */
export function stakeTicketInfo({id, packageId, content}: RawObject): StakeTicketInfo {
  const raw = staking.StakeTicket.parse(content)
  return {
    id,
    packageId,
    stake: raw.stake,
    cluster: raw.cluster,
    nodeId: raw.node_id,
    stakeType: raw.stake_type,
  }
}

/** Reads the BCS of a SealToken. */
export function sealInfo({id, packageId, content}: RawObject): SealInfo {
  const raw = seals.SealToken.parse(content)
  return {
    id,
    packageId,
    cluster: raw.cluster,
    owner: raw.owner,
    stake: raw.stake,
    stakeAmount: BigInt(raw.stake_amount),
    kind: raw.kind,
    tokenHash: Uint8Array.from(raw.token_hash),
    permissions: raw.permissions,
    createdAtMs: BigInt(raw.created_at_ms),
    expiresAtMs: BigInt(raw.expires_at_ms),
    revision: BigInt(raw.revision),
    requestCount: BigInt(raw.request_count),
  }
}

/** Reads the BCS of a NodeRegistry. */
export function registryInfo({id, packageId, content}: RawObject): RegistryInfo {
  const raw = registry.NodeRegistry.parse(content)
  return {
    id,
    packageId,
    cluster: raw.cluster,
    names: raw.names.id,
    stakes: raw.stakes.id,
    nextIndex: BigInt(raw.next_index),
  }
}

/** Reads the BCS of a WorkerNode. */
export function workerInfo({id, packageId, content}: RawObject): WorkerInfo {
  const raw = nodes.WorkerNode.parse(content)
  return {
    id,
    packageId,
    cluster: raw.cluster,
    owner: raw.owner,
    stake: raw.stake,
    seal: raw.seal,
    name: raw.name,
    index: BigInt(raw.index),
    score: BigInt(raw.score),
    status: raw.status,
    registeredAtMs: BigInt(raw.registered_at_ms),
    lastHeartbeatMs: BigInt(raw.last_heartbeat_ms),
  }
}

/** Reads the BCS of a KubectlRequest. */
export function requestInfo({id, packageId, content}: RawObject): RequestInfo {
  const raw = gateway.KubectlRequest.parse(content)
  return {
    id,
    packageId,
    cluster: raw.cluster,
    seal: raw.seal,
    requester: raw.requester,
    requestId: Uint8Array.from(raw.request_id),
    priority: raw.priority,
    createdAtMs: BigInt(raw.created_at_ms),
    expiresAtMs: BigInt(raw.expires_at_ms),
    answered: raw.answered,
    status: raw.status,
    respondedAtMs: BigInt(raw.responded_at_ms),
    responseExpiresAtMs: BigInt(raw.response_expires_at_ms),
    responseHash: Uint8Array.from(raw.response_hash),
  }
}
