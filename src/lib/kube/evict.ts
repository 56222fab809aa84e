import {setTimeout as sleep} from 'node:timers/promises'
import type {V1Pod} from '@kubernetes/client-node'
import {DaasError} from '../errors/daas-error.ts'
import {createAllowList} from './allow-list.ts'
import {deleteBootstrapSecret} from './bootstrap-secret.ts'
import {drainNode, type DrainOptions} from './drain.ts'
import type {KubeHttp} from './kube-http.ts'
import {retryConflicts, unlessStatus} from './kube-status.ts'
import {evictionOf, podPath, podsOfNode} from './node-pods.ts'
import {patchNode, readNode} from './node-ready.ts'

/** The taint of a node that is being thrown out. */
export const SLASHED_TAINT = {key: 'daas.io/slashed', value: 'true', effect: 'NoExecute'} as const

/** The taint of a node that leaves of its own will. */
export const LEAVING_TAINT = {key: 'daas.io/leaving', value: 'true', effect: 'NoSchedule'} as const
/** Its value on a node that somebody had cordoned before: if it stays, it stays cordoned. */
const CORDONED_BEFORE = 'cordoned-before'

/** The steps of an eviction, in their order. */
export const EVICTION_STEPS = [
  'allow-list',
  'secret',
  'taint',
  'pods',
  'node',
  'node-password',
  'lease',
  'csi-node',
] as const
export type EvictionStep = (typeof EVICTION_STEPS)[number]

/** Of one that leaves: its pods go while it may still say what becomes of them. */
export const LEAVE_STEPS: readonly EvictionStep[] = [
  'taint',
  'pods',
  'allow-list',
  'secret',
  'node',
  'node-password',
  'lease',
  'csi-node',
]

/** One step that was done. */
export interface EvictionStepDone {
  step: EvictionStep
  /** False where there was nothing to do any more. */
  changed: boolean
}

/** Whom to evict. */
export interface EvictionOptions {
  nodeName: string
  /** The public half of its seal token, where its Secret may still stand. */
  tokenId?: string
  /** How long pods get to end by themselves before they are deleted, ms. */
  graceMs?: number
  /** It leaves of its own will: drained first, disruption budgets are heeded for as long as the grace is. */
  isLeaving?: boolean
  /** It leaves only if it can be drained within this: nothing is deleted that drainNode would not evict. */
  drain?: Pick<DrainOptions, 'deleteEmptyDirData' | 'timeoutMs'>
  signal?: AbortSignal
}

/**
 * Throws a node out of the cluster. The order matters: first it loses the right to be there (a Node that is
 * deleted before that could come back), then the token (the agent would join again with it), then work and
 * objects (facts/k3s.md section 2, recommended slash order). Each step may have been done before; a second run
 * finishes what a first one began.
 * @returns the steps in order, each with whether it changed anything
 * @throws DRAIN_REFUSED with `drain`, where the node stays and takes work again; KUBE_REFUSED, KUBE_UNREACHABLE
 */
export async function evictNode(http: KubeHttp, options: EvictionOptions): Promise<EvictionStepDone[]> {
  const {nodeName, tokenId, isLeaving = false, signal} = options
  const name = encodeURIComponent(nodeName)
  const remove = (path: string): Promise<boolean> => removeObject(http, path, signal)
  const drain = async (how: NonNullable<EvictionOptions['drain']>): Promise<boolean> => {
    try {
      return await drainNode(http, {nodeName, ...how, ...pass(signal)})
    } catch (error) {
      // It stays: then it is to have work again.
      if (error instanceof DaasError && error.errorName === 'DRAIN_REFUSED') {
        await uncordon(http, nodeName, LEAVING_TAINT, signal)
      }

      throw error
    }
  }
  const run: Record<EvictionStep, () => Promise<boolean>> = {
    'allow-list': () => createAllowList(http).deny(nodeName, signal),
    secret: async () =>
      tokenId !== undefined && deleteBootstrapSecret(http, tokenId, {nodeName, ...pass(signal)}),
    taint: () => cordonAndTaint(http, nodeName, isLeaving ? LEAVING_TAINT : SLASHED_TAINT, signal),
    pods: () => (options.drain === undefined ? evictPods(http, options) : drain(options.drain)),
    node: () => remove(`/api/v1/nodes/${name}`),
    'node-password': () => remove(`/api/v1/namespaces/kube-system/secrets/${name}.node-password.k3s`),
    lease: () => remove(`/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`),
    'csi-node': () => remove(`/apis/storage.k8s.io/v1/csinodes/${name}`),
  }
  const done: EvictionStepDone[] = []
  for (const step of isLeaving ? LEAVE_STEPS : EVICTION_STEPS) done.push({step, changed: await run[step]()})
  return done
}

async function cordonAndTaint(
  http: KubeHttp,
  name: string,
  taint: typeof SLASHED_TAINT | typeof LEAVING_TAINT,
  signal?: AbortSignal,
): Promise<boolean> {
  return retryConflicts(async () => {
    const node = await readNode(http, name, signal)
    if (node === undefined) return false
    const taints = node.spec?.taints ?? []
    const tainted = taints.some(({key}) => key === taint.key)
    const cordoned = node.spec?.unschedulable === true
    if (tainted && cordoned) return false
    const mine = cordoned && taint === LEAVING_TAINT ? {...taint, value: CORDONED_BEFORE} : taint
    await patchNode(http, node, {unschedulable: true, taints: tainted ? taints : [...taints, mine]}, signal)
    return true
  })
}

async function uncordon(
  http: KubeHttp,
  name: string,
  {key}: typeof LEAVING_TAINT,
  signal?: AbortSignal,
): Promise<void> {
  await retryConflicts(async () => {
    const node = await readNode(http, name, signal)
    if (node === undefined) return
    const taints = node.spec?.taints ?? []
    const mine = taints.find((taint) => taint.key === key)
    if (mine === undefined) return
    const rest = taints.filter((taint) => taint !== mine)
    const spec = {
      taints: rest.length === 0 ? null : rest,
      ...(mine.value !== CORDONED_BEFORE && {unschedulable: null}),
    }
    await patchNode(http, node, spec, signal)
  })
}

async function evictPods(http: KubeHttp, options: EvictionOptions): Promise<boolean> {
  const {nodeName, graceMs = 2000, isLeaving = false, signal} = options
  const pods = await podsOfNode(http, nodeName, signal)
  const deadline = performance.now() + graceMs
  let left = pods
  for (let round = 0; left.length > 0 && (round === 0 || performance.now() < deadline); round++) {
    // Once does for one that is thrown out; a budget that says no to one that leaves may say yes a little later.
    if (round === 0 || isLeaving) for (const pod of left) await askForEviction(http, pod, signal)
    if (round > 0) await sleep(Math.min(200, graceMs), undefined, pass(signal))
    left = await podsOfNode(http, nodeName, signal)
  }

  // The node may never confirm an end: the object goes without it.
  for (const pod of left) await removeObject(http, `${podPath(pod)}?gracePeriodSeconds=0`, signal)
  return pods.length > 0
}

/** 404: gone already, 409: another has its name by now. 429: a disruption budget says no; it does not protect pods on a slashed node. */
async function askForEviction(http: KubeHttp, pod: V1Pod, signal?: AbortSignal): Promise<void> {
  if (pod.metadata?.deletionTimestamp !== undefined) return
  const body = evictionOf(pod)
  const path = `${podPath(pod)}/eviction`
  await unlessStatus(http.json({method: 'POST', path, body, ...pass(signal)}), 404, 405, 409, 429)
}

async function removeObject(http: KubeHttp, path: string, signal?: AbortSignal): Promise<boolean> {
  return (await unlessStatus(http.json({method: 'DELETE', path, ...pass(signal)}), 404)) !== undefined
}

function pass(signal: AbortSignal | undefined): {signal?: AbortSignal} {
  return signal === undefined ? {} : {signal}
}
