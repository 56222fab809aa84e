import {once} from 'node:events'
import {createServer as createHttpServer, type IncomingMessage, type ServerResponse} from 'node:http'
import {type AddressInfo, createServer as createTcpServer, type Socket} from 'node:net'
import {daasError} from '../../errors/daas-error.ts'
import {type HandlerTable, type RpcService, bindMethods} from './dispatch.ts'
import {createNativeTransport} from './transport/native.ts'
import {isGrpcWeb, serveGrpcWeb} from './transport/web.ts'

/** A plain HTTP route, for example the faucet. */
export type HttpRoute = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** How to open the server. */
export interface RpcServerOptions {
  /** 0: any free port. */
  readonly port: number
  /** Loopback unless told otherwise. */
  readonly host?: string
  readonly handlers: HandlerTable
  /** What is served; none: the services of the Sui API. */
  readonly services?: readonly RpcService[]
  /** Headers of every answer: `x-sui-chain-id` and so on. */
  readonly headers: () => Record<string, string>
  /** By `METHOD /path`. */
  readonly routes: Readonly<Record<string, HttpRoute>>
}

/** An open server. */
export interface RpcServer {
  readonly host: string
  readonly port: number
  /** Cuts every connection and stops listening. */
  close(): Promise<void>
}

/** The first bytes of every HTTP/2 connection with prior knowledge. */
const http2Preface = Buffer.from('PRI')

/**
 * Opens one port for gRPC-web, native gRPC and plain HTTP: the first three bytes of a connection tell which.
 * @throws DaasError DEVNET_LISTEN_FAILED
 */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const methods = bindMethods(options.handlers, options.services)
  const native = createNativeTransport(methods, options.headers)
  const web = {methods, headers: options.headers}
  const http = createHttpServer((request, response) => {
    for (const [name, value] of Object.entries(corsHeaders)) response.setHeader(name, value)
    serveHttp(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  http.requestTimeout = 0
  const sockets = new Set<Socket>()
  const tcp = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setNoDelay(true)
    socket.once('data', (first) => {
      socket.pause()
      const isHttp2 = first.subarray(0, http2Preface.length).equals(http2Preface)
      if (isHttp2) native.inject(socket)
      else http.emit('connection', socket)
      socket.unshift(first)
      socket.resume()
    })
  })

  async function serveHttp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    if (request.method === 'POST' && isGrpcWeb(request)) return serveGrpcWeb(web, request, response)
    const route = options.routes[`${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}`]
    if (route !== undefined) return route(request, response)
    response.writeHead(404, {'content-type': 'text/plain'}).end('not found\n')
  }

  const host = options.host ?? '127.0.0.1'
  tcp.listen(options.port, host)
  try {
    await once(tcp, 'listening')
  } catch (error) {
    native.close()
    const {code, message} = error as NodeJS.ErrnoException
    throw daasError(
      'DEVNET_LISTEN_FAILED',
      {host, port: options.port, reason: code ?? message},
      {cause: error},
    )
  }
  const {address, port} = tcp.address() as AddressInfo
  return {
    host: address,
    port,
    close: async () => {
      const closed = once(tcp, 'close')
      tcp.close()
      native.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Browsers may use a devnet too: it holds nothing of value. */
const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, GET, OPTIONS',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': '*',
}
