import {createHash, randomBytes, timingSafeEqual} from 'node:crypto'
import {createServer, type Server} from 'node:http'
import {createServer as createHttpsServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import type {Duplex} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'
import {daasError} from '../errors/daas-error.ts'
import {createPinnedCertificate, type PinnedCertificate} from '../seal/tls-pin.ts'
import {pumpAnswers} from './answers.ts'
import {createBatcher} from './batcher.ts'
import type {GatewayChain, SubmittedBatch} from './chain-port.ts'
import {createDiscoveryCache} from './discovery-cache.ts'
import {createDispatcher} from './dispatcher.ts'
import {createFreshView} from './fresh-view.ts'
import {createHandler} from './handler.ts'
import {createSessionDispatcher, createSessionOpener, type Via} from './session.ts'
import {createUpgradeHandler} from './session-upgrade.ts'
import {createListMemory, type WatchPace} from './watch.ts'

/** What a gateway works with. */
export interface GatewayDeps {
  chain: GatewayChain
  /** Gives the text of the user's seal token; asked for when an answer lies in a blob. Secret. */
  sealToken(): Promise<string>
  /** Unix time, ms. */
  now?: () => number
  /** Told of each transaction, with how many requests it carried. */
  onTransaction?: (batch: SubmittedBatch, requests: number) => void
  /** Told of failures that are bugs; the client sees a 500 without them. */
  onUnexpected?: (error: unknown) => void
}

/** How a gateway behaves. All have defaults but `cacheDir`. */
export interface GatewayOptions {
  /** What clusters can do is remembered here, one directory each, mode 0700. */
  cacheDir: string
  /** How long the first request of a batch waits for others, ms. */
  batchMs?: number
  /** Of the TLS end, for `serverNameOf(cluster)`; a new one where absent. */
  certificate?: Pick<PinnedCertificate, 'certPem' | 'keyPem'>
  /** The most requests of one transaction. */
  maxBatchRequests?: number
  /** The most bytes of envelopes in one transaction (Sui allows a transaction of 128 KiB). */
  maxBatchBytes?: number
  /** Discovery is asked for again after, ms. */
  cacheTtlMs?: number
  /** Loopback port; 0 = any. */
  port?: number
  /** 0 interactive (where absent) to 3 batch. The time to live of a request on chain goes by it. */
  priority?: number
  /** How long an answer may take, ms. */
  timeoutMs?: number
  /** Which way requests go; `auto` where absent. */
  via?: Via
  watch?: Partial<WatchPace>
  /** Closes the gateway. */
  signal?: AbortSignal
}

/** A running gateway. */
export interface Gateway {
  /** The proxy to use: `http://127.0.0.1:<port>`. */
  url: string
  /** The made-up host name of the cluster; the same in every run, so that kubectl finds its cache again. */
  serverName: string
  /** What to trust for `https://<serverName>`. */
  caPem: string
  /** Bearer token of this gateway. Secret. */
  token: string
  /** Ends it: open requests are answered with 503. */
  close(): Promise<void>
}

const defaults = {
  batchMs: 5,
  maxBatchRequests: 64,
  maxBatchBytes: 100_000,
  cacheTtlMs: 600_000,
  priority: 0,
  timeoutMs: 30_000,
  watch: {firstMs: 500, mostMs: 5000, looks: 200, lastsMs: 1_800_000},
}

const CLOSE_GRACE_MS = 1000
const SUBSCRIBE_DEADLINE_MS = 30_000

/**
 * Starts a gateway on loopback: an HTTP proxy that takes `CONNECT <serverName>:443`, ends TLS itself, and carries
 * what it is asked to the cluster through the chain (design.md, "The path of a kubectl command").
 * @throws what reading Cluster and SealToken throws; EVENTS_UNAVAILABLE; GATEWAY_CLOSED where the signal aborts first
 * @example const gateway = await createGateway({chain, sealToken}, {cacheDir})
 */
export async function createGateway(deps: GatewayDeps, options: GatewayOptions): Promise<Gateway> {
  const now = deps.now ?? Date.now
  const closing = new AbortController()
  const onAbort = (): void => closing.abort(daasError('GATEWAY_CLOSED', {}))
  options.signal?.addEventListener('abort', onAbort, {once: true})
  if (options.signal?.aborted) onAbort()
  const {signal} = closing
  signal.throwIfAborted()

  const [cluster, seal] = await Promise.all([deps.chain.readCluster(signal), deps.chain.readSeal(signal)])
  const serverName = serverNameOf(cluster.id)
  const certificate = options.certificate ?? (await createPinnedCertificate([serverName], now()))
  const token = randomBytes(32).toString('base64url')
  const answers = pumpAnswers(deps.chain, cluster.id, signal)
  const maxBatchBytes = options.maxBatchBytes ?? defaults.maxBatchBytes
  const freshCluster = createFreshView({
    first: cluster,
    read: () => deps.chain.readCluster(signal),
    now,
    usable: ({paused, listenerHpkeKey}) => !paused && listenerHpkeKey.length > 0,
  })
  const freshSeal = createFreshView({
    first: seal,
    read: () => deps.chain.readSeal(signal),
    now,
    usable: ({expiresAtMs}) => expiresAtMs > now(),
  })
  const dispatch = createDispatcher({
    answers,
    batcher: createBatcher(deps.chain, {
      batchMs: options.batchMs ?? defaults.batchMs,
      maxRequests: options.maxBatchRequests ?? defaults.maxBatchRequests,
      maxBytes: maxBatchBytes,
      signal,
      ...(deps.onTransaction && {onBatch: deps.onTransaction}),
    }),
    cluster: freshCluster,
    sealId: seal.id,
    sealToken: deps.sealToken,
    maxEnvelopeBytes: maxBatchBytes,
    timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
  })
  const via = options.via ?? 'auto'
  const session = via === 'chain' ? undefined : createSessionOpener({dispatch, cluster: freshCluster})
  const authenticate = authenticator(token)
  const onUnexpected = deps.onUnexpected ?? (() => undefined)
  const priority = options.priority ?? defaults.priority
  const handler = createHandler({
    authenticate,
    cache: createDiscoveryCache({
      dir: join(options.cacheDir, serverName),
      now,
      ttlMs: options.cacheTtlMs ?? defaults.cacheTtlMs,
    }),
    dispatch: via === 'direct' && session !== undefined ? createSessionDispatcher(session) : dispatch,
    memory: createListMemory(),
    now,
    onUnexpected,
    pace: {...defaults.watch, ...options.watch},
    priority,
    seal: freshSeal,
    session,
    watchAnyway: via === 'auto',
    signal,
  })
  const upgrade = createUpgradeHandler({
    authenticate,
    open: session,
    now,
    onUnexpected,
    priority,
    seal: freshSeal,
    signal,
  })

  const proxy = createProxy(serverName, certificate, handler, upgrade)
  const close = async (): Promise<void> => {
    options.signal?.removeEventListener('abort', onAbort)
    onAbort()
    await proxy.close()
    await answers.ended
  }

  try {
    await withDeadline(answers.ready)
    const port = await listen(proxy.server, options.port ?? 0)
    signal.addEventListener('abort', () => void proxy.close(), {once: true})
    return {url: `http://127.0.0.1:${port}`, serverName, caPem: certificate.certPem, token, close}
  } catch (error) {
    await close()
    throw error
  }
}

async function withDeadline(ready: Promise<void>): Promise<void> {
  const {promise: late, reject} = Promise.withResolvers<never>()
  const seconds = SUBSCRIBE_DEADLINE_MS / 1000
  const timer = setTimeout(() => reject(daasError('EVENTS_UNAVAILABLE', {seconds})), SUBSCRIBE_DEADLINE_MS)
  try {
    await Promise.race([ready, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The host name of a cluster: no resolver knows it, only the gateway.
 * @param cluster object id
 */
export function serverNameOf(cluster: string): string {
  return `c${cluster.replace(/^0x/, '').slice(0, 40)}.daas.internal`
}

function authenticator(token: string): (authorization: string | undefined) => void {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  const expected = digest(`Bearer ${token}`)
  return (authorization) => {
    if (!timingSafeEqual(expected, digest(authorization ?? ''))) throw daasError('GATEWAY_TOKEN_WRONG', {})
  }
}

/** A proxy for one host name, whose other end is an HTTPS server in the same process. */
function createProxy(
  serverName: string,
  certificate: {certPem: string; keyPem: string},
  handler: ReturnType<typeof createHandler>,
  upgrade: ReturnType<typeof createUpgradeHandler>,
): {server: Server; close(): Promise<void>} {
  const sockets = new Set<Duplex>()
  const active = new Set<Promise<void>>()
  const https = createHttpsServer(
    {cert: certificate.certPem, key: certificate.keyPem, ALPNProtocols: ['http/1.1'], requestTimeout: 0},
    (req, res) => {
      const answering = handler(req, res).finally(() => active.delete(answering))
      active.add(answering)
    },
  )
  https.on('upgrade', (req, socket: Duplex, head: Buffer) => void upgrade(req, socket, head))
  const server = createServer((_req, res) => {
    res.writeHead(400, {'content-type': 'text/plain'}).end('this is a proxy: CONNECT only\n')
  })
  server.on('connect', (req, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    if (req.url !== `${serverName}:443`) {
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')
      return
    }

    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length > 0) socket.unshift(head)
    https.emit('connection', socket)
  })

  let closed: Promise<void> | undefined
  return {
    server,
    close: () => {
      closed ??= new Promise((resolve) => {
        if (server.listening) server.close(() => resolve())
        else resolve()
        server.closeAllConnections()
        https.closeIdleConnections()
        // What was under way is answered with 503 first; a client that dawdles is not waited for.
        const answered = Promise.allSettled(active)
        void Promise.race([answered, sleep(CLOSE_GRACE_MS, undefined, {ref: false})]).then(() => {
          setImmediate(() => {
            for (const socket of sockets) socket.destroy()
          })
        })
      })
      return closed
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  return (server.address() as AddressInfo).port
}
