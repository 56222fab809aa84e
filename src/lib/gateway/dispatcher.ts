import {createHash, randomBytes} from 'node:crypto'
import {daasError, DaasError} from '../errors/daas-error.ts'
import {permissionResource, type ApiRequest} from '../kube/api-path.ts'
import {sealRequest, type SealedRequest} from '../seal/envelope.ts'
import type {KubeRequest, KubeResponse} from '../seal/kube-message.ts'
import type {Answers} from './answers.ts'
import {atListener} from './at-listener.ts'
import type {Batcher} from './batcher.ts'
import type {Canceller} from './canceller.ts'
import {fetchFromWalrus, walrusBlobIdOf} from '../seal/walrus.ts'
import {fetchBlob, MAX_BLOB_BYTES} from './blob.ts'
import type {ChainAnswer, GatewayCluster, SubmittedBatch} from './chain-port.ts'
import type {FreshView} from './fresh-view.ts'
import {statusResponse} from './status.ts'
import {uploadEnvelope} from './upload.ts'

/** What a dispatcher works with. */
export interface DispatcherDeps {
  answers: Answers
  batcher: Batcher
  canceller: Canceller
  cluster: FreshView<GatewayCluster>
  /** Object id of the SealToken. */
  sealId: string
  /** Gives the text of the seal token, for blobs. Secret. */
  sealToken(): Promise<string>
  /** The most bytes that one envelope may take on its way, whatever the cluster allows. */
  maxEnvelopeBytes: number
  /** How long an answer may take, ms. */
  timeoutMs: number
  /** Base URLs of aggregators of Walrus, where there are any. */
  walrusAggregators: readonly string[]
}

/** A request to carry. */
export interface Dispatch {
  request: KubeRequest
  /** What `parseApiPath` says of it. */
  api: ApiRequest
  priority: number
  /** Aborts when nobody waits for the answer any more. */
  signal: AbortSignal
}

/** An answer, and the transaction that asked for it. */
export interface Dispatched {
  response: KubeResponse
  transaction: SubmittedBatch
}

/** Carries one request through the chain. */
export type Dispatcher = (dispatch: Dispatch) => Promise<Dispatched>

/**
 * Makes the function that seals a request, sends it, waits for its answer and opens it.
 * The function throws CLUSTER_PAUSED, LISTENER_UNANNOUNCED, REQUEST_TOO_LARGE, GATEWAY_TIMEOUT, GATEWAY_CLOSED,
 * BLOB_REFUSED, ANSWER_UNREADABLE and what the chain says.
 */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  return async (dispatch) => {
    const {signal} = dispatch
    const timeout = AbortSignal.timeout(deps.timeoutMs)
    const bounded = {...dispatch, signal: AbortSignal.any([signal, timeout])}
    try {
      const known = await deps.cluster.get()
      const dispatched = await carry(deps, known, bounded)
      if (!dispatched.unopened) return dispatched
      // A listener that lost its keys cannot open what was sealed to them, so it has done nothing.
      const present = await deps.cluster.again()
      const sameKey = Buffer.compare(present.listenerHpkeKey, known.listenerHpkeKey) === 0
      return sameKey ? dispatched : await carry(deps, present, bounded)
    } catch (error) {
      if (timeout.aborted && !signal.aborted) {
        throw daasError('GATEWAY_TIMEOUT', {seconds: deps.timeoutMs / 1000}, {cause: error})
      }

      throw error
    }
  }
}

/** Carries a request once. `unopened`: the listener could not read it. */
async function carry(
  deps: DispatcherDeps,
  cluster: GatewayCluster,
  {request, api, priority, signal}: Dispatch,
): Promise<Dispatched & {unopened: boolean}> {
  checkCluster(cluster)
  const requestId = randomBytes(16)
  const sealed = await sealRequest({
    listenerPublicKey: cluster.listenerHpkeKey,
    aad: {requestId, cluster: cluster.id, seal: deps.sealId},
    request,
  })
  const limit = Math.min(cluster.maxEnvelopeBytes, deps.maxEnvelopeBytes)
  const {envelope} = sealed
  const [answer, transaction] = await exchange(deps, signal, {
    requestId,
    verb: api.verb,
    resource: permissionResource(api),
    namespace: api.namespace,
    envelope: envelope.length <= limit ? envelope : await upload(deps, envelope, limit, signal),
    priority,
  })
  const response = await openAnswer(deps, sealed, answer, signal)
  return {response, transaction, unopened: isBare(answer) && answer.status === 400}
}

async function upload(
  {cluster, sealId: seal, sealToken}: DispatcherDeps,
  envelope: Uint8Array,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return atListener(
    cluster,
    (at) => uploadEnvelope({cluster: at, envelope, seal, sealToken, limit, signal}),
    isBlobRefused,
  )
}

function isBlobRefused(error: unknown): boolean {
  return error instanceof DaasError && error.errorName === 'BLOB_REFUSED'
}

function isBare({body, bodyLocation}: ChainAnswer): boolean {
  return body.length === 0 && bodyLocation === ''
}

function checkCluster(cluster: GatewayCluster): void {
  if (cluster.paused) throw daasError('CLUSTER_PAUSED', {name: cluster.name})
  if (cluster.listenerHpkeKey.length === 0) throw daasError('LISTENER_UNANNOUNCED', {name: cluster.name})
}

/**
 * Waits for the answer from before the request is sent; a request the chain refused waits no longer. The listener is
 * told where nobody waits any more for what may be on chain.
 */
async function exchange(
  {answers, batcher, canceller}: DispatcherDeps,
  signal: AbortSignal,
  request: Parameters<Batcher['submit']>[0],
): Promise<[ChainAnswer, SubmittedBatch]> {
  const refused = new AbortController()
  const waiting = AbortSignal.any([signal, refused.signal])
  const answer = answers.expect(request.requestId, waiting)
  let onItsWay = false
  const onSend = (): void => {
    onItsWay = true
  }
  const sent = batcher.submit(request, signal, onSend).catch((error: unknown) => {
    refused.abort(error)
    throw error
  })
  try {
    return await Promise.all([answer, sent])
  } catch (error) {
    if (onItsWay && signal.aborted) canceller.cancel(request.requestId)
    throw error
  }
}

async function openAnswer(
  deps: DispatcherDeps,
  sealed: SealedRequest,
  answer: ChainAnswer,
  signal: AbortSignal,
): Promise<KubeResponse> {
  const requestId = Buffer.from(answer.requestId).toString('hex')
  if (isBare(answer)) return bare(answer.status)
  let body = answer.body
  if (answer.bodyLocation !== '') {
    body = await largeBody(deps, answer, signal)
  } else if (!createHash('sha256').update(body).digest().equals(answer.bodyHash)) {
    throw daasError('ANSWER_UNREADABLE', {requestId, reason: 'its SHA-256 is not the one on chain'})
  }

  try {
    return await sealed.openResponse(body)
  } catch (cause) {
    throw daasError('ANSWER_UNREADABLE', {requestId, reason: 'it is not sealed to this request'}, {cause})
  }
}

/** From Walrus, where it is said to lie there and aggregators are known; else, and if they fail, from the listener. */
async function largeBody(
  {cluster, walrusAggregators: aggregators, sealToken}: DispatcherDeps,
  {bodyHash: hash, bodyLocation}: ChainAnswer,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const blobId = walrusBlobIdOf(bodyLocation)
  let cause: unknown
  if (blobId !== undefined && aggregators.length > 0) {
    try {
      return await fetchFromWalrus({aggregators, blobId, hash, limit: MAX_BLOB_BYTES, signal})
    } catch (error) {
      signal.throwIfAborted()
      cause = error
    }
  }

  try {
    const token = await sealToken()
    return await atListener(
      cluster,
      ({listenerUrls, listenerTlsPin: pin}) => fetchBlob({listenerUrls, pin, hash, sealToken: token, signal}),
      isBlobRefused,
    )
  } catch (error) {
    // What Walrus said is the better reason for a gateway that the listener cannot be reached from.
    throw cause ?? error
  }
}

/** What the listener refuses without being able to seal, or after its time, carries a status and nothing else. */
function bare(status: number): KubeResponse {
  const code = status >= 400 && status <= 599 ? status : 502
  return statusResponse({
    code,
    reason: reasons[code] ?? 'InternalError',
    message: `the listener of the cluster answered ${status} and no more`,
  })
}

const reasons: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  429: 'TooManyRequests',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}
