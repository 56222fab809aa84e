import {createServer} from 'node:http'
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {Registry} from 'prom-client'
import {daasError} from '../errors/daas-error.ts'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'

/** One named check of readiness: what is wrong, or undefined. */
export type HealthChecks = Record<string, () => string | undefined>

/** A running health endpoint. */
export interface HealthServer {
  port: number
  close(): Promise<void>
}

/**
 * Serves `/livez`, `/readyz` (`?verbose` names the checks) and `/metrics` on the loopback interface.
 * @param port 0 = any
 * @throws LISTENER_PORT_TAKEN
 */
export async function startHealthServer(options: {
  port: number
  checks: HealthChecks
  registry: Registry
  logger: ListenerLogger
}): Promise<HealthServer> {
  const {port, checks, registry, logger} = options
  const host = '127.0.0.1'

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const {pathname, searchParams} = new URL(request.url ?? '/', 'http://listener')
    if (pathname === '/livez') return end(response, 200, 'ok\n')
    if (pathname === '/metrics') {
      response.setHeader('content-type', registry.contentType)
      return end(response, 200, await registry.metrics())
    }

    if (pathname !== '/readyz') return end(response, 404, 'not found\n')
    const results = Object.entries(checks).map(([name, check]) => ({name, wrong: check()}))
    const ready = results.every(({wrong}) => wrong === undefined)
    const lines = results.map(({name, wrong}) =>
      wrong === undefined ? `[+]${name} ok` : `[-]${name} ${wrong}`,
    )
    const text = ready && !searchParams.has('verbose') ? 'ok' : lines.join('\n')
    return end(response, ready ? 200 : 503, `${text}\n`)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      logger.error(errorFields(error), 'health endpoint failed')
      end(response, 500, 'failed\n')
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(daasError('LISTENER_PORT_TAKEN', {host, port, reason: cause.code ?? cause.message}, {cause}))
    })
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status
  response.end(text)
}
