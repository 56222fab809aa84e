import {setImmediate} from 'node:timers/promises'
import {atListener} from './at-listener.ts'
import type {GatewayCluster} from './chain-port.ts'
import type {FreshView} from './fresh-view.ts'
import {callListener} from './listener-call.ts'

/** What cancelling needs. */
export interface CancellerDeps {
  cluster: FreshView<GatewayCluster>
  /** Object id of the SealToken. */
  sealId: string
  /** Gives the text of the seal token. Secret. */
  sealToken(): Promise<string>
}

/** Tells the listener of requests on chain that nobody waits for any more. */
export interface Canceller {
  /** Tells it in the background: what it has not begun it will not execute. */
  cancel(requestId: Uint8Array): void
  /** Resolves when nothing is left to tell; within seconds. */
  idle(): Promise<void>
}

/** Who hung up does not wait for it, but the end of the gateway does, ms. */
const DEADLINE_MS = 2000

/** Makes a canceller. It never throws: a request that cannot be cancelled is executed, as if nobody had asked. */
export function createCanceller({cluster, sealId: seal, sealToken}: CancellerDeps): Canceller {
  const running = new Set<Promise<void>>()
  const tell = async (requestId: Uint8Array): Promise<void> => {
    const path = `/v1/requests/${Buffer.from(requestId).toString('hex')}`
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const token = await sealToken()
    const tellOne = async ({listenerUrls, listenerTlsPin: pin}: GatewayCluster): Promise<void> => {
      let last: Error | undefined
      for (const base of listenerUrls) {
        const url = new URL(path, base)
        if (url.protocol !== 'https:') continue
        try {
          if ((await callListener({method: 'DELETE', url, pin, seal, token, signal})) === 200) return
        } catch (error) {
          // One that cannot be reached is no reason not to ask the next.
          last = error as Error
        }
      }

      if (last !== undefined) throw last
    }
    await atListener(cluster, tellOne, () => !signal.aborted)
  }

  return {
    cancel(requestId) {
      // Without a token at hand, or a listener that hears, there is nobody left to tell so.
      const telling = tell(requestId)
        .catch(() => undefined)
        .finally(() => running.delete(telling))
      running.add(telling)
    },
    async idle() {
      // What was cut off just now first gets to where it cancels.
      await setImmediate()
      await Promise.all(running)
    },
  }
}
