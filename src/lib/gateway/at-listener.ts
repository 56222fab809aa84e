import type {GatewayCluster} from './chain-port.ts'
import type {FreshView} from './fresh-view.ts'

/**
 * Does something at the listener by what the Cluster object says of it. Where that fails and the object names another
 * key or other URLs by now (a listener that lost its state, or moved), it is done once more by those.
 * @param act is safe to do twice where it fails as `mayRepeat` says
 */
export async function atListener<T>(
  view: FreshView<GatewayCluster>,
  act: (cluster: GatewayCluster) => Promise<T>,
  mayRepeat: (error: unknown) => boolean,
): Promise<T> {
  const known = await view.get()
  try {
    return await act(known)
  } catch (error) {
    if (!mayRepeat(error)) throw error
    const present = await view.again()
    if (whereabouts(present) === whereabouts(known)) throw error
    return act(present)
  }
}

function whereabouts({listenerUrls, listenerTlsPin}: GatewayCluster): string {
  const pins = listenerTlsPin instanceof Uint8Array ? [listenerTlsPin] : listenerTlsPin
  return [...listenerUrls, ...pins.map((pin) => Buffer.from(pin).toString('hex'))].join(' ')
}
