import type {KubeConfig, V1Node} from '@kubernetes/client-node'
import {evictNode} from '../kube/evict.ts'
import {isNodeReady, isQuarantined, readNode} from '../kube/node-ready.ts'
import {keepWatching} from '../kube/watch.ts'
import {isWorker} from '../kube/worker-marks.ts'
import {errorFields} from './logger.ts'
import type {SweepDeps} from './sweeps.ts'

/** What watching over Nodes takes. */
export interface NodeWatchDeps extends Omit<SweepDeps, 'everyMs' | 'onLost'> {
  kubeConfig: KubeConfig
  presence: NodePresence
  /** A worker that the journal calls pending can be settled. */
  onPending: () => void
  /** A worker's Node is not there any more, or there again. */
  onPresence: () => void
}

/** Which Nodes of workers were deleted under them, as far as the watch has seen. */
export interface NodePresence {
  isGone(nodeName: string): boolean
  /** @returns whether that is news */
  gone(nodeName: string): boolean
  seen(nodeName: string): boolean
}

/** Remembers who is gone. */
export function createNodePresence(): NodePresence {
  const missing = new Set<string>()
  return {
    isGone: (nodeName) => missing.has(nodeName),
    gone: (nodeName) => !missing.has(nodeName) && missing.add(nodeName) !== undefined,
    seen: (nodeName) => missing.delete(nodeName),
  }
}

/**
 * Watches Nodes, and acts within moments: one that has no place in the cluster (evicted and back past the policy, or
 * its eviction was cut off) is deleted; one that is Ready is settled; a worker that lost its Node is offline, and one
 * whose Node is back gets its labels again and leaves quarantine.
 */
export async function keepWatchingNodes(deps: NodeWatchDeps): Promise<void> {
  const {http, kubeConfig, journal, logger, signal} = deps
  await keepWatching<V1Node>({
    http,
    kubeConfig,
    path: '/api/v1/nodes',
    signal,
    async onList(nodes) {
      const there = new Set(nodes.map(({metadata}) => metadata?.name ?? ''))
      for (const {nodeName} of journal.workers.byState('registered')) {
        if (!there.has(nodeName)) lose(deps, nodeName)
      }

      for (const node of nodes) await attempt(deps, node)
    },
    async onEvent({type, object}) {
      if (type === 'DELETED') lose(deps, object.metadata?.name ?? '')
      else await attempt(deps, object)
    },
    onTrouble(error, attempts) {
      logger.warn({...errorFields(error), attempts}, 'the watch of nodes is lost, beginning again')
    },
  })
}

/** What fails here is found again by the sweep. */
async function attempt(deps: NodeWatchDeps, node: V1Node): Promise<void> {
  try {
    await meet(deps, node)
  } catch (error) {
    if (deps.signal.aborted) return
    deps.logger.warn({...errorFields(error), nodeName: node.metadata?.name}, 'a node is not dealt with yet')
  }
}

async function meet(deps: NodeWatchDeps, node: V1Node): Promise<void> {
  const {http, journal, presence, logger, signal} = deps
  const nodeName = node.metadata?.name ?? ''
  if (presence.seen(nodeName)) deps.onPresence()
  const state = journal.workers.get(nodeName)?.state
  if (state === 'pending' && isNodeReady(node)) deps.onPending()
  if (state === 'registered' && isNodeReady(node) && isQuarantined(node)) {
    // What the watch tells may be from before it was settled.
    const now = await readNode(http, nodeName, signal)
    if (now === undefined || !isQuarantined(now) || !journal.workers.returned(nodeName)) return
    logger.info({nodeName}, 'the node of a worker is new: it is settled again')
    deps.onPending()
  }

  await deleteStray(deps, node)
}

function lose({journal, presence, logger, onPresence}: NodeWatchDeps, nodeName: string): void {
  if (journal.workers.get(nodeName)?.state !== 'registered' || !presence.gone(nodeName)) return
  logger.warn({nodeName}, 'the node of a worker is gone')
  onPresence()
}

/**
 * Deletes a Node that has no place: of a worker that was evicted, or that looks like one and nobody knows.
 * @returns whether it had to go
 */
export async function deleteStray(
  {
    http,
    allowList,
    journal,
    logger,
    signal,
  }: Pick<SweepDeps, 'http' | 'allowList' | 'journal' | 'logger' | 'signal'>,
  node: V1Node,
): Promise<boolean> {
  const nodeName = node.metadata?.name ?? ''
  const worker = journal.workers.get(nodeName)
  if (worker !== undefined && worker.state !== 'evicted') return false
  // One that nobody has on a list is left alone unless it carries what only workers carry.
  if (worker === undefined && !isWorker(node)) return false
  // Read after the Node: one that is let in meanwhile is on it.
  if (Object.hasOwn(await allowList.read(signal), nodeName)) return false
  await evictNode(http, {nodeName, graceMs: 0, signal})
  logger.warn({nodeName, known: worker?.state}, 'a node without a stake was there and is deleted')
  return true
}
