import type {Transaction} from '@mysten/sui/transactions'
import * as nodes from '../generated/daas/node_registry.ts'
import type {ClusterCall, ObjectRef} from './call.ts'

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

/** Frees the name of an evicted worker, as the administrator, and deletes the worker. */
export function releaseName(
  tx: Transaction,
  params: ClusterCall & {registry: ObjectRef; cap: ObjectRef; worker: ObjectRef},
): void {
  const {packageId, registry, cluster: object, cap, worker} = params
  nodes.releaseName({package: packageId, arguments: {registry, cluster: object, cap, worker}})(tx)
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
