import type {V1LeaseList} from '@kubernetes/client-node'
import type {KubeHttp} from '../kube/kube-http.ts'
import type {ListenerChain, LivenessReport} from './chain-port.ts'
import {every} from './every.ts'
import type {Journal} from './journal.ts'
import type {ListenerLogger} from './logger.ts'

/** What watching over the Leases takes. */
export interface LivenessDeps {
  chain: Pick<ListenerChain, 'reportLiveness'>
  http: KubeHttp
  journal: Journal
  logger: ListenerLogger
  signal: AbortSignal
  everyMs: number
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
  let told = ''
  let looks = 0
  await every({...deps, what: 'report of who lives'}, async () => {
    const workers = deps.journal.workers
      .byState('registered')
      .flatMap(({nodeName, worker}) => (worker === undefined ? [] : [{nodeName, worker}]))
    if (workers.length === 0) return
    const path = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
    const {items} = await deps.http.json<V1LeaseList>({method: 'GET', path, signal: deps.signal})
    const leases = new Map(
      items.map(({metadata, spec}) => [
        metadata?.name ?? '',
        String(spec?.renewTime ?? metadata?.resourceVersion ?? ''),
      ]),
    )
    const {report, commit} = watch.look(workers, leases)
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

/** Remembers Leases from look to look. */
export function createLivenessWatch(offlineAfter: number): {
  look(
    workers: readonly {nodeName: string; worker: string}[],
    leases: ReadonlyMap<string, string>,
  ): {report: LivenessReport; commit: () => void}
} {
  const seen = new Map<string, {lease: string | undefined; misses: number}>()
  const statuses = new Map<string, 'ready' | 'offline'>()
  return {
    look(workers, leases) {
      const alive: string[] = []
      const changed: LivenessReport['changed'][number][] = []
      for (const {nodeName, worker} of workers) {
        const lease = leases.get(nodeName)
        const before = seen.get(worker)
        const renewed = lease !== undefined && lease !== before?.lease
        const misses = renewed ? 0 : (before?.misses ?? 0) + 1
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
