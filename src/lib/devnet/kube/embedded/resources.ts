/** One kind of object that the embedded API serves. */
export interface ResourceType {
  /** API group, '' for core. */
  readonly group: string
  readonly version: string
  /** Plural, as in paths. */
  readonly resource: string
  readonly singular: string
  readonly kind: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly subresources: readonly string[]
  readonly verbs: readonly string[]
}

/** What a row of the table may add to its kind. */
interface Extras {
  short?: string[]
  categories?: string[]
  subresources?: string[]
  /** Reviews are created only: nothing is stored. */
  createOnly?: boolean
}

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const NAMESPACED = true
const CLUSTER = false
const STATUS = {subresources: ['status']}

function row(
  groupVersion: string,
  resource: string,
  kind: string,
  namespaced: boolean,
  extras: Extras = {},
): ResourceType {
  const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion]
  return {
    group: group!,
    version: version!,
    resource,
    singular: kind.toLowerCase(),
    kind,
    namespaced,
    shortNames: extras.short ?? [],
    categories: extras.categories ?? [],
    subresources: extras.subresources ?? [],
    verbs: extras.createOnly ? ['create'] : ALL_VERBS,
  }
}

const core = [
  row('v1', 'namespaces', 'Namespace', CLUSTER, {short: ['ns'], subresources: ['status', 'finalize']}),
  row('v1', 'nodes', 'Node', CLUSTER, {short: ['no'], subresources: ['status', 'proxy']}),
  row('v1', 'pods', 'Pod', NAMESPACED, {
    short: ['po'],
    categories: ['all'],
    subresources: ['status', 'eviction', 'binding', 'log', 'exec', 'attach', 'portforward', 'proxy'],
  }),
  row('v1', 'configmaps', 'ConfigMap', NAMESPACED, {short: ['cm']}),
  row('v1', 'secrets', 'Secret', NAMESPACED),
  row('v1', 'services', 'Service', NAMESPACED, {short: ['svc'], categories: ['all'], ...STATUS}),
  row('v1', 'serviceaccounts', 'ServiceAccount', NAMESPACED, {short: ['sa'], subresources: ['token']}),
  row('v1', 'events', 'Event', NAMESPACED, {short: ['ev']}),
  row('v1', 'endpoints', 'Endpoints', NAMESPACED, {short: ['ep']}),
  row('v1', 'persistentvolumes', 'PersistentVolume', CLUSTER, {short: ['pv'], ...STATUS}),
  row('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', NAMESPACED, {short: ['pvc'], ...STATUS}),
  row('v1', 'replicationcontrollers', 'ReplicationController', NAMESPACED, {
    short: ['rc'],
    categories: ['all'],
    ...STATUS,
  }),
  row('v1', 'resourcequotas', 'ResourceQuota', NAMESPACED, {short: ['quota'], ...STATUS}),
  row('v1', 'limitranges', 'LimitRange', NAMESPACED, {short: ['limits']}),
  row('v1', 'podtemplates', 'PodTemplate', NAMESPACED),
]

const workloads = [
  row('apps/v1', 'deployments', 'Deployment', NAMESPACED, {
    short: ['deploy'],
    categories: ['all'],
    ...STATUS,
  }),
  row('apps/v1', 'replicasets', 'ReplicaSet', NAMESPACED, {short: ['rs'], categories: ['all'], ...STATUS}),
  row('apps/v1', 'statefulsets', 'StatefulSet', NAMESPACED, {short: ['sts'], categories: ['all'], ...STATUS}),
  row('apps/v1', 'daemonsets', 'DaemonSet', NAMESPACED, {short: ['ds'], categories: ['all'], ...STATUS}),
  row('apps/v1', 'controllerrevisions', 'ControllerRevision', NAMESPACED),
  row('batch/v1', 'jobs', 'Job', NAMESPACED, {categories: ['all'], ...STATUS}),
  row('batch/v1', 'cronjobs', 'CronJob', NAMESPACED, {short: ['cj'], categories: ['all'], ...STATUS}),
  row('networking.k8s.io/v1', 'ingresses', 'Ingress', NAMESPACED, {short: ['ing'], ...STATUS}),
  row('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', NAMESPACED, {short: ['netpol']}),
  row('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', NAMESPACED, {short: ['pdb'], ...STATUS}),
  row('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', NAMESPACED),
  row('storage.k8s.io/v1', 'storageclasses', 'StorageClass', CLUSTER, {short: ['sc']}),
  row('storage.k8s.io/v1', 'csinodes', 'CSINode', CLUSTER),
  row('coordination.k8s.io/v1', 'leases', 'Lease', NAMESPACED),
  row('events.k8s.io/v1', 'events', 'Event', NAMESPACED, {short: ['ev']}),
]

const RBAC = 'rbac.authorization.k8s.io/v1'
const ADMISSION = 'admissionregistration.k8s.io/v1'
const REVIEW = {createOnly: true}

const control = [
  row(RBAC, 'roles', 'Role', NAMESPACED),
  row(RBAC, 'rolebindings', 'RoleBinding', NAMESPACED),
  row(RBAC, 'clusterroles', 'ClusterRole', CLUSTER),
  row(RBAC, 'clusterrolebindings', 'ClusterRoleBinding', CLUSTER),
  row('authorization.k8s.io/v1', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', CLUSTER, REVIEW),
  row('authorization.k8s.io/v1', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', CLUSTER, REVIEW),
  row('authorization.k8s.io/v1', 'subjectaccessreviews', 'SubjectAccessReview', CLUSTER, REVIEW),
  row('authorization.k8s.io/v1', 'localsubjectaccessreviews', 'LocalSubjectAccessReview', NAMESPACED, REVIEW),
  row('authentication.k8s.io/v1', 'selfsubjectreviews', 'SelfSubjectReview', CLUSTER, REVIEW),
  row('authentication.k8s.io/v1', 'tokenreviews', 'TokenReview', CLUSTER, REVIEW),
  row(ADMISSION, 'validatingadmissionpolicies', 'ValidatingAdmissionPolicy', CLUSTER, {
    categories: ['api-extensions'],
    ...STATUS,
  }),
  row(ADMISSION, 'validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding', CLUSTER, {
    categories: ['api-extensions'],
  }),
  row('certificates.k8s.io/v1', 'certificatesigningrequests', 'CertificateSigningRequest', CLUSTER, {
    short: ['csr'],
    subresources: ['status', 'approval'],
  }),
]

/** Every resource that the embedded API serves, in the order of discovery. */
export const resourceTypes: readonly ResourceType[] = [...core, ...workloads, ...control]

/** The apiVersion of a resource: `v1` or `group/version`. */
export function apiVersionOf(type: Pick<ResourceType, 'group' | 'version'>): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`
}

/** The resource of a path, or undefined where the embedded API has none. */
export function findResource(group: string, version: string, resource: string): ResourceType | undefined {
  return resourceTypes.find(
    (type) => type.group === group && type.version === version && type.resource === resource,
  )
}

/** The resource of a kind, or undefined. */
export function findKind(apiVersion: string, kind: string): ResourceType | undefined {
  return resourceTypes.find((type) => apiVersionOf(type) === apiVersion && type.kind === kind)
}

/**
 * The resource of the table with that plural in a group.
 * @throws Error where the table has none: a mistake of the caller
 */
export function resourceType(resource: string, group = ''): ResourceType {
  const found = resourceTypes.find((type) => type.group === group && type.resource === resource)
  if (found === undefined) throw new Error(`the embedded API has no resource ${resource} in group "${group}"`)
  return found
}
