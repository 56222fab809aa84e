import type {ApiRequest} from '../kube/api-path.ts'
import type {KubeRequest, KubeResponse} from '../seal/kube-message.ts'
import type {GatewaySeal} from './chain-port.ts'
import {hasPermission} from './permissions.ts'
import {readReviewProtobuf} from './review-protobuf.ts'

/** What a SelfSubjectAccessReview asks for. */
export interface ReviewSpec {
  resourceAttributes?: Partial<
    Record<'namespace' | 'verb' | 'group' | 'version' | 'resource' | 'subresource' | 'name', string>
  >
  nonResourceAttributes?: Partial<Record<'path' | 'verb', string>>
}

/**
 * Answers `kubectl auth can-i` where the seal token alone decides: what it does not permit is not allowed whatever
 * the cluster's RBAC says, and a seal token that may not ask the cluster gets its own answer.
 * @returns undefined where the cluster has to be asked, or the body is no such review
 */
export function reviewBySeal(
  seal: GatewaySeal,
  request: KubeRequest,
  api: ApiRequest,
): KubeResponse | undefined {
  if (!isAccessReview(api)) return undefined
  const spec = readSpec(request)
  if (spec === undefined) return undefined
  const allowed = sealAllows(seal.permissions, spec)
  const mayAsk = hasPermission(seal.permissions, 'create', `${api.group}/${api.resource}`)
  if (allowed && mayAsk) return undefined
  const reason = allowed
    ? 'the seal token permits it, but does not permit to ask the RBAC of the cluster'
    : 'the seal token does not permit it'
  const review = {
    kind: 'SelfSubjectAccessReview',
    apiVersion: `${api.group}/${api.version}`,
    metadata: {},
    spec,
    status: {allowed, reason},
  }
  return {
    status: 201,
    headers: {'content-type': 'application/json'},
    body: new TextEncoder().encode(JSON.stringify(review)),
  }
}

/** Whether a request asks what its sender may do. The gateway judges what is asked about, not the asking. */
export function isAccessReview(api: ApiRequest): boolean {
  return (
    api.verb === 'create' &&
    api.group === 'authorization.k8s.io' &&
    api.resource === 'selfsubjectaccessreviews' &&
    api.subresource === undefined
  )
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

function sealAllows(permissions: readonly string[], spec: ReviewSpec): boolean {
  const plain = spec.nonResourceAttributes
  if (plain) return hasPermission(permissions, plain.verb ?? '', plain.path ?? '')
  const wanted = spec.resourceAttributes
  const parts = [wanted?.group, wanted?.resource, wanted?.subresource].filter((part) => part)
  return hasPermission(permissions, wanted?.verb ?? '', parts.join('/'))
}
