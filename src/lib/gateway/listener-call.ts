import {request as httpsRequest} from 'node:https'
import {SEAL_HEADER} from '../seal/envelope-reference.ts'
import {createPinnedAgent, type TlsPins} from '../seal/pinned-agent.ts'

/** A call of the listener by a seal. */
export interface ListenerCall {
  method: 'PUT' | 'DELETE'
  /** https only. */
  url: URL
  /** SHA-256 (32 bytes) of the SPKI DER of the listener's TLS key, from the chain. */
  pin: TlsPins
  /** Object id of the seal. */
  seal: string
  /** Its token. Secret. */
  token: string
  body?: Uint8Array
  signal: AbortSignal
}

/**
 * Calls the listener over TLS by its pin, and lets its answer go.
 * @returns the status of the answer
 * @throws (rejects) with what broke the connection
 */
export async function callListener(call: ListenerCall): Promise<number> {
  const {method, url, seal, token, body = new Uint8Array(), signal} = call
  const agent = createPinnedAgent(call.pin)
  try {
    return await new Promise<number>((resolve, reject) => {
      const headers = {
        'x-seal-token': token,
        [SEAL_HEADER]: seal,
        'content-type': 'application/octet-stream',
        'content-length': body.length,
      }
      const request = httpsRequest(url, {method, agent, signal, headers}, (response) => {
        response.resume()
        response.on('error', reject)
        response.on('end', () => resolve(response.statusCode ?? 0))
      })
      request.on('error', reject)
      request.end(body)
    })
  } finally {
    agent.destroy()
  }
}
