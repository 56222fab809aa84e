import {listenerInfo, settingsInfo} from './cluster-info.ts'
import * as cluster from './generated/daas/cluster.ts'
import * as grants from './generated/daas/grants.ts'
import * as heartbeat from './generated/daas/heartbeat.ts'
import * as gateway from './generated/daas/k8s_gateway.ts'
import * as nodes from './generated/daas/node_registry.ts'
import * as seals from './generated/daas/seal_token.ts'
import * as sessions from './generated/daas/sessions.ts'
import * as staking from './generated/daas/staking.ts'

/** An event of the chain as it comes. */
export interface RawEvent {
  /** Full type: `<package>::<module>::<Name>`. */
  readonly type: string
  readonly bcs: Uint8Array
}

const bytes = (raw: readonly number[]): Uint8Array => Uint8Array.from(raw)
const list = (raw: readonly (readonly number[])[]): Uint8Array[] => raw.map(bytes)

/**
 * How each event is read, by `module::Name`. Ids and addresses are `0x` and 64 hex digits, amounts MIST, times ms.
 * The fields are those of the Move structs, in camelCase.
 */
const DECODERS = {
  'cluster::ClusterCreated': (data: Uint8Array) => {
    const raw = cluster.ClusterCreated.parse(data)
    return {
      $kind: 'ClusterCreated' as const,
      cluster: raw.cluster,
      admin: raw.admin,
      name: raw.name,
      registry: raw.registry,
      createdAtMs: BigInt(raw.created_at_ms),
      settings: settingsInfo(raw.settings),
      listener: listenerInfo(raw.listener),
      version: BigInt(raw.version),
      versionPackageId: raw.package,
    }
  },
  'cluster::ClusterMigrated': (data: Uint8Array) => {
    const raw = cluster.ClusterMigrated.parse(data)
    return {
      $kind: 'ClusterMigrated' as const,
      cluster: raw.cluster,
      from: BigInt(raw.from),
      to: BigInt(raw.to),
      versionPackageId: raw.package,
    }
  },
  'cluster::ListenerCapCreated': (data: Uint8Array) => {
    const {cluster: id, cap, recipient} = cluster.ListenerCapCreated.parse(data)
    return {$kind: 'ListenerCapCreated' as const, cluster: id, cap, recipient}
  },
  'cluster::ListenerCapRevoked': (data: Uint8Array) => {
    const {cluster: id, cap} = cluster.ListenerCapRevoked.parse(data)
    return {$kind: 'ListenerCapRevoked' as const, cluster: id, cap}
  },
  'cluster::SealForgotten': (data: Uint8Array) => {
    const {cluster: id, seal} = cluster.SealForgotten.parse(data)
    return {$kind: 'SealForgotten' as const, cluster: id, seal}
  },
  'cluster::ListenerAnnounced': (data: Uint8Array) => {
    const raw = cluster.ListenerAnnounced.parse(data)
    return {
      $kind: 'ListenerAnnounced' as const,
      cluster: raw.cluster,
      keyEpoch: BigInt(raw.key_epoch),
      listener: listenerInfo(raw.listener),
    }
  },
  'cluster::SealRevokedByAdmin': (data: Uint8Array) => {
    const raw = cluster.SealRevokedByAdmin.parse(data)
    return {
      $kind: 'SealRevokedByAdmin' as const,
      cluster: raw.cluster,
      seal: raw.seal,
      revokedAtMs: BigInt(raw.revoked_at_ms),
      untilMs: BigInt(raw.until_ms),
    }
  },
  'cluster::ClusterUpdated': (data: Uint8Array) => {
    const raw = cluster.ClusterUpdated.parse(data)
    return {
      $kind: 'ClusterUpdated' as const,
      cluster: raw.cluster,
      what: raw.what,
      settings: settingsInfo(raw.settings),
    }
  },
  'grants::PermissionGranted': (data: Uint8Array) => {
    const raw = grants.PermissionGranted.parse(data)
    return {
      $kind: 'PermissionGranted' as const,
      grant: raw.grant,
      cluster: raw.cluster,
      user: raw.user,
      permissions: raw.permissions,
      namespaces: raw.namespaces,
      grantedAtMs: BigInt(raw.granted_at_ms),
      expiresAtMs: BigInt(raw.expires_at_ms),
    }
  },
  'grants::PermissionRevoked': (data: Uint8Array) => {
    const {grant, cluster: id, user} = grants.PermissionRevoked.parse(data)
    return {$kind: 'PermissionRevoked' as const, grant, cluster: id, user}
  },
  'grants::PermissionPruned': (data: Uint8Array) => {
    const {grant, cluster: id} = grants.PermissionPruned.parse(data)
    return {$kind: 'PermissionPruned' as const, grant, cluster: id}
  },
  'grants::TicketDiscarded': (data: Uint8Array) => {
    const {grant, cluster: id} = grants.TicketDiscarded.parse(data)
    return {$kind: 'TicketDiscarded' as const, grant, cluster: id}
  },
  'staking::StakeCreated': (data: Uint8Array) => {
    const raw = staking.StakeCreated.parse(data)
    return {
      $kind: 'StakeCreated' as const,
      stake: raw.stake,
      cluster: raw.cluster,
      staker: raw.staker,
      amount: BigInt(raw.amount),
      stakeType: raw.stake_type,
      nodeId: raw.node_id,
      lockedUntilMs: BigInt(raw.locked_until_ms),
      stakedAtMs: BigInt(raw.staked_at_ms),
    }
  },
  'staking::StakeAdded': (data: Uint8Array) => {
    const raw = staking.StakeAdded.parse(data)
    const {stake, cluster: id} = raw
    return {
      $kind: 'StakeAdded' as const,
      stake,
      cluster: id,
      amount: BigInt(raw.amount),
      total: BigInt(raw.total),
    }
  },
  'staking::UnstakeRequested': (data: Uint8Array) => {
    const raw = staking.UnstakeRequested.parse(data)
    return {
      $kind: 'UnstakeRequested' as const,
      stake: raw.stake,
      cluster: raw.cluster,
      atMs: BigInt(raw.at_ms),
      unbondingUntilMs: BigInt(raw.unbonding_until_ms),
    }
  },
  'staking::StakeWithdrawn': (data: Uint8Array) => {
    const raw = staking.StakeWithdrawn.parse(data)
    const {stake, cluster: id, staker} = raw
    return {$kind: 'StakeWithdrawn' as const, stake, cluster: id, staker, amount: BigInt(raw.amount)}
  },
  'staking::StakeSlashed': (data: Uint8Array) => {
    const raw = staking.StakeSlashed.parse(data)
    return {
      $kind: 'StakeSlashed' as const,
      stake: raw.stake,
      cluster: raw.cluster,
      amount: BigInt(raw.amount),
      remaining: BigInt(raw.remaining),
      reason: raw.reason,
      unbondingUntilMs: BigInt(raw.unbonding_until_ms),
    }
  },
  'seal_token::SealTokenCreated': (data: Uint8Array) => {
    const raw = seals.SealTokenCreated.parse(data)
    return {
      $kind: 'SealTokenCreated' as const,
      seal: raw.seal,
      cluster: raw.cluster,
      owner: raw.owner,
      stake: raw.stake,
      kind: raw.kind,
      expiresAtMs: BigInt(raw.expires_at_ms),
      createdAtMs: BigInt(raw.created_at_ms),
      stakeAmount: BigInt(raw.stake_amount),
      tokenHash: bytes(raw.token_hash),
      permissions: raw.permissions,
    }
  },
  'seal_token::SealTokenRotated': (data: Uint8Array) => {
    const raw = seals.SealTokenRotated.parse(data)
    return {
      $kind: 'SealTokenRotated' as const,
      seal: raw.seal,
      cluster: raw.cluster,
      revision: BigInt(raw.revision),
      expiresAtMs: BigInt(raw.expires_at_ms),
      stakeAmount: BigInt(raw.stake_amount),
      tokenHash: bytes(raw.token_hash),
      permissions: raw.permissions,
    }
  },
  'seal_token::SealTokenRevoked': (data: Uint8Array) => {
    const raw = seals.SealTokenRevoked.parse(data)
    return {$kind: 'SealTokenRevoked' as const, seal: raw.seal, cluster: raw.cluster}
  },
  'node_registry::WorkerRegistered': (data: Uint8Array) => {
    const raw = nodes.WorkerRegistered.parse(data)
    return {
      $kind: 'WorkerRegistered' as const,
      worker: raw.worker,
      cluster: raw.cluster,
      stake: raw.stake,
      name: raw.name,
      index: BigInt(raw.index),
      owner: raw.owner,
      seal: raw.seal,
      registeredAtMs: BigInt(raw.registered_at_ms),
    }
  },
  'node_registry::WorkerEvicted': (data: Uint8Array) => {
    const {worker, cluster: id, stake, name, reason} = nodes.WorkerEvicted.parse(data)
    return {$kind: 'WorkerEvicted' as const, worker, cluster: id, stake, name, reason}
  },
  'node_registry::WorkerHeartbeat': (data: Uint8Array) => {
    const raw = nodes.WorkerHeartbeat.parse(data)
    return {$kind: 'WorkerHeartbeat' as const, worker: raw.worker, atMs: BigInt(raw.at_ms)}
  },
  'node_registry::LivenessReported': (data: Uint8Array) => {
    const raw = nodes.LivenessReported.parse(data)
    const {cluster: id, bitmap} = raw
    return {$kind: 'LivenessReported' as const, cluster: id, bitmap: bytes(bitmap), atMs: BigInt(raw.at_ms)}
  },
  'node_registry::ScoreSet': (data: Uint8Array) => {
    const raw = nodes.ScoreSet.parse(data)
    return {$kind: 'ScoreSet' as const, worker: raw.worker, score: BigInt(raw.score)}
  },
  'node_registry::WorkerStatusSet': (data: Uint8Array) => {
    const raw = nodes.WorkerStatusSet.parse(data)
    return {$kind: 'WorkerStatusSet' as const, worker: raw.worker, status: raw.status}
  },
  'node_registry::NameReleased': (data: Uint8Array) => {
    const {cluster: id, worker, name} = nodes.NameReleased.parse(data)
    return {$kind: 'NameReleased' as const, cluster: id, worker, name}
  },
  'k8s_gateway::K8sAPIRequest': (data: Uint8Array) => {
    const raw = gateway.K8sAPIRequest.parse(data)
    return {
      $kind: 'K8sAPIRequest' as const,
      request: raw.request,
      cluster: raw.cluster,
      seal: raw.seal,
      stake: raw.stake,
      requester: raw.requester,
      requestId: bytes(raw.request_id),
      verb: raw.verb,
      resource: raw.resource,
      namespace: raw.namespace,
      priority: raw.priority,
      expiresAtMs: BigInt(raw.expires_at_ms),
      permissions: raw.permissions,
      envelope: list(raw.envelope),
    }
  },
  'k8s_gateway::K8sRequestProcessed': (data: Uint8Array) => {
    const raw = gateway.K8sRequestProcessed.parse(data)
    return {
      $kind: 'K8sRequestProcessed' as const,
      request: raw.request,
      cluster: raw.cluster,
      requester: raw.requester,
      requestId: bytes(raw.request_id),
      status: raw.status,
      body: list(raw.body),
      bodyHash: bytes(raw.body_hash),
      bodyLocation: raw.body_location,
      processedAtMs: BigInt(raw.processed_at_ms),
    }
  },
  'k8s_gateway::K8sRequestPruned': (data: Uint8Array) => {
    const {request, cluster: id} = gateway.K8sRequestPruned.parse(data)
    return {$kind: 'K8sRequestPruned' as const, request, cluster: id}
  },
  'heartbeat::ListenerBeat': (data: Uint8Array) => {
    const raw = heartbeat.ListenerBeat.parse(data)
    const {cluster: id, cap, status} = raw
    return {$kind: 'ListenerBeat' as const, cluster: id, cap, status, atMs: BigInt(raw.at_ms)}
  },
  'sessions::SessionEnded': (data: Uint8Array) => {
    const raw = sessions.SessionEnded.parse(data)
    return {
      $kind: 'SessionEnded' as const,
      request: raw.request,
      cluster: raw.cluster,
      requestId: bytes(raw.request_id),
      bytesIn: BigInt(raw.bytes_in),
      bytesOut: BigInt(raw.bytes_out),
      reason: raw.reason,
      endedAtMs: BigInt(raw.ended_at_ms),
    }
  },
}

type Decoders = typeof DECODERS

/** Every event of the package, tagged by its name. */
export type DaasEvent = {[Name in keyof Decoders]: Readonly<ReturnType<Decoders[Name]>>}[keyof Decoders]

/** One event, by its name: `DaasEventOf<'StakeSlashed'>`. */
export type DaasEventOf<Kind extends DaasEvent['$kind']> = Extract<DaasEvent, {$kind: Kind}>

/** `module::Name` of every event that is known. */
export const EVENT_TYPES: readonly string[] = Object.keys(DECODERS)

/**
 * Reads an event.
 * @param event its type and BCS; whose package it is, is for the caller to check
 * @returns undefined for an event that the package does not have
 * @throws where the bytes are not those of the type
 * @example
 * const decoded = decodeEvent(event)
 * if (decoded?.$kind === 'StakeSlashed') evict(decoded.stake)
 */
export function decodeEvent(event: RawEvent): DaasEvent | undefined {
  const name = event.type.slice(event.type.indexOf('::') + 2)
  if (!Object.hasOwn(DECODERS, name)) return undefined
  return DECODERS[name as keyof Decoders](event.bcs)
}
