import {randomInt} from 'node:crypto'
import {createServer} from 'node:net'

/**
 * Below the range from which systems take the ports of outgoing connections: between choice and use, only another
 * server could take one of these.
 */
const FIRST = 20_000
const LAST = 32_000
const ATTEMPTS = 200

/**
 * Chooses that many different free TCP ports of the loopback, at random.
 * @throws Error where hardly any is free
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  for (let attempt = 0; ports.size < count; attempt++) {
    if (attempt > ATTEMPTS) throw new Error(`no ${count} free ports between ${FIRST} and ${LAST}`)
    const port = randomInt(FIRST, LAST)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const {promise, resolve} = Promise.withResolvers<boolean>()
  server.once('error', () => resolve(false))
  server.listen({port, host: '127.0.0.1', exclusive: true}, () => server.close(() => resolve(true)))
  return promise
}
