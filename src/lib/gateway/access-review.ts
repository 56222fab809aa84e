import type {ApiRequest} from '../kube/api-path.ts'
import {groupsOf} from '../kube/groups.ts'
import type {KubeRequest, KubeResponse} from '../seal/kube-message.ts'
import type {GatewaySeal} from './chain-port.ts'
import {hasPermission, isDiscovery, isInScope} from './permissions.ts'
import {readReviewProtobuf} from './review-protobuf.ts'

/** What a SelfSubjectAccessReview asks for. */
export interface ReviewSpec {
  resourceAttributes?: Partial<
    Record<'namespace' | 'verb' | 'group' | 'version' | 'resource' | 'subresource' | 'name', string>
  >
  nonResourceAttributes?: Partial<Record<'path' | 'verb', string>>
}

/**
 * Answers `kubectl auth can-i` and `auth whoami` where the seal token alone decides: what it does not permit is not allowed whatever
 * the cluster's RBAC says, and a seal token that may not ask the cluster gets its own answer.
 * @returns undefined where the cluster has to be asked, or the body is no such review
 */
export function reviewBySeal(
  seal: GatewaySeal,
  request: KubeRequest,
  api: ApiRequest,
): KubeResponse | undefined {
  if (!isAccessReview(api)) return undefined
  if (api.resource !== 'selfsubjectaccessreviews') return reviewOfSelf(seal, api)
  const spec = readSpec(request)
  if (spec === undefined) return undefined
  const allowed = sealAllows(seal, spec)
  const mayAsk = mayAskCluster(seal, api)
  if (allowed && mayAsk) return undefined
  const reason = allowed
    ? 'the seal token permits it, but does not permit to ask the RBAC of the cluster'
    : 'the seal token does not permit it'
  const review = reviewResponse(api, 'SelfSubjectAccessReview', {spec, status: {allowed, reason}})
  // kubectl says no more than yes; a warning it prints.
  return allowed ? {...review, headers: {...review.headers, warning: `299 - "${reason}"`}} : review
}

/** `kubectl auth whoami` and `auth can-i --list`, for a seal token that may not ask the cluster. */
function reviewOfSelf(seal: GatewaySeal, api: ApiRequest): KubeResponse | undefined {
  if (mayAskCluster(seal, api)) return undefined
  if (api.resource === 'selfsubjectreviews') {
    const groups = [...groupsOf(seal.permissions), 'system:authenticated']
    const userInfo = {username: `sui:${seal.owner}`, groups}
    return reviewResponse(api, 'SelfSubjectReview', {status: {userInfo}})
  }

  const resourceRules = seal.permissions.map((permission) => {
    const [verb = '', resource = ''] = permission.split(':')
    return {verbs: [verb], apiGroups: ['*'], resources: [resource]}
  })
  const {namespaces} = seal
  const where =
    namespaces === undefined || namespaces.includes('*')
      ? ''
      : ` in ${namespaces.join(', ')} and nowhere else`
  const evaluationError = `this is what the seal token permits${where}; the RBAC of the cluster may permit less`
  return reviewResponse(api, 'SelfSubjectRulesReview', {
    spec: {},
    status: {resourceRules, nonResourceRules: [], incomplete: true, evaluationError},
  })
}

function reviewResponse(api: ApiRequest, kind: string, rest: object): KubeResponse {
  const review = {kind, apiVersion: `${api.group}/${api.version}`, metadata: {}, ...rest}
  return {
    status: 201,
    headers: {'content-type': 'application/json'},
    body: new TextEncoder().encode(JSON.stringify(review)),
  }
}

const reviews = new Set([
  'authorization.k8s.io/selfsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
  'authentication.k8s.io/selfsubjectreviews',
])

/** Whether a request asks who its sender is or what they may do. The gateway judges what is asked about, not the asking. */
export function isAccessReview(api: ApiRequest): boolean {
  return api.verb === 'create' && reviews.has(`${api.group}/${api.resource}`) && api.subresource === undefined
}

function readSpec({headers, body}: KubeRequest): ReviewSpec | undefined {
  if ((headers['content-type'] ?? '').includes('protobuf')) return readReviewProtobuf(body)
  try {
    return (JSON.parse(new TextDecoder().decode(body)) as {spec?: ReviewSpec}).spec
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Reviews have no namespace, so a grant for some namespaces does not cover them, whatever its permissions. */
function mayAskCluster({permissions, namespaces}: GatewaySeal, api: ApiRequest): boolean {
  return hasPermission(permissions, 'create', `${api.group}/${api.resource}`) && isInScope(namespaces, '')
}

function sealAllows({permissions, namespaces}: GatewaySeal, spec: ReviewSpec): boolean {
  const plain = spec.nonResourceAttributes
  if (plain) {
    const [verb, path] = [plain.verb ?? '', plain.path ?? '']
    const discovers = permissions.length > 0 && isDiscovery(verb, path)
    return discovers || (hasPermission(permissions, verb, path) && isInScope(namespaces, ''))
  }

  const wanted = spec.resourceAttributes
  const parts = [wanted?.group, wanted?.resource, wanted?.subresource].filter((part) => part)
  const covered = hasPermission(permissions, wanted?.verb ?? '', parts.join('/'))
  return covered && isInScope(namespaces, wanted?.namespace ?? '')
}
