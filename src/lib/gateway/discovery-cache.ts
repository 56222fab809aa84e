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
   * Answers from memory or disk, or asks once for all who ask at the same time, and remembers an answer of 200.
   * @param fetch asks the cluster
   */
  through<T extends {response: KubeResponse}>(
    request: KubeRequest,
    fetch: () => Promise<T>,
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
/** How long after a change discovery may still be that of before, ms. */
const UNSETTLED_MS = 30_000

/** A cache in memory and on disk, by path, query, Accept and time to live; so a second kubectl asks the chain once. */
export function createDiscoveryCache({dir, now, ttlMs}: DiscoveryCacheOptions): DiscoveryCache {
  const memory = new Map<string, {savedAtMs: number; response: KubeResponse}>()
  const asking = new Map<string, Promise<unknown>>()
  const unsettledFile = join(dir, 'unsettled')
  // In a file: the next kubectl may be another process.
  const isSettled = async (): Promise<boolean> => Number((await readText(unsettledFile)) ?? 0) <= now()

  const lookUp = async (key: string, path: string): Promise<KubeResponse | undefined> => {
    const known = memory.get(key) ?? (await readEntry(join(dir, `${key}.json`)))
    if (known === undefined || known.savedAtMs + ttlOf(path, ttlMs) <= now()) return undefined
    memory.set(key, known)
    return known.response
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

  return {
    async through<T extends {response: KubeResponse}>(request: KubeRequest, fetch: () => Promise<T>) {
      const key = keyOf(request)
      const known = await lookUp(key, request.path)
      if (known) return {response: known}
      const under = asking.get(key) as Promise<T> | undefined
      if (under) return {response: (await under).response}
      const asked = fetch()
      asking.set(key, asked)
      try {
        const fetched = await asked
        if (fetched.response.status === 200 && (await isSettled())) await remember(key, fetched.response)
        return {response: fetched.response, fetched}
      } finally {
        asking.delete(key)
      }
    },
    async clear() {
      memory.clear()
      await rm(dir, {recursive: true, force: true})
      await mkdir(dir, {recursive: true, mode: 0o700})
      await writeFileAtomic(unsettledFile, String(now() + UNSETTLED_MS), {mode: 0o600})
    },
  }
}

function ttlOf(path: string, ttlMs: number): number {
  const {pathname} = new URL(path, 'http://cluster')
  return INDEXES.has(pathname) ? Math.min(ttlMs, INDEX_TTL_MS) : ttlMs
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
