import {createServer as createHttpServer, request as httpRequest} from 'node:http'
import type {IncomingMessage, RequestListener, ServerResponse} from 'node:http'
import {createServer as createHttpsServer, request as httpsRequest} from 'node:https'
import type {AddressInfo} from 'node:net'
import {createPinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'

/** When a process is killed: as it asks for a step, which then never happens, or once the step was done. */
export type When = 'before' | 'after'

/** What stands between a process and the two services that it changes, and kills it at a step. */
export interface KillingProxy {
  readonly kubeUrl: string
  /** Of the certificate of `kubeUrl`. */
  readonly kubeCaPem: string
  readonly rpcUrl: string
  /** The steps since the last {@link arm}, the one that killed included. */
  readonly steps: readonly string[]
  /**
   * Counts from here, and kills at a step.
   * @param plan `at` 0 = the next step; without a plan nothing is killed
   */
  arm(plan?: {at: number; when: When; kill: () => void}): void
  /** Whether the armed plan has killed. */
  readonly killed: boolean
  close(): Promise<void>
}

/**
 * Starts a proxy in front of a Kubernetes API and one in front of a chain. A step is a write to Kubernetes, a call as
 * somebody else (what a user asked for), or a transaction; everything else passes and is not counted.
 */
export async function startKillingProxy(target: {
  kube: {url: string; caPem: string}
  rpcUrl: string
}): Promise<KillingProxy> {
  let plan: {at: number; when: When; kill: () => void} | undefined
  let killed = false
  const steps: string[] = []

  /** @returns what is to be done about a request */
  function judge(step: string | undefined): When | 'pass' {
    if (step === undefined) return 'pass'
    steps.push(step)
    if (plan === undefined || steps.length - 1 !== plan.at) return 'pass'
    return plan.when
  }

  function kill(): void {
    killed = true
    plan?.kill()
  }

  function proxy(
    base: string,
    ca: string | undefined,
    stepOf: (request: IncomingMessage) => string | undefined,
  ) {
    const url = new URL(base)
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const listener: RequestListener = (request, response) => {
      // The dead do not ask: what they had sent already goes nowhere.
      if (killed) return void request.socket.destroy()
      const step = stepOf(request)
      const what = judge(step)
      if (what === 'before') {
        kill()
        return void request.socket.destroy()
      }

      const upstream = send(
        {
          host: url.hostname,
          port: url.port,
          method: request.method,
          path: request.url,
          headers: withHost(request.rawHeaders, url.host),
          ...(ca === undefined ? {} : {ca}),
        },
        (answer) => (what === 'after' ? swallow(answer, request) : pass(answer, response)),
      )
      upstream.on('error', () => response.destroy())
      response.on('close', () => upstream.destroy())
      request.pipe(upstream)
    }
    return listener
  }

  /** Reads the answer to its end: by then the step is done. */
  function swallow(answer: IncomingMessage, request: IncomingMessage): void {
    answer.resume()
    answer.once('end', () => {
      kill()
      request.socket.destroy()
    })
  }

  const {certPem, keyPem} = await createPinnedCertificate(['127.0.0.1'])
  const kube = createHttpsServer(
    {cert: certPem, key: keyPem},
    proxy(target.kube.url, target.kube.caPem, kubeStep),
  )
  const rpc = createHttpServer(proxy(target.rpcUrl, undefined, chainStep))
  const servers = [kube, rpc]
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }

  const portOf = (server: (typeof servers)[number]): number => (server.address() as AddressInfo).port
  return {
    kubeUrl: `https://127.0.0.1:${portOf(kube)}`,
    kubeCaPem: certPem,
    rpcUrl: `http://127.0.0.1:${portOf(rpc)}`,
    steps,
    arm(next) {
      plan = next
      killed = false
      steps.length = 0
    },
    get killed() {
      return killed
    },
    async close() {
      for (const server of servers) {
        const closed = new Promise((resolve) => server.close(resolve))
        server.closeAllConnections()
        await closed
      }
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

function kubeStep({method = '', url = '', headers}: IncomingMessage): string | undefined {
  const asUser = headers['impersonate-user'] !== undefined
  return method === 'GET' && !asUser
    ? undefined
    : `${asUser ? 'as user: ' : ''}${method} ${url.split('?', 1)[0]}`
}

function chainStep({url = ''}: IncomingMessage): string | undefined {
  return url.endsWith('/ExecuteTransaction') ? 'transaction' : undefined
}
