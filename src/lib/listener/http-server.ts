import {timingSafeEqual} from 'node:crypto'
import type {IncomingMessage, ServerResponse} from 'node:http'
import {createServer} from 'node:https'
import type {AddressInfo, Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import {type z} from 'zod'
import {daasError, DaasError} from '../errors/daas-error.ts'
import {heartbeatSchema} from '../seal/heartbeat.ts'
import {leaveRequestSchema} from '../seal/leave.ts'
import {registrationRequestSchema} from '../seal/registration.ts'
import {hashSealToken, parseSealToken} from '../seal/token.ts'
import type {BlobStore} from './blobs.ts'
import type {Cancellations} from './cancellations.ts'
import type {ListenerChain} from './chain-port.ts'
import {createConnectionLimit} from './connection-limit.ts'
import {toRefusal} from './http-errors.ts'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'
import {createRateLimiter} from './rate-limit.ts'
import type {RateLimit} from './rate-limit.ts'
import type {Registrar} from './registrar.ts'
import type {SessionServer} from './session-server.ts'
import type {Uploads} from './uploads.ts'

/** What the endpoint needs. */
export interface WorkerEndpointDeps {
  registrar: Registrar
  sessions: SessionServer
  blobs: BlobStore
  uploads: Uploads
  cancellations: Cancellations
  chain: Pick<ListenerChain, 'readSeal'>
  logger: ListenerLogger
  clock: () => number
  signal: AbortSignal
  tls: {certPem: string; keyPem: string}
  host: string
  /** 0 = any. */
  port: number
  rateLimit: RateLimit
  /** How many connections one address may have that have not shown a good token yet. */
  connectionsPerAddress: number
  /** How long a request may take to come in, ms; 10,000 by default. */
  timeoutMs?: number
  /** Told of each answer: which route, which status. */
  onAnswer?: (route: string, status: number) => void
}

/** A running endpoint. */
export interface WorkerEndpoint {
  port: number
  /** Shows another certificate from the next connection on. */
  show(tls: {certPem: string; keyPem: string}): void
  close(): Promise<void>
}

interface Answer {
  status: number
  body: unknown
}

/** The largest body anybody may send: a registration is about 1 KiB. */
const MAX_BODY_BYTES = 16_384
const TIMEOUT_MS = 10_000
const WORKER_PATH = /^\/v1\/workers\/([a-z0-9-]{1,63})(?:\/(heartbeat|leave))?$/
const REQUEST_PATH = /^\/v1\/requests\/([0-9a-f]{32})$/
const BLOB_PATH = /^\/v1\/blobs\/([0-9a-f]{64})$/

/**
 * Serves workers and gateways: registration, status, heartbeat, blobs, cancellations. Everything but `/livez` asks for a seal
 * token; everything is limited in size, time and number.
 * @throws LISTENER_PORT_TAKEN
 */
export async function startWorkerEndpoint(deps: WorkerEndpointDeps): Promise<WorkerEndpoint> {
  const {registrar, logger} = deps
  const limiter = createRateLimiter(deps.rateLimit)
  const connections = createConnectionLimit(deps.connectionsPerAddress)

  async function route(request: IncomingMessage): Promise<Answer> {
    const {method = '', url = ''} = request
    if (method === 'GET' && url === '/livez') return {status: 200, body: {status: 'ok'}}
    const [, hash] = BLOB_PATH.exec(url) ?? []
    if (hash !== undefined && method === 'GET') {
      // Who may have it has it at once: many large answers to one gateway are no guessing.
      const bytes = await blobOf(hash, request)
      if (bytes !== undefined) {
        connections.prove(request.socket)
        return {status: 200, body: bytes}
      }
    }

    const wait = limiter.check(request.socket.remoteAddress ?? '', deps.clock())
    if (wait > 0) throw daasError('REGISTRATION_TOO_OFTEN', {seconds: wait})
    const token = tokenOf(request)
    if (method === 'POST' && url === '/v1/workers') {
      const {answer, created} = await registrar.register(
        await readDocument(request, registrationRequestSchema),
        token,
      )
      return {status: created ? 201 : 200, body: answer}
    }

    const [, nodeName, act] = WORKER_PATH.exec(url) ?? []
    if (nodeName !== undefined) {
      const answer = await routeWorker(request, nodeName, act, token)
      // Thousands of nodes may be behind one address: who shows the right token is not what the limit is against.
      if (answer) {
        limiter.refund(request.socket.remoteAddress ?? '')
        connections.prove(request.socket)
      }

      return answer ?? {status: 404, body: notFound(method)}
    }

    const [, requestId] = REQUEST_PATH.exec(url) ?? []
    if (requestId !== undefined && method === 'DELETE') {
      const outcome = await deps.cancellations.cancel(request, requestId, token)
      // As with workers; a gateway that closes hangs up on all that it asked.
      limiter.refund(request.socket.remoteAddress ?? '')
      connections.prove(request.socket)
      return {status: 200, body: {outcome}}
    }

    if (hash !== undefined && method === 'GET') return readBlob(hash, token)
    if (hash !== undefined && method === 'PUT') {
      return {status: 201, body: {path: await deps.uploads.take(request, hash, token)}}
    }

    return {status: 404, body: notFound(method)}
  }

  async function routeWorker(
    request: IncomingMessage,
    nodeName: string,
    act: string | undefined,
    token: string,
  ): Promise<Answer | undefined> {
    const {method} = request
    if (act === undefined && method === 'GET') {
      return {status: 200, body: await registrar.status(nodeName, token)}
    }

    if (act === 'heartbeat' && method === 'POST') {
      const report = await readDocument(request, heartbeatSchema.optional())
      await registrar.heartbeat(nodeName, token, report)
      return {status: 200, body: {nodeName}}
    }

    if (act === 'leave' && method === 'POST') {
      const asked = await readDocument(request, leaveRequestSchema)
      return {status: 202, body: await registrar.leave(nodeName, asked, token)}
    }

    return undefined
  }

  async function blobOf(hash: string, request: IncomingMessage): Promise<Uint8Array | undefined> {
    try {
      const {body} = await readBlob(hash, tokenOf(request))
      return body instanceof Uint8Array ? body : undefined
    } catch (error) {
      // Refused, it goes the way of all others, and counts.
      if (error instanceof DaasError) return undefined
      throw error
    }
  }

  async function readBlob(hash: string, token: string): Promise<Answer> {
    const blob = await deps.blobs.get(hash)
    const seal = blob === undefined ? undefined : await deps.chain.readSeal(blob.seal, deps.signal)
    const given = hashSealToken(token)
    if (blob === undefined || seal === undefined || seal.tokenHash.length !== given.length) {
      return {status: 404, body: notFound('GET')}
    }

    if (!timingSafeEqual(given, seal.tokenHash)) throw daasError('REGISTRATION_TOKEN_WRONG', {})
    return {status: 200, body: blob.bytes}
  }

  const {timeoutMs = TIMEOUT_MS} = deps
  const server = createServer({
    cert: deps.tls.certPem,
    key: deps.tls.keyPem,
    minVersion: 'TLSv1.2',
    handshakeTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    // Node looks for slow ones only every 30 s by itself.
    connectionsCheckingInterval: Math.min(1000, timeoutMs),
  })
  server.maxConnections = 1024
  server.on('connection', (socket: Socket) => {
    if (!connections.admit(socket)) socket.destroy()
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const onTaken = (): void => connections.prove(request.socket)
    deps.sessions.upgrade(request, socket, head, onTaken).catch((error: unknown) => {
      logger.error(errorFields(error), 'a session broke')
      socket.destroy()
    })
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (deps.sessions.serves(request.url)) {
      deps.sessions
        .serve(request, response, () => connections.prove(request.socket))
        .catch((error: unknown) => {
          logger.error(errorFields(error), 'a session broke')
          response.destroy()
        })
      return
    }

    route(request)
      .catch((error: unknown): Answer => {
        const refusal = toRefusal(error)
        if (refusal.internal) logger.error({...errorFields(error), url: request.url}, 'a request failed')
        else logger.info({code: refusal.body.error.code, url: request.url}, 'a request was refused')
        return refusal
      })
      .then((answer) => {
        deps.onAnswer?.(routeOf(request), answer.status)
        reply(request, response, answer)
      })
      .catch((error: unknown) => {
        logger.error(errorFields(error), 'an answer could not be sent')
        response.destroy()
      })
  })
  await listen(server, deps.host, deps.port)
  return {
    port: (server.address() as AddressInfo).port,
    show: ({certPem, keyPem}) => server.setSecureContext({cert: certPem, key: keyPem, minVersion: 'TLSv1.2'}),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

function tokenOf(request: IncomingMessage): string {
  const token = request.headers['x-seal-token']
  if (typeof token !== 'string' || token === '') throw daasError('REGISTRATION_TOKEN_MISSING', {})
  parseSealToken(token, 'X-Seal-Token')
  return token
}

/** Reads a small JSON document; nothing at all is undefined. @throws REGISTRATION_MALFORMED */
async function readDocument<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_BODY_BYTES) throw daasError('REGISTRATION_MALFORMED', {reason: 'it is too large'})
    parts.push(part)
  }

  let json: unknown
  try {
    const text = Buffer.concat(parts).toString('utf8')
    json = text === '' ? undefined : JSON.parse(text)
  } catch (cause) {
    throw daasError('REGISTRATION_MALFORMED', {reason: 'it is no JSON'}, {cause})
  }

  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  // Only where and what was expected: never what was sent.
  const reason = parsed.error.issues.map(({path, code}) => `${path.join('.')} (${code})`).join(', ')
  throw daasError('REGISTRATION_MALFORMED', {reason})
}

function reply(request: IncomingMessage, response: ServerResponse, {status, body}: Answer): void {
  const isBlob = body instanceof Uint8Array
  const bytes = isBlob ? body : Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': isBlob ? 'application/octet-stream' : 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    // What was not read to its end must not be taken for the next request.
    ...(request.complete ? {} : {connection: 'close'}),
  })
  response.end(bytes)
}

function routeOf({url = ''}: IncomingMessage): string {
  if (url.startsWith('/v1/workers')) return 'workers'
  if (url.startsWith('/v1/requests')) return 'requests'
  return url.startsWith('/v1/blobs') ? 'blobs' : 'other'
}

function notFound(method: string): unknown {
  return {error: {code: 'NOT_FOUND', message: `nothing to ${method} here`, suggestions: ['check the path']}}
}

async function listen(server: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(daasError('LISTENER_PORT_TAKEN', {host, port, reason: cause.code ?? cause.message}, {cause}))
    })
    server.listen(port, host, resolve)
  })
}
