import {z} from 'zod'
import {daasError} from '../errors/daas-error.ts'
import type {KubeResponse} from './kube-message.ts'

/**
 * What a listener gives out for a session: whoever shows id and token at one of the URLs, once and in time, gets
 * the request carried out that was sealed on chain.
 */
export interface SessionCredential {
  /** Base URLs of the listener that keeps the session; https only. */
  urls: readonly string[]
  /** 32 hex digits. */
  sessionId: string
  /** Secret; 32 random bytes, base64url. */
  token: string
  /** Unix time, ms: not to be used after this. */
  expiresAtMs: number
}

/** A sealed request with this header asks for a session instead of an answer. */
export const SESSION_HEADER = 'daas-session'
/** The header in which the token is shown to the listener. */
export const SESSION_TOKEN_HEADER = 'x-session-token'
/** What the connection of an upgrade is called between gateway and listener. */
export const SESSION_UPGRADE = 'daas-session'

const VERSION = '1'
const CONTENT_TYPE = 'application/vnd.daas.session+json'
const schema = z.object({
  version: z.literal(1),
  urls: z.array(z.url({protocol: /^https$/})).max(16),
  sessionId: z.string().regex(/^[0-9a-f]{32}$/),
  token: z.string().regex(/^[\w-]{43}$/),
  expiresAtMs: z.int().positive(),
})

/** The headers of an HTTP upgrade that travel in the envelope: WebSocket's and SPDY's. */
const UPGRADE_HEADERS = new Set([
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
  'x-stream-protocol-version',
])
/** Of a WebSocket a protocol can be a bearer token; who acts here is for the listener to say. */
const TOKEN_PROTOCOL = 'base64url.bearer.authorization.k8s.io.'

/** Marks a request as one for a session. @param headers names in lower case */
export function withSessionMark(headers: Readonly<Record<string, string>>): Record<string, string> {
  return {...headers, [SESSION_HEADER]: VERSION}
}

/** Whether a sealed request asks for a session. */
export function asksForSession({headers}: {headers: Readonly<Record<string, string>>}): boolean {
  return headers[SESSION_HEADER] === VERSION
}

/** Whether a request asks to leave HTTP. */
export function asksForUpgrade({headers}: {headers: Readonly<Record<string, string>>}): boolean {
  return headers.upgrade !== undefined
}

/**
 * The verb for which a session is judged on chain. An upgrade is `create` whatever its method: a WebSocket begins
 * with GET, and a seal for reading must not open a shell.
 * @param verb what `parseApiPath` says
 */
export function sessionVerb(verb: string, upgrade: boolean): string {
  return upgrade ? 'create' : verb
}

/** What of an upgrade's headers reaches the API server. */
export function upgradeHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || !UPGRADE_HEADERS.has(name)) continue
    const text = Array.isArray(value) ? value.join(', ') : value
    kept[name] = name === 'sec-websocket-protocol' ? withoutTokens(text) : text
  }

  return kept
}

function withoutTokens(protocols: string): string {
  return protocols
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => !protocol.startsWith(TOKEN_PROTOCOL))
    .join(', ')
}

/** The answer that carries a credential. Secret: to be sealed. */
export function credentialResponse(credential: SessionCredential): KubeResponse {
  return {
    status: 200,
    headers: {'content-type': CONTENT_TYPE},
    body: new TextEncoder().encode(JSON.stringify({version: 1, ...credential})),
  }
}

/**
 * Reads what was answered to a request for a session.
 * @returns undefined where the session was refused: the response says why
 * @throws SESSION_CREDENTIAL_INVALID
 */
export function readCredential({status, headers, body}: KubeResponse): SessionCredential | undefined {
  if (status !== 200 || headers['content-type'] !== CONTENT_TYPE) return undefined
  try {
    const {version: _, ...credential} = schema.parse(JSON.parse(new TextDecoder().decode(body)))
    return credential
  } catch (cause) {
    throw daasError('SESSION_CREDENTIAL_INVALID', {}, {cause})
  }
}
