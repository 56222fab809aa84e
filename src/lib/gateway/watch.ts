import {setTimeout as sleep} from 'node:timers/promises'
import {daasError} from '../errors/daas-error.ts'
import {parseApiPath, type ApiRequest} from '../kube/api-path.ts'
import type {KubeRequest, KubeResponse} from '../seal/kube-message.ts'
import {diffSnapshots, newerThan, readSnapshot, type Snapshot, type WatchEvent} from './watch-diff.ts'

/** How often a watch looks, and for how long. */
export interface WatchPace {
  /** Before the second look, ms. */
  firstMs: number
  /** Never longer between two looks, ms. */
  mostMs: number
  /** The most looks of one watch: each costs gas. */
  looks: number
  /** The longest a watch lasts where the client names no end, ms. */
  lastsMs: number
}

/** What a watch is served from. */
export interface WatchRun {
  request: KubeRequest
  api: ApiRequest
  pace: WatchPace
  memory: ListMemory
  /** Lists through the chain. */
  look(request: KubeRequest, api: ApiRequest): Promise<KubeResponse>
  /** Told once, before the first event. */
  begin(): void
  emit(event: WatchEvent): void
  signal: AbortSignal
  now(): number
}

/** The last few lists that went through the gateway: a watch tells what changed since the one it names. */
export interface ListMemory {
  remember(request: KubeRequest, api: ApiRequest, response: KubeResponse): void
  recall(request: KubeRequest, api: ApiRequest): Snapshot | undefined
}

const REMEMBERED_LISTS = 16
/** Larger lists are not remembered, bytes. */
const REMEMBERED_BYTES = 2_000_000
/** What makes a list a watch, or a part of a list, and does not choose objects. */
const watchOnly = [
  'watch',
  'resourceVersion',
  'resourceVersionMatch',
  'timeoutSeconds',
  'timeout',
  'allowWatchBookmarks',
  'sendInitialEvents',
  'limit',
  'continue',
]

/** A memory of the last lists, by path, selectors and resource version. */
export function createListMemory(): ListMemory {
  const lists = new Map<string, Snapshot>()
  return {
    remember(request, api, response) {
      if (api.verb !== 'list' || response.status !== 200 || response.body.length > REMEMBERED_BYTES) return
      const page = readSnapshot(response.body)
      if (page === undefined || page.version === '') return
      const key = keyOf(request, api, page.version)
      const earlier = api.query.has('continue') ? lists.get(key)?.entries : undefined
      lists.set(key, {...page, entries: new Map([...(earlier ?? []), ...page.entries])})
      if (lists.size > REMEMBERED_LISTS) lists.delete(lists.keys().next().value ?? '')
    },
    recall: (request, api) => lists.get(keyOf(request, api, api.query.get('resourceVersion') ?? '')),
  }
}

/**
 * Serves a watch by repeated lists through the chain, turned into ADDED, MODIFIED and DELETED: a stream does not fit
 * into transactions. What appears and vanishes between two looks is not seen.
 * @returns undefined when the watch has begun and ended; the first list's answer where that was refused
 * @throws WATCH_LIST_NOT_CARRIED (client-go then lists and watches), STREAM_NOT_CARRIED for `/api/v1/watch/…`, and
 *   what the first look throws
 */
export async function serveWatch(run: WatchRun): Promise<KubeResponse | undefined> {
  const {api, pace, signal} = run
  if (api.query.get('sendInitialEvents') === 'true') throw daasError('WATCH_LIST_NOT_CARRIED', {})
  if (/^\/apis?\/([^/]+\/)?[^/]+\/watch\//.test(api.path)) {
    throw daasError('STREAM_NOT_CARRIED', {what: api.path})
  }

  const list = listRequest(run.request, api)
  const seconds = Number(api.query.get('timeoutSeconds') ?? 0)
  const until = run.now() + Math.min(seconds > 0 ? seconds * 1000 : pace.lastsMs, pace.lastsMs)
  const from = api.query.get('resourceVersion') ?? ''
  let before = run.memory.recall(run.request, api)
  let begun = false
  let pause = pace.firstMs
  for (let looks = 0; looks < pace.looks; looks += 1) {
    const response = await run.look(list.request, list.api)
    const after = response.status === 200 ? readSnapshot(response.body) : undefined
    if (after === undefined && !begun) return response
    if (!begun) run.begin()
    if (after === undefined) {
      run.emit({type: 'ERROR', object: JSON.parse(new TextDecoder().decode(response.body))})
      return undefined
    }

    const known = begun || before !== undefined || from === '' || from === '0'
    const events = known ? diffSnapshots(before, after) : newerThan(from, after)
    for (const event of events) run.emit(event)
    begun = true
    before = after
    pause = events.length > 0 ? pace.firstMs : Math.min(pause * 1.6, pace.mostMs)
    const left = until - run.now()
    if (left <= 0) return undefined
    await sleep(Math.min(pause, left), undefined, {signal})
    if (until - run.now() <= 0) return undefined
  }

  return undefined
}

/** The list whose changes the watch asks for. */
function listRequest(request: KubeRequest, api: ApiRequest): {request: KubeRequest; api: ApiRequest} {
  const query = new URLSearchParams(api.query)
  for (const name of watchOnly) query.delete(name)
  // Without its object a row of a table has no identity.
  if (query.get('includeObject') === 'None') query.set('includeObject', 'Metadata')
  const path = `${request.path.split('?', 1)[0]}${query.size > 0 ? `?${query}` : ''}`
  const accept = (request.headers.accept ?? '')
    .split(',')
    .map((type) => type.trim().replace(/as=PartialObjectMetadata(?=;|$)/, 'as=PartialObjectMetadataList'))
    .filter((type) => type.startsWith('application/json') && !type.includes('stream=watch'))
  const headers = {...request.headers, accept: accept.length > 0 ? accept.join(',') : 'application/json'}
  return {request: {...request, path, headers}, api: parseApiPath('GET', path)}
}

/** A list and a watch go together where path, selectors, version and form (objects, or rows of a table) agree. */
function keyOf(request: KubeRequest, api: ApiRequest, version: string): string {
  const selectors = ['labelSelector', 'fieldSelector'].map((name) => api.query.get(name) ?? '')
  const form = (request.headers.accept ?? '').includes('as=Table') ? 'table' : 'objects'
  return [api.path, ...selectors, form, version].join('\n')
}
