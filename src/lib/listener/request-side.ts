import type {KubeHttp} from '../kube/kube-http.ts'
import type {BlobStore} from './blobs.ts'
import {createExecutor, MAX_INLINE_BYTES} from './executor.ts'
import type {Journal} from './journal.ts'
import type {KeyRing} from './key-ring.ts'
import type {ListenerMetrics} from './metrics.ts'
import {createPipeline} from './pipeline.ts'
import type {Pipeline} from './pipeline.ts'
import {createResponder} from './responder.ts'
import {createSessionReports} from './session-reports.ts'
import {createSessions, SESSION_LIMITS} from './sessions.ts'
import type {Sessions} from './sessions.ts'
import type {ListenerDeps, ListenerSettings} from './settings.ts'
import {createWalrusBlobs} from './walrus-blobs.ts'

/** What carrying requests out takes. */
export interface RequestSideDeps extends Omit<ListenerDeps, 'kubeConfig'> {
  settings: Omit<ListenerSettings, 'advertise'>
  http: KubeHttp
  journal: Journal
  blobs: BlobStore
  keys: KeyRing
  metrics: ListenerMetrics
  /** Of the Cluster object. */
  maxEnvelopeBytes: number
  /** Where this listener is reached, once that is known. */
  urls: () => readonly string[]
  /** A stake or seal was lost; it stands in the journal. */
  onLost: () => void
}

/** All that becomes of requests: from their events to their answers, sessions included. */
export interface RequestSide {
  pipeline: Pipeline
  sessions: Sessions
  responsesWaiting(): number
  /** Resolves when nothing runs and every answer is on chain; ends all sessions. */
  drain(): Promise<void>
}

/** How long the first of the ends of sessions waits for others before they go on chain, ms. */
const SESSION_GATHER_MS = 1000

/** Puts the parts together that deal with requests. */
export function createRequestSide(deps: RequestSideDeps): RequestSide {
  const {chain, logger, clock, signal, settings, journal, metrics} = deps
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
  const sessions = createSessions({
    chain,
    reports: createSessionReports({chain, logger, signal, gatherMs: SESSION_GATHER_MS}),
    logger,
    clock,
    signal,
    urls: deps.urls,
    limits: {...SESSION_LIMITS, ...settings.sessions},
  })
  const {walrus} = settings
  const executor = createExecutor({
    http: deps.http,
    blobs: walrus ? createWalrusBlobs({blobs: deps.blobs, publisher: walrus, logger, signal}) : deps.blobs,
    sessions,
    clock,
    hpkePrivateKeys: () => deps.keys.opening(),
    inlineBytes: Math.min(MAX_INLINE_BYTES, deps.maxEnvelopeBytes),
    onCall: (verb, status, seconds) => metrics.kubeSeconds.observe({verb, status: String(status)}, seconds),
  })
  const pipeline = createPipeline({
    clusterId: settings.clusterId,
    journal,
    executor,
    responder,
    logger,
    clock,
    signal,
    concurrency: settings.concurrency,
    queueLimit: settings.queueLimit,
    onLost: deps.onLost,
    onEvent: (type) => metrics.events.inc({type}),
    onEnd: (end) => metrics.requests.inc({end}),
  })
  return {
    pipeline,
    sessions,
    responsesWaiting: () => responder.size(),
    async drain() {
      await Promise.all([pipeline.idle(), sessions.close()])
      await responder.idle()
    },
  }
}
