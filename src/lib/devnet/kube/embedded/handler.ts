import {type IncomingMessage, type ServerResponse} from 'node:http'
import {type Answer, type Api, type Call} from './api.ts'
import {
  AGGREGATED,
  aggregatedDiscovery,
  coreVersions,
  groupDocument,
  groupList,
  resourceList,
  wantsAggregated,
} from './discovery.ts'
import {impersonate} from './impersonation.ts'
import {KubeError, methodNotAllowed, pathForbidden, pathNotFound, unauthorized} from './kube-error.ts'
import {openApiDocument, openApiIndex, openApiV2} from './openapi.ts'
import {accessForbidden, authorize} from './rbac.ts'
import {parseResourceRequest, type ResourceRequest} from './request-info.ts'
import {deleteCollection, deleteObject} from './rest-delete.ts'
import {getObject, listObjects} from './rest-read.ts'
import {createObject, patchObject, updateObject} from './rest-write.ts'
import {handleReview} from './reviews.ts'
import {handleSubresource} from './subresources.ts'
import {handleSupervisor} from './supervisor.ts'
import {type JsonObject, type UserInfo} from './types.ts'
import {authenticate} from './users.ts'
import {serveWatch} from './watch.ts'

/** What `GET /version` answers: the label that tells this API from a real one. */
export const EMBEDDED_VERSION = 'v1.34.1+daas-embedded'

/** The largest body that is read, as on a real server, bytes. */
const MAX_BODY = 3 * 1024 * 1024

/**
 * Answers one HTTP request: authentication, impersonation, authorization, then the resource.
 * @param signal ends watches with the server
 */
export async function handleRequest(
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  response.setHeader('x-daas-embedded', EMBEDDED_VERSION)
  try {
    const url = new URL(request.url ?? '/', 'https://embedded')
    if (answerOpen(api, request, url, response)) return
    const authenticated = authenticate(api, request)
    if (authenticated === undefined) throw unauthorized()
    const user = impersonate(api.store, authenticated, request.headersDistinct)
    const resource = parseResourceRequest(request.method ?? 'GET', url)
    if (resource === undefined) return answerPath(api, user, request, url, response)
    authorizeResource(api, user, resource)
    const call: Call = {
      api,
      user,
      request: resource,
      contentType: request.headers['content-type'] ?? '',
      accept: request.headers.accept ?? '',
      body: ['get', 'list', 'watch'].includes(resource.verb) ? Buffer.alloc(0) : await readBytes(request),
    }
    if (resource.verb === 'watch') return serveWatch(call, response, signal)
    const answer = dispatch(call)
    api.logger.debug(
      {user: user.username, verb: resource.verb, path: url.pathname, status: answer.status},
      'request',
    )
    sendAnswer(response, answer)
  } catch (error) {
    sendError(api, request, response, error)
  }
}

/** What is open to anyone: health, and the CA and ping of the k3s supervisor. */
function answerOpen(api: Api, request: IncomingMessage, url: URL, response: ServerResponse): boolean {
  if (['/livez', '/readyz', '/healthz'].includes(url.pathname)) {
    sendText(response, 200, 'ok')
    return true
  }
  const supervisor = handleSupervisor(api, url.pathname, () => authenticate(api, request))
  if (supervisor === undefined) return false
  sendText(response, supervisor.status, supervisor.body)
  return true
}

function answerPath(
  api: Api,
  user: UserInfo,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): void {
  const {pathname} = url
  const method = request.method ?? 'GET'
  const verb = method === 'GET' || method === 'HEAD' ? 'get' : method.toLowerCase()
  if (!authorize(api.store, user, {verb, path: pathname}).allowed) throw pathForbidden(user, verb, pathname)
  if (verb !== 'get') throw methodNotAllowed()
  const path = pathname.replace(/^\/+|\/+$/g, '')
  if ((path === 'api' || path === 'apis') && wantsAggregated(request.headers.accept ?? '')) {
    response.setHeader('vary', 'Accept')
    return sendJson(response, 200, aggregatedDiscovery(path === 'api'), AGGREGATED)
  }
  if (path === 'openapi/v2') {
    response.writeHead(200, {'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'})
    response.end(openApiV2())
    return
  }
  const document = documentAt(path)
  if (document === undefined) throw pathNotFound()
  sendJson(response, 200, document)
}

function documentAt(path: string): JsonObject | undefined {
  if (path === 'version') return versionInfo()
  if (path === 'api') return coreVersions()
  if (path === 'apis') return groupList()
  if (path === 'openapi/v3') return openApiIndex()
  if (path.startsWith('openapi/v3/')) return openApiDocument(path.slice('openapi/v3/'.length))
  if (path === '')
    return {paths: ['/api', '/apis', '/healthz', '/livez', '/openapi/v3', '/readyz', '/version']}
  const [root, group = '', version] = path.split('/')
  if (root === 'api') return resourceList('', group)
  if (root !== 'apis') return undefined
  return version === undefined ? groupDocument(group) : resourceList(group, version)
}

function versionInfo(): JsonObject {
  return {
    major: '1',
    minor: '34',
    gitVersion: EMBEDDED_VERSION,
    gitCommit: 'embedded',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: 'none',
    compiler: 'none',
    platform: `${process.platform}/${process.arch}`,
  }
}

function authorizeResource(api: Api, user: UserInfo, request: ResourceRequest): void {
  const {verb, type, subresource, namespace, authorizedName, query} = request
  const attributes = {
    verb,
    group: type.group,
    resource: type.resource,
    subresource,
    // A Namespace is judged in itself, so that a role within it can allow to read it.
    namespace: type.resource === 'namespaces' ? request.name : namespace,
    name: authorizedName,
    fieldSelector: query.get('fieldSelector') ?? '',
  }
  if (!authorize(api.store, user, attributes).allowed) throw accessForbidden(type, user, attributes)
}

function dispatch(call: Call): Answer {
  const {verb, type, name, subresource} = call.request
  if (!type.verbs.includes(verb)) throw methodNotAllowed()
  if (type.verbs.length === 1) return handleReview(call)
  if (subresource !== '') return handleSubresource(call)
  if (name === '' ? ['update', 'patch'].includes(verb) : verb === 'create') throw methodNotAllowed()
  switch (verb) {
    case 'get':
      return getObject(call)
    case 'list':
      return listObjects(call)
    case 'create':
      return createObject(call)
    case 'update':
      return updateObject(call)
    case 'patch':
      return patchObject(call)
    case 'delete':
      return deleteObject(call)
    default:
      return deleteCollection(call)
  }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY) {
      throw new KubeError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY}`, {})
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function sendAnswer(response: ServerResponse, {status, body, warnings = []}: Answer): void {
  if (warnings.length > 0) {
    response.setHeader(
      'warning',
      warnings.map((text) => `299 - ${JSON.stringify(text)}`),
    )
  }
  sendJson(response, status, body)
}

function sendError(api: Api, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (!(error instanceof KubeError)) {
    api.logger.warn({err: error, method: request.method, url: request.url}, 'the embedded Kubernetes failed')
  }
  const known =
    error instanceof KubeError
      ? error
      : new KubeError(
          500,
          'InternalError',
          `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
        )
  for (const [name, value] of Object.entries(known.headers)) response.setHeader(name, value)
  // A body that was not read to its end cannot be followed by another request.
  if (!request.complete) response.setHeader('connection', 'close')
  sendJson(response, known.code, known.toStatus())
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: JsonObject,
  type = 'application/json',
): void {
  const text = `${JSON.stringify(body)}\n`
  response.writeHead(status, {'content-type': type, 'content-length': Buffer.byteLength(text)})
  response.end(text)
}

function sendText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
