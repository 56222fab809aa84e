import {promisify} from 'node:util'
import {gunzip, gzip} from 'node:zlib'
import {daasError} from '../errors/daas-error.ts'
import {createHpkeKeyPair, hpkeOpen, hpkeSeal} from './hpke.ts'
import {decodeRequest, decodeResponse, encodeRequest, encodeResponse} from './kube-message.ts'
import type {KubeRequest, KubeResponse} from './kube-message.ts'

/** What an envelope is bound to: moved to another request, cluster or seal it does not open. */
export interface EnvelopeAad {
  /** 16 random bytes. */
  requestId: Uint8Array
  /** Object id of the Cluster, 0x and 64 hex digits. */
  cluster: string
  /** Object id of the SealToken. */
  seal: string
}

/** A sealed request, and the means to open its answer. */
export interface SealedRequest {
  envelope: Uint8Array
  /** @throws ENVELOPE_INVALID where the bytes are no answer to this very request */
  openResponse(sealed: Uint8Array): Promise<KubeResponse>
}

/** An opened request, and the means to seal its answer. */
export interface OpenedRequest {
  request: KubeRequest
  sealResponse(response: KubeResponse): Promise<Uint8Array>
}

const VERSION = 1
const KEY_BYTES = 32
const INFO = new TextEncoder().encode('daas.envelope.v1')
/** The most that an envelope may unpack to: 64 MiB, so that a small one cannot fill the memory. */
const MAX_PLAIN_BYTES = 64 * 1024 * 1024
const zip = promisify(gzip)
const unzip = promisify(gunzip)

/**
 * Seals a request to the listener. Inside lies a fresh public key to which the listener seals the answer: only
 * the listener can read that key, so only the listener can have made an answer that opens.
 * @param listenerPublicKey X25519, 32 bytes: `listener_hpke_key` of the Cluster object
 */
export async function sealRequest(options: {
  listenerPublicKey: Uint8Array
  aad: EnvelopeAad
  request: KubeRequest
}): Promise<SealedRequest> {
  const answerKey = await createHpkeKeyPair()
  const plain = Buffer.concat([answerKey.publicKey, await zip(encodeRequest(options.request))])
  const aad = aadBytes(options.aad, 'request')
  const sealed = await hpkeSeal(options.listenerPublicKey, INFO, aad, plain)
  return {
    envelope: Buffer.concat([Uint8Array.of(VERSION), sealed]),
    openResponse: (bytes) =>
      opening('the response', async () => {
        const packed = await hpkeOpen(
          answerKey.privateKey,
          INFO,
          aadBytes(options.aad, 'response'),
          body(bytes),
        )
        return decodeResponse(await unpack(packed))
      }),
  }
}

/**
 * Opens a request at the listener.
 * @param listenerPrivateKey X25519, 32 bytes
 * @throws ENVELOPE_INVALID where the bytes were not sealed to this key for this request, cluster and seal
 */
export async function openRequest(options: {
  listenerPrivateKey: Uint8Array
  aad: EnvelopeAad
  envelope: Uint8Array
}): Promise<OpenedRequest> {
  return opening('the request', async () => {
    const aad = aadBytes(options.aad, 'request')
    const plain = await hpkeOpen(options.listenerPrivateKey, INFO, aad, body(options.envelope))
    const answerKey = plain.slice(0, KEY_BYTES)
    const request = decodeRequest(await unpack(plain.subarray(KEY_BYTES)))
    return {
      request,
      sealResponse: async (response) => {
        const packed = await zip(encodeResponse(response))
        const sealed = await hpkeSeal(answerKey, INFO, aadBytes(options.aad, 'response'), packed)
        return Buffer.concat([Uint8Array.of(VERSION), sealed])
      },
    }
  })
}

async function unpack(bytes: Uint8Array): Promise<Uint8Array> {
  return unzip(bytes, {maxOutputLength: MAX_PLAIN_BYTES})
}

function body(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== VERSION) throw new RangeError(`envelope version ${bytes[0] ?? 'missing'}`)
  return bytes.subarray(1)
}

function aadBytes({requestId, cluster, seal}: EnvelopeAad, direction: 'request' | 'response'): Uint8Array {
  const id = Buffer.from(requestId).toString('hex')
  return new TextEncoder().encode(['daas.envelope.v1', direction, id, cluster, seal].join('\n'))
}

async function opening<T>(what: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (cause) {
    throw daasError('ENVELOPE_INVALID', {what}, {cause})
  }
}
