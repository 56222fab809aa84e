import type {IncomingMessage, ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import {Transform} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import type {KubeConfig} from '@kubernetes/client-node'
import type {KubeResponse} from '../seal/kube-message.ts'
import {answerRaw, rawHead, rawLines} from '../seal/raw-http.ts'
import {SESSION_TOKEN_HEADER} from '../seal/session.ts'
import {splice} from '../seal/splice.ts'
import {flatten} from './executor.ts'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'
import {openUpstream} from './session-upstream.ts'
import type {Upstream} from './session-upstream.ts'
import type {Session, Sessions} from './sessions.ts'
import {statusResponse} from './status-object.ts'

/** What serving sessions needs. */
export interface SessionServerDeps {
  sessions: Pick<Sessions, 'take'>
  kubeConfig: KubeConfig
  logger: ListenerLogger
}

/** `/v1/sessions/<id>` of the listener's endpoint. */
export interface SessionServer {
  /** Whether a path is that of a session. */
  serves(url: string | undefined): boolean
  /**
   * Carries out the request of a session and passes the answer on as it comes.
   * @param onTaken told when the connection has shown the token of a session
   */
  serve(request: IncomingMessage, response: ServerResponse, onTaken: () => void): Promise<void>
  /** Carries out an upgrade and joins the two connections. @param onTaken as of serve */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, onTaken: () => void): Promise<void>
}

const PATH = /^\/v1\/sessions\/([0-9a-f]{32})$/
const KEEP_ALIVE_MS = 30_000
/** Of a refusal to upgrade, bytes. */
const MAX_REFUSAL_BYTES = 1024 * 1024
const UNKNOWN = statusResponse(
  404,
  'NotFound',
  'there is no such session: it was used, is over, or never was',
)

/**
 * Makes the server of sessions. What runs is the request that was sealed on chain: of the connection count the id,
 * the token, and whether it wants to be upgraded.
 */
export function createSessionServer({sessions, kubeConfig, logger}: SessionServerDeps): SessionServer {
  function take({url = '', headers}: IncomingMessage): Session | undefined {
    const token = headers[SESSION_TOKEN_HEADER]
    const id = PATH.exec(url)?.[1]
    return id === undefined || typeof token !== 'string' ? undefined : sessions.take(id, token)
  }

  async function reach(session: Session, signal: AbortSignal): Promise<Upstream | KubeResponse> {
    try {
      return await openUpstream(kubeConfig, session.call, signal)
    } catch (error) {
      if (!signal.aborted) logger.warn({...errorFields(error)}, 'a session did not reach the Kubernetes API')
      return statusResponse(503, 'ServiceUnavailable', 'the Kubernetes API does not answer the listener')
    }
  }

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    onTaken: () => void,
  ): Promise<void> {
    const session = take(request)
    if (session === undefined) return answer(response, UNKNOWN)
    onTaken()
    const gone = new AbortController()
    response.once('close', () => gone.abort(new Error('the requester hung up')))
    const signal = AbortSignal.any([session.signal, gone.signal])
    request.socket.setKeepAlive(true, KEEP_ALIVE_MS)
    const upstream = session.isUpgrade
      ? statusResponse(400, 'BadRequest', 'the session is for an upgrade')
      : await reach(session, signal)
    if (!('kind' in upstream)) {
      answer(response, upstream)
      return session.finish(gone.signal.aborted ? 'requester' : 'failed')
    }

    if (upstream.kind === 'upgraded') {
      upstream.socket.destroy()
      answer(response, statusResponse(502, 'BadGateway', 'the Kubernetes API upgraded unasked'))
      return session.finish('failed')
    }

    const {headers, statusCode = 502} = upstream.response
    const length = headers['content-length']
    response.writeHead(statusCode, {
      ...flatten(headers),
      ...(length === undefined ? {} : {'content-length': length}),
    })
    response.flushHeaders()
    // The pipeline tears down both ends whichever broke: who was first must be seen before it.
    let broken = false
    upstream.response.once('error', () => (broken = !gone.signal.aborted))
    try {
      await pipeline(upstream.response, counter(session), response, {signal})
      session.finish('cluster')
    } catch (error) {
      if (!signal.aborted) logger.info({...errorFields(error)}, 'a session was cut off')
      session.finish(gone.signal.aborted && !broken ? 'requester' : 'failed')
    } finally {
      upstream.response.destroy()
      response.destroy()
    }
  }

  async function upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    onTaken: () => void,
  ): Promise<void> {
    const gone = new AbortController()
    socket.on('error', () => socket.destroy())
    const onClose = (): void => gone.abort(new Error('the requester hung up'))
    socket.once('close', onClose)
    const session = take(request)
    if (session === undefined) return answerRaw(socket, UNKNOWN)
    onTaken()
    const signal = AbortSignal.any([session.signal, gone.signal])
    const upstream = session.isUpgrade
      ? await reach(session, signal)
      : statusResponse(400, 'BadRequest', 'the session is for no upgrade')
    if (!('kind' in upstream) || upstream.kind === 'answer') {
      const refusal = 'kind' in upstream ? await readRefusal(upstream.response) : upstream
      session.count.out += refusal.body.length
      answerRaw(socket, refusal)
      return session.finish(gone.signal.aborted ? 'requester' : 'kind' in upstream ? 'cluster' : 'failed')
    }

    socket.off('close', onClose)
    ;(socket as Socket).setKeepAlive(true, KEEP_ALIVE_MS)
    socket.write(rawHead(101, rawLines(upstream.response)))
    const first = await splice({
      near: socket,
      far: upstream.socket,
      nearHead: head,
      farHead: upstream.head,
      count: session.count,
      signal: session.signal,
    })
    session.finish(first === 'near' ? 'requester' : 'cluster')
  }

  return {serves: (url) => url?.startsWith('/v1/sessions/') ?? false, serve, upgrade}
}

function counter({count}: Session): Transform {
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      count.out += part.length
      done(undefined, part)
    },
  })
}

function answer(response: ServerResponse, {status, headers, body}: KubeResponse): void {
  if (response.destroyed) return
  response.writeHead(status, {...headers, 'content-length': body.length, connection: 'close'})
  response.end(body)
}

async function readRefusal(response: IncomingMessage): Promise<KubeResponse> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_REFUSAL_BYTES) break
    parts.push(part)
  }

  return {
    status: response.statusCode ?? 502,
    headers: flatten(response.headers),
    body: new Uint8Array(Buffer.concat(parts)),
  }
}
