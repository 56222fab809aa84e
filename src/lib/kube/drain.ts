import {setTimeout as sleep} from 'node:timers/promises'
import type {V1Pod, V1Status} from '@kubernetes/client-node'
import {daasError} from '../errors/daas-error.ts'
import type {KubeHttp} from './kube-http.ts'
import {unlessStatus} from './kube-status.ts'
import {isNodeReady, readNode} from './node-ready.ts'
import {evictionOf, podName, podPath, podsOfNode} from './node-pods.ts'

/** How a node is drained: by the rules of `kubectl drain --ignore-daemonsets`. */
export interface DrainOptions {
  readonly nodeName: string
  /** Data in emptyDir volumes may be lost (`--delete-emptydir-data`). */
  readonly deleteEmptyDirData: boolean
  /** How long budgets are asked again and pods waited for, ms. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** Between two looks, ms. */
  readonly pauseMs?: number
}

const PAUSE_MS = 1000
/** On a node that does not answer nobody confirms the end of a pod: this long after its own grace its object goes, ms. */
const UNCONFIRMED_MS = 2000

/**
 * Evicts the pods of a node and waits until they are gone. First it looks whether all of them may go: a pod that no
 * controller starts again elsewhere, or whose emptyDir holds data, stops the drain before anything is evicted.
 * A disruption budget that says no (429) is asked again until the deadline.
 * @returns whether there were pods to evict
 * @throws DRAIN_REFUSED with a reason and a remedy; KUBE_REFUSED, KUBE_UNREACHABLE, the signal's reason
 */
export async function drainNode(http: KubeHttp, options: DrainOptions): Promise<boolean> {
  const {nodeName, timeoutMs, signal, pauseMs = PAUSE_MS} = options
  const pods = await podsOfNode(http, nodeName, signal)
  checkRemovable(pods, options)
  const deadline = performance.now() + timeoutMs
  const refusals = new Map<string, string>()
  let left = pods
  while (left.length > 0) {
    for (const pod of left) {
      const why = await askForEviction(http, pod, signal)
      if (why === undefined) refusals.delete(podName(pod))
      else refusals.set(podName(pod), why)
    }

    left = await podsOfNode(http, nodeName, signal)
    if (left.length > 0 && (await isSilent(http, nodeName, signal)))
      await removeUnconfirmed(http, left, signal)
    if (left.length === 0) break
    if (performance.now() >= deadline) throw lateError(left, refusals, timeoutMs)
    await sleep(Math.min(pauseMs, Math.max(deadline - performance.now(), 1)), undefined, pass(signal))
    left = await podsOfNode(http, nodeName, signal)
  }

  return pods.length > 0
}

/** What has ended holds nothing back: neither work nor data. */
function checkRemovable(pods: readonly V1Pod[], {deleteEmptyDirData}: DrainOptions): void {
  const live = pods.filter(({status}) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
  const alone = live.filter(({metadata}) => !metadata?.ownerReferences?.some(({controller}) => controller))
  const holding = live.filter(({spec}) => spec?.volumes?.some(({emptyDir}) => emptyDir !== undefined))
  if (alone.length > 0) {
    throw daasError('DRAIN_REFUSED', {
      reason: `no controller would start these pods elsewhere: ${namesOf(alone)}`,
      remedy: 'move or delete them, or lose them with --force',
    })
  }

  if (holding.length > 0 && !deleteEmptyDirData) {
    throw daasError('DRAIN_REFUSED', {
      reason: `these pods keep data on this node (emptyDir): ${namesOf(holding)}`,
      remedy: 'save what is needed, then pass --delete-emptydir-data',
    })
  }
}

/** @returns why it may not go now; undefined where it goes or is gone */
async function askForEviction(http: KubeHttp, pod: V1Pod, signal?: AbortSignal): Promise<string | undefined> {
  if (pod.metadata?.deletionTimestamp !== undefined) return undefined
  const {status, body} = await http.call({
    method: 'POST',
    path: `${podPath(pod)}/eviction`,
    headers: {'content-type': 'application/json', accept: 'application/json'},
    body: JSON.stringify(evictionOf(pod)),
    ...pass(signal),
  })
  // 404: gone. 409: another pod has its name by now.
  if (status < 300 || status === 404 || status === 409) return undefined
  const said = statusOf(body)
  const causes = said.details?.causes?.map(({message}) => message).filter(Boolean) ?? []
  const why = [said.message, ...causes].filter(Boolean).join(': ')
  if (status === 429) return why
  // Its namespace is being deleted, and so is it (kubectl drain waits for that, too).
  if (status === 403 && said.details?.causes?.some(({reason}) => reason === 'NamespaceTerminating'))
    return why
  throw daasError('DRAIN_REFUSED', {
    reason: `${podName(pod)} cannot be evicted (${status}): ${why || 'no reason given'}`,
    remedy: 'look at its disruption budgets: kubectl get poddisruptionbudgets --all-namespaces',
  })
}

function statusOf(body: Uint8Array): Partial<V1Status> {
  try {
    return JSON.parse(Buffer.from(body).toString()) as Partial<V1Status>
  } catch {
    // Not from the API server: then it is as good as no reason.
    return {}
  }
}

async function isSilent(http: KubeHttp, nodeName: string, signal?: AbortSignal): Promise<boolean> {
  return !isNodeReady(await readNode(http, nodeName, signal))
}

async function removeUnconfirmed(
  http: KubeHttp,
  pods: readonly V1Pod[],
  signal?: AbortSignal,
): Promise<void> {
  for (const pod of pods) {
    const since = pod.metadata?.deletionTimestamp
    // The time stamp is when its grace is over.
    if (since === undefined || Date.now() < new Date(since).getTime() + UNCONFIRMED_MS) continue
    const path = `${podPath(pod)}?gracePeriodSeconds=0`
    await unlessStatus(http.json({method: 'DELETE', path, ...pass(signal)}), 404)
  }
}

function lateError(pods: readonly V1Pod[], refusals: ReadonlyMap<string, string>, timeoutMs: number): Error {
  const seconds = Math.round(timeoutMs / 1000)
  const [refused] = pods.flatMap((pod) => refusals.get(podName(pod)) ?? [])
  if (refused === undefined) {
    return daasError('DRAIN_REFUSED', {
      reason: `after ${seconds} s these pods have not ended: ${namesOf(pods)}`,
      remedy: 'give them more time with --timeout',
    })
  }

  const held = pods.filter((pod) => refusals.has(podName(pod)))
  return daasError('DRAIN_REFUSED', {
    reason: `after ${seconds} s a disruption budget still holds ${namesOf(held)} (${refused})`,
    remedy:
      'have as many replicas run elsewhere as the budget wants, then run it again; or go past it with --force',
  })
}

const SHOWN = 5

function namesOf(pods: readonly V1Pod[]): string {
  const names = pods.slice(0, SHOWN).map((pod) => podName(pod))
  const rest = pods.length - names.length
  return `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

function pass(signal: AbortSignal | undefined): {signal?: AbortSignal} {
  return signal === undefined ? {} : {signal}
}
