import {type CelCompiler} from './cel.ts'
import {conflict, invalid} from './kube-error.ts'
import {refuseEscalation} from './escalation.ts'
import {type ResourceType} from './resources.ts'
import {type ObjectStore} from './store.ts'
import {dig, digList, isJsonObject, type JsonObject, type KubeObject, type UserInfo} from './types.ts'
import {policyProblem} from './validating-policy.ts'

/** What the rules of a kind may look at. */
export interface StrategyContext {
  readonly store: ObjectStore
  readonly cel: CelCompiler
  readonly user: UserInfo
}

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/
const LABEL_VALUE = /^([a-zA-Z0-9]([\w.-]*[a-zA-Z0-9])?)?$/
const DATA_KEY = /^[-._a-zA-Z0-9]+$/
/** Names of RBAC objects are path segments: `system:node` is one. */
const PATH_SEGMENT_NAMES = new Set(['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'])

/**
 * Fills in what a kind has by default, as an object is created.
 * @param object the object; changed in place
 */
export function prepareCreate(type: ResourceType, object: KubeObject, context: StrategyContext): void {
  moveStringData(type, object)
  switch (type.resource) {
    case 'namespaces':
      object['spec'] = {finalizers: ['kubernetes']}
      object['status'] = {phase: 'Active'}
      object.metadata.labels = {
        ...object.metadata.labels,
        'kubernetes.io/metadata.name': object.metadata.name,
      }
      break
    case 'pods':
      object['status'] = {phase: 'Pending', qosClass: 'BestEffort'}
      object['spec'] = podDefaults(object['spec'])
      break
    case 'secrets':
      object['type'] ??= 'Opaque'
      break
    case 'certificatesigningrequests': {
      const {username, uid, groups} = context.user
      object['spec'] = {...asObject(object['spec']), username, groups, ...(uid === undefined ? {} : {uid})}
      object['status'] = {}
      break
    }
    case 'nodes':
      object['spec'] = asObject(object['spec'])
      object['status'] = asObject(object['status'])
      break
    case 'validatingadmissionpolicies':
      object['spec'] = {failurePolicy: 'Fail', ...asObject(object['spec'])}
      break
    default:
      if (type.subresources.includes('status')) object['status'] = {}
  }
}

/**
 * Keeps what an update may not change.
 * @param object the new state; changed in place
 * @param old the stored state
 * @param subresource '' or `status`, `approval`, …
 */
export function prepareUpdate(
  type: ResourceType,
  object: KubeObject,
  old: KubeObject,
  subresource: string,
): void {
  moveStringData(type, object)
  if (subresource !== '') {
    for (const field of Object.keys(object)) {
      if (!['apiVersion', 'kind', 'metadata', 'status'].includes(field)) delete object[field]
    }
    for (const [field, value] of Object.entries(old))
      if (!(field in object) && field !== 'status') object[field] = value
  } else if (type.subresources.includes('status')) {
    if (old['status'] === undefined) delete object['status']
    else object['status'] = old['status']
  }
  if (type.resource === 'certificatesigningrequests') object['spec'] = old['spec']
}

/**
 * Checks an object before it is stored.
 * @param old the stored state on update
 * @throws KubeError 422, 403 or 409
 */
export function validateObject(
  type: ResourceType,
  object: KubeObject,
  old: KubeObject | undefined,
  context: StrategyContext,
): void {
  const {name} = object.metadata
  if (old === undefined) {
    const valid = PATH_SEGMENT_NAMES.has(type.resource)
      ? !/[/%]/.test(name) && name !== '.' && name !== '..'
      : NAME.test(name) && name.length <= (type.resource === 'namespaces' ? 63 : 253)
    if (!valid) throw invalid(type, name, 'metadata.name', `Invalid value: "${name}": ${nameRule}`)
  }
  for (const [label, value] of Object.entries(object.metadata.labels ?? {})) {
    if (typeof value !== 'string' || value.length > 63 || !LABEL_VALUE.test(value)) {
      throw invalid(
        type,
        name,
        'metadata.labels',
        `Invalid value: "${String(value)}": value of label "${label}" is not valid`,
      )
    }
  }
  if (type.resource === 'configmaps' || type.resource === 'secrets') validateData(type, object, old)
  if (type.resource === 'pods' && old === undefined && digList(object, 'spec', 'containers').length === 0) {
    throw invalid(type, name, 'spec.containers', 'Required value', 'FieldValueRequired')
  }
  if (type.group === 'rbac.authorization.k8s.io') refuseEscalation(type, object, old, context)
  if (type.resource === 'validatingadmissionpolicies') {
    const problem = policyProblem(context.cel, object)
    if (problem !== undefined) throw invalid(type, name, problem.field, problem.problem)
  }
}

const nameRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"

function validateData(type: ResourceType, object: KubeObject, old: KubeObject | undefined): void {
  const {name} = object.metadata
  for (const field of ['data', 'binaryData']) {
    const data = object[field]
    if (data === undefined || data === null) continue
    for (const [key, value] of Object.entries(asObject(data))) {
      if (!DATA_KEY.test(key)) {
        const rule = `a valid config key must consist of alphanumeric characters, '-', '_' or '.'`
        throw invalid(type, name, `${field}[${key}]`, `Invalid value: "${key}": ${rule}`)
      }
      if (typeof value !== 'string') throw invalid(type, name, `${field}[${key}]`, 'must be a string')
    }
  }
  if (old === undefined) return
  if (type.resource === 'secrets' && (object['type'] ?? 'Opaque') !== old['type']) {
    throw invalid(type, name, 'type', `Invalid value: "${String(object['type'])}": field is immutable`)
  }
  const changed = ['data', 'binaryData'].some(
    (field) => JSON.stringify(object[field]) !== JSON.stringify(old[field]),
  )
  if (old['immutable'] === true && (changed || object['immutable'] !== true)) {
    throw invalid(
      type,
      name,
      'data',
      'Forbidden: field is immutable when `immutable` is set',
      'FieldValueForbidden',
    )
  }
}

function moveStringData(type: ResourceType, object: KubeObject): void {
  if (type.resource !== 'secrets' || !isJsonObject(object['stringData'])) return
  const encoded = Object.entries(object['stringData']).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ])
  object['data'] = {...asObject(object['data']), ...Object.fromEntries(encoded)}
  delete object['stringData']
}

function podDefaults(spec: unknown): JsonObject {
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    schedulerName: 'default-scheduler',
    ...asObject(spec),
  }
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}

/**
 * Checks that an update rests on the stored version.
 * @throws KubeError 409
 */
export function checkVersion(type: ResourceType, object: KubeObject, old: KubeObject): void {
  const {name, uid, resourceVersion} = object.metadata
  if (uid !== undefined && uid !== '' && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`
    throw conflict(type, name, why)
  }
  if (
    resourceVersion !== undefined &&
    resourceVersion !== '' &&
    resourceVersion !== old.metadata.resourceVersion
  ) {
    const why = 'the object has been modified; please apply your changes to the latest version and try again'
    throw conflict(type, name, why)
  }
}

/** Whether the part that `metadata.generation` counts has changed. */
export function specChanged(object: KubeObject, old: KubeObject): boolean {
  return JSON.stringify(dig(object, 'spec')) !== JSON.stringify(dig(old, 'spec'))
}
