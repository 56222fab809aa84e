import {createHash} from 'node:crypto'
import type {IncomingMessage} from 'node:http'
import {daasError, type DaasError} from '../errors/daas-error.ts'
import {MAX_UPLOAD_BYTES} from '../seal/envelope-reference.ts'
import type {BlobStore} from './blobs.ts'
import {checkSealToken} from './seal-check.ts'
import type {SealCheckDeps} from './seal-check.ts'

/** What taking uploads needs. */
export interface UploadsDeps extends SealCheckDeps {
  blobs: Pick<BlobStore, 'put'>
}

/** Takes envelopes that are too large for the chain. */
export interface Uploads {
  /**
   * Reads one, once its seal is known to be good.
   * @param hash what it is announced as, lower-case hex
   * @returns its path
   * @throws UPLOAD_REFUSED, UPLOAD_TOO_LARGE, REGISTRATION_TOO_OFTEN, REGISTRATION_TOKEN_WRONG
   */
  take(request: IncomingMessage, hash: string, token: string): Promise<string>
}

/** How many are read at a time: each is held in memory whole. */
const MOST_AT_ONCE = 16

/** Makes what takes uploads. */
export function createUploads(deps: UploadsDeps): Uploads {
  let reading = 0
  return {
    async take(request, hash, token) {
      const length = Number(request.headers['content-length'] ?? Number.NaN)
      if (!(length <= MAX_UPLOAD_BYTES)) throw daasError('UPLOAD_TOO_LARGE', {limit: MAX_UPLOAD_BYTES})
      if (reading >= MOST_AT_ONCE) throw daasError('REGISTRATION_TOO_OFTEN', {seconds: 1})
      reading += 1
      try {
        const refuse = (reason: string): DaasError => daasError('UPLOAD_REFUSED', {reason})
        const seal = await checkSealToken(deps, request, token, refuse)
        const bytes = await readWhole(request)
        const found = createHash('sha256').update(bytes).digest('hex')
        if (found !== hash) throw daasError('UPLOAD_REFUSED', {reason: 'its SHA-256 is another'})
        return await deps.blobs.put(seal, bytes)
      } finally {
        reading -= 1
      }
    },
  }
}

async function readWhole(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_UPLOAD_BYTES) throw daasError('UPLOAD_TOO_LARGE', {limit: MAX_UPLOAD_BYTES})
    parts.push(part)
  }

  return new Uint8Array(Buffer.concat(parts))
}
