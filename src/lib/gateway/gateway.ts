import {randomBytes} from 'node:crypto'
import {mkdir} from 'node:fs/promises'
import type {IncomingMessage} from 'node:http'
import {join} from 'node:path'
import {daasError} from '../errors/daas-error.ts'
import {pumpAnswers} from './answers.ts'
import {createBatcher} from './batcher.ts'
import {createCanceller} from './canceller.ts'
import type {GatewayChain, SubmittedBatch} from './chain-port.ts'
import {judgeOf} from './client-credential.ts'
import {createDiscoveryCache} from './discovery-cache.ts'
import {createDispatcher} from './dispatcher.ts'
import {openDoor, type Door} from './door.ts'
import {createFreshView} from './fresh-view.ts'
import {createHandler} from './handler.ts'
import {ownCertificate} from './own-certificate.ts'
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
  /** Where it is served, for `serverNameOf(cluster)`, with others or alone; where absent, at a door of its own. */
  door?: Door
  /** PEM of the client certificate that counts as the token does. */
  clientCertPem?: string
  /** The most requests of one transaction. */
  maxBatchRequests?: number
  /** The most bytes of envelopes in one transaction (Sui allows a transaction of 128 KiB). */
  maxBatchBytes?: number
  /** Discovery is asked for again after, ms. */
  cacheTtlMs?: number
  /** Loopback port of a door of its own; 0 = any. */
  port?: number
  /** 0 interactive (where absent) to 3 batch. The time to live of a request on chain goes by it. */
  priority?: number
  /** How long an answer may take, ms. */
  timeoutMs?: number
  /** Which way requests go; `auto` where absent. */
  via?: Via
  /** Base URLs of aggregators of Walrus; answers there are fetched from the listener where absent. */
  walrusAggregators?: readonly string[]
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
  const canceller = createCanceller({cluster: freshCluster, sealId: seal.id, sealToken: deps.sealToken})
  const dispatch = createDispatcher({
    canceller,
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
    walrusAggregators: options.walrusAggregators ?? [],
  })
  const via = options.via ?? 'auto'
  const session = via === 'chain' ? undefined : createSessionOpener({dispatch, cluster: freshCluster})
  const accepts = judgeOf({
    token,
    ...(options.clientCertPem !== undefined && {certPem: options.clientCertPem}),
  })
  const authenticate = (req: IncomingMessage): void => {
    if (!accepts(req)) throw daasError('GATEWAY_TOKEN_WRONG', {})
  }
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
    seal: freshSeal.get,
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
    seal: freshSeal.get,
    signal,
  })

  let door: Door | undefined
  let leave: (() => void) | undefined
  const shut = async (): Promise<void> => {
    leave?.()
    if (options.door === undefined) await door?.close()
  }
  const close = async (): Promise<void> => {
    options.signal?.removeEventListener('abort', onAbort)
    onAbort()
    await shut()
    await answers.ended
    await canceller.idle()
  }

  try {
    await withDeadline(answers.ready)
    door = options.door ?? (await openOwnDoor(options.cacheDir, serverName, options.port ?? 0, now()))
    leave = door.admit({serverName, accepts, handle: handler, upgrade})
    signal.addEventListener('abort', () => void shut(), {once: true})
    return {url: door.url, serverName, caPem: door.caPem, token, close}
  } catch (error) {
    await close()
    throw error
  }
}

async function openOwnDoor(cacheDir: string, serverName: string, port: number, nowMs: number): Promise<Door> {
  const dir = join(cacheDir, 'doors')
  await mkdir(dir, {recursive: true, mode: 0o700})
  const file = join(dir, `${serverName}.json`)
  return openDoor({port, certificate: await ownCertificate(file, [serverName, '127.0.0.1'], nowMs)})
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
