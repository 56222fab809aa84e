import {once} from 'node:events'
import {type AddressInfo, createServer} from 'node:net'

/**
 * Finds that many different free TCP ports of the loopback. They are held together, then let go together, so no two
 * of them are the same; somebody else may still take one before it is used.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({length: count}, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(async (server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map(async (server) => once(server.close(), 'close')))
  return ports
}
