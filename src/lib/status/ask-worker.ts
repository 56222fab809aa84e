import type {SealInfo} from '../contracts/reads.ts'
import {createListenerClient} from '../k3s/register.ts'
import type {WorkerStatus} from '../seal/registration.ts'
import type {TokenStore} from '../stake/token-store.ts'
import type {ListenerAt} from './ping-listener.ts'

/** For all URLs together: the rest of the picture does not wait for a listener that is down. */
const DEADLINE_MS = 5000

/** Which node is asked about, and by which seal. */
export interface WorkerQuestion {
  readonly listener: ListenerAt
  readonly nodeName: string
  readonly seal: Pick<SealInfo, 'id' | 'tokenHash'>
}

/**
 * Asks the listener how a node of this machine's user is; it tells only who has the token of the node's seal.
 * @returns undefined where the token is not on this machine
 * @throws LISTENER_UNREACHABLE, LISTENER_REFUSED, TLS_PIN_MISMATCH, a TimeoutError, the signal's reason
 */
export async function askWorker(
  {tokens, signal}: {readonly tokens: Pick<TokenStore, 'find'>; readonly signal: AbortSignal},
  {listener, nodeName, seal}: WorkerQuestion,
): Promise<WorkerStatus | undefined> {
  const found = await tokens.find(seal.id, seal.tokenHash)
  if (!found) return undefined
  const client = createListenerClient({
    urls: listener.urls,
    tlsPin: listener.pins,
    sealToken: found.token,
    signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
  })
  try {
    return await client.status(nodeName)
  } finally {
    client.close()
  }
}
