import {type ServerResponse} from 'node:http'
import {type Call} from './api.ts'
import {gone} from './kube-error.ts'
import {selectorOf} from './rest-read.ts'
import {apiVersionOf} from './resources.ts'
import {type Selector} from './selectors.ts'
import {type StoreEvent} from './store.ts'
import {toTable, wantsTable} from './table.ts'
import {type JsonObject, type KubeObject} from './types.ts'

/** How often a watch that wants bookmarks gets one, ms. */
const BOOKMARK_MS = 30_000
/** What is buffered for a client that does not read before its watch is ended, bytes. */
const MAX_BUFFERED = 16 * 1024 * 1024

/**
 * Serves a watch until its timeout, the client or the server ends it: one JSON line per event.
 * @param signal ends it with the server
 * @throws KubeError 410 where the version asked for is forgotten
 */
export function serveWatch(call: Call, response: ServerResponse, signal: AbortSignal): void {
  const {api, request} = call
  const {query, type, namespace} = request
  const selects = selectorOf(request)
  const version = query.get('resourceVersion') ?? ''
  const past = version === '' || version === '0' ? undefined : api.store.since(Number(version))
  if (version !== '' && version !== '0' && past === undefined) {
    throw gone(`too old resource version: ${version} (${api.store.version})`)
  }
  const bookmarks = query.get('allowWatchBookmarks') === 'true'
  const render = renderer(call)
  const send = (change: string, object: JsonObject): void => {
    response.write(`${JSON.stringify({type: change, object})}\n`)
    if (response.writableLength > MAX_BUFFERED) response.destroy()
  }
  const forward = (event: StoreEvent): void => {
    if (event.type !== type) return
    if (namespace !== '' && event.object.metadata.namespace !== namespace) return
    const change = seenAs(event, selects)
    if (change !== undefined) send(change, render(event.object))
  }
  const bookmark = (annotations?: Record<string, string>): void => {
    const metadata = {resourceVersion: String(api.store.version), ...(annotations ? {annotations} : {})}
    send('BOOKMARK', {kind: type.kind, apiVersion: apiVersionOf(type), metadata})
  }

  response.writeHead(200, {'content-type': 'application/json', 'cache-control': 'no-cache, private'})
  response.flushHeaders()
  if (past === undefined) {
    for (const object of api.store.list(type, namespace).filter(selects)) send('ADDED', render(object))
    if (bookmarks && query.get('sendInitialEvents') === 'true')
      bookmark({'k8s.io/initial-events-end': 'true'})
  } else past.forEach(forward)

  const timers = startTimers(query, bookmarks ? bookmark : undefined, () => response.end())
  const unsubscribe = api.store.subscribe(forward)
  const abort = (): void => {
    response.end()
  }
  signal.addEventListener('abort', abort, {once: true})
  response.once('close', () => {
    unsubscribe()
    timers.forEach(clearTimeout)
    signal.removeEventListener('abort', abort)
  })
}

/** How a watch with a selector sees a change: what moves out of the selection is deleted for it. */
function seenAs({change, object, previous}: StoreEvent, selects: Selector): StoreEvent['change'] | undefined {
  const before = previous !== undefined && selects(previous)
  const after = change !== 'DELETED' && selects(object)
  if (before && after) return 'MODIFIED'
  if (after) return 'ADDED'
  return before ? 'DELETED' : undefined
}

function renderer({api, request, accept}: Call): (object: KubeObject) => JsonObject {
  if (!wantsTable(accept)) return (object) => object
  const includeObject = request.query.get('includeObject') ?? 'Metadata'
  let withColumns = true
  return (object) => {
    const metadata = {resourceVersion: object.metadata.resourceVersion}
    const table = toTable(request.type, [object], metadata, {now: api.now(), includeObject, withColumns})
    withColumns = false
    return table
  }
}

function startTimers(
  query: URLSearchParams,
  bookmark: (() => void) | undefined,
  end: () => void,
): NodeJS.Timeout[] {
  const seconds = Number(query.get('timeoutSeconds') ?? 0)
  const timers: NodeJS.Timeout[] = []
  if (seconds > 0) timers.push(setTimeout(end, seconds * 1000))
  if (bookmark !== undefined) timers.push(setInterval(bookmark, BOOKMARK_MS))
  for (const timer of timers) timer.unref()
  return timers
}
