import {Agent, request as httpsRequest} from 'node:https'
import type {RequestOptions} from 'node:https'
import type {IncomingHttpHeaders, OutgoingHttpHeaders} from 'node:http'
import type {KubeConfig} from '@kubernetes/client-node'
import {daasError, DaasError} from '../errors/daas-error.ts'

/** One call of the Kubernetes API. */
export interface KubeCall {
  /** Upper case. */
  method: string
  /** With its query. */
  path: string
  headers?: OutgoingHttpHeaders
  body?: Uint8Array | string
  signal?: AbortSignal
  /** How long to wait for the whole answer, ms; 30,000 by default. */
  timeoutMs?: number
}

/** What the API answered, whatever its status. */
export interface KubeAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: Uint8Array
}

/** A call with JSON in both directions. */
export interface KubeJsonCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  body?: unknown
  /** Of the body; a JSON merge patch for PATCH by default. */
  contentType?: string
  signal?: AbortSignal
}

/** The HTTP client of one cluster: CA, client certificate and token of its kubeconfig, connections kept alive. */
export interface KubeHttp {
  /** Base URL of the API server. */
  readonly server: string
  /** @throws KUBE_UNREACHABLE where no answer came (a status of any kind is an answer); KUBE_ANSWER_TOO_LARGE */
  call(call: KubeCall): Promise<KubeAnswer>
  /** Parses the answer. @throws KUBE_REFUSED (details.status) for any status from 400 on, KUBE_UNREACHABLE */
  json<T>(call: KubeJsonCall): Promise<T>
  /** Closes its connections. */
  close(): void
}

const TIMEOUT_MS = 30_000
/**
 * How long a kept connection may have been idle, ms. The API server closes one after 90 s, what stands before it
 * perhaps sooner; whether a request that met the closing was carried out nobody knows, so writes take fresh ones.
 */
const IDLE_MS = {read: 15_000, write: 2000}
/** A body from here on may be refused before it is read: it gets a connection of its own, bytes. */
const OWN_CONNECTION_BYTES = 1024 * 1024
/** How a kept connection fails that the other end had closed already. */
const CLOSED_BEFORE = new Set(['ECONNRESET', 'EPIPE'])
/** What an envelope may unpack to is 64 MiB: no answer that can be passed on is larger, headers left aside. */
const MAX_BODY_BYTES = 64 * 1024 * 1024 - 65_536

/**
 * Makes the HTTP client of the current context of a kubeconfig. Own because bytes, headers and status must come
 * through as they are, which the generated client does not offer; authentication is the library's.
 */
export function createKubeHttp(kubeConfig: KubeConfig): KubeHttp {
  const cluster = kubeConfig.getCurrentCluster()
  if (cluster === null) throw daasError('KUBECONFIG_INVALID', {file: 'it', reason: 'no current cluster'})
  const kept = {
    read: new Agent({keepAlive: true, timeout: IDLE_MS.read}),
    write: new Agent({keepAlive: true, timeout: IDLE_MS.write}),
  }

  /** Without an agent each request has a connection of its own. */
  function agentFor({method, body}: KubeCall): Agent | false {
    if (body !== undefined && body.length >= OWN_CONNECTION_BYTES) return false
    return isRead(method) ? kept.read : kept.write
  }

  async function call(options: KubeCall): Promise<KubeAnswer> {
    const request = await kubeRequestOptions(kubeConfig, options)
    const deadline = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
    const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal])
    try {
      return await sendAgain({
        ...request,
        agent: request.agent ?? agentFor(options),
        signal,
        body: options.body,
      })
    } catch (cause) {
      options.signal?.throwIfAborted()
      if (cause instanceof DaasError) throw cause
      const reason = deadline.aborted ? 'it did not answer in time' : causeOf(cause)
      throw daasError('KUBE_UNREACHABLE', {server: cluster?.server ?? '', cause: reason}, {cause})
    }
  }

  return {
    server: cluster.server,
    call,
    async json<T>({method, path, body, contentType, signal}: KubeJsonCall): Promise<T> {
      const type = contentType ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json')
      const answer = await call({
        method,
        path,
        headers: {accept: 'application/json', ...(body === undefined ? {} : {'content-type': type})},
        ...(body === undefined ? {} : {body: JSON.stringify(body)}),
        ...(signal === undefined ? {} : {signal}),
      })
      const parsed = parse(answer)
      if (answer.status < 400) return parsed as T
      const {message, reason} = (parsed ?? {}) as {message?: string; reason?: string}
      throw daasError(
        'KUBE_REFUSED',
        {status: answer.status, reason: message ?? reason ?? 'no reason given'},
        {details: {status: answer.status, reason: reason ?? 'Unknown', method, path}},
      )
    },
    close: () => {
      kept.read.destroy()
      kept.write.destroy()
    },
  }
}

/**
 * What node:https needs for a call of the current cluster of a kubeconfig: where to, authentication, the call's own
 * method, path and headers. An agent only where the kubeconfig names a proxy.
 * @throws KUBECONFIG_INVALID
 */
export async function kubeRequestOptions(
  kubeConfig: KubeConfig,
  call: Pick<KubeCall, 'method' | 'path' | 'headers'>,
): Promise<RequestOptions> {
  const cluster = kubeConfig.getCurrentCluster()
  if (cluster === null) throw daasError('KUBECONFIG_INVALID', {file: 'it', reason: 'no current cluster'})
  const base = new URL(cluster.server)
  const auth: RequestOptions = {}
  await kubeConfig.applyToHTTPSOptions(auth)
  return {
    ...auth,
    agent: cluster.proxyUrl === undefined ? undefined : auth.agent,
    host: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port === '' ? 443 : Number(base.port),
    method: call.method,
    path: `${base.pathname.replace(/\/$/, '')}${call.path}`,
    headers: {...call.headers, ...(auth.headers as OutgoingHttpHeaders | undefined)},
  }
}

/** One raw call on a connection of its own: see {@link KubeHttp.call}. */
export async function kubeFetch(kubeConfig: KubeConfig, call: KubeCall): Promise<KubeAnswer> {
  const http = createKubeHttp(kubeConfig)
  try {
    return await http.call(call)
  } finally {
    http.close()
  }
}

type Sending = RequestOptions & {body: Uint8Array | string | undefined}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** A read that met the closing of a kept connection is sent again, on a new one. */
async function sendAgain(options: Sending): Promise<KubeAnswer> {
  try {
    return await send(options)
  } catch (error) {
    const {code, onKept} = error as {code?: string; onKept?: boolean}
    if (onKept !== true || !CLOSED_BEFORE.has(code ?? '') || !isRead(options.method ?? '')) throw error
    return send({...options, agent: false})
  }
}

/** Rejects with the error of node:https; `onKept` where a kept connection broke before anything was answered. */
function send({body, ...options}: Sending): Promise<KubeAnswer> {
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body as Uint8Array)
    const headers = {...(options.headers as OutgoingHttpHeaders)}
    if (bytes !== undefined) headers['content-length'] = bytes.length
    let answered = false
    const request = httpsRequest({...options, headers}, (response) => {
      answered = true
      const parts: Buffer[] = []
      let size = 0
      response.on('data', (part: Buffer) => {
        size += part.length
        if (size > MAX_BODY_BYTES)
          response.destroy(daasError('KUBE_ANSWER_TOO_LARGE', {limit: MAX_BODY_BYTES}))
        else parts.push(part)
      })
      response.on('error', reject)
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: new Uint8Array(Buffer.concat(parts)),
        })
      })
    })
    request.on('error', (error) => {
      reject(Object.assign(error, {onKept: request.reusedSocket && !answered}))
    })
    request.end(bytes)
  })
}

function parse({body}: KubeAnswer): unknown {
  const text = new TextDecoder().decode(body)
  try {
    return JSON.parse(text)
  } catch {
    // Not every refusal is a Status: what came is the reason then.
    return {message: text.slice(0, 200)}
  }
}

function causeOf(cause: unknown): string {
  const {code, message} = cause as {code?: string; message?: string}
  return code ?? message ?? 'no reason given'
}
