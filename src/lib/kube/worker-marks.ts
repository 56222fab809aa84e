import type {V1Node} from '@kubernetes/client-node'
import {isQuarantined, QUARANTINE_TAINT} from './node-ready.ts'

/** The labels a worker's Node is registered with: its own, and the stake that it says it has. */
export function workerLabels(own: Readonly<Record<string, string>>, stake: string): Record<string, string> {
  return {...own, 'daas.io/stake': stakeLabel(stake)}
}

/** The taints a worker joins with, `key=value:Effect`. */
export function workerTaints(): string[] {
  const {key, value, effect} = QUARANTINE_TAINT
  return [`${key}=${value}:${effect}`]
}

/**
 * What the listener says of a worker: a node can set neither of these itself (the admission plugin NodeRestriction
 * keeps the prefix from it), so a scheduler may trust them.
 */
export function trustLabels(stake: string): Record<string, string> {
  return {
    'node-restriction.kubernetes.io/daas-stake': stakeLabel(stake),
    'node-restriction.kubernetes.io/daas-verified': 'true',
  }
}

/** Whether a Node carries what only workers of daas carry. */
export function isWorker(node: V1Node): boolean {
  const labels = node.metadata?.labels ?? {}
  return (
    labels['daas.io/stake'] !== undefined ||
    labels['node-restriction.kubernetes.io/daas-verified'] !== undefined ||
    isQuarantined(node)
  )
}

/** A label's value has 63 characters at most: the first 16 digits of the id. */
function stakeLabel(stake: string): string {
  return stake.slice(2, 18)
}

const KUBELET_LABELS = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
])

/**
 * Why a node may not be given a label by its own operator (the kubelet's list in pkg/apis/core/v1 of Kubernetes, and
 * what daas keeps for itself); undefined where it may.
 */
export function whyNotOwnLabel(key: string): string | undefined {
  if (key === 'daas.io/stake') return 'the listener sets it'
  const prefix = key.includes('/') ? key.slice(0, key.indexOf('/')) : ''
  const isKubernetes = /(^|\.)(kubernetes|k8s)\.io$/.test(prefix)
  if (!isKubernetes || KUBELET_LABELS.has(key)) return undefined
  if (/(^|\.)(kubelet|node)\.kubernetes\.io$/.test(prefix)) return undefined
  return `a node may not set labels of ${prefix}`
}
