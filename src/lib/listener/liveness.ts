import type {V1LeaseList} from '@kubernetes/client-node'
import type {KubeHttp} from '../kube/kube-http.ts'
import type {ListenerChain, LivenessReport} from './chain-port.ts'
import {every} from './every.ts'
import type {Journal} from './journal.ts'
import type {ListenerLogger} from './logger.ts'
import type {Waker} from './waker.ts'

/** What watching over the Leases takes. */
export interface LivenessDeps {
  chain: Pick<ListenerChain, 'reportLiveness'>
  http: KubeHttp
  journal: Journal
  logger: ListenerLogger
  signal: AbortSignal
  everyMs: number
  /** Whether a worker's Node was deleted: then it is offline at once. */
  isGone?: (nodeName: string) => boolean
  waker?: Waker
  clock: () => number
  /** After how many ms without a heartbeat a worker is called silent. */
  silentAfterMs: number
  /** After how many looks at a Lease that was not renewed a worker is offline. */
  offlineAfter: number
}

/** More changes than these do not fit into one transaction: the rest goes with the next look. */
const MAX_CHANGES = 200
/** Nothing new is told again after this many looks. */
const REPEAT_AFTER = 20

/**
 * Reads the kubelets' Leases and posts on chain, for the whole cluster in one transaction, who lives: at once where
 * somebody has come or gone, else now and then. A Lease is judged by whether it changed since the last look, so that
 * no clock has to agree with another.
 */
export async function keepReportingLiveness(deps: LivenessDeps): Promise<void> {
  const watch = createLivenessWatch(deps.offlineAfter)
  let silent = new Set<string>()
  let told = ''
  let looks = 0
  await every({...deps, what: 'report of who lives'}, async () => {
    const workers = deps.journal.workers
      .byState('registered')
      .flatMap(({nodeName, worker}) => (worker === undefined ? [] : [{nodeName, worker}]))
    if (workers.length === 0) return
    silent = tellSilence(deps, silent)
    const path = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
    const {items} = await deps.http.json<V1LeaseList>({method: 'GET', path, signal: deps.signal})
    const leases = new Map(
      items.map(({metadata, spec}) => [
        metadata?.name ?? '',
        String(spec?.renewTime ?? metadata?.resourceVersion ?? ''),
      ]),
    )
    const {report, commit} = watch.look(workers, leases, deps.isGone)
    const text = [...report.alive].sort().join(' ')
    looks += 1
    if (text === told && report.changed.length === 0 && looks % REPEAT_AFTER !== 0) return
    const {digest} = await deps.chain.reportLiveness(report, deps.signal)
    // Only what stands on chain counts as told: a report that failed is made again.
    commit()
    told = text
    for (const {worker, status} of report.changed)
      deps.logger.info({worker, status, digest}, 'worker status changed')
  })
}

/**
 * A node may be well while nobody watches over it any more: then it would not be stopped when its stake is slashed.
 * @param before who was silent at the last look
 * @returns who is now
 */
function tellSilence(
  {journal, logger, clock, silentAfterMs}: LivenessDeps,
  before: Set<string>,
): Set<string> {
  const now = new Set(journal.workers.silent(clock() - silentAfterMs).map(({nodeName}) => nodeName))
  for (const nodeName of now) {
    if (!before.has(nodeName)) logger.warn({nodeName, silentAfterMs}, 'no heartbeat of a worker any more')
  }

  for (const nodeName of before)
    if (!now.has(nodeName)) logger.info({nodeName}, 'heartbeats of a worker again')
  return now
}

/** Remembers Leases from look to look. */
export function createLivenessWatch(offlineAfter: number): {
  look(
    workers: readonly {nodeName: string; worker: string}[],
    leases: ReadonlyMap<string, string>,
    isGone?: (nodeName: string) => boolean,
  ): {report: LivenessReport; commit: () => void}
} {
  const seen = new Map<string, {lease: string | undefined; misses: number}>()
  const statuses = new Map<string, 'ready' | 'offline'>()
  return {
    look(workers, leases, isGone = () => false) {
      const alive: string[] = []
      const changed: LivenessReport['changed'][number][] = []
      for (const {nodeName, worker} of workers) {
        const lease = leases.get(nodeName)
        const before = seen.get(worker)
        const renewed = lease !== undefined && lease !== before?.lease
        // The Lease of a Node that was deleted outlives it, and is renewed by a kubelet that has not noticed yet.
        const misses = isGone(nodeName) ? offlineAfter : renewed ? 0 : (before?.misses ?? 0) + 1
        seen.set(worker, {lease, misses})
        const status = misses < offlineAfter ? 'ready' : 'offline'
        if (status === 'ready') alive.push(worker)
        if (statuses.get(worker) !== status) changed.push({worker, status})
      }

      const now = changed.slice(0, MAX_CHANGES)
      const known = new Set(workers.map(({worker}) => worker))
      for (const worker of seen.keys()) if (!known.has(worker)) seen.delete(worker)
      return {
        report: {alive, changed: now},
        commit: () => {
          for (const worker of statuses.keys()) if (!known.has(worker)) statuses.delete(worker)
          for (const {worker, status} of now) statuses.set(worker, status)
        },
      }
    },
  }
}
