import {randomBytes} from 'node:crypto'
import {type Answer, type Call, timestamp} from './api.ts'
import {forbidden, KubeError} from './kube-error.ts'
import {deleteChecked, removeIfFinal} from './rest-delete.ts'
import {getObject} from './rest-read.ts'
import {admit, current, readBody} from './rest-common.ts'
import {patchObject, updateObject} from './rest-write.ts'
import {dig, digText, isJsonObject, type JsonObject} from './types.ts'
import {tokenHash} from './users.ts'

/** Requests for `<resource>/<name>/<subresource>`. */
export function handleSubresource(call: Call): Answer {
  const {verb, type, subresource} = call.request
  switch (subresource) {
    case 'status':
    case 'approval':
      if (verb === 'get') return getObject(call)
      return verb === 'patch' ? patchObject(call) : updateObject(call)
    case 'finalize':
      return finalizeNamespace(call)
    case 'eviction':
      return evictPod(call)
    case 'binding':
      return bindPod(call)
    case 'token':
      return requestToken(call)
    default:
      throw new KubeError(
        501,
        'NotImplemented',
        `${type.resource}/${subresource} needs a kubelet that runs containers: the embedded Kubernetes of daas has none`,
        {},
      )
  }
}

function finalizeNamespace(call: Call): Answer {
  const {api, request} = call
  const old = current(call)
  const body = readBody(call)
  const stored = api.store.put(request.type, {
    ...old,
    spec: {finalizers: dig(body, 'spec', 'finalizers') ?? []},
  })
  removeIfFinal(api, request.type, stored)
  return {status: 200, body: stored}
}

/** An eviction is a deletion with other rights; the embedded API has no disruption budgets to keep. */
function evictPod(call: Call): Answer {
  const options = dig(readBody(call), 'deleteOptions')
  deleteChecked(call, current(call), isJsonObject(options) ? options : {})
  return {status: 201, body: success()}
}

function bindPod(call: Call): Answer {
  const {api, request} = call
  const pod = current(call)
  const node = digText(readBody(call), 'target', 'name') ?? ''
  if (dig(pod, 'spec', 'nodeName') !== undefined) {
    throw new KubeError(
      409,
      'Conflict',
      `pod ${request.name} is already assigned to node "${digText(pod, 'spec', 'nodeName')}"`,
      {},
    )
  }
  const spec = isJsonObject(pod['spec']) ? pod['spec'] : {}
  const bound = {...pod, spec: {...spec, nodeName: node}}
  const {name, namespace} = request
  const warnings = admit(call, {
    operation: 'CREATE',
    subresource: 'binding',
    name,
    namespace,
    object: bound,
    oldObject: pod,
  })
  api.store.put(request.type, bound)
  return {status: 201, body: success(), warnings}
}

/** TokenRequest: an opaque token that this process remembers, not a JWT. */
function requestToken(call: Call): Answer {
  const {api, request} = call
  const account = current(call)
  const {namespace, name, type} = request
  const asked = readBody(call)
  const seconds = Number(dig(asked, 'spec', 'expirationSeconds') ?? 3600)
  if (!(seconds >= 600)) throw forbidden(type, name, 'may not specify a duration less than 10 minutes')
  const token = randomBytes(32).toString('base64url')
  const expiresAt = api.now() + seconds * 1000
  api.issuedTokens.set(tokenHash(token), {
    user: {
      username: `system:serviceaccount:${namespace}:${name}`,
      uid: account.metadata.uid!,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    },
    expiresAt,
  })
  const body = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {name, namespace, creationTimestamp: timestamp(api.now())},
    spec: {audiences: ['daas-embedded'], expirationSeconds: seconds},
    status: {token, expirationTimestamp: timestamp(expiresAt)},
  }
  return {status: 201, body}
}

function success(): JsonObject {
  return {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201}
}
