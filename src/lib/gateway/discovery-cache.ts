import {createHash} from 'node:crypto'
import {mkdir, readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {z} from 'zod'
import type {ApiRequest} from '../kube/api-path.ts'
import type {KubeRequest, KubeResponse} from '../seal/kube-message.ts'

/** What a cache works with. */
export interface DiscoveryCacheOptions {
  /** Directory of this cluster; made with mode 0700. */
  dir: string
  /** Unix time, ms. */
  now(): number
  ttlMs: number
}

/** Remembers what a cluster can do: discovery, OpenAPI, version. */
export interface DiscoveryCache {
  /**
   * Answers from memory or disk, or asks once for all who ask at the same time, and remembers an answer of 200. What
   * is past its time is asked for by its ETag; but for the lists of kinds, nobody waits for that.
   * @param fetch asks the cluster for the request it is given
   */
  through<T extends {response: KubeResponse}>(
    request: KubeRequest,
    fetch: (request: KubeRequest) => Promise<T>,
  ): Promise<{response: KubeResponse; fetched?: T}>
  /**
   * Forgets everything because a CustomResourceDefinition was written, and remembers nothing for a while: the API
   * server tells of a new kind some time after it took it.
   */
  clear(): Promise<void>
}

const stored = z.object({
  savedAtMs: z.number(),
  status: z.literal(200),
  headers: z.record(z.string(), z.string()),
  body: z.base64(),
})

/** Whether the answer to a request is the same for everyone and changes with the cluster's version or CRDs only. */
export function isDiscovery(method: string, api: ApiRequest): boolean {
  return (
    (method === 'GET' || method === 'HEAD') &&
    api.nonResource &&
    /^\/(api|apis|openapi|version)(\/|$)/.test(api.path)
  )
}

/** Whether a request may change what discovery says. */
export function changesDiscovery(api: ApiRequest): boolean {
  return (
    !['get', 'list', 'watch'].includes(api.verb) &&
    (api.group === 'apiextensions.k8s.io' || api.group === 'apiregistration.k8s.io')
  )
}

/** What lists the kinds there are: others may add some. The rest is named by its version, or by a hash. */
const INDEXES = new Set(['/api', '/apis', '/openapi/v3'])
const INDEX_TTL_MS = 60_000
/** How long after its time what is no list of kinds is still given out, while it is asked for again, ms. */
const STALE_MS = 86_400_000
/** How long after a change discovery may still be that of before, ms. */
const UNSETTLED_MS = 30_000

interface Entry {
  savedAtMs: number
  response: KubeResponse
}

/** A cache in memory and on disk, by path, query, Accept and time to live; so a second kubectl asks the chain once. */
export function createDiscoveryCache({dir, now, ttlMs}: DiscoveryCacheOptions): DiscoveryCache {
  const memory = new Map<string, Entry>()
  const asking = new Map<string, Promise<{response: KubeResponse}>>()
  const unsettledFile = join(dir, 'unsettled')
  // In a file: the next kubectl may be another process.
  const isSettled = async (): Promise<boolean> => Number((await readText(unsettledFile)) ?? 0) <= now()

  const lookUp = async (key: string): Promise<Entry | undefined> => {
    const known = memory.get(key) ?? (await readEntry(join(dir, `${key}.json`)))
    if (known !== undefined) memory.set(key, known)
    return known
  }

  const remember = async (key: string, response: KubeResponse): Promise<void> => {
    const savedAtMs = now()
    memory.set(key, {savedAtMs, response})
    const entry = {
      savedAtMs,
      status: 200,
      headers: response.headers,
      body: Buffer.from(response.body).toString('base64'),
    }
    await mkdir(dir, {recursive: true, mode: 0o700})
    await writeFileAtomic(join(dir, `${key}.json`), JSON.stringify(entry), {mode: 0o600})
  }

  const forget = async (): Promise<void> => {
    memory.clear()
    await rm(dir, {recursive: true, force: true})
  }

  /** Asks the cluster; an answer that is as it was comes as 304 and few bytes, whoever asked sees the whole of it. */
  const ask = async <T extends {response: KubeResponse}>(
    request: KubeRequest,
    known: Entry | undefined,
    fetch: (request: KubeRequest) => Promise<T>,
  ): Promise<T> => {
    const key = keyOf(request)
    const etag = known?.response.headers.etag
    const conditional: Record<string, string> = etag === undefined ? {} : {'if-none-match': etag}
    const fetched = await fetch({...request, headers: {...request.headers, ...conditional}})
    const same = known !== undefined && fetched.response.status === 304
    const response = same ? known.response : fetched.response
    if (response.status === 200 && (await isSettled())) {
      // Other kinds than before, or another server: what stands beside the list is of before too.
      const changed = known !== undefined && !Buffer.from(known.response.body).equals(response.body)
      if (changed && kindOf(request.path) === 'index') await forget()
      await remember(key, response)
    }

    return {...fetched, response}
  }

  return {
    async through<T extends {response: KubeResponse}>(
      request: KubeRequest,
      fetch: (request: KubeRequest) => Promise<T>,
    ) {
      const key = keyOf(request)
      const kind = kindOf(request.path)
      const known = await lookUp(key)
      const ageMs = known === undefined ? Number.POSITIVE_INFINITY : now() - known.savedAtMs
      if (
        known &&
        (kind === 'hashed' || ageMs < (kind === 'index' ? Math.min(ttlMs, INDEX_TTL_MS) : ttlMs))
      ) {
        return {response: known.response}
      }

      const under = asking.get(key)
      const asked = under ?? ask(request, known, fetch)
      if (under === undefined) {
        asking.set(key, asked)
        const over = (): void => void asking.delete(key)
        // A failure is told to those who wait; where nobody does, the next request asks again.
        asked.then(over, over)
      }

      if (known && kind === 'rest' && ageMs < ttlMs + STALE_MS) return {response: known.response}
      const fetched = (await asked) as T
      return under === undefined ? {response: fetched.response, fetched} : {response: fetched.response}
    },
    async clear() {
      await forget()
      await mkdir(dir, {recursive: true, mode: 0o700})
      await writeFileAtomic(unsettledFile, String(now() + UNSETTLED_MS), {mode: 0o600})
    },
  }
}

/** The lists of kinds; what is named by its hash and never changes; and the rest. */
function kindOf(path: string): 'index' | 'hashed' | 'rest' {
  const {pathname, searchParams} = new URL(path, 'http://cluster')
  if (INDEXES.has(pathname)) return 'index'
  return pathname.startsWith('/openapi/v3/') && searchParams.has('hash') ? 'hashed' : 'rest'
}

/** The client's own deadline (`?timeout=32s`) and user agent do not change the answer. */
function keyOf({method, path, headers}: KubeRequest): string {
  const url = new URL(path, 'http://cluster')
  url.searchParams.delete('timeout')
  url.searchParams.sort()
  const parts = [method, url.pathname, url.searchParams.toString(), headers.accept ?? '']
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}

async function readEntry(file: string): Promise<{savedAtMs: number; response: KubeResponse} | undefined> {
  const text = await readText(file)
  if (text === undefined) return undefined
  const entry = stored.safeParse(parseJson(text))
  // What cannot be read is asked for again and written over.
  if (!entry.success) return undefined
  const {savedAtMs, status, headers, body} = entry.data
  return {savedAtMs, response: {status, headers, body: new Uint8Array(Buffer.from(body, 'base64'))}}
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error
  }
}
