import {createHash, timingSafeEqual} from 'node:crypto'
import type {IncomingMessage} from 'node:http'
import {daasError} from '../errors/daas-error.ts'
import {MAX_UPLOAD_BYTES, SEAL_HEADER} from '../seal/envelope-reference.ts'
import {hashSealToken} from '../seal/token.ts'
import type {BlobStore} from './blobs.ts'
import type {ListenerChain} from './chain-port.ts'

/** What taking uploads needs. */
export interface UploadsDeps {
  blobs: Pick<BlobStore, 'put'>
  chain: Pick<ListenerChain, 'readSeal'>
  clusterId: string
  clock: () => number
  signal: AbortSignal
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
        const seal = await sealOf(deps, request, token)
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

async function sealOf(deps: UploadsDeps, request: IncomingMessage, token: string): Promise<string> {
  const id = request.headers[SEAL_HEADER]
  if (typeof id !== 'string' || !/^0x[0-9a-f]{64}$/.test(id)) {
    throw daasError('UPLOAD_REFUSED', {reason: `it names no seal in ${SEAL_HEADER}`})
  }

  const seal = await deps.chain.readSeal(id, deps.signal)
  const given = hashSealToken(token)
  const known = seal?.tokenHash ?? new Uint8Array()
  if (known.length !== given.length || !timingSafeEqual(given, known)) {
    throw daasError('REGISTRATION_TOKEN_WRONG', {})
  }

  if (seal?.cluster !== deps.clusterId || seal.revoked || seal.expiresAtMs <= deps.clock()) {
    throw daasError('UPLOAD_REFUSED', {reason: 'its seal is no longer, or not here, of use'})
  }

  return id
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
