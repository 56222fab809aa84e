import type {IncomingMessage} from 'node:http'
import {request as httpsRequest} from 'node:https'
import {setTimeout as sleep} from 'node:timers/promises'
import type {KubeConfig, KubernetesListObject, KubernetesObject} from '@kubernetes/client-node'
import {daasError} from '../errors/daas-error.ts'
import {kubeRequestOptions, type KubeHttp} from './kube-http.ts'

/** One change of an object. */
export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: T
}

/** What watching takes. */
export interface WatchOptions<T> {
  http: Pick<KubeHttp, 'json'>
  kubeConfig: KubeConfig
  /** Of the collection, without a query: `/api/v1/nodes`. */
  path: string
  signal: AbortSignal
  /** Everything there is: at the beginning, and whenever events may have been missed. */
  onList(items: readonly T[]): void | Promise<void>
  /** In order; the next one waits until this one was taken. */
  onEvent(event: WatchEvent<T>): void | Promise<void>
  /** Told when a list or a watch failed; it goes on by itself. */
  onTrouble(error: unknown, attempt: number): void
  /** The first pause after a failure, ms; it doubles up to a hundred times as long. 200 by default. */
  backOffMs?: number
}

/** The API server ends a watch after this long, s; then the next one begins where it ended. */
const WATCH_SECONDS = 290
/** A connection that is dead without having been closed is given up this much later, ms. */
const LATE_MS = 30_000
const PAGE = 500
/** A line longer than this is no event, bytes. */
const MAX_LINE = 8 * 1024 * 1024

/** The version that the watch was to begin at is no longer known: what was missed must be listed. */
class ExpiredError extends Error {}

/**
 * Watches a collection until the signal (Kubernetes API concepts, "Efficient detection of changes"): lists, then
 * takes changes from the version of the list on; bookmarks keep that version young, so that a watch which ends goes on
 * where it was. Where the server has forgotten the version (410) it lists again.
 */
export async function keepWatching<T extends KubernetesObject>(options: WatchOptions<T>): Promise<void> {
  const {signal, onTrouble, backOffMs = 200} = options
  let version: string | undefined
  let attempt = 0
  while (!signal.aborted) {
    const began = performance.now()
    try {
      if (version === undefined) {
        const {items, version: listed} = await listAll<T>(options)
        await options.onList(items)
        version = listed
      }

      for await (const event of openWatch<T>(options, version)) {
        version = event.object.metadata?.resourceVersion ?? version
        attempt = 0
        if (event.type !== 'BOOKMARK') await options.onEvent(event as WatchEvent<T>)
      }

      // It ended as it should; one that ends at once, again and again, is slowed down.
      if (performance.now() - began < 1000) attempt += 1
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ExpiredError) {
        version = undefined
        // A server that forgets versions as soon as it lists them is not asked without a pause.
        attempt += 1
        if (attempt === 1) continue
      } else {
        attempt += 1
        onTrouble(error, attempt)
      }
    }

    if (attempt > 0) await pause(Math.min(backOffMs * 100, backOffMs * 2 ** (attempt - 1)), signal)
  }
}

/** In pages: there may be very many. @returns the version of the first page, which that of all others is */
async function listAll<T extends KubernetesObject>({
  http,
  path,
  signal,
}: WatchOptions<T>): Promise<{items: T[]; version: string}> {
  const items: T[] = []
  let version: string | undefined
  let rest: string | undefined
  do {
    const from: string = rest === undefined ? '' : `&continue=${encodeURIComponent(rest)}`
    const page: KubernetesListObject<T> = await http.json({
      method: 'GET',
      path: `${path}?limit=${PAGE}${from}`,
      signal,
    })
    const {resourceVersion, continue: more} = (page.metadata ?? {}) as {
      resourceVersion?: string
      continue?: string
    }
    items.push(...page.items)
    version ??= resourceVersion ?? '0'
    rest = more === '' ? undefined : more
  } while (rest !== undefined)

  return {items, version}
}

type RawEvent<T> = {type: WatchEvent<T>['type'] | 'BOOKMARK'; object: T}

async function* openWatch<T extends KubernetesObject>(
  {kubeConfig, path, signal}: WatchOptions<T>,
  version: string,
): AsyncGenerator<RawEvent<T>> {
  const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${version}`
  const stop = AbortSignal.any([signal, AbortSignal.timeout(WATCH_SECONDS * 1000 + LATE_MS)])
  const response = await open(kubeConfig, `${path}?${query}`, stop)
  try {
    if (response.statusCode === 410) throw new ExpiredError()
    if (response.statusCode !== 200) {
      const status = response.statusCode ?? 0
      throw daasError('KUBE_REFUSED', {status, reason: `to watch ${path}`}, {details: {status, path}})
    }

    for await (const line of linesOf(response)) {
      const event = JSON.parse(line) as
        RawEvent<T> | {type: 'ERROR'; object: {code?: number; message?: string}}
      if (event.type !== 'ERROR') {
        yield event
        continue
      }

      const {code = 500, message = 'no reason given'} = event.object
      if (code === 410) throw new ExpiredError()
      throw daasError('KUBE_REFUSED', {status: code, reason: message}, {details: {status: code, path}})
    }
  } finally {
    response.destroy()
  }
}

async function open(kubeConfig: KubeConfig, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const {agent, ...request} = await kubeRequestOptions(kubeConfig, {
    method: 'GET',
    path,
    headers: {accept: 'application/json'},
  })
  return new Promise((resolve, reject) => {
    // A connection of its own: it is busy for minutes.
    const outgoing = httpsRequest({...request, agent: agent ?? false, signal}, resolve)
    outgoing.once('socket', (socket) => socket.setKeepAlive(true, LATE_MS))
    outgoing.on('error', reject)
    outgoing.end()
  })
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8')
  let rest = ''
  for await (const part of response as AsyncIterable<string>) {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > MAX_LINE) throw daasError('KUBE_ANSWER_TOO_LARGE', {limit: MAX_LINE})
    for (const line of lines) if (line !== '') yield line
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms / 2 + (Math.random() * ms) / 2, undefined, {signal}).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
