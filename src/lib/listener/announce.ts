import type {Announcement, ListenerChain, ListenerCluster} from './chain-port.ts'

/**
 * Makes the Cluster object say who listens: announces when anything that stands there differs.
 * @returns the digest of the announcement, or undefined where nothing had to change
 */
export async function announceIfChanged(
  chain: ListenerChain,
  announcement: Announcement,
  signal: AbortSignal,
): Promise<string | undefined> {
  const cluster = await chain.readCluster(signal)
  if (isAnnounced(cluster, announcement)) return undefined
  return (await chain.announce(announcement, signal)).digest
}

function isAnnounced(cluster: ListenerCluster, wanted: Announcement): boolean {
  return (
    cluster.listenerUrls.join('\n') === wanted.listenerUrls.join('\n') &&
    cluster.k3sUrl === wanted.k3sUrl &&
    cluster.k3sVersion === wanted.k3sVersion &&
    Buffer.compare(cluster.hpkeKey, wanted.hpkeKey) === 0 &&
    Buffer.compare(cluster.tlsPin, wanted.tlsPin) === 0 &&
    Buffer.compare(cluster.caHash, wanted.caHash) === 0
  )
}
