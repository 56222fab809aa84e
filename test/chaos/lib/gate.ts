import {createServer as createHttpServer, request as httpRequest} from 'node:http'
import type {IncomingMessage, ServerResponse} from 'node:http'
import {createServer as createHttpsServer, request as httpsRequest} from 'node:https'
import type {AddressInfo} from 'node:net'
import {createPinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'

/**
 * What is done with a request: passed on; dropped, with its connection; or passed on and its answer read to the end,
 * by when it was carried out, and told to `after`, which says whether whoever asked gets it.
 */
export type Verdict = 'pass' | 'drop' | {after: () => 'pass' | 'drop'}

/** What stands between a process and a service. */
export interface Gate {
  readonly url: string
  /** Of the certificate, where `url` is https. */
  readonly caPem: string
  close(): Promise<void>
}

/**
 * Starts a gate on loopback, https where the service is.
 * @param judge asked for every request, before anything of it is passed on
 */
export async function startGate(options: {
  url: string
  caPem?: string
  judge: (request: IncomingMessage) => Verdict | Promise<Verdict>
}): Promise<Gate> {
  const {judge, caPem: ca} = options
  const url = new URL(options.url)
  const isHttps = url.protocol === 'https:'
  const send = isHttps ? httpsRequest : httpRequest
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const verdict = await judge(request)
    if (verdict === 'drop') return void request.socket.destroy()
    const upstream = send(
      {
        host: url.hostname,
        port: url.port,
        method: request.method,
        path: request.url,
        headers: withHost(request.rawHeaders, url.host),
        ...(ca === undefined ? {} : {ca}),
      },
      (answer) => {
        if (verdict === 'pass') return pass(answer, response)
        readWhole(answer).then(
          (body) => {
            if (verdict.after() === 'drop') return void request.socket.destroy()
            response.writeHead(answer.statusCode ?? 502, answer.headers)
            response.addTrailers(answer.trailers as Record<string, string>)
            response.end(body)
          },
          () => response.destroy(),
        )
      },
    )
    upstream.on('error', () => response.destroy())
    // Whoever asked may be dead by now: what it asked for is carried out all the same.
    if (verdict === 'pass') response.on('close', () => upstream.destroy())
    request.on('error', () => undefined)
    request.pipe(upstream)
  }
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch(() => request.socket.destroy())
  }
  const {certPem, keyPem} = await createPinnedCertificate(['127.0.0.1'])
  const server = isHttps
    ? createHttpsServer({cert: certPem, key: keyPem}, listener)
    : createHttpServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `${url.protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    caPem: certPem,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** As they came: repeated ones (groups that are impersonated) stay lines of their own. */
function withHost(rawHeaders: readonly string[], host: string): string[] {
  return rawHeaders.map((text, at) =>
    at % 2 === 1 && rawHeaders[at - 1]!.toLowerCase() === 'host' ? host : text,
  )
}

function pass(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.headers)
  answer.on('error', () => response.destroy())
  answer.pipe(response)
}

async function readWhole(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}
