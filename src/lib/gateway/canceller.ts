import {setImmediate} from 'node:timers/promises'
import type {GatewayCluster} from './chain-port.ts'
import {callListener} from './listener-call.ts'

/** What cancelling needs. */
export interface CancellerDeps {
  /** Object id of the SealToken. */
  sealId: string
  /** Gives the text of the seal token. Secret. */
  sealToken(): Promise<string>
}

/** Tells the listener of requests on chain that nobody waits for any more. */
export interface Canceller {
  /** Tells it in the background: what it has not begun it will not execute. */
  cancel(requestId: Uint8Array, cluster: GatewayCluster): void
  /** Resolves when nothing is left to tell; within seconds. */
  idle(): Promise<void>
}

/** Who hung up does not wait for it, but the end of the gateway does, ms. */
const DEADLINE_MS = 2000

/** Makes a canceller. It never throws: a request that cannot be cancelled is executed, as if nobody had asked. */
export function createCanceller({sealId: seal, sealToken}: CancellerDeps): Canceller {
  const running = new Set<Promise<void>>()
  const tell = async (requestId: Uint8Array, cluster: GatewayCluster): Promise<void> => {
    const path = `/v1/requests/${Buffer.from(requestId).toString('hex')}`
    const {listenerUrls, listenerTlsPin: pin} = cluster
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const token = await sealToken()
    for (const base of listenerUrls) {
      const url = new URL(path, base)
      if (url.protocol !== 'https:') continue
      // One that cannot be reached is no reason not to ask the next.
      const status = await callListener({method: 'DELETE', url, pin, seal, token, signal}).catch(() => 0)
      if (status === 200) return
    }
  }

  return {
    cancel(requestId, cluster) {
      if (cluster.listenerUrls.length === 0) return
      // Without a token at hand there is nothing to show to the listener, and nobody left to tell so.
      const telling = tell(requestId, cluster)
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
