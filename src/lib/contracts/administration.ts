import {bcs} from '@mysten/sui/bcs'
import type {Transaction} from '@mysten/sui/transactions'
import * as admin from './generated/daas/administration.ts'
import * as cluster from './generated/daas/cluster.ts'
import * as grants from './generated/daas/grants.ts'
import * as nodes from './generated/daas/node_registry.ts'
import type {ClusterCall, ObjectRef} from './transactions/call.ts'

/** A call that needs a capability: the AdminCap, or the ListenerCap for what the listener tells. */
export type AdminCall = ClusterCall & {readonly cap: ObjectRef}

/** Sets minimums (MIST) and locks (ms) for node, user, admin, and what writing needs. */
export function setMinimums(
  tx: Transaction,
  params: AdminCall & {
    minStake: readonly bigint[]
    lockMs: readonly bigint[]
    writeMinStake: bigint
  },
): void {
  const {minStake, lockMs, writeMinStake} = params
  const rest = {minStake: [...minStake], lockMs: [...lockMs], writeMinStake}
  admin.setMinimums({package: params.packageId, arguments: {...target(params), ...rest}})(tx)
}

/** Sets what a verb needs of its own, in MIST; 0 takes that back. */
export function setVerbMinimum(tx: Transaction, params: AdminCall & {verb: string; minStake: bigint}): void {
  const {verb, minStake} = params
  admin.setVerbMinimum({package: params.packageId, arguments: {...target(params), verb, minStake}})(tx)
}

/** Sets how long a stake stays after the wish to withdraw it, in ms. */
export function setUnbonding(tx: Transaction, params: AdminCall & {unbondingMs: bigint}): void {
  const {unbondingMs} = params
  admin.setUnbonding({package: params.packageId, arguments: {...target(params), unbondingMs}})(tx)
}

/** Sets the share of a slash, in 1/10000. */
export function setSlashBps(tx: Transaction, params: AdminCall & {slashBps: bigint}): void {
  const {slashBps} = params
  admin.setSlashBps({package: params.packageId, arguments: {...target(params), slashBps}})(tx)
}

/** Sets who gets what is slashed. */
export function setTreasury(tx: Transaction, params: AdminCall & {treasury: string}): void {
  const {treasury} = params
  admin.setTreasury({package: params.packageId, arguments: {...target(params), treasury}})(tx)
}

/** Sets the tiers, ascending by `minStake`. */
export function setTiers(
  tx: Transaction,
  params: AdminCall & {
    tiers: readonly {readonly minStake: bigint; readonly permissions: readonly string[]}[]
  },
): void {
  const permissions = params.tiers.map((tier) => [...tier.permissions])
  admin.setTiers({
    package: params.packageId,
    arguments: {
      ...target(params),
      minStakes: params.tiers.map(({minStake}) => minStake),
      permissions: tx.pure(bcs.vector(bcs.vector(bcs.string())).serialize(permissions)),
    },
  })(tx)
}

/** Sets how long requests, answers (by priority) and seals live, in ms, and how large an envelope may be. */
export function setTtls(
  tx: Transaction,
  params: AdminCall & {
    requestTtlMs: readonly bigint[]
    responseTtlMs: readonly bigint[]
    maxSealTtlMs: bigint
    maxEnvelopeBytes: bigint
  },
): void {
  const {requestTtlMs, responseTtlMs, maxSealTtlMs, maxEnvelopeBytes} = params
  const rest = {requestTtlMs: [...requestTtlMs], responseTtlMs: [...responseTtlMs]}
  admin.setTtls({
    package: params.packageId,
    arguments: {...target(params), ...rest, maxSealTtlMs, maxEnvelopeBytes},
  })(tx)
}

/** Sets how long the listener's previous keys stay good, in ms. */
export function setKeyOverlap(tx: Transaction, params: AdminCall & {keyOverlapMs: bigint}): void {
  const {keyOverlapMs} = params
  admin.setKeyOverlap({package: params.packageId, arguments: {...target(params), keyOverlapMs}})(tx)
}

/** Revokes all seals made before a time, ms since 1970. */
export function revokeSealsBefore(tx: Transaction, params: AdminCall & {atMs: bigint}): void {
  const {atMs} = params
  admin.revokeSealsBefore({package: params.packageId, arguments: {...target(params), atMs}})(tx)
}

/** Revokes one seal. */
export function revokeSealByAdmin(tx: Transaction, params: AdminCall & {seal: string}): void {
  const {seal} = params
  cluster.revokeSeal({package: params.packageId, arguments: {...target(params), seal}})(tx)
}

/** Takes a seal off the revoked list. */
export function forgetSeal(tx: Transaction, params: AdminCall & {seal: string}): void {
  const {seal} = params
  cluster.forgetSeal({package: params.packageId, arguments: {...target(params), seal}})(tx)
}

/** Revokes a ListenerCap. */
export function revokeListenerCap(tx: Transaction, params: AdminCall & {listenerCap: string}): void {
  const {listenerCap} = params
  cluster.revokeListenerCap({package: params.packageId, arguments: {...target(params), listenerCap}})(tx)
}

/** Hands a cluster over to the version of the package that is called, after an upgrade. */
export function migrateCluster(tx: Transaction, params: AdminCall): void {
  cluster.migrate({package: params.packageId, arguments: target(params)})(tx)
}

/** Allows an address what is in `permissions`, in `namespaces`, until `expiresAtMs`. */
export function grantPermission(
  tx: Transaction,
  params: AdminCall & {
    user: string
    /** `verb:resource`. */
    permissions: readonly string[]
    /** Names, or `*`. */
    namespaces: readonly string[]
    /** ms since 1970. */
    expiresAtMs: bigint
  },
): void {
  const {user, permissions, namespaces, expiresAtMs} = params
  const lists = {permissions: [...permissions], namespaces: [...namespaces]}
  grants.grantPermission({
    package: params.packageId,
    arguments: {...target(params), user, ...lists, expiresAtMs},
  })(tx)
}

/** Takes a grant back. */
export function revokePermission(tx: Transaction, params: AdminCall & {grant: ObjectRef}): void {
  const {grant} = params
  grants.revokePermission({package: params.packageId, arguments: {...target(params), grant}})(tx)
}

/** The listener tells where stakes of at least `minStake` MIST find it; ascending. */
export function setEndpoints(
  tx: Transaction,
  params: AdminCall & {
    endpoints: readonly {readonly minStake: bigint; readonly urls: readonly string[]}[]
  },
): void {
  const urls = params.endpoints.map((endpoint) => [...endpoint.urls])
  cluster.setEndpoints({
    package: params.packageId,
    arguments: {
      cluster: params.cluster,
      cap: params.cap,
      minStakes: params.endpoints.map(({minStake}) => minStake),
      urls: tx.pure(bcs.vector(bcs.vector(bcs.string())).serialize(urls)),
    },
  })(tx)
}

/** Scores a worker, 0 to 1000. */
export function setWorkerScore(
  tx: Transaction,
  params: AdminCall & {worker: ObjectRef; score: bigint},
): void {
  const {packageId, worker, cluster: object, cap, score} = params
  nodes.setScore({package: packageId, arguments: {worker, cluster: object, cap, score}})(tx)
}

function target({cluster: object, cap}: AdminCall): {cluster: ObjectRef; cap: ObjectRef} {
  return {cluster: object, cap}
}
