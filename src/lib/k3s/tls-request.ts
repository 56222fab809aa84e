import {Agent, request as httpsRequest} from 'node:https'

/**
 * Why the other side is believed: what the agent checks (a pin); or its certificate was issued by this CA for this
 * host; or not at all (only for reading /cacerts, whose hash is checked afterwards).
 */
export type TlsTrust =
  | {readonly kind: 'agent'; readonly agent: Agent}
  | {readonly kind: 'ca'; readonly pem: string}
  | {readonly kind: 'none'}

/** One HTTPS request. */
export interface TlsRequest {
  url: string
  trust: TlsTrust
  method?: string
  headers?: Record<string, string>
  body?: string
  signal: AbortSignal
  /** Deadline of the whole exchange in ms, 10 s where it is left out. */
  timeoutMs?: number
}

/** Its answer. */
export interface TlsResponse {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

const MAX_BODY_BYTES = 1024 * 1024

/**
 * Sends one HTTPS request; without an agent of the caller's, over a connection of its own.
 * @throws what node:https throws, the signal's reason, or an Error where the answer is larger than 1 MiB
 */
export async function tlsRequest(options: TlsRequest): Promise<TlsResponse> {
  const {trust} = options
  const url = new URL(options.url)
  if (url.protocol !== 'https:') throw new Error(`${options.url} is not an https URL`)
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs ?? 10_000)])
  const own = trust.kind === 'agent' ? undefined : new Agent({keepAlive: false, maxCachedSessions: 0})
  const {promise, resolve, reject} = Promise.withResolvers<TlsResponse>()
  const request = httpsRequest(
    url,
    {
      agent: trust.kind === 'agent' ? trust.agent : own,
      ...(trust.kind === 'ca' && {ca: trust.pem}),
      ...(trust.kind === 'none' && {rejectUnauthorized: false}),
      method: options.method ?? 'GET',
      headers: {
        ...(options.body !== undefined && {'content-length': String(Buffer.byteLength(options.body))}),
        ...options.headers,
      },
      signal,
    },
    (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > MAX_BODY_BYTES)
          request.destroy(new Error(`the answer of ${url.host} is larger than 1 MiB`))
        else chunks.push(chunk)
      })
      response.on('end', () =>
        resolve({status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks)}),
      )
      response.on('error', reject)
    },
  )
  // An aborted request reports a plain AbortError; the reason (a deadline, Ctrl-C) says more.
  request.on('error', (error) => reject(signal.aborted ? signal.reason : error))
  request.end(options.body)
  try {
    return await promise
  } finally {
    own?.destroy()
  }
}
