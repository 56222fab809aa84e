import assert from 'node:assert/strict'
import type {ListenerInfo, RevocationInfo, SettingsInfo} from '../../../src/lib/contracts/cluster-info.ts'
import type {DaasEvent} from '../../../src/lib/contracts/events.ts'

type Row = Record<string, unknown>

/** What events alone tell of every object, with the fields that reads give (but for ids of packages). */
export interface Replayed {
  readonly cluster: {
    id: string
    name: string
    version: bigint
    versionPackageId: string
    createdAtMs: bigint
    registry: string
    settings: SettingsInfo
    listener: ListenerInfo
    listenerCaps: string[]
    revokedSeals: string[]
    revocations: RevocationInfo[]
  }
  /** ListenerCap to how its listener is. */
  readonly listeners: Map<string, {status: number; lastHeartbeatMs: bigint}>
  /** Node name that is taken to its worker. */
  readonly names: Map<string, string>
  readonly stakes: Map<string, Row & {balance: bigint; status: number; totalSlashed: bigint}>
  readonly seals: Map<string, Row & {requestCount: bigint}>
  readonly workers: Map<string, Row>
  readonly requests: Map<string, Row & {priority: number}>
  readonly grants: Map<string, Row>
  /** Grant whose ticket is not thrown away to whom it was given. */
  readonly tickets: Map<string, string>
  nextIndex: bigint
}

/** Replays the events of one cluster. */
export function replay(events: readonly DaasEvent[]): Replayed {
  const [first, ...rest] = events
  assert.ok(first?.$kind === 'ClusterCreated')
  const state: Replayed = {
    cluster: {
      id: first.cluster,
      name: first.name,
      version: first.version,
      versionPackageId: first.versionPackageId,
      createdAtMs: first.createdAtMs,
      registry: first.registry,
      settings: first.settings,
      listener: first.listener,
      listenerCaps: [],
      revokedSeals: [],
      revocations: [],
    },
    listeners: new Map(),
    names: new Map(),
    stakes: new Map(),
    seals: new Map(),
    workers: new Map(),
    requests: new Map(),
    grants: new Map(),
    tickets: new Map(),
    nextIndex: 0n,
  }
  for (const event of rest) apply(state, event)
  return state
}

function apply(state: Replayed, event: DaasEvent): void {
  const {cluster, listeners, stakes, seals, workers, requests, grants, names, tickets} = state
  const of = <T>(map: Map<string, T>, id: string): T => map.get(id) ?? assert.fail(`${event.$kind} of ${id}`)
  switch (event.$kind) {
    case 'ClusterMigrated':
      cluster.version = event.to
      cluster.versionPackageId = event.versionPackageId
      break
    case 'ClusterUpdated':
      cluster.settings = event.settings
      break
    case 'ListenerAnnounced':
      cluster.listener = event.listener
      break
    case 'ListenerCapCreated':
      cluster.listenerCaps.push(event.cap)
      listeners.set(event.cap, {status: 0, lastHeartbeatMs: 0n})
      break
    case 'ListenerCapRevoked':
      cluster.listenerCaps = cluster.listenerCaps.filter((id) => id !== event.cap)
      break
    case 'SealRevokedByAdmin':
      cluster.revokedSeals.push(event.seal)
      cluster.revocations.push({seal: event.seal, revokedAtMs: event.revokedAtMs, untilMs: event.untilMs})
      break
    case 'SealForgotten':
      cluster.revokedSeals = cluster.revokedSeals.filter((id) => id !== event.seal)
      cluster.revocations = cluster.revocations.filter(({seal}) => seal !== event.seal)
      break
    case 'ListenerBeat':
      listeners.set(event.cap, {status: event.status, lastHeartbeatMs: event.atMs})
      break
    case 'StakeCreated': {
      const {stake: id, cluster: of, staker, amount: balance, stakedAtMs, lockedUntilMs, nodeId, stakeType} = event
      const none = {status: 0, totalSlashed: 0n, unbondingUntilMs: 0n}
      stakes.set(id, {id, cluster: of, staker, balance, stakedAtMs, lockedUntilMs, nodeId, stakeType, ...none})
      break
    }
    case 'StakeAdded':
      of(stakes, event.stake).balance = event.total
      break
    case 'UnstakeRequested':
      Object.assign(of(stakes, event.stake), {status: 1, unbondingUntilMs: event.unbondingUntilMs})
      break
    case 'StakeSlashed': {
      const stake = of(stakes, event.stake)
      const {remaining: balance, unbondingUntilMs} = event
      const totalSlashed = stake.totalSlashed + event.amount
      Object.assign(stake, {status: 2, balance, unbondingUntilMs, totalSlashed})
      break
    }
    case 'StakeWithdrawn':
      assert.equal(of(stakes, event.stake).balance, event.amount)
      stakes.delete(event.stake)
      break
    case 'SealTokenCreated': {
      const {$kind: _, seal: id, ...fields} = event
      seals.set(id, {id, ...fields, revision: 0n, requestCount: 0n})
      break
    }
    case 'SealTokenRotated': {
      const {$kind: _, seal, ...fields} = event
      Object.assign(of(seals, seal), fields)
      break
    }
    case 'SealTokenRevoked':
      seals.delete(event.seal)
      break
    case 'WorkerRegistered': {
      const {$kind: _, worker: id, ...fields} = event
      const begin = {score: 500n, status: 0, lastHeartbeatMs: event.registeredAtMs}
      workers.set(id, {id, ...fields, ...begin})
      names.set(event.name, id)
      state.nextIndex = event.index + 1n
      break
    }
    case 'WorkerEvicted':
      Object.assign(of(workers, event.worker), {status: 3})
      break
    case 'WorkerHeartbeat':
      Object.assign(of(workers, event.worker), {lastHeartbeatMs: event.atMs})
      break
    case 'NameReleased':
      assert.equal(of(names, event.name), event.worker)
      names.delete(event.name)
      workers.delete(event.worker)
      break
    case 'ScoreSet':
      Object.assign(of(workers, event.worker), {score: event.score})
      break
    case 'WorkerStatusSet':
      Object.assign(of(workers, event.worker), {status: event.status})
      break
    case 'K8sAPIRequest': {
      const {request: id, cluster: ofCluster, seal, requester, requestId, priority, expiresAtMs} = event
      const createdAtMs = expiresAtMs - (cluster.settings.requestTtlMs[priority] ?? 0n)
      const open = {answered: false, status: 0, respondedAtMs: 0n, responseExpiresAtMs: 0n}
      const known = {id, cluster: ofCluster, seal, requester, requestId, priority, createdAtMs, expiresAtMs}
      requests.set(id, {...known, ...open, responseHash: new Uint8Array()})
      of(seals, seal).requestCount++
      break
    }
    case 'K8sRequestProcessed': {
      const request = of(requests, event.request)
      const {status, processedAtMs: respondedAtMs, bodyHash: responseHash} = event
      const responseExpiresAtMs = respondedAtMs + (cluster.settings.responseTtlMs[request.priority] ?? 0n)
      Object.assign(request, {answered: true, status, respondedAtMs, responseExpiresAtMs, responseHash})
      break
    }
    case 'K8sRequestPruned':
      requests.delete(event.request)
      break
    case 'PermissionGranted': {
      const {$kind: _, grant: id, ...fields} = event
      grants.set(id, {id, ...fields, revoked: false})
      tickets.set(id, event.user)
      break
    }
    case 'PermissionRevoked':
      Object.assign(of(grants, event.grant), {revoked: true})
      break
    case 'PermissionPruned':
      grants.delete(event.grant)
      break
    case 'TicketDiscarded':
      tickets.delete(event.grant)
      break
    default:
      // The rest tells of acts that leave nothing in an object.
      assert.ok(['LivenessReported', 'SessionEnded'].includes(event.$kind), event.$kind)
  }
}
