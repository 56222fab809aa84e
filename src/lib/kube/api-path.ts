import {daasError} from '../errors/daas-error.ts'

/** What a request to a Kubernetes API asks for, read from its method and URL alone. */
export interface ApiRequest {
  /** Kubernetes' own: get list watch create update patch delete deletecollection; lower-case method where nonResource. */
  verb: string
  /** '' for the core group, and where nonResource. */
  group: string
  version: string
  /** Plural name; '' where nonResource. */
  resource: string
  subresource?: string
  /** '' = cluster scope (or all namespaces, for a list). */
  namespace: string
  name?: string
  isWatch: boolean
  /** True for /api, /apis, /version, /openapi, /healthz …: whatever names no resource. */
  nonResource: boolean
  /** Decoded path without trailing slash, for example `/api/v1/pods`. */
  path: string
  query: URLSearchParams
}

const verbs: Record<string, string> = {
  DELETE: 'delete',
  GET: 'get',
  HEAD: 'get',
  PATCH: 'patch',
  POST: 'create',
  PUT: 'update',
}
/** What may stand behind a namespace's name without being a resource in it. */
const namespaceSubresources = new Set(['status', 'finalize'])
const prefixVerbs = new Set(['proxy', 'watch'])

/**
 * Reads a request line the way a Kubernetes API server does (k8s.io/apiserver, RequestInfoFactory), so that what is
 * judged on chain is what will be executed. Stricter where servers and clients could read a path differently:
 * dot segments, empty segments and encoded slashes are refused.
 * @param method HTTP method, upper case
 * @param url path with query, starting with `/`
 * @throws DaasError API_PATH_INVALID
 */
export function parseApiPath(method: string, url: string): ApiRequest {
  const segments = splitPath(url)
  const query = new URLSearchParams(queryOf(url))
  const path = `/${segments.join('/')}`
  const plain = (): ApiRequest => ({
    verb: method.toLowerCase(),
    group: '',
    version: '',
    resource: '',
    namespace: '',
    isWatch: false,
    nonResource: true,
    path,
    query,
  })

  const [prefix] = segments
  if (prefix !== 'api' && prefix !== 'apis') return plain()
  const head = prefix === 'api' ? 2 : 3
  if (segments.length <= head) return plain()
  const group = prefix === 'api' ? '' : (segments[1] ?? '')
  const version = segments[head - 1] ?? ''
  let rest = segments.slice(head)
  let verb = verbs[method]
  if (verb === undefined) throw daasError('API_PATH_INVALID', {url, reason: `no verb belongs to ${method}`})
  if (prefixVerbs.has(rest[0] ?? '')) {
    verb = rest[0] ?? verb
    rest = rest.slice(1)
    if (rest.length === 0) return plain()
  }

  let namespace = ''
  if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1] ?? ''
    if (rest.length > 2 && !namespaceSubresources.has(rest[2] ?? '')) rest = rest.slice(2)
  }

  const resource = rest[0] ?? ''
  const name = rest[1] ?? selectedName(query, verb)
  const subresource = verb === 'proxy' ? undefined : rest[2]
  if (rest[1] === undefined) {
    if (verb === 'get') verb = watchWanted(query) ? 'watch' : 'list'
    else if (verb === 'delete') verb = 'deletecollection'
  }

  return {
    verb,
    group,
    version,
    resource,
    ...(subresource === undefined ? {} : {subresource}),
    namespace,
    ...(name === undefined ? {} : {name}),
    isWatch: verb === 'watch',
    nonResource: false,
    path,
    query,
  }
}

/**
 * The name under which the chain judges what a request touches: `pods`, `apps/deployments`, `pods/log`,
 * `apps/deployments/scale`; for a request that names no resource its path, as in RBAC's nonResourceURLs.
 */
export function permissionResource(request: ApiRequest): string {
  if (request.nonResource) return request.path
  const resource = request.group === '' ? request.resource : `${request.group}/${request.resource}`
  return request.subresource === undefined ? resource : `${resource}/${request.subresource}`
}

function splitPath(url: string): string[] {
  const raw = url.split('?', 1)[0] ?? ''
  const refuse = (reason: string) => daasError('API_PATH_INVALID', {url, reason})
  if (!raw.startsWith('/')) throw refuse('it does not start with a slash')
  if (/[\\#\s]|%2f|%5c|%00/i.test(raw)) throw refuse('a segment holds a slash, a space or a hash')
  const body = raw.slice(1).replace(/\/$/, '')
  if (body === '') return []
  return body.split('/').map((segment) => {
    let decoded: string
    try {
      decoded = decodeURIComponent(segment)
    } catch (error) {
      throw daasError('API_PATH_INVALID', {url, reason: 'its percent encoding is broken'}, {cause: error})
    }

    if (decoded === '' || decoded === '.' || decoded === '..') throw refuse('a segment is empty or dots')
    return decoded
  })
}

function queryOf(url: string): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at + 1)
}

/** Kubernetes takes every value but `0` and `false` for yes, the empty one included. */
function watchWanted(query: URLSearchParams): boolean {
  const value = query.get('watch')
  return value !== null && value !== '0' && value.toLowerCase() !== 'false'
}

function selectedName(query: URLSearchParams, verb: string): string | undefined {
  if (verb !== 'get' && verb !== 'watch') return undefined
  const selected = /^metadata\.name={1,2}([^,!=]+)$/.exec(query.get('fieldSelector') ?? '')
  return selected?.[1]
}
