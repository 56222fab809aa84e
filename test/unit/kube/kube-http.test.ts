import assert from 'node:assert/strict'
import {once} from 'node:events'
import {createServer, type Server} from 'node:https'
import type {AddressInfo, Socket} from 'node:net'
import {KubeConfig} from '@kubernetes/client-node'
import {createKubeHttp, type KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {createPinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'

/** An API server that can be told to break a kept connection at the very moment at which it is used again. */
describe('the HTTP client of a cluster', () => {
  let server: Server
  let http: KubeHttp
  /** Requests by the connection they came on, in order. */
  let seen: {connection: number; method: string; bytes: number}[]
  /** The number of a request on its connection, from 1; at this one the connection is reset. */
  let resetAt: number

  beforeEach(async () => {
    seen = []
    resetAt = Number.POSITIVE_INFINITY
    const {certPem, keyPem} = await createPinnedCertificate(['127.0.0.1'])
    const connections = new Map<Socket, {connection: number; requests: number}>()
    server = createServer({cert: certPem, key: keyPem}, (request, response) => {
      const known = connections.get(request.socket) ?? {connection: connections.size, requests: 0}
      connections.set(request.socket, known)
      known.requests += 1
      if (known.requests >= resetAt) {
        seen.push({connection: known.connection, method: request.method ?? '', bytes: -1})
        request.socket.destroy()
        return
      }

      let bytes = 0
      request.on('data', (part: Buffer) => (bytes += part.length))
      request.on('end', () => {
        seen.push({connection: known.connection, method: request.method ?? '', bytes})
        response.end('{}')
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const config = new KubeConfig()
    config.loadFromClusterAndUser(
      {
        name: 'c',
        server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
        caData: Buffer.from(certPem).toString('base64'),
      } as never,
      {name: 'u'},
    )
    http = createKubeHttp(config)
  })
  afterEach(async () => {
    http.close()
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })

  const call = async (method: string, body?: Uint8Array): Promise<number> =>
    (await http.call({method, path: '/x', ...(body && {body})})).status

  it('keeps connections', async () => {
    for (const method of ['GET', 'GET', 'HEAD']) assert.equal(await call(method), 200)
    for (const method of ['POST', 'DELETE']) assert.equal(await call(method), 200)
    assert.deepEqual(
      seen.map(({connection}) => connection),
      [0, 0, 0, 1, 1],
    )
  })

  it('sends a read again whose kept connection broke, on a new one', async () => {
    assert.equal(await call('GET'), 200)
    resetAt = 2
    assert.equal(await call('GET'), 200)
    assert.deepEqual(
      seen.map(({connection, bytes}) => [connection, bytes]),
      [
        [0, 0],
        [0, -1],
        [1, 0],
      ],
    )
  })

  it('does not send a write again whose connection broke: it may have been carried out', async () => {
    assert.equal(await call('POST', Buffer.alloc(10)), 200)
    resetAt = 2
    await assert.rejects(call('POST', Buffer.alloc(10)), {errorName: 'KUBE_UNREACHABLE'})
    assert.equal(seen.length, 2)
  })

  it('does not send a read again that broke on a new connection', async () => {
    resetAt = 1
    await assert.rejects(call('GET'), {errorName: 'KUBE_UNREACHABLE'})
    assert.equal(seen.length, 1)
  })

  it('gives a large body a connection of its own', async () => {
    assert.equal(await call('POST', Buffer.alloc(10)), 200)
    assert.equal(await call('POST', Buffer.alloc(2_000_000)), 200)
    assert.equal(await call('POST', Buffer.alloc(10)), 200)
    assert.deepEqual(
      seen.map(({connection}) => connection),
      [0, 1, 0],
    )
  })
})
