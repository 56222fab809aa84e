import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {createAllowList} from '../kube/allow-list.ts'
import {createKubeHttp} from '../kube/kube-http.ts'
import type {KubeHttp} from '../kube/kube-http.ts'
import {announceIfChanged} from './announce.ts'
import {openBlobStore} from './blobs.ts'
import type {BlobStore} from './blobs.ts'
import {createExecutor, MAX_INLINE_BYTES} from './executor.ts'
import {startHealthServer} from './health-server.ts'
import type {HealthChecks} from './health-server.ts'
import {startWorkerEndpoint} from './http-server.ts'
import {installRules} from './install.ts'
import {keepReportingLiveness} from './liveness.ts'
import {keepSweepingNodes, keepSweepingOrphans} from './sweeps.ts'
import {openJournal} from './journal.ts'
import type {Journal} from './journal.ts'
import {loadListenerKeys} from './keys.ts'
import {errorFields} from './logger.ts'
import {createMetrics} from './metrics.ts'
import {createPipeline} from './pipeline.ts'
import type {Pipeline} from './pipeline.ts'
import {createReconciler} from './reconciler.ts'
import {createRegistrar} from './registrar.ts'
import {createResponder} from './responder.ts'
import {createSessionReports} from './session-reports.ts'
import {createSessionServer} from './session-server.ts'
import {createSessions, SESSION_LIMITS} from './sessions.ts'
import type {Sessions} from './sessions.ts'
import {settingsOf} from './settings.ts'
import type {ListenerDeps, ListenerInfo, ListenerOptions} from './settings.ts'
import {createTurns} from './turns.ts'
import {createUploads} from './uploads.ts'

/** A listener: it carries joins and kubectl requests from the chain out on Kubernetes. */
export interface Listener {
  /** Resolves when it is announced on chain and sees every event from then on. */
  start(): Promise<ListenerInfo>
  /** Takes no more, finishes what runs, closes everything. A second call waits for the first. */
  close(): Promise<void>
}

/** Ended requests and blobs are kept this long, ms: longer than any answer lives on chain. */
const KEEP_MS = 3_600_000
const MAINTENANCE_MS = 60_000
const PROBE_MS = 10_000
/** How long the first of the ends of sessions waits for others before they go on chain, ms. */
const SESSION_GATHER_MS = 1000
const SUBSCRIBE_DEADLINE_MS = 30_000

/** Makes a listener. Nothing happens before `start()`. */
export function createListener(deps: ListenerDeps, options: ListenerOptions): Listener {
  const {chain, logger, clock} = deps
  const settings = settingsOf(options)
  /** Ends the event stream. */
  const intake = new AbortController()
  /** Ends everything else. */
  const life = new AbortController()
  /** What to undo, last first. */
  const closers: (() => void | Promise<void>)[] = []
  const loops: Promise<void>[] = []
  let drain = async (): Promise<void> => undefined
  let closing: Promise<void> | undefined

  function loop(name: string, work: () => Promise<void>): void {
    loops.push(
      work().catch((error: unknown) => {
        if (!life.signal.aborted)
          logger.error({...errorFields(error), loop: name}, 'a part of the listener ended')
      }),
    )
  }

  async function start(): Promise<ListenerInfo> {
    const {signal} = life
    const keys = await loadListenerKeys(settings.stateDir, [settings.host, 'localhost', ...namesOf(options)])
    const journal = openJournal(settings.journalPath)
    closers.push(() => journal.close())
    const http = createKubeHttp(deps.kubeConfig)
    closers.push(() => http.close())
    await installRules(http, settings.exemptNodes, logger, signal)
    const blobs = await openBlobStore(join(settings.stateDir, 'blobs'))
    const {maxEnvelopeBytes} = await chain.readCluster(signal)
    const health = {kube: undefined as string | undefined, events: 'not subscribed yet' as string | undefined}

    const metrics = createMetrics({
      queueDepth: () => pipeline.depth(),
      responsesWaiting: () => responder.size(),
      version: settings.version,
    })
    const responder = createResponder({
      chain,
      logger,
      clock,
      signal,
      onEnd: (requests, end) => {
        journal.atomically(() => journal.requests.finish(requests, end))
        metrics.stored.inc({end}, requests.length)
      },
      onBatch: (size, gasMist) => {
        metrics.batchSize.observe(size)
        // A negative one gave storage back; a counter only rises.
        metrics.gasMist.inc(Math.max(0, Number(gasMist)))
      },
    })
    let urls: readonly string[] = options.advertise ?? []
    const sessions = createSessions({
      chain,
      reports: createSessionReports({chain, logger, signal, gatherMs: SESSION_GATHER_MS}),
      logger,
      clock,
      signal,
      urls: () => urls,
      limits: {...SESSION_LIMITS, ...settings.sessions},
    })
    const executor = createExecutor({
      http,
      blobs,
      sessions,
      clock,
      hpkePrivateKey: keys.hpke.privateKey,
      inlineBytes: Math.min(MAX_INLINE_BYTES, maxEnvelopeBytes),
      onCall: (verb, status, seconds) => metrics.kubeSeconds.observe({verb, status: String(status)}, seconds),
    })
    const allowList = createAllowList(http)
    const inTurn = createTurns()
    const reconciler = createReconciler({
      chain,
      http,
      allowList,
      journal,
      logger,
      clock,
      signal,
      inTurn,
      pollMs: settings.pollMs,
      evictionGraceMs: settings.evictionGraceMs,
      drainGraceMs: settings.drainGraceMs,
      onWorker: (end) => metrics.workers.inc({end}),
    })
    const pipeline: Pipeline = createPipeline({
      clusterId: settings.clusterId,
      journal,
      executor,
      responder,
      logger,
      clock,
      signal,
      concurrency: settings.concurrency,
      queueLimit: settings.queueLimit,
      onLost: () => reconciler.kick(),
      onEvent: (type) => metrics.events.inc({type}),
      onEnd: (end) => metrics.requests.inc({end}),
    })
    drain = async () => {
      await Promise.all([pipeline.idle(), sessions.close()])
      await responder.idle()
    }

    const registrar = createRegistrar({
      clusterId: settings.clusterId,
      chain,
      http,
      allowList,
      journal,
      clock,
      k3s: settings.k3s,
      signal,
      inTurn,
      onPending: () => reconciler.kick(),
    })
    const endpoint = await startWorkerEndpoint({
      registrar,
      sessions: createSessionServer({sessions, kubeConfig: deps.kubeConfig, logger}),
      blobs,
      uploads: createUploads({blobs, chain, clusterId: settings.clusterId, clock, signal}),
      chain,
      logger,
      clock,
      signal,
      tls: keys.tls,
      host: settings.host,
      port: settings.port,
      rateLimit: settings.rateLimit,
      timeoutMs: settings.requestTimeoutMs,
      onAnswer: (route, status) => metrics.http.inc({route, status: String(status)}),
    })
    closers.push(() => endpoint.close())
    const healthServer = await startHealthServer({
      port: settings.metricsPort,
      checks: checksOf(health),
      registry: metrics.registry,
      logger,
    })
    closers.push(() => healthServer.close())

    urls = options.advertise ?? [`https://${settings.host}:${endpoint.port}`]
    const announcement = {
      listenerUrls: urls,
      hpkeKey: keys.hpke.publicKey,
      tlsPin: keys.tls.pin,
      k3sUrl: settings.k3s.serverUrl,
      caHash: new Uint8Array(Buffer.from(settings.k3s.caHash, 'hex')),
      k3sVersion: settings.k3s.version,
    }
    const announcedIn = await announceIfChanged(chain, announcement, signal)
    await pipeline.resume()
    const subscribed = Promise.withResolvers<void>()
    loop('events', () =>
      keepConsuming(journal, pipeline, sessions, {
        onSubscribed: () => {
          health.events = undefined
          subscribed.resolve()
        },
        onReconnect: (error, attempt) => {
          health.events = 'the event stream is lost'
          metrics.reconnects.inc()
          logger.warn({...errorFields(error), attempt}, 'event stream lost, connecting again')
        },
      }),
    )
    loop('workers', () => reconciler.run())
    const watch = {chain, http, allowList, journal, logger, clock, signal, onLost: () => reconciler.kick()}
    loop('nodes', () => keepSweepingNodes({...watch, everyMs: settings.nodeSweepMs}))
    loop('orphans', () => keepSweepingOrphans({...watch, everyMs: settings.orphanSweepMs}))
    loop('liveness', () =>
      keepReportingLiveness({...watch, everyMs: settings.livenessMs, offlineAfter: settings.offlineAfter}),
    )
    loop('maintenance', () => keepTidy(journal, blobs))
    loop('probe', () => keepProbing(http, health))
    await withDeadline(subscribed.promise, SUBSCRIBE_DEADLINE_MS, signal)
    logger.info({urls, cluster: settings.clusterId, announcedIn}, 'listener is ready')
    return {
      urls,
      port: endpoint.port,
      healthUrl: `http://127.0.0.1:${healthServer.port}`,
      tlsPin: Buffer.from(keys.tls.pin).toString('hex'),
      ...(announcedIn === undefined ? {} : {announcedIn}),
    }
  }

  /** An event that cannot be handled must not end the listener: it goes on from the cursor, a little later. */
  async function keepConsuming(
    journal: Journal,
    pipeline: Pipeline,
    sessions: Sessions,
    hooks: {onSubscribed: () => void; onReconnect: (error: unknown, attempt: number) => void},
  ): Promise<void> {
    for (let attempt = 1; !intake.signal.aborted; attempt++) {
      const after = journal.cursor()
      const from = after === undefined ? {} : {after}
      try {
        await pipeline.consume(sessions.observe(chain.events({...from, signal: intake.signal, ...hooks})))
      } catch (error) {
        if (intake.signal.aborted) return
        hooks.onReconnect(error, attempt)
      }

      await pause(Math.min(10_000, 200 * 2 ** Math.min(attempt, 6)), intake.signal)
    }
  }

  async function keepTidy(journal: Journal, blobs: BlobStore): Promise<void> {
    while (!life.signal.aborted) {
      journal.prune(clock(), KEEP_MS)
      await blobs.prune(clock(), KEEP_MS)
      await pause(MAINTENANCE_MS, life.signal)
    }
  }

  async function keepProbing(http: KubeHttp, health: {kube: string | undefined}): Promise<void> {
    while (!life.signal.aborted) {
      try {
        const {status} = await http.call({
          method: 'GET',
          path: '/version',
          signal: life.signal,
          timeoutMs: 5000,
        })
        health.kube = status === 200 ? undefined : `answers ${status}`
      } catch (error) {
        health.kube = errorFields(error).error
      }

      await pause(PROBE_MS, life.signal)
    }
  }

  async function close(): Promise<void> {
    intake.abort(new Error('the listener is closing'))
    const late = AbortSignal.timeout(settings.drainMs)
    await Promise.race([
      drain().catch((error: unknown) => logger.warn(errorFields(error), 'not everything was finished')),
      once(late),
    ])
    life.abort(new Error('the listener is closed'))
    await Promise.all(loops)
    await drain().catch((error: unknown) => logger.debug(errorFields(error), 'cut off'))
    for (const closer of closers.reverse()) await closer()
  }

  const stop = (): Promise<void> => (closing ??= close())
  return {
    async start() {
      deps.signal.throwIfAborted()
      deps.signal.addEventListener(
        'abort',
        () => {
          stop().catch((error: unknown) =>
            logger.error(errorFields(error), 'the listener did not close cleanly'),
          )
        },
        {once: true},
      )
      try {
        return await start()
      } catch (error) {
        await stop()
        throw error
      }
    },
    close: stop,
  }
}

function checksOf(health: {kube: string | undefined; events: string | undefined}): HealthChecks {
  return {events: () => health.events, kubernetes: () => health.kube}
}

function namesOf({advertise = []}: ListenerOptions): string[] {
  return advertise.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''))
}

async function withDeadline(work: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(ms)
  const stop = AbortSignal.any([deadline, signal])
  await Promise.race([
    work,
    once(stop).then(() => {
      throw stop.reason
    }),
  ])
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), {once: true})
  })
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, {signal}).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
