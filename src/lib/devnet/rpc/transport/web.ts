import {type IncomingMessage, type ServerResponse} from 'node:http'
import {type Method, runStream, runUnary, unimplemented} from '../dispatch.ts'
import {RpcFailure, invalidArgument, statusCodes, toFailure} from '../status.ts'
import {statusDetails} from '../proto/status-details.ts'
import {readBody} from './body.ts'
import {dataFrame, readRequestFrame, statusTrailers, trailerFrame} from './frames.ts'
import {parseGrpcTimeout} from './timeout.ts'

/** The largest request: a transaction is 128 KiB, a batch of lookups far less. */
const maxRequestBytes = 8 * 1024 * 1024

/** What the transport needs: the methods, and the `x-sui-*` headers of now. */
export interface WebTransportOptions {
  readonly methods: ReadonlyMap<string, Method>
  readonly headers: () => Record<string, string>
}

/** Is this request gRPC-web (text or binary)? */
export function isGrpcWeb(request: IncomingMessage): boolean {
  return /^application\/grpc-web(-text)?(\+proto)?\b/.test(request.headers['content-type'] ?? '')
}

/**
 * Serves one gRPC-web call: facts/sui.md 2.1. Errors before the first message go into the headers, later ones into the
 * trailer frame. The end of the connection aborts the call.
 */
export async function serveGrpcWeb(
  options: WebTransportOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = (request.headers['content-type'] ?? '').startsWith('application/grpc-web-text')
  const closed = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) closed.abort(new DOMException('the client went away', 'AbortError'))
  })
  const timeoutMs = parseGrpcTimeout(header(request, 'grpc-timeout'))
  const signal =
    timeoutMs === undefined ? closed.signal : AbortSignal.any([closed.signal, AbortSignal.timeout(timeoutMs)])
  const out = new WebAnswer(response, text, options.headers)
  try {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const method = options.methods.get(path)
    if (method?.handler === undefined || method.kind === 'duplex') throw unimplemented(path)
    const body = await readBody(request, maxRequestBytes)
    const message = body === undefined ? undefined : readRequestFrame(body, text)
    if (body === undefined) throw new RpcFailure('RESOURCE_EXHAUSTED', 'the request is larger than 8 MiB')
    if (message === undefined) throw invalidArgument('the request is no gRPC-web frame')
    if (method.kind === 'stream') {
      out.start()
      for await (const item of runStream(method, message, {signal})) await out.message(item, signal)
      if (signal.aborted && !closed.signal.aborted) throw signal.reason
    } else {
      out.whole(await runUnary(method, message, {signal}))
      return
    }
    out.end(undefined)
  } catch (error) {
    out.end(toFailure(error))
  }
}

/** Writes one answer. */
class WebAnswer {
  readonly #response: ServerResponse
  readonly #text: boolean
  readonly #headers: () => Record<string, string>

  constructor(response: ServerResponse, text: boolean, headers: () => Record<string, string>) {
    this.#response = response
    this.#text = text
    this.#headers = headers
  }

  /** Sends the head at once, so that the client of a quiet stream knows that it is open. */
  start(): void {
    this.#response.writeHead(200, {'content-type': this.#contentType(), ...this.#headers()})
    this.#response.flushHeaders()
  }

  /** Sends the only message and the trailer in one piece. */
  whole(bytes: Uint8Array): void {
    if (this.#response.destroyed) return
    const frames = [dataFrame(bytes), trailerFrame(statusTrailers(statusCodes.OK, ''))]
    const body = this.#text
      ? Buffer.from(frames.map((frame) => frame.toString('base64')).join(''))
      : Buffer.concat(frames)
    const head = {'content-type': this.#contentType(), 'content-length': body.length, ...this.#headers()}
    this.#response.writeHead(200, head).end(body)
  }

  /** Sends a message; waits while the socket is full. */
  async message(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (this.#response.destroyed || this.#write(dataFrame(bytes))) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#response.off('drain', done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#response.once('drain', done)
      signal.addEventListener('abort', done, {once: true})
    })
  }

  end(failure: RpcFailure | undefined): void {
    if (this.#response.destroyed) return
    const details = failure === undefined ? undefined : statusDetails(failure)
    const trailers = statusTrailers(failure?.code ?? statusCodes.OK, failure?.message ?? '', details)
    if (this.#response.headersSent) {
      this.#write(trailerFrame(trailers))
    } else {
      this.#response.writeHead(200, {
        'content-type': this.#contentType(),
        ...trailers,
        ...this.#headers(),
      })
    }
    this.#response.end()
  }

  #contentType(): string {
    return this.#text ? 'application/grpc-web-text+proto' : 'application/grpc-web+proto'
  }

  #write(frame: Buffer): boolean {
    return this.#response.write(this.#text ? frame.toString('base64') : frame)
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
