import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import {createServer as createHttpsServer} from 'node:https'
import {type AddressInfo, createServer as createTcpServer, type Server, type Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'
import type {TLSSocket} from 'node:tls'
import {daasError} from '../errors/daas-error.ts'
import {answerRaw} from '../seal/raw-http.ts'
import {statusOfError} from './status.ts'

/** One user of one cluster behind a door. */
export interface Lane {
  /** The made-up host name of the cluster; several users of a cluster share it. */
  readonly serverName: string
  /** Whether a request shows the credential of this very user. */
  accepts(req: IncomingMessage): boolean
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
}

/** A loopback port at which the users of one or more clusters are served. */
export interface Door {
  /** The proxy to use: `http://127.0.0.1:<port>`. */
  readonly url: string
  /** What to trust for what is behind it. */
  readonly caPem: string
  /** Serves a user from now on; the function that comes back ends that. */
  admit(lane: Lane): () => void
  /** What is under way has a second to end, then every connection ends. */
  close(): Promise<void>
}

/** How a door opens. */
export interface DoorOptions {
  /** Loopback port; 0 = any. */
  readonly port: number
  /** Of the TLS end; its names are the server names, and 127.0.0.1 for clients that use no proxy. */
  readonly certificate: {readonly certPem: string; readonly keyPem: string}
  /** The issuer of the certificate; the certificate itself where absent. */
  readonly caPem?: string
}

const CLOSE_GRACE_MS = 1000
/** Who connects and says nothing is let go after this, ms. */
const FIRST_BYTE_MS = 60_000
/** The first byte of a TLS connection: a handshake record. */
const TLS_HANDSHAKE = 0x16
/** Where no name says which cluster is meant, the path does. */
const LOCAL_NAMES = new Set<unknown>([undefined, false, '', 'localhost'])

/**
 * Opens a door on loopback. A client comes in by the proxy (`CONNECT <serverName>:443`), or by TLS straight to the port;
 * either way TLS ends here, and the request goes to the lane whose cluster and credential it shows, or to none: 401. The
 * cluster is named by TLS (SNI), or by the path where the client knows no name but the loopback's.
 * @throws EADDRINUSE (of node) where the port is taken
 */
export async function openDoor({port, certificate, caPem}: DoorOptions): Promise<Door> {
  const lanes = new Set<Lane>()
  const sockets = new Set<Duplex>()
  const active = new Set<Promise<void>>()
  const laneOf = (req: IncomingMessage): Lane => {
    const {servername} = req.socket as TLSSocket & {servername?: string | false}
    for (const lane of lanes) {
      const path = LOCAL_NAMES.has(servername)
        ? pathWithin(lane.serverName, req.url ?? '')
        : lane.serverName === servername
          ? req.url
          : undefined
      if (path === undefined || !lane.accepts(req)) continue
      req.url = path
      return lane
    }

    throw daasError('GATEWAY_TOKEN_WRONG', {})
  }

  const https = createHttpsServer(
    {
      cert: certificate.certPem,
      key: certificate.keyPem,
      ALPNProtocols: ['http/1.1'],
      requestTimeout: 0,
      // A client certificate is one of the two credentials; which one counts is for the lane to say.
      requestCert: true,
      rejectUnauthorized: false,
    },
    (req, res) => {
      let lane: Lane
      try {
        lane = laneOf(req)
      } catch (error) {
        refuse(res, error)
        return
      }

      const answering = lane.handle(req, res).finally(() => active.delete(answering))
      active.add(answering)
    },
  )
  https.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    try {
      void laneOf(req).upgrade(req, socket, head)
    } catch (error) {
      socket.on('error', () => socket.destroy())
      answerRaw(socket, statusOfError(error))
    }
  })

  const http = createServer((_req, res) => {
    res.writeHead(400, {'content-type': 'text/plain'}).end('this is a proxy: CONNECT, or TLS\n')
  })
  http.on('connect', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (![...lanes].some(({serverName}) => req.url === `${serverName}:443`)) {
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')
      return
    }

    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length > 0) socket.unshift(head)
    https.emit('connection', socket)
  })
  const server = createTcpServer((socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
    socket.setTimeout(FIRST_BYTE_MS, () => socket.destroy())
    socket.once('readable', () => {
      socket.setTimeout(0)
      const first = socket.read() as Buffer | null
      if (first === null) return
      socket.unshift(first)
      if (first[0] === TLS_HANDSHAKE) https.emit('connection', socket)
      else http.emit('connection', socket)
    })
  })

  const close = once(async () => {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()))
    https.closeIdleConnections()
    // What was under way is answered with 503 first; a client that dawdles is not waited for.
    await Promise.race([Promise.allSettled(active), sleep(CLOSE_GRACE_MS, undefined, {ref: false})])
    setImmediate(() => {
      for (const socket of sockets) socket.destroy()
    })
    await ended
  })
  const bound = await listen(server, port)
  return {
    url: `http://127.0.0.1:${bound}`,
    caPem: caPem ?? certificate.certPem,
    admit(lane) {
      lanes.add(lane)
      return () => lanes.delete(lane)
    },
    close,
  }
}

/**
 * The path below which a cluster is to be found at a door without a proxy.
 * @param serverName what `serverNameOf` says
 */
export function clusterPathOf(serverName: string): string {
  return `/clusters/${serverName.slice(0, serverName.indexOf('.'))}`
}

/** What remains of a path that names the cluster; undefined where it names another, or none. */
function pathWithin(serverName: string, url: string): string | undefined {
  const prefix = clusterPathOf(serverName)
  if (!url.startsWith(prefix)) return undefined
  const rest = url.slice(prefix.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : undefined
}

function refuse(res: ServerResponse, error: unknown): void {
  const {status, headers, body} = statusOfError(error)
  res.writeHead(status, {...headers, 'content-length': body.length, connection: 'close'}).end(body)
}

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= act())
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  return (server.address() as AddressInfo).port
}
