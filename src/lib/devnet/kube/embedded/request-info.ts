import {pathNotFound} from './kube-error.ts'
import {findResource, type ResourceType} from './resources.ts'
import {selectedName} from './selectors.ts'

/** What a request asks for, as authorization and the handlers see it. */
export interface ResourceRequest {
  readonly verb: string
  readonly type: ResourceType
  readonly namespace: string
  /** '' for a collection. */
  readonly name: string
  /** The name that authorization sees: for a collection the one of `fieldSelector=metadata.name=x`. */
  readonly authorizedName: string
  readonly subresource: string
  readonly query: URLSearchParams
}

/**
 * Reads the path of a resource (`/api/v1/…`, `/apis/<group>/<version>/…`).
 * @returns undefined where the path is not that of a resource (discovery, health)
 * @throws KubeError 404 for a resource that the embedded API does not have
 */
export function parseResourceRequest(method: string, url: URL): ResourceRequest | undefined {
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent)
  const isCore = parts[0] === 'api'
  if (!isCore && parts[0] !== 'apis') return undefined
  const [group, version, ...rest] = isCore ? ['', ...parts.slice(1)] : parts.slice(1)
  if (rest.length === 0) return undefined

  let namespace = ''
  let path = rest
  // /namespaces/<name>/<resource> is something in a namespace, but its own subresources are of the namespace.
  if (rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2]!)) {
    namespace = rest[1]!
    path = rest.slice(2)
  }
  const [resource, name = '', subresource = ''] = path
  const type = findResource(group!, version!, resource!)
  if (type === undefined) throw pathNotFound()
  if (namespace !== '' && !type.namespaced) throw pathNotFound()
  if (subresource !== '' && !type.subresources.includes(subresource)) throw pathNotFound()
  const verb = verbOf(method, name, url.searchParams)
  return {
    verb,
    type,
    namespace,
    name,
    authorizedName: name === '' ? selectedName(url.searchParams.get('fieldSelector') ?? '') : name,
    subresource,
    query: url.searchParams,
  }
}

function verbOf(method: string, name: string, query: URLSearchParams): string {
  switch (method) {
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return name === '' ? 'deletecollection' : 'delete'
    default:
      if (['true', '1'].includes(query.get('watch') ?? '')) return 'watch'
      return name === '' ? 'list' : 'get'
  }
}
