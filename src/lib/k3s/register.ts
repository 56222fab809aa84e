import {z} from 'zod'
import {catalogue, DaasError, daasError} from '../errors/daas-error.ts'
import type {Heartbeat} from '../seal/heartbeat.ts'
import {leaveAnswerSchema, type LeaveAnswer, type LeaveRequest} from '../seal/leave.ts'
import {createPinnedAgent, type TlsPins} from '../seal/pinned-agent.ts'
import {
  refusalSchema,
  registrationAnswerSchema,
  workerStatusSchema,
  type RegistrationAnswer,
  type RegistrationRequest,
  type WorkerStatus,
} from '../seal/registration.ts'
import {tlsRequest, type TlsResponse} from './tls-request.ts'
import {reasonOf} from './verify-server.ts'

/** What a client of the listener's worker endpoints needs; all of it stands in the Cluster object but the token. */
export interface ListenerClientOptions {
  /** Tried in this order. */
  urls: readonly string[]
  /** SHA-256 (32 bytes) of the listener's TLS key, SPKI DER. */
  tlsPin: TlsPins
  /** Reads both again where the listener shows another key; without it that is the end of a request. */
  refresh?: () => Promise<Pick<ListenerClientOptions, 'urls' | 'tlsPin'>>
  /** `<id>.<secret>`, sent as X-Seal-Token over the pinned connection only. */
  sealToken: string
  signal: AbortSignal
  /** Deadline of each request in ms. */
  timeoutMs?: number
}

/** The listener's worker endpoints. Every method throws LISTENER_UNREACHABLE, LISTENER_REFUSED, TLS_PIN_MISMATCH, or what `refresh` throws. */
export interface ListenerClient {
  register(request: RegistrationRequest): Promise<RegistrationAnswer>
  status(nodeName: string): Promise<WorkerStatus>
  heartbeat(nodeName: string, report?: Heartbeat): Promise<void>
  /** Asks to be drained and deleted; it is not done yet when this is answered. */
  leave(request: LeaveRequest): Promise<LeaveAnswer>
  /** From now on this is the token: the seal was rotated. */
  useToken(sealToken: string): void
  /** Closes kept connections. */
  close(): void
}

/** Makes a client of the listener; it trusts the key that the chain names, and no CA. */
export function createListenerClient(options: ListenerClientOptions): ListenerClient {
  let {sealToken, urls} = options
  let agent = createPinnedAgent(options.tlsPin)

  const call = async (...request: Parameters<typeof callOnce>): Promise<TlsResponse> => {
    try {
      return await callOnce(...request)
    } catch (error) {
      if (!options.refresh || !isOtherKey(error)) throw error
      // Nothing was sent yet. A node that runs for months sees its listener take new keys.
      const now = await options.refresh()
      agent.destroy()
      agent = createPinnedAgent(now.tlsPin)
      urls = now.urls
      return callOnce(...request)
    }
  }

  const callOnce = async (
    what: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<TlsResponse> => {
    const failures: string[] = []
    let lastCause: unknown
    for (const base of urls) {
      try {
        const response = await tlsRequest({
          url: new URL(path, base).href,
          trust: {kind: 'agent', agent},
          method,
          headers: {
            'x-seal-token': sealToken,
            accept: 'application/json',
            ...(body !== undefined && {'content-type': 'application/json'}),
          },
          ...(body !== undefined && {body: JSON.stringify(body)}),
          signal: options.signal,
          ...(options.timeoutMs !== undefined && {timeoutMs: options.timeoutMs}),
        })
        if (response.status >= 300) throw refusal(what, response)
        return response
      } catch (error) {
        if (options.signal.aborted || error instanceof DaasError) throw error
        failures.push(`${base}: ${reasonOf(error)}`)
        lastCause = error
      }
    }
    const reason = failures.length > 0 ? failures.join('; ') : 'the cluster names no listener on chain'
    throw daasError('LISTENER_UNREACHABLE', {reason}, {cause: lastCause})
  }

  return {
    register: async (request) => {
      const what = `to register ${request.body.nodeName}`
      return read(what, registrationAnswerSchema, await call(what, 'POST', '/v1/workers', request))
    },
    status: async (nodeName) => {
      const what = `to say how ${nodeName} is`
      return read(what, workerStatusSchema, await call(what, 'GET', `/v1/workers/${nodeName}`))
    },
    heartbeat: async (nodeName, report) => {
      await call(`the heartbeat of ${nodeName}`, 'POST', `/v1/workers/${nodeName}/heartbeat`, report)
    },
    leave: async (request) => {
      const {nodeName} = request.body
      const what = `to let ${nodeName} go`
      return read(what, leaveAnswerSchema, await call(what, 'POST', `/v1/workers/${nodeName}/leave`, request))
    },
    useToken: (token) => {
      sealToken = token
    },
    close: () => agent.destroy(),
  }
}

/** Whether to ask again later can help: the listener is busy or starting. */
export function isRetryableRefusal(error: unknown): boolean {
  if (!(error instanceof DaasError)) return false
  const status = error.details?.status
  return error.errorName === 'LISTENER_UNREACHABLE' || status === 429 || status === 503
}

/** Whether the listener does not know the node: it never came, it has left, or the listener lost its journal. */
export function isUnknownWorker(error: unknown): boolean {
  return error instanceof DaasError && error.errorName === 'LISTENER_REFUSED' && error.details?.status === 404
}

/** Whether another token in the cluster has the id of this one. */
export function isTakenTokenId(error: unknown): boolean {
  return error instanceof DaasError && error.details?.code === catalogue.BOOTSTRAP_TOKEN_TAKEN.code
}

function isOtherKey(error: unknown): boolean {
  return error instanceof DaasError && error.errorName === 'TLS_PIN_MISMATCH'
}

function refusal(what: string, response: TlsResponse): DaasError {
  const parsed = refusalSchema.safeParse(parseJson(response))
  const {code, message, suggestions} = parsed.success
    ? parsed.data.error
    : {code: `HTTP ${response.status}`, message: 'it gave no reason', suggestions: []}
  return daasError(
    'LISTENER_REFUSED',
    {what, code, message, suggestion: suggestions[0] ?? 'see what stake and seal are with: daas status'},
    {details: {status: response.status, code, suggestions}},
  )
}

function read<Schema extends z.ZodType>(
  what: string,
  schema: Schema,
  response: TlsResponse,
): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(response))
  if (parsed.success) return parsed.data
  throw daasError('LISTENER_REFUSED', {
    what,
    code: 'ANSWER_INVALID',
    message: `its answer is not what daas expects: ${z.prettifyError(parsed.error)}`,
    suggestion: 'check that listener and daas are of the same version',
  })
}

function parseJson(response: TlsResponse): unknown {
  try {
    return JSON.parse(response.body.toString('utf8'))
  } catch {
    // Not JSON: the schema check that follows turns this into a refusal.
    return undefined
  }
}
