import {type Answer, type Call} from './api.ts'
import {badRequest, gone, notFound} from './kube-error.ts'
import {type ResourceRequest} from './request-info.ts'
import {apiVersionOf, type ResourceType} from './resources.ts'
import {fieldSelector, labelSelector, type Selector} from './selectors.ts'
import {toTable, wantsTable} from './table.ts'
import {type JsonObject, type KubeObject} from './types.ts'

/** GET of one object, as itself or as a Table. */
export function getObject(call: Call): Answer {
  const {api, request} = call
  const {type, namespace, name} = request
  const object = api.store.get(type, namespace, name)
  if (object === undefined) throw notFound(type, name)
  return {status: 200, body: shown(call, object)}
}

/** An object in the form that the client asked for. */
export function shown({api, request, accept}: Call, object: KubeObject): JsonObject {
  if (!wantsTable(accept)) return object
  const metadata = {resourceVersion: object.metadata.resourceVersion}
  const includeObject = request.query.get('includeObject') ?? 'Metadata'
  return toTable(request.type, [object], metadata, {now: api.now(), includeObject})
}

/** GET of a collection: selectors, chunks by `limit` and `continue`, as a list or as a Table. */
export function listObjects(call: Call): Answer {
  const {api, request, accept} = call
  const {type, namespace, query} = request
  const selects = selectorOf(request)
  const all = api.store.list(type, namespace).filter(selects)
  const start = startOf(all, query.get('continue') ?? '')
  const limit = Number(query.get('limit') ?? 0)
  const rest = all.slice(start)
  const items = limit > 0 ? rest.slice(0, limit) : rest
  const left = rest.length - items.length
  const metadata = {
    resourceVersion: String(api.store.version),
    ...(left > 0 ? {continue: continueToken(items.at(-1)!), remainingItemCount: left} : {}),
  }
  if (wantsTable(accept)) {
    const includeObject = query.get('includeObject') ?? 'Metadata'
    return {status: 200, body: toTable(type, items, metadata, {now: api.now(), includeObject})}
  }
  return {status: 200, body: listOf(type, items, metadata)}
}

/** The selector of a request's query. */
export function selectorOf({type, query, name}: ResourceRequest): Selector {
  const labels = labelSelector(query.get('labelSelector') ?? '')
  const fields = fieldSelector(type, query.get('fieldSelector') ?? '')
  return (object) => (name === '' || object.metadata.name === name) && labels(object) && fields(object)
}

/** A list object; as on a real server its items do not repeat their kind. */
export function listOf(type: ResourceType, items: readonly KubeObject[], metadata: JsonObject): JsonObject {
  return {
    kind: `${type.kind}List`,
    apiVersion: apiVersionOf(type),
    metadata,
    items: items.map((item) => Object.fromEntries(Object.entries(item).filter(([field]) => !isType(field)))),
  }
}

function isType(field: string): boolean {
  return field === 'kind' || field === 'apiVersion'
}

/** Chunks go on after the last object of the one before. */
function continueToken(last: KubeObject): string {
  const after = `${last.metadata.namespace ?? ''}/${last.metadata.name}`
  return Buffer.from(JSON.stringify({v: 'embedded/v1', after})).toString('base64url')
}

function startOf(objects: readonly KubeObject[], token: string): number {
  if (token === '') return 0
  let after: unknown
  try {
    after = (JSON.parse(Buffer.from(token, 'base64url').toString()) as {after?: unknown}).after
  } catch (error) {
    throw badRequest(`continue key is not valid: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (typeof after !== 'string') throw gone('The provided continue parameter is too old')
  const index = objects.findIndex(
    (object) => `${object.metadata.namespace ?? ''}/${object.metadata.name}` > after,
  )
  return index < 0 ? objects.length : index
}
