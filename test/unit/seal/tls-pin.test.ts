import assert from 'node:assert/strict'
import {X509Certificate} from 'node:crypto'
import {once} from 'node:events'
import {createServer, get} from 'node:https'
import type {Server} from 'node:https'
import {type AddressInfo, createServer as createTcpServer} from 'node:net'
import {createPinnedAgent, type TlsPins} from '../../../src/lib/seal/pinned-agent.ts'
import {createPinnedCertificate, pinOf} from '../../../src/lib/seal/tls-pin.ts'

describe('pinned TLS', () => {
  let server: Server
  let pin: Uint8Array
  let requests = 0

  before(async () => {
    const certificate = await createPinnedCertificate(['listener.example', '127.0.0.1'])
    pin = certificate.pin
    server = createServer({cert: certificate.certPem, key: certificate.keyPem}, (_request, response) => {
      requests += 1
      response.end('hello')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  async function fetchWith(wanted: TlsPins): Promise<string> {
    const agent = createPinnedAgent(wanted)
    try {
      return await new Promise((resolve, reject) => {
        const {port} = server.address() as AddressInfo
        const request = get({host: '127.0.0.1', port, path: '/', agent}, (response) => {
          let text = ''
          response.on('data', (part: Buffer) => (text += part.toString()))
          response.on('end', () => resolve(text))
        })
        request.on('error', reject)
      })
    } finally {
      agent.destroy()
    }
  }

  it('gives up who takes the connection and says nothing', async () => {
    const silent = createTcpServer((socket) => void socket.on('error', () => undefined).resume())
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const agent = createPinnedAgent(pin, 100)
    try {
      const {port} = silent.address() as AddressInfo
      const request = get({host: '127.0.0.1', port, path: '/', agent})
      const [error] = (await once(request, 'error')) as [Error]
      assert.match(error.message, /no TLS handshake within 0.1 s/)
    } finally {
      agent.destroy()
      await new Promise((resolve) => silent.close(resolve))
    }
  })

  it('talks to the key that is pinned', async () => {
    assert.equal(await fetchWith(pin), 'hello')
  })

  it('talks to either key while a new one takes over', async () => {
    assert.equal(await fetchWith([new Uint8Array(32), pin]), 'hello')
    await assert.rejects(fetchWith([new Uint8Array(32), new Uint8Array(32).fill(1)]), {code: 'DAAS-T106'})
    await assert.rejects(fetchWith([]), {code: 'DAAS-T106'})
  })

  it('sends nothing to any other key', async () => {
    const before = requests
    await assert.rejects(fetchWith(new Uint8Array(32)), {code: 'DAAS-T106'})
    assert.equal(requests, before)
  })

  it('makes certificates for names and addresses', async () => {
    const {certPem, pin: own} = await createPinnedCertificate(['listener.example', '127.0.0.1'])
    const parsed = new X509Certificate(certPem)
    assert.equal(parsed.checkHost('listener.example'), 'listener.example')
    assert.equal(parsed.checkIP('127.0.0.1'), '127.0.0.1')
    assert.equal(parsed.ca, false)
    assert.deepEqual(pinOf(parsed), own)
    assert.deepEqual(pinOf(new Uint8Array(parsed.raw)), own)
    assert.equal(own.length, 32)
  })
})
