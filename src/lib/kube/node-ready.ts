import {setTimeout as sleep} from 'node:timers/promises'
import type {V1Node} from '@kubernetes/client-node'
import {daasError} from '../errors/daas-error.ts'
import type {KubeHttp} from './kube-http.ts'
import {retryConflicts, unlessStatus} from './kube-status.ts'

/** The taint with which a worker joins; only the listener can lift it, a node cannot change its own taints. */
export const QUARANTINE_TAINT = {key: 'daas.io/unverified', value: 'true', effect: 'NoSchedule'} as const

/** Reads a Node. @returns undefined where there is none */
export async function readNode(
  http: KubeHttp,
  name: string,
  signal?: AbortSignal,
): Promise<V1Node | undefined> {
  const options = signal === undefined ? {} : {signal}
  return unlessStatus(http.json<V1Node>({method: 'GET', path: nodePath(name), ...options}), 404)
}

/** Whether a Node says that it is Ready. */
export function isNodeReady(node: V1Node | undefined): boolean {
  return node?.status?.conditions?.some(({type, status}) => type === 'Ready' && status === 'True') ?? false
}

/** Whether a Node still has the quarantine taint. */
export function isQuarantined(node: V1Node | undefined): boolean {
  return node?.spec?.taints?.some(({key}) => key === QUARANTINE_TAINT.key) ?? false
}

/**
 * Waits until a Node is Ready.
 * @param deadlineMs how long at most, ms
 * @throws NODE_NOT_READY at the deadline, the signal's reason when it aborts
 */
export async function waitForNodeReady(
  http: KubeHttp,
  name: string,
  {deadlineMs, pollMs = 500, signal}: {deadlineMs: number; pollMs?: number; signal?: AbortSignal},
): Promise<V1Node> {
  const deadline = AbortSignal.timeout(deadlineMs)
  const stop = signal === undefined ? deadline : AbortSignal.any([deadline, signal])
  try {
    for (;;) {
      const node = await readNode(http, name, stop)
      if (node !== undefined && isNodeReady(node)) return node
      await sleep(pollMs, undefined, {signal: stop})
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (!deadline.aborted) throw error
    throw daasError('NODE_NOT_READY', {name, seconds: deadlineMs / 1000}, {cause: error})
  }
}

/** Lifts the quarantine taint. @returns false where the Node is gone or has no such taint */
export async function liftQuarantine(http: KubeHttp, name: string, signal?: AbortSignal): Promise<boolean> {
  return retryConflicts(async () => {
    const node = await readNode(http, name, signal)
    const taints = node?.spec?.taints ?? []
    const rest = taints.filter(({key}) => key !== QUARANTINE_TAINT.key)
    if (node === undefined || rest.length === taints.length) return false
    await patchNode(http, node, {taints: rest.length === 0 ? null : rest}, signal)
    return true
  })
}

/** Sets labels of a Node. @returns false where it is gone or has them all */
export async function labelNode(
  http: KubeHttp,
  name: string,
  labels: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<boolean> {
  const node = await readNode(http, name, signal)
  const known = node?.metadata?.labels ?? {}
  if (node === undefined || Object.entries(labels).every(([key, value]) => known[key] === value)) return false
  const body = {metadata: {labels}}
  await http.json({method: 'PATCH', path: nodePath(name), body, ...(signal === undefined ? {} : {signal})})
  return true
}

/** Changes a Node's spec, unless it has changed since it was read (409). */
export async function patchNode(
  http: KubeHttp,
  node: V1Node,
  spec: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<void> {
  const {name = '', resourceVersion} = node.metadata ?? {}
  const body = {metadata: {resourceVersion}, spec}
  await http.json({method: 'PATCH', path: nodePath(name), body, ...(signal === undefined ? {} : {signal})})
}

function nodePath(name: string): string {
  return `/api/v1/nodes/${encodeURIComponent(name)}`
}
