import {createHash} from 'node:crypto'
import {request as httpsRequest} from 'node:https'
import {daasError, DaasError} from '../errors/daas-error.ts'
import {createPinnedAgent, type TlsPins} from '../seal/pinned-agent.ts'

/** Where a blob lies and what it must be. */
export interface BlobRequest {
  /** Base URLs of the listener, https only; tried in order. */
  listenerUrls: readonly string[]
  /** SHA-256 (32 bytes) of the SPKI DER of the listener's TLS key, from the chain. */
  pin: TlsPins
  /** SHA-256 (32 bytes) of the blob, from the chain. */
  hash: Uint8Array
  /** Secret. */
  sealToken: string
  signal: AbortSignal
}

/** The most a blob may hold, bytes: what an envelope may unpack to. */
export const MAX_BLOB_BYTES = 64 * 1024 * 1024

/**
 * Fetches `/v1/blobs/<hash>` from the listener and verifies it: the TLS key by the pin, the bytes by the hash.
 * @throws BLOB_REFUSED where no URL gives the bytes that the chain promised
 */
export async function fetchBlob(blob: BlobRequest): Promise<Uint8Array> {
  const hex = Buffer.from(blob.hash).toString('hex')
  const path = `/v1/blobs/${hex}`
  let last: unknown
  for (const base of blob.listenerUrls) {
    const url = new URL(path, base)
    try {
      const bytes = await download(url, blob)
      if (createHash('sha256').update(bytes).digest('hex') === hex) return bytes
      last = daasError('BLOB_REFUSED', {url: url.href, reason: 'its SHA-256 is not the one on chain'})
    } catch (error) {
      blob.signal.throwIfAborted()
      last = error
    }
  }

  if (last instanceof DaasError && last.errorName === 'BLOB_REFUSED') throw last
  const reason = last instanceof Error ? last.message : 'the listener has announced no URL'
  throw daasError('BLOB_REFUSED', {url: path, reason}, {cause: last})
}

async function download(url: URL, {pin, sealToken, signal}: BlobRequest): Promise<Uint8Array> {
  if (url.protocol !== 'https:') {
    throw daasError('BLOB_REFUSED', {url: url.href, reason: 'the listener is asked over https only'})
  }

  const agent = createPinnedAgent(pin)
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      const request = httpsRequest(url, {agent, signal, headers: {'x-seal-token': sealToken}}, (response) => {
        const chunks: Buffer[] = []
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > MAX_BLOB_BYTES) response.destroy(refusal(url, 'it is larger than 64 MiB'))
          else chunks.push(chunk)
        })
        response.on('error', reject)
        response.on('end', () => {
          if (response.statusCode === 200) resolve(Buffer.concat(chunks))
          else reject(refusal(url, `the listener answered ${response.statusCode}`))
        })
      })
      request.on('error', reject)
      request.end()
    })
  } finally {
    agent.destroy()
  }
}

function refusal(url: URL, reason: string): DaasError {
  return daasError('BLOB_REFUSED', {url: url.href, reason})
}
