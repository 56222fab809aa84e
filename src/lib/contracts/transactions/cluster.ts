import type {Transaction} from '@mysten/sui/transactions'
import * as administration from '../generated/daas/administration.ts'
import * as cluster from '../generated/daas/cluster.ts'
import type {ClusterCall, ObjectRef} from './call.ts'

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

/** Ends the overlap of the listener's keys at once. */
export function dropPreviousKeys(tx: Transaction, params: ClusterCall & {cap: ObjectRef}): void {
  const {packageId, cluster: object, cap} = params
  cluster.dropPreviousKeys({package: packageId, arguments: {cluster: object, cap}})(tx)
}

/** Pauses a cluster or opens it again. */
export function setPaused(tx: Transaction, params: ClusterCall & {cap: ObjectRef; paused: boolean}): void {
  const {packageId, cluster: object, cap, paused} = params
  administration.setPaused({package: packageId, arguments: {cluster: object, cap, paused}})(tx)
}
