import {createHash} from 'node:crypto'
import {z} from 'zod'
import {daasError} from '../errors/daas-error.ts'

/**
 * Blobs on Walrus, by the HTTP API of its publishers and aggregators (`PUT` and `GET /v1/blobs`). What lies there is
 * sealed, everybody may read it, and its SHA-256 is on chain: neither publisher nor aggregator has to be trusted.
 */

/** Who stores, and for how long. */
export interface WalrusPublisher {
  /** Base URL. */
  readonly url: string
  /** Storage epochs of Walrus, from 1 on. */
  readonly epochs: number
}

/** A blob to fetch. */
export interface WalrusRead {
  /** Base URLs of aggregators; tried in order. */
  readonly aggregators: readonly string[]
  readonly blobId: string
  /** SHA-256, 32 bytes: what the chain promises. */
  readonly hash: Uint8Array
  /** The most bytes that are taken. */
  readonly limit: number
  readonly signal: AbortSignal
}

const PREFIX = 'walrus:'
/** A blob id of Walrus: 256 bits, base64url. */
const BLOB_ID = /^[A-Za-z0-9_-]{43}$/
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

const blobId = z.string().regex(BLOB_ID)
const stored = z.union([
  z.object({newlyCreated: z.object({blobObject: z.object({blobId})})}),
  z.object({alreadyCertified: z.object({blobId})}),
])

/** How an answer on chain names a blob on Walrus. */
export function walrusLocation(id: string): string {
  return `${PREFIX}${id}`
}

/** @returns the blob id that a location on chain names; undefined where it names no blob on Walrus */
export function walrusBlobIdOf(location: string): string | undefined {
  const id = location.startsWith(PREFIX) ? location.slice(PREFIX.length) : ''
  return BLOB_ID.test(id) ? id : undefined
}

/**
 * Reads the base URL of a publisher or an aggregator: https, or http on loopback, where a daemon of one's own listens.
 * @throws WALRUS_URL_INVALID
 */
export function parseWalrusUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname))
  if (url === undefined || !safe) throw daasError('WALRUS_URL_INVALID', {url: text})
  return url.href
}

/**
 * Stores a blob.
 * @returns its id
 * @throws WALRUS_FAILED
 */
export async function storeAtWalrus(
  {url, epochs}: WalrusPublisher,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<string> {
  const target = under(url, `v1/blobs?epochs=${epochs}`)
  try {
    const response = await fetch(target, {method: 'PUT', body: Buffer.from(bytes), signal})
    if (!response.ok) throw daasError('WALRUS_FAILED', {url, reason: `it answered ${response.status}`})
    const answer = stored.parse(await response.json())
    return 'newlyCreated' in answer ? answer.newlyCreated.blobObject.blobId : answer.alreadyCertified.blobId
  } catch (cause) {
    signal.throwIfAborted()
    throw failure(url, cause)
  }
}

/**
 * Fetches a blob and verifies it by its hash.
 * @throws WALRUS_FAILED where no aggregator gives the bytes that the chain promises
 */
export async function fetchFromWalrus(read: WalrusRead): Promise<Uint8Array> {
  let last: Error | undefined
  for (const url of read.aggregators) {
    try {
      const bytes = await download(under(url, `v1/blobs/${read.blobId}`), read)
      if (createHash('sha256').update(bytes).digest().equals(read.hash)) return bytes
      last = daasError('WALRUS_FAILED', {url, reason: 'the SHA-256 of what it gave is not the one on chain'})
    } catch (error) {
      read.signal.throwIfAborted()
      last = failure(url, error)
    }
  }

  throw last ?? daasError('WALRUS_FAILED', {url: read.blobId, reason: 'no aggregator is known'})
}

async function download(url: URL, {limit, signal}: WalrusRead): Promise<Uint8Array> {
  const response = await fetch(url, {signal})
  if (!response.ok || response.body === null) throw new Error(`it answered ${response.status}`)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.length
    if (size > limit) throw new Error(`it gives more than ${limit} bytes`)
    parts.push(part)
  }

  return new Uint8Array(Buffer.concat(parts))
}

/** Below a base URL, which may have a path of its own. */
function under(base: string, path: string): URL {
  return new URL(path, base.endsWith('/') ? base : `${base}/`)
}

function failure(url: string, cause: unknown): Error {
  if (cause instanceof Error && 'errorName' in cause) return cause
  const reason = cause instanceof z.ZodError ? 'its answer is none of Walrus' : messageOf(cause)
  return daasError('WALRUS_FAILED', {url, reason}, {cause})
}

function messageOf(error: unknown): string {
  const {message, cause} = error as {message?: string; cause?: {code?: string}}
  return cause?.code ?? message ?? 'no reason given'
}
