import type {IncomingMessage, ServerResponse} from 'node:http'
import {daasError, DaasError} from '../errors/daas-error.ts'
import {parseApiPath, type ApiRequest} from '../kube/api-path.ts'
import {isStream} from '../kube/stream-paths.ts'
import type {KubeRequest, KubeResponse} from '../seal/kube-message.ts'
import {isAccessReview, reviewBySeal} from './access-review.ts'
import type {GatewaySeal, SubmittedBatch} from './chain-port.ts'
import {changesDiscovery, isDiscovery, type DiscoveryCache} from './discovery-cache.ts'
import type {Dispatch, Dispatcher} from './dispatcher.ts'
import {requestHeaders, responseHeaders} from './headers.ts'
import {checkLive, checkPermission} from './permissions.ts'
import {passOn, type SessionOpener} from './session.ts'
import {statusOfError} from './status.ts'
import {serveWatch, type ListMemory, type WatchPace} from './watch.ts'

/** What a handler works with. */
export interface HandlerDeps {
  /** Throws GATEWAY_TOKEN_WRONG where a request does not show the credential of the gateway. */
  authenticate(req: IncomingMessage): void
  cache: DiscoveryCache
  dispatch: Dispatcher
  memory: ListMemory
  now(): number
  onUnexpected(error: unknown): void
  pace: WatchPace
  priority: number
  /** The SealToken object, fresh enough. */
  seal(): Promise<GatewaySeal>
  /** Opens sessions for streams; without it watches are served by repeated lists, and the rest is refused. */
  session: SessionOpener | undefined
  /** Whether a watch is served by repeated lists where no session can be had. */
  watchAnyway: boolean
  /** Aborts when the gateway closes. */
  signal: AbortSignal
}

/** Tells which transaction an answer cost: names of answer headers. */
export const DIGEST_HEADER = 'daas-transaction'
/** MIST of the whole transaction, which other requests may have shared. */
export const GAS_HEADER = 'daas-gas-mist'

/** The most bytes of a body that are read at all; what fits through the chain is less. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

/** Makes the request handler of a gateway's HTTPS server: every failure becomes a Kubernetes Status. */
export function createHandler(deps: HandlerDeps) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const gone = new AbortController()
    res.once('close', () => gone.abort(daasError('GATEWAY_CLOSED', {})))
    const signal = AbortSignal.any([deps.signal, gone.signal])
    try {
      await answer(deps, req, res, signal)
    } catch (error) {
      // What an abort looks like depends on who waited for what; why it came is in the signal.
      const response = statusOfError(signal.aborted ? signal.reason : error)
      if (response.status === 500) deps.onUnexpected(error)
      if (res.headersSent) res.end()
      else send(req, res, response)
    }
  }
}

async function answer(
  deps: HandlerDeps,
  req: IncomingMessage,
  res: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  deps.authenticate(req)
  const method = req.method ?? ''
  const path = req.url ?? ''
  const api = parseApiPath(method, path)
  const stream = isStream(api)
  if (stream && !api.isWatch && deps.session === undefined) {
    throw daasError('STREAM_NOT_CARRIED', {what: api.path})
  }

  const seal = await deps.seal()
  checkLive(seal, deps.now())
  if (!isAccessReview(api)) checkPermission(seal, api)
  const request: KubeRequest = {method, path, headers: requestHeaders(req.headers), body: await readBody(req)}
  if (stream && deps.session !== undefined) {
    try {
      return await bySession(deps.session, {request, api, priority: deps.priority, signal}, req, res)
    } catch (error) {
      const unreachable = error instanceof DaasError && error.errorName === 'SESSION_UNREACHABLE'
      if (!(unreachable && deps.watchAnyway && api.isWatch)) throw error
    }
  }

  if (api.isWatch) return watch(deps, request, api, req, res, signal)

  const reviewed = reviewBySeal(seal, request, api)
  if (reviewed) return send(req, res, reviewed)
  if (isDiscovery(method, api)) {
    const {response, fetched} = await deps.cache.through(request, (asked) =>
      // Others may wait for the same answer: it is fetched even where the first who asked has gone.
      deps.dispatch({request: asked, api, priority: deps.priority, signal: deps.signal}),
    )
    return send(req, res, notModified(req, response), fetched?.transaction)
  }

  const {response, transaction} = await deps.dispatch({request, api, priority: deps.priority, signal})
  deps.memory.remember(request, api, response)
  if (changesDiscovery(api)) await deps.cache.clear()
  send(req, res, response, transaction)
}

async function watch(
  deps: HandlerDeps,
  request: KubeRequest,
  api: ApiRequest,
  req: IncomingMessage,
  res: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  // A look is nobody's keystroke: it stands behind what is.
  const priority = Math.min(deps.priority + 1, 3)
  const refused = await serveWatch({
    request,
    api,
    pace: deps.pace,
    memory: deps.memory,
    now: deps.now,
    signal,
    look: async (list, listApi) =>
      (await deps.dispatch({request: list, api: listApi, priority, signal})).response,
    begin: () => res.writeHead(200, {'content-type': 'application/json'}).flushHeaders(),
    emit: (event) => res.write(`${JSON.stringify(event)}\n`),
  })
  if (refused) send(req, res, refused)
  else res.end()
}

async function bySession(
  open: SessionOpener,
  dispatch: Dispatch,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const opened = await open(dispatch)
  if (opened.kind === 'refused') return send(req, res, opened.response, opened.transaction)
  if (opened.kind === 'upgraded') {
    opened.socket.destroy()
    throw daasError('SESSION_BROKEN', {reason: 'it was upgraded unasked'})
  }

  try {
    await passOn(opened.response, res, costOf(opened.transaction), dispatch.signal)
  } catch {
    // The head is out: all that is left to tell the client is that the body is not whole.
    res.destroy()
  }
}

async function readBody(req: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw daasError('REQUEST_TOO_LARGE', {bytes, limit: MAX_BODY_BYTES})
    chunks.push(chunk)
  }

  return new Uint8Array(Buffer.concat(chunks))
}

function notModified(req: IncomingMessage, response: KubeResponse): KubeResponse {
  const etag = response.headers.etag
  if (etag === undefined || req.headers['if-none-match'] !== etag) return response
  return {status: 304, headers: response.headers, body: new Uint8Array()}
}

function send(
  req: IncomingMessage,
  res: ServerResponse,
  response: KubeResponse,
  transaction?: SubmittedBatch,
): void {
  const bodiless = req.method === 'HEAD' || response.status === 204 || response.status === 304
  res.writeHead(response.status, {
    ...responseHeaders(response.headers),
    ...(bodiless ? {} : {'content-length': response.body.length}),
    ...(transaction && costOf(transaction)),
    // What is left of a refused body is not read; the connection ends with the answer.
    ...(req.complete ? {} : {connection: 'close'}),
  })
  res.end(bodiless ? undefined : response.body)
}

function costOf({digest, gasMist}: SubmittedBatch): Record<string, string> {
  return {[DIGEST_HEADER]: digest, [GAS_HEADER]: gasMist.toString()}
}
