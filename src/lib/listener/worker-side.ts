import type {KubeConfig} from '@kubernetes/client-node'
import type {AllowList} from '../kube/allow-list.ts'
import type {KubeHttp} from '../kube/kube-http.ts'
import type {Journal} from './journal.ts'
import {keepReportingLiveness} from './liveness.ts'
import type {ListenerMetrics} from './metrics.ts'
import {createNodePresence, keepWatchingNodes} from './nodes.ts'
import {createReconciler} from './reconciler.ts'
import {createRegistrar} from './registrar.ts'
import type {Registrar} from './registrar.ts'
import type {ListenerDeps, ListenerSettings} from './settings.ts'
import {keepSweepingNodes, keepSweepingOrphans} from './sweeps.ts'
import {createTurns} from './turns.ts'
import {createWaker} from './waker.ts'

/** What looking after workers takes. */
export interface WorkerSideDeps extends ListenerDeps {
  settings: Omit<ListenerSettings, 'advertise'>
  http: KubeHttp
  kubeConfig: KubeConfig
  allowList: AllowList
  journal: Journal
  metrics: ListenerMetrics
}

/** All that becomes of workers: from their registration to their end. */
export interface WorkerSide {
  registrar: Registrar
  /** Something has changed for some worker: look now. */
  kick(): void
  /** What goes on until the signal, by name. */
  readonly loops: Readonly<Record<string, () => Promise<void>>>
}

/** Puts the parts together that deal with workers. */
export function createWorkerSide(deps: WorkerSideDeps): WorkerSide {
  const {chain, logger, clock, signal, settings, journal, http, allowList} = deps
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
    onWorker: (end) => deps.metrics.workers.inc({end}),
  })
  const kick = (): void => reconciler.kick()
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
    onPending: kick,
  })
  const presence = createNodePresence()
  const liveness = createWaker()
  const watch = {chain, http, allowList, journal, logger, clock, signal, onLost: kick}
  return {
    registrar,
    kick,
    loops: {
      workers: () => reconciler.run(),
      nodes: () =>
        keepWatchingNodes({
          ...watch,
          kubeConfig: deps.kubeConfig,
          presence,
          onPending: kick,
          onPresence: () => liveness.wake(),
        }),
      'sweep of nodes': () => keepSweepingNodes({...watch, everyMs: settings.nodeSweepMs}),
      orphans: () => keepSweepingOrphans({...watch, everyMs: settings.orphanSweepMs}),
      liveness: () =>
        keepReportingLiveness({
          ...watch,
          everyMs: settings.livenessMs,
          offlineAfter: settings.offlineAfter,
          isGone: (nodeName) => presence.isGone(nodeName),
          waker: liveness,
          silentAfterMs: settings.silentAfterMs,
        }),
    },
  }
}
