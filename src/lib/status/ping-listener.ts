import {daasError} from '../errors/daas-error.ts'
import {tlsRequest} from '../k3s/tls-request.ts'
import {createPinnedAgent, type TlsPins} from '../seal/pinned-agent.ts'

const DEADLINE_MS = 5000

/** Where a listener is, and by which keys it is known. */
export interface ListenerAt {
  readonly urls: readonly string[]
  readonly pins: TlsPins
}

/**
 * Asks each URL of a listener for /livez over TLS by the pins of the Cluster object, until one answers.
 * @throws LISTENER_UNREACHABLE
 */
export async function pingListener(listener: ListenerAt, signal: AbortSignal): Promise<void> {
  const agent = createPinnedAgent(listener.pins)
  const reasons: string[] = []
  try {
    for (const base of listener.urls) {
      const request = {url: new URL('/livez', base).href, trust: {kind: 'agent', agent} as const, signal}
      try {
        const {status} = await tlsRequest({...request, timeoutMs: DEADLINE_MS})
        if (status === 200) return
        reasons.push(`${base}: HTTP ${status}`)
      } catch (error) {
        signal.throwIfAborted()
        reasons.push(`${base}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  } finally {
    agent.destroy()
  }

  throw daasError('LISTENER_UNREACHABLE', {reason: reasons.join('; ')})
}
