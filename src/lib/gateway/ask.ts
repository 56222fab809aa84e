import {request as httpRequest} from 'node:http'
import {Agent, request as httpsRequest} from 'node:https'
import type {Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import {connect} from 'node:tls'
import type {KubeResponse} from '../seal/kube-message.ts'
import type {Gateway} from './gateway.ts'
import {DIGEST_HEADER, GAS_HEADER} from './handler.ts'

/** A plain request to a gateway. */
export interface Ask {
  /** GET where absent. */
  method?: string
  /** With its query. */
  path: string
  /** Bytes as they are, text, or anything else as JSON. */
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** An answer, and what it cost. */
export interface AskAnswer extends KubeResponse {
  /** The body as text. */
  text: string
  /** The transaction that asked; absent where the gateway answered by itself. */
  digest?: string
  /** MIST of that transaction. */
  gasMist?: bigint
}

/**
 * Asks a gateway as kubectl would (CONNECT, TLS by its CA, bearer token), without a kubectl.
 * @example await askGateway(gateway, {path: '/api/v1/nodes'})
 */
export async function askGateway(gateway: Omit<Gateway, 'close'>, ask: Ask): Promise<AskAnswer> {
  const body = bytesOf(ask.body)
  const tunnel = await openTunnel(gateway, ask.signal)
  const agent = new Agent({keepAlive: false})
  agent.createConnection = () =>
    connect({socket: tunnel as Socket, ca: gateway.caPem, servername: gateway.serverName})
  try {
    const response = await new Promise<KubeResponse>((resolve, reject) => {
      const request = httpsRequest(
        {
          agent,
          host: gateway.serverName,
          method: ask.method ?? 'GET',
          path: ask.path,
          ...(ask.signal && {signal: ask.signal}),
          headers: {
            accept: 'application/json',
            ...(body && {'content-type': 'application/json', 'content-length': body.length}),
            ...ask.headers,
            authorization: `Bearer ${gateway.token}`,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('error', reject)
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: Object.fromEntries(Object.entries(incoming.headers).map(([k, v]) => [k, String(v)])),
              body: new Uint8Array(Buffer.concat(chunks)),
            }),
          )
        },
      )
      request.on('error', reject)
      request.end(body)
    })
    const digest = response.headers[DIGEST_HEADER]
    const gas = response.headers[GAS_HEADER]
    return {
      ...response,
      text: new TextDecoder().decode(response.body),
      ...(digest !== undefined && {digest}),
      ...(gas !== undefined && {gasMist: BigInt(gas)}),
    }
  } finally {
    tunnel.destroy()
  }
}

function bytesOf(body: unknown): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Opens a connection to the cluster's made-up host through a gateway's proxy; TLS is still to come. */
export function openTunnel(gateway: Omit<Gateway, 'close'>, signal?: AbortSignal): Promise<Duplex> {
  const {hostname, port} = new URL(gateway.url)
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: hostname,
      port,
      method: 'CONNECT',
      path: `${gateway.serverName}:443`,
      agent: false,
      ...(signal && {signal}),
    })
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(socket)
      else reject(new Error(`the gateway answered CONNECT with ${response.statusCode}`))
    })
    request.once('error', reject)
    request.end()
  })
}
