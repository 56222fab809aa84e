import type {IncomingMessage} from 'node:http'
import {request as httpsRequest} from 'node:https'
import type {Duplex} from 'node:stream'
import {daasError, DaasError} from '../errors/daas-error.ts'
import {createPinnedAgent, type TlsPins} from '../seal/pinned-agent.ts'
import {SESSION_TOKEN_HEADER, SESSION_UPGRADE, type SessionCredential} from '../seal/session.ts'

/** What the API server answered through a session, from its head on. */
export type SessionAnswer =
  | {kind: 'answer'; response: IncomingMessage}
  | {kind: 'upgraded'; response: IncomingMessage; socket: Duplex; head: Buffer}

/** How a session is entered. */
export interface SessionEntry {
  credential: SessionCredential
  /** SHA-256 (32 bytes) of the SPKI DER of the listener's TLS key, from the chain. */
  pin: TlsPins
  /** Whether the session is for an HTTP upgrade. */
  upgrade: boolean
  /** Ends the session. */
  signal: AbortSignal
}

/** To reach the listener and to see its key, ms; what comes then has the time it needs. */
const CONNECT_MS = 10_000
const KEEP_ALIVE_MS = 30_000

/**
 * Enters a session at the first of its URLs that can be reached. The credential is shown once: what goes wrong after
 * that is not tried again, for the request may have run.
 * @throws SESSION_UNREACHABLE where nothing was sent; SESSION_BROKEN where the request may have run
 */
export async function connectSession(entry: SessionEntry): Promise<SessionAnswer> {
  let last: unknown
  for (const base of entry.credential.urls) {
    try {
      return await connect(base, entry)
    } catch (error) {
      entry.signal.throwIfAborted()
      if (error instanceof DaasError && error.errorName === 'SESSION_BROKEN') throw error
      last = error
    }
  }

  const reason = last instanceof Error ? last.message : 'it has announced no URL'
  throw daasError('SESSION_UNREACHABLE', {reason}, {cause: last})
}

function connect(base: string, {credential, pin, upgrade, signal}: SessionEntry): Promise<SessionAnswer> {
  const agent = createPinnedAgent(pin)
  return new Promise((resolve, reject) => {
    let sent = false
    const request = httpsRequest(new URL(`/v1/sessions/${credential.sessionId}`, base), {
      agent,
      signal,
      headers: {
        [SESSION_TOKEN_HEADER]: credential.token,
        ...(upgrade ? {connection: 'Upgrade', upgrade: SESSION_UPGRADE} : {}),
      },
    })
    const late = setTimeout(() => {
      request.destroy(new Error(`${base} did not answer within ${CONNECT_MS / 1000} s`))
    }, CONNECT_MS)
    // The agent hands a socket over when the handshake is done and the pin is right, not before.
    request.once('socket', (socket) => {
      clearTimeout(late)
      sent = true
      socket.setKeepAlive(true, KEEP_ALIVE_MS)
    })
    request.once('upgrade', (response, socket, head) => {
      resolve({kind: 'upgraded', response, socket, head})
    })
    request.once('response', (response) => {
      response.once('close', () => agent.destroy())
      resolve({kind: 'answer', response})
    })
    request.on('error', (cause: Error) => {
      clearTimeout(late)
      agent.destroy()
      reject(sent ? daasError('SESSION_BROKEN', {reason: cause.message}, {cause}) : cause)
    })
    request.end()
  })
}
