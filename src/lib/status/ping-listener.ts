import type {ClusterInfo} from '../contracts/reads.ts'
import {daasError} from '../errors/daas-error.ts'
import {tlsRequest} from '../k3s/tls-request.ts'
import {createPinnedAgent} from '../seal/pinned-agent.ts'

const DEADLINE_MS = 5000

/**
 * Asks each announced listener for /livez over TLS pinned by the Cluster object, until one answers.
 * @throws LISTENER_UNREACHABLE
 */
export async function pingListener(
  cluster: Pick<ClusterInfo, 'listenerUrls' | 'listenerTlsPin'>,
  signal: AbortSignal,
): Promise<void> {
  const agent = createPinnedAgent(cluster.listenerTlsPin)
  const reasons: string[] = []
  try {
    for (const base of cluster.listenerUrls) {
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
