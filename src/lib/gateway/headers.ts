import type {IncomingHttpHeaders} from 'node:http'
import {daasError} from '../errors/daas-error.ts'

/** Of a request only what the API server judges it by: no token, nothing of the connection. */
const carried = new Set([
  'accept',
  'content-type',
  'if-match',
  'user-agent',
  'kubectl-command',
  'kubectl-session',
])

/** Of an answer everything but what belongs to one connection, or is made anew. */
const dropped = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * The headers of a request that travel to the listener, names in lower case.
 * @throws IMPERSONATION_REFUSED: dropped silently, `--as` would run as somebody else than asked
 */
export function requestHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('impersonate-')) throw daasError('IMPERSONATION_REFUSED', {})
    if (value !== undefined && carried.has(name)) kept[name] = Array.isArray(value) ? value.join(', ') : value
  }

  return kept
}

/** The headers of an answer that kubectl gets to see. */
export function responseHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !dropped.has(name)),
  )
}
