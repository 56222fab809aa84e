import {DaasError} from '../errors/daas-error.ts'
import {parseApiPath, permissionResource} from '../kube/api-path.ts'
import type {ApiRequest} from '../kube/api-path.ts'
import {groupsOf} from '../kube/groups.ts'
import type {KubeCall} from '../kube/kube-http.ts'
import {isStream} from '../kube/stream-paths.ts'
import type {KubeRequest, KubeResponse} from '../seal/kube-message.ts'
import {asksForUpgrade, sessionVerb, upgradeHeaders} from '../seal/session.ts'
import type {RequestEvent} from './chain-port.ts'
import {statusResponse} from './status-object.ts'

/** Either a call that may be made, or the answer that says why not. */
export type Judgement =
  | {allowed: true; call: KubeCall; isWrite: boolean; isStream: boolean; verb: string}
  | {allowed: false; response: KubeResponse}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
/** What names no resource and may be read. */
const PLAIN_PATHS = /^\/(api|apis|version|openapi|healthz|livez|readyz)?(\/|$)/
/** The only headers that reach the API server: nothing that names or proves a user is among them. */
const HEADERS = new Set(['accept', 'content-type', 'if-match', 'if-none-match', 'user-agent'])
const KUBECTL_HEADERS = /^kubectl-(command|session)$/
/** What may stand in a request line: visible ASCII. */
const REQUEST_LINE = /^[\x21-\x7e]+$/

/**
 * Judges an opened request before it touches Kubernetes. What was judged on chain stands in clear in the event;
 * what would be executed was sealed: the two must be the same request.
 * @param as what is asked for: an answer on chain, or a session, in which streams and upgrades have their place
 */
export function judgeRequest(
  event: RequestEvent,
  request: KubeRequest,
  as: 'answer' | 'session' = 'answer',
): Judgement {
  const method = request.method
  if (!METHODS.has(method)) return refuse(405, 'MethodNotAllowed', `the method ${method} is not known`)
  const api = REQUEST_LINE.test(request.path) ? parse(method, request.path) : undefined
  if (api === undefined) return refuse(400, 'BadRequest', 'the path is no path of the Kubernetes API')
  const clear = `${event.verb} ${event.resource} in "${event.namespace}"`
  const upgrade = as === 'session' && asksForUpgrade(request)
  const verb = sessionVerb(api.verb, upgrade)
  const sealed = `${verb} ${permissionResource(api)} in "${api.namespace}"`
  if (clear !== sealed) {
    return refuse(403, 'Forbidden', `the chain was asked for ${clear}, the sealed request is ${sealed}`)
  }

  if (api.nonResource && !(method === 'GET' && PLAIN_PATHS.test(api.path))) {
    return refuse(403, 'Forbidden', `${method} ${api.path} is not served through the chain`)
  }

  const streams = isStream(api) || upgrade
  if (streams && as === 'answer') {
    return refuse(
      501,
      'NotImplemented',
      `${sealed} is a stream: streams do not fit in transactions, they come with sessions`,
    )
  }

  return {
    allowed: true,
    isWrite: upgrade || (method !== 'GET' && method !== 'HEAD'),
    isStream: streams,
    verb,
    call: {
      method,
      path: request.path,
      headers: {
        ...passOn(request.headers),
        ...(upgrade ? {...upgradeHeaders(request.headers), connection: 'Upgrade'} : {}),
        'accept-encoding': 'identity',
        'impersonate-user': `sui:${event.requester}`,
        'impersonate-group': groupsOf(event.permissions),
      },
      ...(request.body.length === 0 ? {} : {body: request.body}),
    },
  }
}

function parse(method: string, path: string): ApiRequest | undefined {
  try {
    return parseApiPath(method, path)
  } catch (error) {
    if (error instanceof DaasError) return undefined
    throw error
  }
}

function passOn(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]): [string, string] => [name.toLowerCase(), value])
      .filter(([name]) => HEADERS.has(name) || KUBECTL_HEADERS.test(name)),
  )
}

function refuse(status: number, reason: string, message: string): Judgement {
  return {allowed: false, response: statusResponse(status, reason, message)}
}
