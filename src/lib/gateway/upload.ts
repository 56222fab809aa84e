import {createHash} from 'node:crypto'
import {daasError, DaasError} from '../errors/daas-error.ts'
import {MAX_UPLOAD_BYTES, referenceTo} from '../seal/envelope-reference.ts'
import type {GatewayCluster} from './chain-port.ts'
import {callListener} from './listener-call.ts'

/** An envelope that does not fit on chain. */
export interface Upload {
  cluster: Pick<GatewayCluster, 'listenerUrls' | 'listenerTlsPin'>
  envelope: Uint8Array
  /** Object id of the seal. */
  seal: string
  /** Secret. */
  sealToken(): Promise<string>
  /** The most bytes that fit on chain, for the error. */
  limit: number
  signal: AbortSignal
}

/**
 * Leaves an envelope with the listener, over TLS by its pin.
 * @returns what goes on chain instead
 * @throws REQUEST_TOO_LARGE, BLOB_REFUSED
 */
export async function uploadEnvelope(upload: Upload): Promise<Uint8Array> {
  const {cluster, envelope, limit, signal} = upload
  const most = cluster.listenerUrls.length > 0 ? MAX_UPLOAD_BYTES : limit
  if (envelope.length > most) throw daasError('REQUEST_TOO_LARGE', {bytes: envelope.length, limit: most})
  const hash = createHash('sha256').update(envelope).digest()
  const token = await upload.sealToken()
  let last: unknown
  for (const base of cluster.listenerUrls) {
    const url = new URL(`/v1/blobs/${hash.toString('hex')}`, base)
    try {
      await put(url, {...upload, token})
      return referenceTo(hash)
    } catch (error) {
      signal.throwIfAborted()
      last = error
    }
  }

  if (last instanceof DaasError && last.errorName === 'BLOB_REFUSED') throw last
  const reason = last instanceof Error ? last.message : String(last)
  throw daasError('BLOB_REFUSED', {url: '/v1/blobs', reason}, {cause: last})
}

async function put(url: URL, upload: Upload & {token: string}): Promise<void> {
  const refused = (reason: string): DaasError => daasError('BLOB_REFUSED', {url: url.href, reason})
  if (url.protocol !== 'https:') throw refused('the listener is asked over https only')
  const {cluster, seal, token, envelope: body, signal} = upload
  const status = await callListener({
    method: 'PUT',
    url,
    pin: cluster.listenerTlsPin,
    seal,
    token,
    body,
    signal,
  })
  if (status !== 201) throw refused(`the listener answered ${status}`)
}
