import type {IncomingMessage} from 'node:http'
import {request as httpsRequest} from 'node:https'
import type {Duplex} from 'node:stream'
import type {KubeConfig} from '@kubernetes/client-node'
import {kubeRequestOptions} from '../kube/kube-http.ts'
import type {KubeCall} from '../kube/kube-http.ts'

/** What the API server made of a call: an answer that can be long, or a connection that is HTTP no more. */
export type Upstream =
  | {kind: 'answer'; response: IncomingMessage}
  | {kind: 'upgraded'; response: IncomingMessage; socket: Duplex; head: Buffer}

const KEEP_ALIVE_MS = 30_000

/**
 * Makes a call of the Kubernetes API on a connection of its own and gives the answer as it begins: there is no
 * deadline but the signal, since the log of a silent pod has no first byte for hours.
 * @param signal also cuts off what comes after the head
 * @throws what node:https throws where no answer came
 */
export async function openUpstream(
  kubeConfig: KubeConfig,
  call: KubeCall,
  signal: AbortSignal,
): Promise<Upstream> {
  const {agent, ...options} = await kubeRequestOptions(kubeConfig, call)
  const body = call.body === undefined ? undefined : Buffer.from(call.body as Uint8Array)
  const headers: Record<string, unknown> = {...(options.headers as Record<string, unknown>)}
  if (body !== undefined) headers['content-length'] = body.length
  // The API server takes a list of versions as separate lines only.
  const versions = headers['x-stream-protocol-version']
  if (typeof versions === 'string') headers['x-stream-protocol-version'] = versions.split(/,\s*/)
  return new Promise((resolve, reject) => {
    const request = httpsRequest({...options, headers: headers as never, agent: agent ?? false, signal})
    request.once('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS))
    request.once('upgrade', (response, socket, head) => resolve({kind: 'upgraded', response, socket, head}))
    request.once('response', (response) => resolve({kind: 'answer', response}))
    // After the head too: what is cut off then is told by the response or the socket.
    request.on('error', reject)
    request.end(body)
  })
}
