import {once} from 'node:events'
import type {IncomingMessage} from 'node:http'
import {createServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import {parse, stringify} from 'yaml'
import {loadKubeConfig} from '../../../../src/lib/kube/kubeconfig.ts'
import {createKubeHttp} from '../../../../src/lib/kube/kube-http.ts'
import {createPinnedCertificate} from '../../../../src/lib/seal/tls-pin.ts'

/** A request as it reached the API server. */
export interface Mirrored {
  readonly method: string
  /** With its query, as it stood in the request line. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** What the mirror is to answer. */
export interface Reflection {
  readonly status: number
  /** Name and value in turn, names may repeat. */
  readonly headers: readonly string[]
  readonly body: Buffer
}

/** An API server that answers some requests as a test says, and passes all others on to another one. */
export interface Mirror {
  /** A kubeconfig for it, with the credentials of the server behind it. */
  readonly kubeconfig: string
  close(): Promise<void>
}

/**
 * Starts a mirror on loopback.
 * @param behind kubeconfig file of the server behind it
 * @param reflect what to answer; undefined passes the request on
 */
export async function startMirror(
  behind: string,
  reflect: (request: Mirrored) => Reflection | undefined,
): Promise<Mirror> {
  const kubeConfig = loadKubeConfig({file: behind})
  const http = createKubeHttp(kubeConfig)
  const {certPem, keyPem} = await createPinnedCertificate(['127.0.0.1'])
  const server = createServer({cert: certPem, key: keyPem}, (request, response) => {
    const answer = async (): Promise<void> => {
      const parts: Buffer[] = []
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
      const {method = '', url = '', headers} = request
      const body = Buffer.concat(parts)
      const reflection = reflect({method, url, headers, body})
      if (reflection) {
        response.writeHead(reflection.status, [...reflection.headers])
        response.end(reflection.body)
        return
      }

      const {authorization: _, host: __, connection: ___, ...rest} = headers
      const passed = await http.call({
        method,
        path: url,
        headers: rest,
        ...(body.length > 0 && {body: new Uint8Array(body)}),
      })
      const {'transfer-encoding': ____, ...kept} = passed.headers
      response.writeHead(passed.status, kept).end(passed.body)
    }

    answer().catch((error: unknown) => response.destroy(error as Error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const config = parse(kubeConfig.exportConfig()) as {clusters: {cluster: Record<string, unknown>}[]}
  for (const {cluster} of config.clusters) {
    cluster.server = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    cluster['certificate-authority-data'] = Buffer.from(certPem).toString('base64')
  }

  return {
    kubeconfig: stringify(config),
    close: async () => {
      http.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
