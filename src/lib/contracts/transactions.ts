import {bcs} from '@mysten/sui/bcs'
import type {Transaction, TransactionArgument, TransactionResult} from '@mysten/sui/transactions'
import * as administration from './generated/daas/administration.ts'
import * as cluster from './generated/daas/cluster.ts'
import * as gateway from './generated/daas/k8s_gateway.ts'
import * as nodes from './generated/daas/node_registry.ts'
import * as seals from './generated/daas/seal_token.ts'
import * as sessions from './generated/daas/sessions.ts'
import * as staking from './generated/daas/staking.ts'

const MAX_PURE_BYTES = 16_384

/** An object: its id, or a result of a command before. */
export type ObjectRef = string | TransactionArgument

/** What every call names: the published package and the cluster. */
export interface ClusterCall {
  readonly packageId: string
  readonly cluster: ObjectRef
}

/** A time to live and the hash of a token. */
export interface SealParams {
  /** SHA-256 of the token's text, 32 bytes. */
  readonly tokenHash: Uint8Array
  /** ms; the chain cuts it to the cluster's limit. */
  readonly ttlMs: bigint
}

/** What a listener announces. */
export interface AnnouncementParams {
  readonly listenerUrls: readonly string[]
  /** X25519 public key, 32 bytes. */
  readonly hpkeKey: Uint8Array
  /** SHA-256 of the SPKI DER of its TLS key. */
  readonly tlsPin: Uint8Array
  readonly k3sUrl: string
  /** 32 bytes, or empty. */
  readonly caHash: Uint8Array
  readonly k3sVersion: string
}

/** Creates a cluster and gives its AdminCap to `recipient`; Cluster and NodeRegistry are shared. */
export function createCluster(
  tx: Transaction,
  params: {packageId: string; name: string; k3sVersion: string; recipient: string},
): void {
  const call = cluster.create({
    package: params.packageId,
    arguments: {name: params.name, k3sVersion: params.k3sVersion},
  })
  tx.transferObjects([call(tx)], params.recipient)
}

/** Makes a ListenerCap for `recipient`. */
export function createListenerCap(
  tx: Transaction,
  params: ClusterCall & {cap: ObjectRef; recipient: string},
): void {
  cluster.createListenerCap({
    package: params.packageId,
    arguments: {cluster: params.cluster, cap: params.cap, recipient: params.recipient},
  })(tx)
}

/** Announces a listener. */
export function announceListener(
  tx: Transaction,
  params: ClusterCall & AnnouncementParams & {cap: ObjectRef},
): void {
  cluster.announceListener({
    package: params.packageId,
    arguments: {
      cluster: params.cluster,
      cap: params.cap,
      listenerUrls: [...params.listenerUrls],
      hpkeKey: [...params.hpkeKey],
      tlsPin: [...params.tlsPin],
      k3sUrl: params.k3sUrl,
      caHash: [...params.caHash],
      k3sVersion: params.k3sVersion,
    },
  })(tx)
}

/** Pauses a cluster or opens it again. */
export function setPaused(tx: Transaction, params: ClusterCall & {cap: ObjectRef; paused: boolean}): void {
  const {packageId, cluster: object, cap, paused} = params
  administration.setPaused({package: packageId, arguments: {cluster: object, cap, paused}})(tx)
}

/** Stakes `amount` MIST of the gas coin for a node and shares the stake; the sender gets the ticket. */
export function stakeForNode(tx: Transaction, params: ClusterCall & {amount: bigint; nodeId: string}): void {
  share(tx, params.packageId, nodeStake(tx, params))
}

/** Stakes `amount` MIST of the gas coin for a user and shares the stake; the sender gets the ticket. */
export function stakeForUser(tx: Transaction, params: ClusterCall & {amount: bigint}): void {
  share(tx, params.packageId, userStake(tx, params))
}

/** Stakes for a node, seals the stake and shares it, all in one. Ticket and seal go to the sender. */
export function stakeAndSeal(
  tx: Transaction,
  params: ClusterCall & SealParams & {amount: bigint; nodeId: string},
): void {
  const stake = nodeStake(tx, params)
  createWorkerSeal(tx, {...params, stake})
  share(tx, params.packageId, stake)
}

/** As `stakeAndSeal`, for a user. */
export function stakeAndSealForUser(
  tx: Transaction,
  params: ClusterCall & SealParams & {amount: bigint},
): void {
  const stake = userStake(tx, params)
  createUserSeal(tx, {...params, stake})
  share(tx, params.packageId, stake)
}

/** Seals a node's stake; the seal goes to the sender. */
export function createWorkerSeal(
  tx: Transaction,
  params: ClusterCall & SealParams & {stake: ObjectRef},
): void {
  seals.createWorkerSealToken({package: params.packageId, arguments: sealArguments(params)})(tx)
}

/** Seals a user's or administrator's stake; the seal goes to the sender. */
export function createUserSeal(tx: Transaction, params: ClusterCall & SealParams & {stake: ObjectRef}): void {
  seals.createUserSealToken({package: params.packageId, arguments: sealArguments(params)})(tx)
}

/** Gives a seal a new token and a new time to live. */
export function rotateSeal(
  tx: Transaction,
  params: ClusterCall & SealParams & {seal: ObjectRef; stake: ObjectRef},
): void {
  seals.rotate({package: params.packageId, arguments: {seal: params.seal, ...sealArguments(params)}})(tx)
}

/** Ends a seal as its owner. */
export function revokeSeal(tx: Transaction, params: {packageId: string; seal: ObjectRef}): void {
  seals.revoke({package: params.packageId, arguments: {seal: params.seal}})(tx)
}

/** Says that a stake is to be withdrawn. */
export function requestUnstake(tx: Transaction, params: ClusterCall & {stake: ObjectRef}): void {
  staking.requestUnstake({
    package: params.packageId,
    arguments: {cluster: params.cluster, stake: params.stake},
  })(tx)
}

/** Withdraws what is left of a stake to `recipient`; ends stake and ticket. */
export function withdrawStake(
  tx: Transaction,
  params: ClusterCall & {stake: ObjectRef; ticket: ObjectRef; recipient: string},
): void {
  const call = staking.withdrawStake({
    package: params.packageId,
    arguments: {cluster: params.cluster, stake: params.stake, ticket: params.ticket},
  })
  tx.transferObjects([call(tx)], params.recipient)
}

/** Slashes a stake by the cluster's share, or by `amount` MIST. */
export function slashStake(
  tx: Transaction,
  params: ClusterCall & {cap: ObjectRef; stake: ObjectRef; reason: string; amount?: bigint},
): void {
  const {packageId, amount} = params
  const args = {cluster: params.cluster, cap: params.cap, stake: params.stake, reason: params.reason}
  if (amount === undefined) staking.slashStake({package: packageId, arguments: args})(tx)
  else staking.slashStakeAmount({package: packageId, arguments: {...args, amount}})(tx)
}

/** Registers the node of a stake. `registry` is the cluster's NodeRegistry. */
export function registerWorker(
  tx: Transaction,
  params: ClusterCall & {registry: ObjectRef; cap: ObjectRef; stake: ObjectRef; seal: string},
): void {
  nodes.registerWorker({
    package: params.packageId,
    arguments: {
      registry: params.registry,
      cluster: params.cluster,
      cap: params.cap,
      stake: params.stake,
      seal: params.seal,
    },
  })(tx)
}

/** Evicts a worker, for good. */
export function evictWorker(
  tx: Transaction,
  params: ClusterCall & {registry: ObjectRef; cap: ObjectRef; worker: ObjectRef; reason: string},
): void {
  const {packageId, registry, cluster: object, cap, worker, reason} = params
  nodes.evictWorker({package: packageId, arguments: {registry, cluster: object, cap, worker, reason}})(tx)
}

/** Says as the owner of a worker that it lives. */
export function heartbeat(tx: Transaction, params: ClusterCall & {worker: ObjectRef}): void {
  const {packageId, cluster: object, worker} = params
  nodes.heartbeat({package: packageId, arguments: {worker, cluster: object}})(tx)
}

/** Records that a worker is registered (0), ready (1) or offline (2). */
export function setWorkerStatus(
  tx: Transaction,
  params: ClusterCall & {cap: ObjectRef; worker: ObjectRef; status: number},
): void {
  const {packageId, worker, cluster: object, cap, status} = params
  nodes.setStatus({package: packageId, arguments: {worker, cluster: object, cap, status}})(tx)
}

/** Reports who lives: bit `index % 8` of byte `index / 8`. */
export function reportLiveness(
  tx: Transaction,
  params: ClusterCall & {cap: ObjectRef; bitmap: Uint8Array},
): void {
  nodes.reportLiveness({
    package: params.packageId,
    arguments: {cluster: params.cluster, cap: params.cap, bitmap: [...params.bitmap]},
  })(tx)
}

/** Adds `amount` MIST of the gas coin to an active stake. */
export function addStake(tx: Transaction, params: ClusterCall & {stake: ObjectRef; amount: bigint}): void {
  staking.addStake({
    package: params.packageId,
    arguments: {cluster: params.cluster, stake: params.stake, payment: payment(tx, params.amount)},
  })(tx)
}

/**
 * Asks for a command to be carried out; the request object is shared by the chain. `stake` is what the seal was made
 * of: with `granted`, a UserPermission.
 */
export function executeKubectl(
  tx: Transaction,
  params: ClusterCall & {
    seal: ObjectRef
    stake: ObjectRef
    /** 16 bytes. */
    requestId: Uint8Array
    verb: string
    resource: string
    /** '' = cluster scope. */
    namespace: string
    /** Chunks of at most 16000 bytes. */
    envelope: readonly Uint8Array[]
    /** 0 (interactive) to 3. */
    priority: number
    /** Whether the seal is of a grant (kind 3). */
    granted?: boolean
  },
): void {
  const {packageId, stake} = params
  const call = {
    cluster: params.cluster,
    seal: params.seal,
    requestId: [...params.requestId],
    verb: params.verb,
    resource: params.resource,
    namespace: params.namespace,
    envelope: chunks(tx, params.envelope),
    priority: params.priority,
  }
  if (params.granted) {
    gateway.executeGrantedCommandWithId({package: packageId, arguments: {...call, grant: stake}})(tx)
  } else {
    gateway.executeKubectlCommandWithId({package: packageId, arguments: {...call, stake}})(tx)
  }
}

/** Answers a request: with the sealed body, or with its hash and where it is. */
export function storeResponse(
  tx: Transaction,
  params: ClusterCall & {
    request: ObjectRef
    cap: ObjectRef
    status: number
    body: readonly Uint8Array[]
    /** SHA-256 of the sealed body. */
    bodyHash: Uint8Array
    /** '' = on chain. */
    bodyLocation: string
  },
): void {
  gateway.storeK8sResponse({
    package: params.packageId,
    arguments: {
      request: params.request,
      cluster: params.cluster,
      cap: params.cap,
      status: params.status,
      body: chunks(tx, params.body),
      bodyHash: [...params.bodyHash],
      bodyLocation: params.bodyLocation,
    },
  })(tx)
}

/** Records that a session is over; its start is the request. */
export function endSession(
  tx: Transaction,
  params: ClusterCall & {
    cap: ObjectRef
    /** Object id of the KubectlRequest, which may be gone. */
    request: string
    /** 16 bytes. */
    requestId: Uint8Array
    /** From the requester to the cluster. */
    bytesIn: number | bigint
    /** From the cluster to the requester. */
    bytesOut: number | bigint
    /** 0 to 7, as `SessionEnded` of sessions.move says. */
    reason: number
  },
): void {
  sessions.endSession({
    package: params.packageId,
    arguments: {
      cluster: params.cluster,
      cap: params.cap,
      request: params.request,
      requestId: [...params.requestId],
      bytesIn: params.bytesIn,
      bytesOut: params.bytesOut,
      reason: params.reason,
    },
  })(tx)
}

/** Deletes a request whose time is over; the sender gets the storage rebate. */
export function pruneRequest(tx: Transaction, params: {packageId: string; request: ObjectRef}): void {
  gateway.prune({package: params.packageId, arguments: {request: params.request}})(tx)
}

function nodeStake(
  tx: Transaction,
  params: ClusterCall & {amount: bigint; nodeId: string},
): TransactionResult {
  return staking.stakeForNode({
    package: params.packageId,
    arguments: {cluster: params.cluster, payment: payment(tx, params.amount), nodeId: params.nodeId},
  })(tx)
}

function userStake(tx: Transaction, params: ClusterCall & {amount: bigint}): TransactionResult {
  return staking.stakeForUser({
    package: params.packageId,
    arguments: {cluster: params.cluster, payment: payment(tx, params.amount)},
  })(tx)
}

/** A pure input may have 16 KiB at most: more is put together of one input per chunk. */
function chunks(tx: Transaction, parts: readonly Uint8Array[]): TransactionArgument {
  const size = parts.reduce((sum, part) => sum + part.length + 4, 4)
  if (size <= MAX_PURE_BYTES) return tx.pure(bcs.vector(bcs.byteVector()).serialize([...parts]))
  const elements = parts.map((part) => tx.pure(bcs.byteVector().serialize(part)))
  return tx.makeMoveVec({type: 'vector<u8>', elements})
}

function payment(tx: Transaction, amount: bigint): TransactionResult {
  return tx.splitCoins(tx.gas, [amount])
}

function share(tx: Transaction, packageId: string, stake: TransactionResult): void {
  staking.shareStake({package: packageId, arguments: {stake}})(tx)
}

function sealArguments(params: ClusterCall & SealParams & {stake: ObjectRef}) {
  const {stake, tokenHash, ttlMs} = params
  return {cluster: params.cluster, stake, tokenHash: [...tokenHash], ttlMs}
}
