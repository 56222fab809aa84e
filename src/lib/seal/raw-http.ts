import {STATUS_CODES, type IncomingMessage} from 'node:http'
import type {Duplex} from 'node:stream'
import type {KubeResponse} from './kube-message.ts'

/** The head of an HTTP/1.1 answer, for a socket that left node's own HTTP server by an upgrade. */
export function rawHead(status: number, lines: readonly (readonly [string, string])[]): string {
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${text}\r\n`
}

/** The header lines of an answer as they came: a repeated one stays repeated. */
export function rawLines({rawHeaders}: IncomingMessage): [string, string][] {
  const lines: [string, string][] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    lines.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''])
  }

  return lines
}

/** Answers on such a socket, and ends it. */
export function answerRaw(socket: Duplex, {status, headers, body}: KubeResponse): void {
  if (socket.destroyed) return
  const lines = Object.entries({...headers, 'content-length': String(body.length), connection: 'close'})
  socket.write(rawHead(status, lines))
  socket.end(body)
}
