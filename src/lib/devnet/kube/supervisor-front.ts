import {once} from 'node:events'
import type {IncomingMessage, OutgoingHttpHeaders, ServerResponse} from 'node:http'
import {Agent, createServer, request as httpsRequest} from 'node:https'
import type {AddressInfo} from 'node:net'
import type {Duplex} from 'node:stream'
import type {TLSSocket} from 'node:tls'
import type {IssuedCert} from './pki.ts'

/** What the front needs. */
export interface SupervisorFrontOptions {
  /** Of the API server behind it. */
  apiServerUrl: string
  /** Issued the API server's certificate, this front's, and those that clients may bring. */
  caPem: string
  serving: IssuedCert
  /** Vouches for users towards the API server (request-header authentication). */
  frontProxy: IssuedCert
  logger: {debug(fields: object, message: string): void}
}

/** A running front. */
export interface SupervisorFront {
  readonly url: string
  close(): Promise<void>
}

/** Headers that concern one connection, and those with which only this front may speak. */
const NOT_PASSED = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|host|x-remote-.*)$/

/**
 * One port, as k3s has it: `/cacerts`, `/ping` and `/v1-k3s/readyz` as its supervisor answers them, everything else
 * goes on to the API server, upgrades (exec, port-forward) and watches included. As TLS ends here, the user of a
 * client certificate is handed on by request headers, over a connection that only this front can make.
 */
export async function startSupervisorFront(options: SupervisorFrontOptions): Promise<SupervisorFront> {
  const {caPem, serving, frontProxy, logger} = options
  const target = new URL(options.apiServerUrl)
  const plainAgent = new Agent({keepAlive: true, ca: caPem})
  const vouchingAgent = new Agent({
    keepAlive: true,
    ca: caPem,
    cert: frontProxy.certPem,
    key: frontProxy.keyPem,
  })
  const upgraded = new Set<Duplex>()

  /** Prepares the request to the API server; undefined where the client's certificate is not of our CA. */
  const forward = (incoming: IncomingMessage): ReturnType<typeof httpsRequest> | undefined => {
    const socket = incoming.socket as TLSSocket
    const subject = socket.getPeerCertificate().subject
    if (subject && !socket.authorized) {
      logger.debug(
        {user: subject.CN, reason: String(socket.authorizationError)},
        'a client certificate was refused',
      )
      return undefined
    }
    const headers: OutgoingHttpHeaders = {}
    for (const [name, values] of Object.entries(incoming.headersDistinct)) {
      if (values && !NOT_PASSED.test(name)) headers[name] = values.length === 1 ? values[0] : values
    }
    if (subject) {
      const {CN, O} = subject as {CN: string; O?: string | string[]}
      headers['x-remote-user'] = CN
      headers['x-remote-group'] = [...(O === undefined ? [] : [O].flat()), 'system:authenticated']
    }
    return httpsRequest({
      host: target.hostname,
      port: target.port,
      method: incoming.method,
      path: incoming.url,
      headers,
      agent: subject ? vouchingAgent : plainAgent,
    })
  }

  const proxy = (incoming: IncomingMessage, response: ServerResponse): void => {
    const outgoing = forward(incoming)
    if (!outgoing) {
      response.writeHead(401).end()
      return
    }
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, passedHeaders(answer))
      // A watch may have nothing to say for minutes; its client waits for the headers.
      response.flushHeaders()
      answer.pipe(response)
      answer.on('error', (error) => response.destroy(error))
    })
    outgoing.on('error', (error) => {
      logger.debug({err: error, url: incoming.url}, 'the API server behind the front did not answer')
      // Once there is an answer, its own error tells whether it is whole: an answer that came before the server had
      // read all of the body (413) is, although what is still written then fails.
      if (response.headersSent) return
      // Not reached, nothing was done. Reached, it may have been: no answer of ours may say that it was not.
      if ('code' in error && error.code === 'ECONNREFUSED') response.writeHead(503).end()
      else response.destroy(error)
    })
    response.on('close', () => {
      outgoing.destroy()
      // What nobody reads would stand before the next request of this connection, which then is never seen.
      incoming.unpipe(outgoing)
      incoming.resume()
    })
    incoming.pipe(outgoing)
  }

  const server = createServer(
    {cert: serving.certPem, key: serving.keyPem, ca: caPem, requestCert: true, rejectUnauthorized: false},
    (request, response) => {
      const path = request.url?.split('?')[0]
      if (path === '/cacerts') response.writeHead(200, {'content-type': 'text/plain'}).end(caPem)
      else if (path === '/ping') response.writeHead(200, {'content-type': 'text/plain'}).end('pong')
      else if (path === '/v1-k3s/readyz') void readyz(request, response, forward)
      else proxy(request, response)
    },
  )
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const outgoing = forward(incoming)
    if (!outgoing) {
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
      return
    }
    upgraded.add(socket)
    socket.on('close', () => upgraded.delete(socket))
    outgoing.setHeader('connection', 'Upgrade')
    outgoing.on('upgrade', (answer, behind, first: Buffer) => {
      socket.write(rawHead(answer))
      socket.write(first)
      behind.write(head)
      behind.on('error', (error) => socket.destroy(error))
      behind.on('close', () => socket.destroy())
      socket.on('close', () => behind.destroy())
      behind.pipe(socket).pipe(behind)
    })
    outgoing.on('response', (answer) => {
      socket.write(rawHead(answer))
      answer.pipe(socket)
    })
    outgoing.on('error', (error) => socket.destroy(error))
    socket.on('error', (error) => {
      logger.debug({err: error}, 'an upgraded connection broke')
      outgoing.destroy()
    })
    outgoing.end()
  })
  // As patient as the API server behind it: a kept connection is the client's to close.
  server.keepAliveTimeout = 120_000
  // A client that resets its connection is no concern of the front's.
  server.on('tlsClientError', (error) => logger.debug({err: error}, 'TLS handshake failed'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
      plainAgent.destroy()
      vouchingAgent.destroy()
      await closed
    },
  }
}

/** 200 for whom k3s would let an agent's configuration be read: nodes, and holders of a live bootstrap token. */
async function readyz(
  request: IncomingMessage,
  response: ServerResponse,
  forward: (incoming: IncomingMessage) => ReturnType<typeof httpsRequest> | undefined,
): Promise<void> {
  Object.assign(request, {method: 'POST', url: '/apis/authentication.k8s.io/v1/selfsubjectreviews'})
  const review = forward(request)
  if (!review) {
    response.writeHead(401).end()
    return
  }
  review.setHeader('content-type', 'application/json')
  review.setHeader('accept', 'application/json')
  review.end(JSON.stringify({apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview'}))
  try {
    const [answer] = (await once(review, 'response')) as [IncomingMessage]
    let body = ''
    for await (const chunk of answer) body += String(chunk)
    if (answer.statusCode !== 201) {
      response.writeHead(answer.statusCode === 401 ? 401 : 503).end()
      return
    }
    const {status} = JSON.parse(body) as {status: {userInfo: {groups?: string[]}}}
    const groups = status.userInfo.groups ?? []
    const allowed = ['system:bootstrappers', 'system:nodes'].some((group) => groups.includes(group))
    response.writeHead(allowed ? 200 : 403).end(allowed ? 'ok' : '')
  } catch {
    // No answer, or none that can be read: the server is not ready, which is what this endpoint is to say.
    response.writeHead(503).end()
  }
}

function passedHeaders(answer: IncomingMessage): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {}
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    if (values && !/^(connection|keep-alive|transfer-encoding)$/.test(name)) headers[name] = values
  }
  return headers
}

function rawHead(answer: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`]
  for (let index = 0; index < answer.rawHeaders.length; index += 2) {
    lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}
