import {dig, digList, digText, isJsonObject, type KubeObject} from './types.ts'

/** One column of kubectl's output. */
export interface Column {
  readonly name: string
  readonly type?: string
  /** Shown with `-o wide` only. */
  readonly wide?: boolean
  cell(object: KubeObject, now: number): unknown
}

/** NAME, the first column of every kind. */
const name: Column = {name: 'Name', cell: (object) => object.metadata.name}

/** AGE, the last column of nearly every kind. */
const age: Column = {
  name: 'Age',
  cell: (object, now) => ageOf(object.metadata.creationTimestamp, now),
}

/** The columns of kinds that kubectl shows more of than name and age. */
const special: Record<string, readonly Column[]> = {
  nodes: [
    name,
    {name: 'Status', cell: nodeStatus},
    {name: 'Roles', cell: nodeRoles},
    age,
    {name: 'Version', cell: (node) => digText(node, 'status', 'nodeInfo', 'kubeletVersion') ?? ''},
    {name: 'Internal-IP', wide: true, cell: (node) => nodeAddress(node, 'InternalIP')},
    {name: 'External-IP', wide: true, cell: (node) => nodeAddress(node, 'ExternalIP')},
    {name: 'OS-Image', wide: true, cell: (node) => nodeInfo(node, 'osImage')},
    {name: 'Kernel-Version', wide: true, cell: (node) => nodeInfo(node, 'kernelVersion')},
    {name: 'Container-Runtime', wide: true, cell: (node) => nodeInfo(node, 'containerRuntimeVersion')},
  ],
  pods: [
    name,
    {name: 'Ready', cell: podReady},
    {name: 'Status', cell: podStatus},
    {name: 'Restarts', cell: podRestarts},
    age,
    {name: 'IP', wide: true, cell: (pod) => digText(pod, 'status', 'podIP') ?? '<none>'},
    {name: 'Node', wide: true, cell: (pod) => digText(pod, 'spec', 'nodeName') ?? '<none>'},
    {name: 'Nominated Node', wide: true, cell: () => '<none>'},
    {name: 'Readiness Gates', wide: true, cell: () => '<none>'},
  ],
  configmaps: [
    name,
    {name: 'Data', type: 'integer', cell: (map) => sizeOf(map['data']) + sizeOf(map['binaryData'])},
    age,
  ],
  secrets: [
    name,
    {name: 'Type', cell: (secret) => digText(secret, 'type') ?? 'Opaque'},
    {name: 'Data', type: 'integer', cell: (secret) => sizeOf(secret['data'])},
    age,
  ],
  namespaces: [name, {name: 'Status', cell: (ns) => digText(ns, 'status', 'phase') ?? 'Active'}, age],
  leases: [name, {name: 'Holder', cell: (lease) => digText(lease, 'spec', 'holderIdentity') ?? ''}, age],
  serviceaccounts: [
    name,
    {name: 'Secrets', type: 'integer', cell: (sa) => digList(sa, 'secrets').length},
    age,
  ],
  services: [
    name,
    {name: 'Type', cell: (service) => digText(service, 'spec', 'type') ?? 'ClusterIP'},
    {name: 'Cluster-IP', cell: (service) => digText(service, 'spec', 'clusterIP') ?? '<none>'},
    {name: 'External-IP', cell: () => '<none>'},
    {name: 'Port(s)', cell: servicePorts},
    age,
  ],
  deployments: [
    name,
    {name: 'Ready', cell: (object) => `${count(object, 'status', 'readyReplicas')}/${replicas(object)}`},
    {name: 'Up-to-date', type: 'integer', cell: (object) => count(object, 'status', 'updatedReplicas')},
    {name: 'Available', type: 'integer', cell: (object) => count(object, 'status', 'availableReplicas')},
    age,
  ],
  events: [
    {
      name: 'Last Seen',
      cell: (event, now) => ageOf(digText(event, 'lastTimestamp') ?? digText(event, 'eventTime'), now),
    },
    {name: 'Type', cell: (event) => digText(event, 'type') ?? ''},
    {name: 'Reason', cell: (event) => digText(event, 'reason') ?? ''},
    {name: 'Object', cell: eventObject},
    {name: 'Message', cell: (event) => (digText(event, 'message') ?? digText(event, 'note') ?? '').trim()},
  ],
  roles: [name, {name: 'Created At', cell: (role) => role.metadata.creationTimestamp ?? ''}],
  clusterroles: [name, {name: 'Created At', cell: (role) => role.metadata.creationTimestamp ?? ''}],
  rolebindings: [name, {name: 'Role', cell: roleRef}, age],
  clusterrolebindings: [name, {name: 'Role', cell: roleRef}, age],
  certificatesigningrequests: [
    name,
    age,
    {name: 'SignerName', cell: (csr) => digText(csr, 'spec', 'signerName') ?? ''},
    {name: 'Requestor', cell: (csr) => digText(csr, 'spec', 'username') ?? ''},
    {name: 'RequestedDuration', cell: () => '<none>'},
    {name: 'Condition', cell: csrCondition},
  ],
  validatingadmissionpolicies: [
    name,
    {name: 'Validations', type: 'integer', cell: (policy) => digList(policy, 'spec', 'validations').length},
    {name: 'ParamKind', cell: paramKind},
    age,
  ],
  validatingadmissionpolicybindings: [
    name,
    {name: 'PolicyName', cell: (binding) => digText(binding, 'spec', 'policyName') ?? ''},
    {name: 'ParamRef', cell: (binding) => digText(binding, 'spec', 'paramRef', 'name') ?? '<unset>'},
    age,
  ],
}

/** The columns of a resource. */
export function columnsOf(resource: string): readonly Column[] {
  return special[resource] ?? [name, age]
}

/**
 * How long ago, as kubectl writes it (`5s`, `3m20s`, `4h`, `12d`).
 * @param time RFC 3339
 * @param now ms
 */
export function ageOf(time: string | undefined, now: number): string {
  const then = time === undefined ? NaN : Date.parse(time)
  if (Number.isNaN(then)) return '<unknown>'
  const seconds = Math.max(0, Math.floor((now - then) / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const two = (large: number, unit: string, small: number, smallUnit: string): string =>
    small === 0 ? `${large}${unit}` : `${large}${unit}${small}${smallUnit}`
  if (seconds < 120) return `${seconds}s`
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's')
  if (hours < 3) return `${minutes}m`
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (days < 8) return two(days, 'd', hours % 24, 'h')
  return `${days}d`
}

function nodeStatus(node: KubeObject): string {
  const ready = digList(node, 'status', 'conditions').find((condition) => dig(condition, 'type') === 'Ready')
  const status = dig(ready, 'status')
  const words = [ready === undefined ? 'Unknown' : status === 'True' ? 'Ready' : 'NotReady']
  if (dig(node, 'spec', 'unschedulable') === true) words.push('SchedulingDisabled')
  return words.join(',')
}

function nodeRoles(node: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/'
  const roles = Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith(prefix))
    .map((label) => label.slice(prefix.length))
  return roles.length > 0 ? roles.sort().join(',') : '<none>'
}

function nodeAddress(node: KubeObject, type: string): string {
  const found = digList(node, 'status', 'addresses').find((address) => dig(address, 'type') === type)
  return digText(found, 'address') ?? '<none>'
}

function nodeInfo(node: KubeObject, field: string): string {
  return digText(node, 'status', 'nodeInfo', field) ?? '<unknown>'
}

function podReady(pod: KubeObject): string {
  const statuses = digList(pod, 'status', 'containerStatuses')
  const ready = statuses.filter((status) => dig(status, 'ready') === true).length
  return `${ready}/${digList(pod, 'spec', 'containers').length}`
}

function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating'
  return digText(pod, 'status', 'reason') ?? digText(pod, 'status', 'phase') ?? 'Unknown'
}

function podRestarts(pod: KubeObject): string {
  const counts = digList(pod, 'status', 'containerStatuses').map((status) =>
    Number(dig(status, 'restartCount') ?? 0),
  )
  return String(counts.reduce((sum, restarts) => sum + restarts, 0))
}

function servicePorts(service: KubeObject): string {
  const ports = digList(service, 'spec', 'ports')
  if (ports.length === 0) return '<none>'
  return ports.map((port) => `${String(dig(port, 'port'))}/${digText(port, 'protocol') ?? 'TCP'}`).join(',')
}

function eventObject(event: KubeObject): string {
  const object = event['involvedObject'] ?? event['regarding']
  return `${(digText(object, 'kind') ?? '').toLowerCase()}/${digText(object, 'name') ?? ''}`
}

function roleRef(binding: KubeObject): string {
  return `${digText(binding, 'roleRef', 'kind') ?? ''}/${digText(binding, 'roleRef', 'name') ?? ''}`
}

function csrCondition(csr: KubeObject): string {
  const types = digList(csr, 'status', 'conditions').map((condition) => digText(condition, 'type') ?? '')
  if (types.length === 0) return 'Pending'
  return digText(csr, 'status', 'certificate') === undefined
    ? types.join(',')
    : [...types, 'Issued'].join(',')
}

function paramKind(policy: KubeObject): string {
  const kind = dig(policy, 'spec', 'paramKind')
  return kind === undefined
    ? '<unset>'
    : `${digText(kind, 'apiVersion') ?? ''}/${digText(kind, 'kind') ?? ''}`
}

function count(object: KubeObject, ...path: string[]): number {
  return Number(dig(object, ...path) ?? 0)
}

function replicas(object: KubeObject): number {
  return Number(dig(object, 'spec', 'replicas') ?? 1)
}

function sizeOf(value: unknown): number {
  return isJsonObject(value) ? Object.keys(value).length : 0
}
