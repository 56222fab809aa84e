import {once} from 'node:events'
import type {IncomingMessage, ServerResponse} from 'node:http'
import {createServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import {createCa, issueCert} from '../../../src/lib/devnet/kube/pki.ts'
import {k3sCaHash} from '../../../src/lib/k3s/ca-hash.ts'

/** A TLS server on a free port of the loopback. */
export interface TestServer {
  readonly url: string
  close(): void
}

/** Starts an HTTPS server that answers by `handle`. */
export async function serveTls(
  certificate: {certPem: string; keyPem: string},
  handle: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<TestServer> {
  const server = createServer(
    {key: certificate.keyPem, cert: certificate.certPem},
    async (request, response) => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      handle(request, response, body)
    },
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A server with the endpoints of a k3s supervisor; `token` is the one it takes. */
export async function serveSupervisor(
  token: string,
  status: {cacerts?: number; ping?: number; readyz?: number} = {},
): Promise<TestServer & {caHash: string; caPem: string; requests: string[]}> {
  const ca = await createCa('test-ca')
  const certificate = await issueCert(ca, {cn: 'server', ips: ['127.0.0.1'], usage: 'server'})
  const requests: string[] = []
  const server = await serveTls(certificate, ({url = '', headers}, response) => {
    requests.push(`${url} ${headers.authorization ?? '-'}`)
    if (url === '/cacerts') response.writeHead(status.cacerts ?? 200).end(ca.certPem)
    else if (url === '/ping') response.writeHead(status.ping ?? 200).end('pong')
    else if (headers.authorization !== `Bearer ${token}`) response.writeHead(401).end()
    else response.writeHead(status.readyz ?? 200).end('ok')
  })
  return {...server, caHash: k3sCaHash(ca.certPem), caPem: ca.certPem, requests}
}
