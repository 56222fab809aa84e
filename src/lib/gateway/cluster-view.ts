import type {GatewayCluster} from './chain-port.ts'

/** How old the Cluster object may be, ms: after that a listener's new key or a pause is seen. */
const FRESH_MS = 30_000

/**
 * The Cluster object, read again where it is older than 30 s; once for all who ask at the same time.
 * @param first what was read at the start
 * @param now Unix time, ms
 */
export function createClusterView(
  first: GatewayCluster,
  read: () => Promise<GatewayCluster>,
  now: () => number,
): () => Promise<GatewayCluster> {
  let view = {cluster: first, readAtMs: now()}
  let reading: Promise<GatewayCluster> | undefined
  const readAgain = async (): Promise<GatewayCluster> => {
    try {
      const cluster = await read()
      view = {cluster, readAtMs: now()}
      return cluster
    } finally {
      reading = undefined
    }
  }

  return async () => {
    // A cluster that could not be used is looked at again at once: it may have been announced or unpaused.
    const usable = !view.cluster.paused && view.cluster.listenerHpkeKey.length > 0
    if (usable && now() - view.readAtMs < FRESH_MS) return view.cluster
    reading ??= readAgain()
    return reading
  }
}
