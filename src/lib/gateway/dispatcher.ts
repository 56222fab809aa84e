import {createHash, randomBytes} from 'node:crypto'
import {daasError} from '../errors/daas-error.ts'
import {permissionResource, type ApiRequest} from '../kube/api-path.ts'
import {sealRequest, type SealedRequest} from '../seal/envelope.ts'
import type {KubeRequest, KubeResponse} from '../seal/kube-message.ts'
import type {Answers} from './answers.ts'
import type {Batcher} from './batcher.ts'
import type {Canceller} from './canceller.ts'
import {fetchFromWalrus, walrusBlobIdOf} from '../seal/walrus.ts'
import {fetchBlob, MAX_BLOB_BYTES} from './blob.ts'
import type {ChainAnswer, GatewayCluster, SubmittedBatch} from './chain-port.ts'
import {statusResponse} from './status.ts'
import {uploadEnvelope} from './upload.ts'

/** What a dispatcher works with. */
export interface DispatcherDeps {
  answers: Answers
  batcher: Batcher
  canceller: Canceller
  /** The Cluster object, fresh enough. */
  cluster(): Promise<GatewayCluster>
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
  return async ({request, api, priority, signal}) => {
    const timeout = AbortSignal.timeout(deps.timeoutMs)
    const abort = AbortSignal.any([signal, timeout])
    try {
      const cluster = await deps.cluster()
      checkCluster(cluster)
      const requestId = randomBytes(16)
      const sealed = await sealRequest({
        listenerPublicKey: cluster.listenerHpkeKey,
        aad: {requestId, cluster: cluster.id, seal: deps.sealId},
        request,
      })
      const limit = Math.min(cluster.maxEnvelopeBytes, deps.maxEnvelopeBytes)
      const {envelope} = sealed
      const {sealId: seal, sealToken} = deps
      const fits = envelope.length <= limit

      const [answer, transaction] = await exchange(deps, cluster, abort, {
        requestId,
        verb: api.verb,
        resource: permissionResource(api),
        namespace: api.namespace,
        envelope: fits
          ? envelope
          : await uploadEnvelope({cluster, envelope, seal, sealToken, limit, signal: abort}),
        priority,
      })
      return {response: await openAnswer(deps, cluster, sealed, answer, abort), transaction}
    } catch (error) {
      if (timeout.aborted && !signal.aborted) {
        throw daasError('GATEWAY_TIMEOUT', {seconds: deps.timeoutMs / 1000}, {cause: error})
      }

      throw error
    }
  }
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
  cluster: GatewayCluster,
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
    if (onItsWay && signal.aborted) canceller.cancel(request.requestId, cluster)
    throw error
  }
}

async function openAnswer(
  deps: DispatcherDeps,
  cluster: GatewayCluster,
  sealed: SealedRequest,
  answer: ChainAnswer,
  signal: AbortSignal,
): Promise<KubeResponse> {
  const requestId = Buffer.from(answer.requestId).toString('hex')
  if (answer.body.length === 0 && answer.bodyLocation === '') return bare(answer.status)
  let body = answer.body
  if (answer.bodyLocation !== '') {
    body = await largeBody(deps, cluster, answer, signal)
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
  {walrusAggregators: aggregators, sealToken}: DispatcherDeps,
  {listenerUrls, listenerTlsPin: pin}: GatewayCluster,
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
    return await fetchBlob({listenerUrls, pin, hash, sealToken: await sealToken(), signal})
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
