import {daasError} from '../errors/daas-error.ts'
import {k3sCaHash} from './ca-hash.ts'
import {isBootstrapToken} from './token.ts'
import {tlsRequest, type TlsResponse, type TlsTrust} from './tls-request.ts'

/** What is to be checked of a k3s server. */
export interface VerifyServerOptions {
  /** https URL of the supervisor, usually port 6443. */
  serverUrl: string
  /** What the chain or the listener names; 64 lower-case hex digits. */
  caHash: string
  /** `<id>.<secret>`; where it is left out, only CA and ping are checked. */
  sealToken?: string
  signal: AbortSignal
  /** Deadline of each request in ms. */
  timeoutMs?: number
}

/** A server that passed. */
export interface VerifiedServer {
  /** The CA bundle as served. */
  readonly caPem: string
  /** The server's clock at the answer, ms since 1970, by its Date header. */
  readonly serverTimeMs: number | undefined
}

/**
 * Does, once and before the agent is started, what the agent would otherwise retry for ever: reads `/cacerts` without
 * trust, compares the hash, and only then, over TLS validated by that CA, asks `/ping` and, with the token as bearer,
 * `/v1-k3s/readyz`.
 * @throws K3S_SERVER_UNREACHABLE, CA_HASH_MISMATCH, JOIN_TOKEN_INVALID, JOIN_TOKEN_REFUSED, K3S_SERVER_NOT_READY
 */
export async function verifyServer(options: VerifyServerOptions): Promise<VerifiedServer> {
  const {serverUrl: url, caHash, sealToken} = options
  if (sealToken !== undefined && !isBootstrapToken(sealToken)) {
    throw daasError('JOIN_TOKEN_INVALID', {
      reason: 'the seal token is not of the form <6 characters>.<16 characters>',
    })
  }
  const cacerts = await ask(options, '/cacerts', {kind: 'none'})
  if (cacerts.status !== 200) throw daasError('K3S_SERVER_NOT_READY', {url, status: cacerts.status})
  const actual = k3sCaHash(cacerts.body)
  if (actual !== caHash) throw daasError('CA_HASH_MISMATCH', {url, actual, expected: caHash})

  const trust = {kind: 'ca', pem: cacerts.body.toString('utf8')} as const
  const ping = await ask(options, '/ping', trust)
  if (ping.status !== 200) throw daasError('K3S_SERVER_NOT_READY', {url, status: ping.status})
  if (sealToken !== undefined) {
    const ready = await ask(options, '/v1-k3s/readyz', trust, {authorization: `Bearer ${sealToken}`})
    if (ready.status === 401 || ready.status === 403) {
      throw daasError('JOIN_TOKEN_REFUSED', {url, status: ready.status})
    }
    if (ready.status !== 200) throw daasError('K3S_SERVER_NOT_READY', {url, status: ready.status})
  }
  return {caPem: trust.pem, serverTimeMs: dateOf(ping)}
}

async function ask(
  options: VerifyServerOptions,
  path: string,
  trust: TlsTrust,
  headers: Record<string, string> = {},
): Promise<TlsResponse> {
  const {serverUrl, signal, timeoutMs} = options
  try {
    return await tlsRequest({
      url: new URL(path, serverUrl).href,
      trust,
      headers,
      signal,
      ...(timeoutMs !== undefined && {timeoutMs}),
    })
  } catch (cause) {
    if (signal.aborted) throw cause
    throw daasError('K3S_SERVER_UNREACHABLE', {url: serverUrl, reason: reasonOf(cause)}, {cause})
  }
}

function dateOf(response: TlsResponse): number | undefined {
  const text = response.headers.date
  const ms = typeof text === 'string' ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

/** One line for a network failure; Node's own errors may have an empty message and a code instead. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message) return error.message
  return 'code' in error ? String(error.code) : error.name
}
