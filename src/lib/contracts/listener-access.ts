import type {ListenerInfo} from './cluster-info.ts'

/**
 * Where a stake finds the listener: the endpoint of the largest minimum that it reaches, as `listener::urls_for` says,
 * then the common URLs, so that a tier whose endpoint is down is still served.
 * @param stakeMist what is staked; 0n for who has no stake
 */
export function listenerUrlsFor(
  cluster: Pick<ListenerInfo, 'listenerUrls' | 'endpoints'>,
  stakeMist: bigint,
): string[] {
  const own = cluster.endpoints.findLast(({minStake}) => minStake <= stakeMist)?.urls ?? []
  return [...new Set([...own, ...cluster.listenerUrls])]
}

/**
 * The TLS keys by which the listener is known: its present one and, for the overlap after a new one was announced, the
 * one before.
 * @param nowMs Unix time
 * @returns SHA-256 of their SPKI DER, the present one first; none before the first announcement
 */
export function listenerPinsOf(
  cluster: Pick<ListenerInfo, 'listenerTlsPin' | 'previousTlsPin' | 'previousUntilMs'>,
  nowMs: number,
): Uint8Array[] {
  const overlaps = cluster.previousUntilMs > BigInt(nowMs)
  const pins = [cluster.listenerTlsPin, ...(overlaps ? [cluster.previousTlsPin] : [])]
  return pins.filter(({length}) => length > 0)
}
