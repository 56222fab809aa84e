import {createHash} from 'node:crypto'
import {daasError, DaasError} from '../errors/daas-error.ts'
import type {KubeHttp} from '../kube/kube-http.ts'
import {referencedHash} from '../seal/envelope-reference.ts'
import {openRequest} from '../seal/envelope.ts'
import type {OpenedRequest} from '../seal/envelope.ts'
import type {KubeResponse} from '../seal/kube-message.ts'
import {asksForSession} from '../seal/session.ts'
import type {BlobStore} from './blobs.ts'
import type {RequestEvent, StoredResponse} from './chain-port.ts'
import {judgeRequest} from './request-policy.ts'
import type {Sessions} from './sessions.ts'
import {statusResponse} from './status-object.ts'

/** What executing needs. */
export interface ExecutorDeps {
  http: KubeHttp
  blobs: BlobStore
  /** X25519 private keys, 32 bytes each, the present one first: who sealed just before it changed is answered too. */
  hpkePrivateKeys: () => readonly Uint8Array[]
  clock: () => number
  /** The most sealed bytes that the cluster takes on chain; larger answers become blobs. */
  inlineBytes: number
  /** A call of the Kubernetes API ends at the latest this long after it began, ms; 25,000 by default. */
  callMs?: number
  /** Gives out sessions. */
  sessions: Pick<Sessions, 'grant'>
  /** Told of each call of the Kubernetes API: its verb, the answer's status and how long it took, seconds. */
  onCall?: (verb: string, status: number, seconds: number) => void
}

/** Carries requests out on Kubernetes. */
export interface Executor {
  /**
   * Opens, judges and executes one request.
   * @param claim called right before a write is sent: from then on it may have happened
   * @returns the sealed answer; undefined where the request had expired and nothing was done
   */
  execute(event: RequestEvent, claim: () => void, signal: AbortSignal): Promise<StoredResponse | undefined>
  /** The answer to a write that was claimed before a crash: nobody knows whether it happened. */
  outcomeUnknown(event: RequestEvent): Promise<StoredResponse>
  /** The answer to a request that was cancelled before it was begun: 499, as nginx has it. */
  cancelled(event: RequestEvent): Promise<StoredResponse>
  /** The answer to a request whose id its seal has used before: 409. */
  reused(event: RequestEvent): Promise<StoredResponse>
}

/** The most sealed bytes that a transaction holds together with its frame. */
export const MAX_INLINE_BYTES = 96_000
/** Less than the 30 s that a gateway waits: who asked shall hear what became of it. */
const CALL_MS = 25_000
/** Of an answer everything but what belongs to one connection. */
const DROPPED = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'set-cookie',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
])
/** Failures to connect: nothing has been sent. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Makes the executor of a listener. */
export function createExecutor(deps: ExecutorDeps): Executor {
  async function open(event: RequestEvent): Promise<OpenedRequest> {
    const aad = {requestId: event.requestId, cluster: event.cluster, seal: event.seal}
    const envelope = await envelopeOf(event, deps.blobs)
    const [present, ...previous] = deps.hpkePrivateKeys()
    try {
      return await openRequest({listenerPrivateKey: present!, aad, envelope})
    } catch (error) {
      // An envelope does not say to which key it was sealed.
      for (const listenerPrivateKey of previous) {
        const opened = await unlessInvalid(openRequest({listenerPrivateKey, aad, envelope}))
        if (opened !== undefined) return opened
      }

      throw error
    }
  }

  async function execute(
    event: RequestEvent,
    claim: () => void,
    signal: AbortSignal,
  ): Promise<StoredResponse | undefined> {
    if (event.expiresAtMs <= deps.clock()) return undefined
    const opened = await openOrRefuse(open, event)
    if ('refusal' in opened) return opened.refusal
    if (asksForSession(opened.request)) {
      return seal(deps, event, opened, await deps.sessions.grant(event, opened.request))
    }

    const judgement = judgeRequest(event, opened.request)
    if (!judgement.allowed) return seal(deps, event, opened, judgement.response)
    const leftMs = event.expiresAtMs - deps.clock()
    if (leftMs <= 0) return undefined
    if (judgement.isWrite) claim()
    const began = performance.now()
    let response: KubeResponse
    try {
      const call = {...judgement.call, signal, timeoutMs: Math.min(deps.callMs ?? CALL_MS, leftMs)}
      const answer = await deps.http.call(call)
      response = {status: answer.status, headers: flatten(answer.headers), body: answer.body}
    } catch (error) {
      signal.throwIfAborted()
      response = failureOf(error, judgement.isWrite)
    }

    deps.onCall?.(judgement.verb, response.status, (performance.now() - began) / 1000)
    return seal(deps, event, opened, response)
  }

  async function unexecuted(event: RequestEvent, response: KubeResponse): Promise<StoredResponse> {
    const opened = await openOrRefuse(open, event)
    return 'refusal' in opened ? opened.refusal : seal(deps, event, opened, response)
  }

  return {
    execute,
    outcomeUnknown: (event) => unexecuted(event, unknownOutcome('the listener was interrupted while it ran')),
    cancelled: (event) =>
      unexecuted(event, statusResponse(499, 'Cancelled', 'who asked hung up before the request was begun')),
    reused: (event) =>
      unexecuted(event, statusResponse(409, 'Conflict', 'the id of the request was used before')),
  }
}

async function unlessInvalid(opening: Promise<OpenedRequest>): Promise<OpenedRequest | undefined> {
  try {
    return await opening
  } catch (error) {
    if (error instanceof DaasError) return undefined
    throw error
  }
}

/** The envelope itself, or the one that was uploaded by the same seal. @throws ENVELOPE_INVALID */
async function envelopeOf({envelope, seal}: RequestEvent, blobs: BlobStore): Promise<Uint8Array> {
  const hash = referencedHash(envelope)
  if (hash === undefined) return envelope
  const blob = await blobs.get(hash)
  if (blob?.seal !== seal || !sha256(blob.bytes).every((byte, index) => byte === envelope[index + 1])) {
    throw daasError('ENVELOPE_INVALID', {what: 'the request'})
  }

  return blob.bytes
}

async function openOrRefuse(
  open: (event: RequestEvent) => Promise<OpenedRequest>,
  event: RequestEvent,
): Promise<OpenedRequest | {refusal: StoredResponse}> {
  try {
    return await open(event)
  } catch (error) {
    if (!(error instanceof DaasError)) throw error
    // Nobody can be answered in secret who has sealed nothing that opens: the status says it in clear.
    const body = new Uint8Array()
    return {refusal: {request: event.request, status: 400, body, bodyHash: sha256(body), bodyLocation: ''}}
  }
}

async function seal(
  {blobs, inlineBytes}: Pick<ExecutorDeps, 'blobs' | 'inlineBytes'>,
  event: RequestEvent,
  opened: OpenedRequest,
  response: KubeResponse,
): Promise<StoredResponse> {
  const sealed = await opened.sealResponse(response)
  const whole = {request: event.request, status: response.status, bodyHash: sha256(sealed)}
  if (sealed.length <= inlineBytes) return {...whole, body: sealed, bodyLocation: ''}
  try {
    return {...whole, body: new Uint8Array(), bodyLocation: await blobs.put(event.seal, sealed)}
  } catch (error) {
    if (!(error instanceof DaasError) || error.errorName !== 'BLOBS_FULL') throw error
    // Short enough for the chain; what was done is done, and is told.
    const done = response.status < 300 ? ` The request was carried out (${response.status}).` : ''
    const text = `${error.message}.${done}`
    return seal({blobs, inlineBytes}, event, opened, statusResponse(507, 'InsufficientStorage', text))
  }
}

function failureOf(error: unknown, isWrite: boolean): KubeResponse {
  if (error instanceof DaasError && error.errorName === 'KUBE_ANSWER_TOO_LARGE' && !isWrite) {
    const message = `${error.message}: ${error.suggestions[0]}`
    return statusResponse(413, 'RequestEntityTooLarge', message)
  }

  const {code = 'no code'} =
    (error instanceof Error ? (error.cause as {code?: string} | undefined) : {}) ?? {}
  const isLate = code === 'ABORT_ERR'
  if (!isWrite && isLate) {
    return statusResponse(504, 'Timeout', 'the Kubernetes API did not answer the listener in time')
  }

  if (!isWrite || NOT_SENT.has(code)) {
    return statusResponse(503, 'ServiceUnavailable', 'the Kubernetes API does not answer the listener')
  }

  return unknownOutcome(
    isLate
      ? 'the Kubernetes API did not answer the listener in time'
      : `the connection to the Kubernetes API broke before it answered (${code})`,
  )
}

function unknownOutcome(why: string): KubeResponse {
  return statusResponse(504, 'OutcomeUnknown', `the request may or may not have been carried out: ${why}`)
}

/** The headers of an answer that travel on: all but those of one connection, repeated ones in one line. */
export function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !DROPPED.has(name))
      kept[name] = Array.isArray(value) ? value.join(', ') : value
  }

  return kept
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}
