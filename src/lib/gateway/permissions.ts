import {daasError} from '../errors/daas-error.ts'
import {permissionResource, type ApiRequest} from '../kube/api-path.ts'
import type {GatewaySeal} from './chain-port.ts'

/**
 * Whether one of the permissions covers the verb on the resource: the rule of `daas::text::covers` (`verb:resource`,
 * `*` stands for all of either; the resource is compared to all of `group/resource` and to its last element).
 */
export function hasPermission(permissions: readonly string[], verb: string, resource: string): boolean {
  return permissions.some((permission) => {
    const at = permission.indexOf(':')
    if (at === -1) return false
    const [allowedVerb, allowedResource] = [permission.slice(0, at), permission.slice(at + 1)]
    return (
      (allowedVerb === '*' || allowedVerb === verb) &&
      ['*', resource, resource.slice(resource.lastIndexOf('/') + 1)].includes(allowedResource)
    )
  })
}

/**
 * Whether a grant counts in a namespace: the rule of `daas::grants::allows`. What has no namespace is allowed by `*` only.
 * @param namespaces of the grant; a seal of a stake has none, and counts everywhere
 * @param namespace '' = none
 */
export function isInScope(namespaces: readonly string[] | undefined, namespace: string): boolean {
  if (namespaces === undefined || namespaces.includes('*')) return true
  return namespace !== '' && namespaces.includes(namespace)
}

/** Whether the verb and path are discovery, which every seal with permissions may: the rule of `daas::text::is_discovery`. */
export function isDiscovery(verb: string, path: string): boolean {
  return verb === 'get' && path.startsWith('/')
}

/**
 * @param now Unix time, ms
 * @throws SEAL_EXPIRED_FOR_REQUEST
 */
export function checkLive(seal: GatewaySeal, now: number): void {
  if (seal.expiresAtMs > now) return
  const expiredAt = new Date(seal.expiresAtMs).toISOString()
  throw daasError('SEAL_EXPIRED_FOR_REQUEST', {seal: seal.id, expiredAt})
}

/**
 * Judges a request as the chain would, before any gas is spent.
 * @throws SEAL_WITHOUT_PERMISSION
 */
export function checkPermission(seal: GatewaySeal, request: ApiRequest): void {
  const resource = permissionResource(request)
  const permission = `${request.verb}:${resource}`
  if (request.nonResource && isDiscovery(request.verb, resource) && seal.permissions.length > 0) return
  const covered = hasPermission(seal.permissions, request.verb, resource)
  if (covered && isInScope(seal.namespaces, request.namespace)) return
  const where = request.namespace === '' ? 'outside of namespaces' : `in the namespace ${request.namespace}`
  throw daasError(
    'SEAL_WITHOUT_PERMISSION',
    {sentence: forbidden(seal.owner, request), permission: covered ? `${permission} ${where}` : permission},
    {details: {verb: request.verb, resource, permissions: seal.permissions}},
  )
}

/** Kubernetes' own sentence (k8s.io/apiserver, responsewriters.forbiddenMessage). */
function forbidden(owner: string, request: ApiRequest): string {
  const user = `User "sui:${owner}" cannot ${request.verb}`
  if (request.nonResource) return `forbidden: ${user} path "${request.path}"`
  const what =
    request.subresource === undefined ? request.resource : `${request.resource}/${request.subresource}`
  const name = request.name === undefined ? '' : ` "${request.name}"`
  const kind = request.group === '' ? request.resource : `${request.resource}.${request.group}`
  const where = request.namespace === '' ? 'at the cluster scope' : `in the namespace "${request.namespace}"`
  return `${kind}${name} is forbidden: ${user} resource "${what}" in API group "${request.group}" ${where}`
}
