import type {ClientWithCoreApi} from '@mysten/sui/client'
import type {Transaction} from '@mysten/sui/transactions'
import type {ClusterInfo} from './cluster-info.ts'
import {ListenerCap} from './generated/daas/cluster.ts'
import * as heartbeat from './generated/daas/heartbeat.ts'
import {readObject, type RawObject} from './objects.ts'
import {DaasError} from '../errors/daas-error.ts'
import type {ClusterCall, ObjectRef} from './transactions/call.ts'

/** How a listener is, in the order of the numbers on chain. */
const STATUSES = ['unknown', 'serving', 'draining', 'stopped'] as const

/** How a listener is, as its ListenerCap tells; `unknown` until it has said so. */
export type ListenerStatus = (typeof STATUSES)[number]

/** What a ListenerCap tells of its listener. */
export interface ListenerCapInfo {
  readonly id: string
  readonly cluster: string
  readonly status: ListenerStatus
  /** ms since 1970; 0 before the first. */
  readonly lastHeartbeatMs: bigint
}

/** The listener says that it lives, and how; fits into any of its transactions. */
export function beat(
  tx: Transaction,
  params: ClusterCall & {cap: ObjectRef; status: Exclude<ListenerStatus, 'unknown'>},
): void {
  heartbeat.beat({
    package: params.packageId,
    arguments: {cap: params.cap, cluster: params.cluster, status: STATUSES.indexOf(params.status)},
  })(tx)
}

/**
 * How all listeners of a cluster are, in the order of its ListenerCaps (16 at most); `unknown` where a ListenerCap is
 * wrapped in another object, or deleted.
 */
export async function readListenerCaps(
  client: ClientWithCoreApi,
  cluster: Pick<ClusterInfo, 'id' | 'listenerCaps'>,
  signal?: AbortSignal,
): Promise<ListenerCapInfo[]> {
  return Promise.all(
    cluster.listenerCaps.map(async (cap): Promise<ListenerCapInfo> => {
      const object = await readObject(client, cap, 'cluster::ListenerCap', signal).catch(unlessMissing)
      if (!object) return {id: cap, cluster: cluster.id, status: 'unknown', lastHeartbeatMs: 0n}
      const {id, content} = object
      const raw = ListenerCap.parse(content)
      const status = STATUSES[raw.status] ?? 'unknown'
      return {id, cluster: raw.cluster, status, lastHeartbeatMs: BigInt(raw.last_heartbeat_ms)}
    }),
  )
}

function unlessMissing(error: unknown): RawObject | undefined {
  if (error instanceof DaasError && error.errorName === 'OBJECT_MISSING') return undefined
  throw error
}
