import {timingSafeEqual} from 'node:crypto'
import {Agent} from 'node:https'
import type {Duplex} from 'node:stream'
import {connect} from 'node:tls'
import type {ConnectionOptions} from 'node:tls'
import {daasError} from '../errors/daas-error.ts'
import {pinOf} from './tls-pin.ts'

/** SHA-256 (32 bytes each) of the SubjectPublicKeyInfo DER of a server's key; of several, any will do. */
export type TlsPins = Uint8Array | readonly Uint8Array[]

/** A listener that takes the connection and says nothing, or drops it silently, is given up after this, ms. */
const HANDSHAKE_MS = 10_000

/**
 * An agent for node:https that talks to one key only (two while a new one takes over): the handshake is compared with the pin before the first
 * byte of a request is sent. The pin comes from the chain and takes the place of CA and host name.
 * @param handshakeMs how long a connection may take, its handshake included, so that the next URL has its turn
 */
export function createPinnedAgent(pins: TlsPins, handshakeMs: number = HANDSHAKE_MS): Agent {
  const good = pins instanceof Uint8Array ? [pins] : pins
  const agent = new Agent({keepAlive: true, maxCachedSessions: 0})
  agent.createConnection = (options, callback) => {
    const socket = connect({...(options as ConnectionOptions), rejectUnauthorized: false})
    const settle = callback as (error: Error | null, stream?: Duplex) => void
    const fail = (error: Error): void => settle(error)
    const late = setTimeout(() => {
      socket.destroy(new Error(`no TLS handshake within ${handshakeMs / 1000} s`))
    }, handshakeMs)
    socket.once('close', () => clearTimeout(late))
    socket.once('error', fail)
    socket.once('secureConnect', () => {
      clearTimeout(late)
      const certificate = socket.getPeerX509Certificate()
      const seen = certificate === undefined ? new Uint8Array(32) : pinOf(certificate)
      socket.off('error', fail)
      if (good.some((pin) => seen.length === pin.length && timingSafeEqual(seen, pin))) {
        settle(null, socket)
      } else {
        socket.destroy()
        settle(daasError('TLS_PIN_MISMATCH', {server: String((options as {host?: string}).host)}))
      }
    })
    return undefined
  }
  return agent
}
