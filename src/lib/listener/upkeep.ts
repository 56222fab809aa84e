import type {KubeHttp} from '../kube/kube-http.ts'
import type {BlobStore} from './blobs.ts'
import type {ListenerChain} from './chain-port.ts'
import {every} from './every.ts'
import type {Journal} from './journal.ts'
import type {KeyRing} from './key-ring.ts'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'
import {pruneOver} from './pruning.ts'
import type {RequestSide} from './request-side.ts'
import type {ListenerSettings} from './settings.ts'
import {createWaker} from './waker.ts'

/** Ended requests and blobs are kept this long, ms: longer than any answer lives on chain. */
const KEEP_MS = 3_600_000
const PROBE_MS = 10_000
const BACK_OFF_MS = {first: 200, most: 10_000}

/** What is wrong with the surroundings of a listener; undefined where nothing is. */
export interface Health {
  kubernetes: string | undefined
  events: string | undefined
}

/** Takes events until the signal. One that cannot be handled does not end it: it goes on from the cursor, later. */
export async function keepConsuming(
  chain: ListenerChain,
  journal: Journal,
  {pipeline, sessions}: RequestSide,
  options: {
    signal: AbortSignal
    onSubscribed: () => void
    onReconnect: (error: unknown, attempt: number) => void
  },
): Promise<void> {
  const {signal} = options
  for (let attempt = 1; !signal.aborted; attempt++) {
    const after = journal.cursor()
    const from = after === undefined ? {} : {after}
    try {
      await pipeline.consume(sessions.observe(chain.events({...from, ...options})))
    } catch (error) {
      if (signal.aborted) return
      options.onReconnect(error, attempt)
    }

    const ms = Math.min(BACK_OFF_MS.most, BACK_OFF_MS.first * 2 ** Math.min(attempt, 6))
    await createWaker().sleep(ms, signal)
  }
}

/** What upkeep takes. */
export interface UpkeepDeps {
  chain: ListenerChain
  journal: Journal
  blobs: BlobStore
  keys: KeyRing
  clock: () => number
  logger: ListenerLogger
  signal: AbortSignal
  settings: Pick<ListenerSettings, 'upkeepMs' | 'pruneGraceMs'>
  /** The endpoint has to show another certificate. */
  onTlsChanged: () => void
}

/** Forgets what is over, every minute: nonces, ended requests (on chain too), blobs, previous keys. */
export async function keepTidy(deps: UpkeepDeps): Promise<void> {
  const {chain, journal, blobs, keys, clock, settings} = deps
  const everyMs = settings.upkeepMs
  const here = every({...deps, everyMs, what: 'maintenance'}, async () => {
    journal.prune(clock(), KEEP_MS)
    await blobs.prune(clock(), KEEP_MS)
    if (await keys.follow(await chain.readCluster(deps.signal), clock())) deps.onTlsChanged()
  })
  const onChain = every({...deps, everyMs, what: 'pruning'}, async () => {
    await pruneOver({...deps, graceMs: settings.pruneGraceMs})
  })
  await Promise.all([here, onChain])
}

/** Asks the Kubernetes API now and then whether it is there. */
export async function keepProbing(
  http: KubeHttp,
  health: Health,
  signal: AbortSignal,
  logger: ListenerLogger,
): Promise<void> {
  await every({everyMs: PROBE_MS, signal, logger, what: 'probe'}, async () => {
    try {
      const {status} = await http.call({method: 'GET', path: '/version', signal, timeoutMs: 5000})
      health.kubernetes = status === 200 ? undefined : `answers ${status}`
    } catch (error) {
      health.kubernetes = errorFields(error).error
    }
  })
}
