import {join} from 'node:path'
import {createAllowList} from '../kube/allow-list.ts'
import {createKubeHttp} from '../kube/kube-http.ts'
import {announceIfChanged} from './announce.ts'
import {openBlobStore} from './blobs.ts'
import {createCancellations} from './cancellations.ts'
import {startHealthServer} from './health-server.ts'
import {startWorkerEndpoint} from './http-server.ts'
import {installRules} from './install.ts'
import {openJournal} from './journal.ts'
import {createKeyRing} from './key-ring.ts'
import {loadListenerKeys} from './keys.ts'
import {errorFields} from './logger.ts'
import {createMetrics, type ListenerMetrics} from './metrics.ts'
import {createRequestSide} from './request-side.ts'
import {createSessionServer} from './session-server.ts'
import {settingsOf} from './settings.ts'
import type {ListenerDeps, ListenerInfo, ListenerOptions} from './settings.ts'
import {createUploads} from './uploads.ts'
import {type Health, keepConsuming, keepProbing, keepTidy} from './upkeep.ts'
import {createWorkerSide} from './worker-side.ts'

/** A listener: it carries joins and kubectl requests from the chain out on Kubernetes. */
export interface Listener {
  /** Resolves when it is announced on chain and sees every event from then on. */
  start(): Promise<ListenerInfo>
  /** Takes no more, finishes what runs, closes everything. A second call waits for the first. */
  close(): Promise<void>
}

const SUBSCRIBE_DEADLINE_MS = 30_000

/** Makes a listener. Nothing happens before `start()`. */
export function createListener(deps: ListenerDeps, options: ListenerOptions): Listener {
  const {chain, logger, clock, kubeConfig} = deps
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
    const names = [settings.host, 'localhost', ...namesOf(options)]
    const loaded = await loadListenerKeys(settings.stateDir, names, settings.rotateKeys)
    const keys = createKeyRing(settings.stateDir, loaded, logger)
    const journal = openJournal(settings.journalPath)
    closers.push(() => journal.close())
    const http = createKubeHttp(kubeConfig)
    closers.push(() => http.close())
    await installRules(http, settings.exemptNodes, logger, signal)
    const blobs = await openBlobStore(join(settings.stateDir, 'blobs'), {clock, quota: settings.blobQuota})
    const {maxEnvelopeBytes} = await chain.readCluster(signal)
    let urls: readonly string[] = options.advertise ?? []
    const metrics: ListenerMetrics = createMetrics({
      queueDepth: () => requests.pipeline.depth(),
      responsesWaiting: () => requests.responsesWaiting(),
      workers: () => journal.workers.count(),
      silentWorkers: () => journal.workers.silent(clock() - settings.silentAfterMs).length,
      version: settings.version,
    })
    const parts = {...deps, signal, settings, http, journal, metrics}
    const workers = createWorkerSide({...parts, allowList: createAllowList(http)})
    const onLost = (): void => workers.kick()
    const requests = createRequestSide({...parts, blobs, keys, maxEnvelopeBytes, urls: () => urls, onLost})
    drain = () => requests.drain()
    const checks = {chain, clusterId: settings.clusterId, clock, signal}
    const endpoint = await startWorkerEndpoint({
      registrar: workers.registrar,
      sessions: createSessionServer({sessions: requests.sessions, kubeConfig, logger}),
      blobs,
      uploads: createUploads({...checks, blobs}),
      cancellations: createCancellations({...checks, journal, pipeline: requests.pipeline}),
      chain,
      logger,
      clock,
      signal,
      tls: keys.tls(),
      host: settings.host,
      port: settings.port,
      rateLimit: settings.rateLimit,
      connectionsPerAddress: settings.connectionsPerAddress,
      timeoutMs: settings.requestTimeoutMs,
      onAnswer: (route, status) => metrics.http.inc({route, status: String(status)}),
    })
    closers.push(() => endpoint.close())
    const health: Health = {kubernetes: undefined, events: 'not subscribed yet'}
    const probes = {events: () => health.events, kubernetes: () => health.kubernetes}
    const {registry} = metrics
    const healthServer = await startHealthServer({
      port: settings.metricsPort,
      checks: probes,
      registry,
      logger,
    })
    closers.push(() => healthServer.close())

    urls = options.advertise ?? [`https://${settings.host}:${endpoint.port}`]
    const announcement = {
      listenerUrls: urls,
      hpkeKey: keys.present.hpke.publicKey,
      tlsPin: keys.present.tls.pin,
      k3sUrl: settings.k3s.serverUrl,
      caHash: new Uint8Array(Buffer.from(settings.k3s.caHash, 'hex')),
      k3sVersion: settings.k3s.version,
    }
    const announcedIn = await announceIfChanged(chain, announcement, signal)
    await requests.pipeline.resume()
    const subscribed = Promise.withResolvers<void>()
    const stream = {
      signal: intake.signal,
      onSubscribed: () => {
        health.events = undefined
        subscribed.resolve()
      },
      onReconnect: (error: unknown, attempt: number) => {
        health.events = 'the event stream is lost'
        metrics.reconnects.inc()
        logger.warn({...errorFields(error), attempt}, 'event stream lost, connecting again')
      },
    }
    loop('events', () => keepConsuming(chain, journal, requests, stream))
    for (const [name, work] of Object.entries(workers.loops)) loop(name, work)
    const onTlsChanged = (): void => endpoint.show(keys.tls())
    loop('maintenance', () => keepTidy({...parts, blobs, keys, onTlsChanged}))
    loop('probe', () => keepProbing(http, health, signal, logger))
    await withDeadline(subscribed.promise, SUBSCRIBE_DEADLINE_MS, signal)
    logger.info({urls, cluster: settings.clusterId, announcedIn}, 'listener is ready')
    return {
      urls,
      port: endpoint.port,
      healthUrl: `http://127.0.0.1:${healthServer.port}`,
      tlsPin: Buffer.from(keys.present.tls.pin).toString('hex'),
      ...(announcedIn === undefined ? {} : {announcedIn}),
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
