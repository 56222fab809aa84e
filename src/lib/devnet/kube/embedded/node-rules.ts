import {type Attributes} from './rbac.ts'
import {forbidden} from './kube-error.ts'
import {resourceType, type ResourceType} from './resources.ts'
import {type ObjectStore} from './store.ts'
import {digText, type KubeObject, type UserInfo} from './types.ts'

const NODE_USER = 'system:node:'
const LEASE_NAMESPACE = 'kube-node-lease'

/** The name of the node that a user is, or undefined for any other user. */
export function nodeOf(user: UserInfo): string | undefined {
  if (!user.groups.includes('system:nodes') || !user.username.startsWith(NODE_USER)) return undefined
  return user.username.slice(NODE_USER.length)
}

/** What the node authorizer grants to a kubelet: its own Node, Lease and pods, certificates, events, services. */
export function nodeAllows(store: ObjectStore, user: UserInfo, attributes: Attributes): boolean {
  const node = nodeOf(user)
  if (node === undefined || attributes.resource === undefined) return false
  const {
    verb,
    group = '',
    resource,
    subresource = '',
    namespace = '',
    name = '',
    fieldSelector = '',
  } = attributes
  const what = `${group === '' ? '' : `${group}/`}${resource}${subresource === '' ? '' : `/${subresource}`}`
  switch (what) {
    case 'nodes':
      if (verb === 'create') return true
      return ['get', 'list', 'watch', 'update', 'patch'].includes(verb) && name === node
    case 'nodes/status':
      return ['get', 'update', 'patch'].includes(verb) && name === node
    case 'coordination.k8s.io/leases': {
      if (namespace !== LEASE_NAMESPACE) return false
      return verb === 'create' || (['get', 'update', 'patch', 'delete'].includes(verb) && name === node)
    }
    case 'pods':
      if (['list', 'watch'].includes(verb)) return fieldSelector.split(',').includes(`spec.nodeName=${node}`)
      return ['get', 'delete'].includes(verb) && podIsOn(store, namespace, name, node)
    case 'pods/status':
      return ['update', 'patch'].includes(verb) && podIsOn(store, namespace, name, node)
    case 'events':
    case 'events.k8s.io/events':
      return ['create', 'patch', 'update'].includes(verb)
    case 'certificates.k8s.io/certificatesigningrequests':
      return ['create', 'get', 'list', 'watch'].includes(verb)
    case 'services':
      return ['get', 'list', 'watch'].includes(verb)
    default:
      return false
  }
}

function podIsOn(store: ObjectStore, namespace: string, name: string, node: string): boolean {
  return digText(store.get(resourceType('pods'), namespace, name), 'spec', 'nodeName') === node
}

/** A write that admission judges. */
export interface NodeWrite {
  readonly user: UserInfo
  readonly type: ResourceType
  readonly subresource: string
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly name: string
  readonly namespace: string
  readonly object: KubeObject | undefined
  readonly oldObject: KubeObject | undefined
}

/** Prefixes of labels that a node may set on itself (NodeRestriction). */
const KUBELET_LABEL = /(^|\.)(node|kubelet)\.kubernetes\.io$/
const KUBELET_LABELS = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
])

/**
 * NodeRestriction: a kubelet writes only the Node and the Lease of its own name, sets no reserved labels, and does
 * not change its taints.
 * @throws KubeError 403
 */
export function restrictNode(write: NodeWrite): void {
  const node = nodeOf(write.user)
  if (node === undefined) return
  const {type, name} = write
  const refuse = (why: string): never => {
    throw forbidden(type, name, why)
  }
  if (type.resource === 'leases') {
    if (write.namespace !== LEASE_NAMESPACE)
      refuse(`can only access leases in the "${LEASE_NAMESPACE}" system namespace`)
    if (name !== node) refuse(`can only access node lease with the same name as the requesting node`)
    return
  }
  if (type.resource !== 'nodes') return
  if (name !== node) refuse(`node "${node}" is not allowed to modify node "${name}"`)
  if (write.operation === 'DELETE') refuse(`node "${node}" is not allowed to delete itself`)
  const before = write.oldObject?.metadata.labels ?? {}
  const after = write.object?.metadata.labels ?? {}
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (label) => before[label] !== after[label],
  )
  const reserved = changed.filter((label) => !nodeMaySet(label))
  if (reserved.length > 0) refuse(`is not allowed to modify labels: ${reserved.sort().join(', ')}`)
  if (write.operation === 'UPDATE' && taintsOf(write.object) !== taintsOf(write.oldObject)) {
    refuse(`node "${node}" is not allowed to modify taints`)
  }
}

function nodeMaySet(label: string): boolean {
  if (KUBELET_LABELS.has(label)) return true
  const prefix = label.includes('/') ? label.slice(0, label.indexOf('/')) : ''
  if (prefix === 'node-restriction.kubernetes.io' || prefix.endsWith('.node-restriction.kubernetes.io'))
    return false
  if (KUBELET_LABEL.test(prefix)) return true
  return !/(^|\.)(kubernetes|k8s)\.io$/.test(prefix)
}

function taintsOf(node: KubeObject | undefined): string {
  const spec = node?.['spec'] as {taints?: unknown[]} | undefined
  return JSON.stringify(spec?.taints ?? [])
}
