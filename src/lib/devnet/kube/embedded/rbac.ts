import {qualified, KubeError} from './kube-error.ts'
import {nodeAllows} from './node-rules.ts'
import {resourceType, type ResourceType} from './resources.ts'
import {type ObjectStore} from './store.ts'
import {dig, digList, digText, type KubeObject, type UserInfo} from './types.ts'

/** What is to be authorized: a resource, or a path. */
export interface Attributes {
  readonly verb: string
  readonly group?: string
  readonly resource?: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  /** For what is no resource. */
  readonly path?: string
  /** The field selector of a list or watch, which the node authorizer looks at. */
  readonly fieldSelector?: string
}

/** The outcome, with what allowed it. */
export interface Decision {
  readonly allowed: boolean
  readonly reason: string
}

/** One rule of a role, as text lists. */
export interface PolicyRule {
  readonly verbs: string[]
  readonly apiGroups: string[]
  readonly resources: string[]
  readonly resourceNames: string[]
  readonly nonResourceURLs: string[]
}

/** Decides: `system:masters` may all; nodes what kubelets need; all others what stored roles and bindings say. */
export function authorize(store: ObjectStore, user: UserInfo, attributes: Attributes): Decision {
  if (user.groups.includes('system:masters')) return {allowed: true, reason: ''}
  if (nodeAllows(store, user, attributes)) return {allowed: true, reason: 'node authorizer'}
  for (const {rules, reason} of grants(store, user, attributes.namespace ?? '')) {
    if (rules.some((rule) => ruleAllows(rule, attributes))) return {allowed: true, reason}
  }
  return {allowed: false, reason: ''}
}

/** The rules that a user has in a namespace ('' = cluster scope only), binding by binding. */
export function* grants(
  store: ObjectStore,
  user: UserInfo,
  namespace: string,
): Generator<{rules: PolicyRule[]; reason: string}> {
  const bindings = store.list(resourceType('clusterrolebindings', RBAC_GROUP))
  if (namespace !== '') bindings.push(...store.list(resourceType('rolebindings', RBAC_GROUP), namespace))
  for (const binding of bindings) {
    const subject = digList(binding, 'subjects').find((candidate) => isSubject(candidate, user, binding))
    if (subject === undefined) continue
    const role = digText(binding, 'roleRef', 'name') ?? ''
    const reason = `RBAC: allowed by ${binding.kind} "${binding.metadata.name}" of ${digText(binding, 'roleRef', 'kind')} "${role}" to ${digText(subject, 'kind')} "${digText(subject, 'name')}"`
    yield {rules: boundRules(store, binding), reason}
  }
}

/** The rules of the role that a binding refers to. */
export function boundRules(store: ObjectStore, binding: KubeObject): PolicyRule[] {
  const roleName = digText(binding, 'roleRef', 'name') ?? ''
  if (digText(binding, 'roleRef', 'kind') === 'ClusterRole') {
    return rulesOf(store.get(resourceType('clusterroles', RBAC_GROUP), '', roleName))
  }
  return rulesOf(store.get(resourceType('roles', RBAC_GROUP), binding.metadata.namespace ?? '', roleName))
}

/** The rules of a role object. */
export function rulesOf(role: KubeObject | undefined): PolicyRule[] {
  return digList(role, 'rules').map((rule) => ({
    verbs: digList(rule, 'verbs').map(String),
    apiGroups: digList(rule, 'apiGroups').map(String),
    resources: digList(rule, 'resources').map(String),
    resourceNames: digList(rule, 'resourceNames').map(String),
    nonResourceURLs: digList(rule, 'nonResourceURLs').map(String),
  }))
}

/**
 * The refusal of a request in RBAC's words.
 * @param type the resource, whose name the message leads with
 */
export function accessForbidden(type: ResourceType, user: UserInfo, attributes: Attributes): KubeError {
  const name = attributes.name ?? ''
  const resource = attributes.subresource ? `${type.resource}/${attributes.subresource}` : type.resource
  const where =
    attributes.namespace === undefined || attributes.namespace === ''
      ? 'at the cluster scope'
      : `in the namespace "${attributes.namespace}"`
  const subject = name === '' ? `${qualified(type)} is` : `${qualified(type)} "${name}" is`
  const what = `cannot ${attributes.verb} resource "${resource}" in API group "${type.group}" ${where}`
  return new KubeError(403, 'Forbidden', `${subject} forbidden: User "${user.username}" ${what}`, {
    ...(name === '' ? {} : {name}),
    ...(type.group === '' ? {} : {group: type.group}),
    kind: type.resource,
  })
}

const RBAC_GROUP = 'rbac.authorization.k8s.io'

function isSubject(subject: unknown, user: UserInfo, binding: KubeObject): boolean {
  const name = digText(subject, 'name') ?? ''
  switch (dig(subject, 'kind')) {
    case 'User':
      return user.username === name
    case 'Group':
      return user.groups.includes(name)
    case 'ServiceAccount': {
      const namespace = digText(subject, 'namespace') ?? binding.metadata.namespace ?? ''
      return user.username === `system:serviceaccount:${namespace}:${name}`
    }
    default:
      return false
  }
}

function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  const has = (list: string[], value: string): boolean => list.includes('*') || list.includes(value)
  if (!has(rule.verbs, attributes.verb)) return false
  if (attributes.path !== undefined) {
    const path = attributes.path
    return rule.nonResourceURLs.some(
      (url) => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))),
    )
  }
  if (!has(rule.apiGroups, attributes.group ?? '')) return false
  const {resource = '', subresource = ''} = attributes
  const full = subresource === '' ? resource : `${resource}/${subresource}`
  const matches = rule.resources.some(
    (candidate) =>
      candidate === '*' || candidate === full || (subresource !== '' && candidate === `*/${subresource}`),
  )
  if (!matches) return false
  return rule.resourceNames.length === 0 || rule.resourceNames.includes(attributes.name ?? '')
}
