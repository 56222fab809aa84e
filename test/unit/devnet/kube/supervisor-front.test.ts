import assert from 'node:assert/strict'
import {Agent, createServer, type Server} from 'node:https'
import {request as httpsRequest} from 'node:https'
import type {AddressInfo} from 'node:net'
import {type Ca, createCa, issueCert} from '../../../../src/lib/devnet/kube/pki.ts'
import {startSupervisorFront, type SupervisorFront} from '../../../../src/lib/devnet/kube/supervisor-front.ts'

/** A front before an API server of this process, which refuses what goes to `/refuse` before it has read it. */
describe('the front before the API server', () => {
  let ca: Ca
  let api: Server
  let front: SupervisorFront
  /** One connection: whatever is wrong with it meets the next request. */
  let agent: Agent

  before(async () => {
    ca = await createCa('front-test')
    const serving = await issueCert(ca, {cn: 'api', ips: ['127.0.0.1'], usage: 'server'})
    const frontProxy = await issueCert(ca, {cn: 'front-proxy', usage: 'client'})
    api = createServer({cert: serving.certPem, key: serving.keyPem}, (request, response) => {
      if (request.url === '/refuse') {
        response.writeHead(413, {connection: 'close', 'content-type': 'text/plain'}).end('too large')
      } else if (request.url === '/die') {
        request.socket.destroy()
      } else if (request.url === '/cut') {
        response.writeHead(200, {'content-length': 1000})
        response.write('the first part', () => response.destroy())
      } else {
        let bytes = 0
        request.on('data', (part: Buffer) => (bytes += part.length))
        request.on('end', () => response.end(String(bytes)))
      }
    })
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
    front = await startSupervisorFront({
      apiServerUrl: `https://127.0.0.1:${(api.address() as AddressInfo).port}`,
      caPem: ca.certPem,
      serving,
      frontProxy,
      logger: {debug: () => undefined},
    })
  })
  after(async () => {
    await front.close()
    api.closeAllConnections()
    await new Promise((resolve) => api.close(resolve))
  })
  beforeEach(() => {
    agent = new Agent({keepAlive: true, maxSockets: 1, ca: ca.certPem})
  })
  afterEach(() => agent.destroy())

  function post(path: string, bytes: number): Promise<{status: number; text: string}> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(`${front.url}${path}`, {method: 'POST', agent}, (response) => {
        let text = ''
        response.on('data', (part: Buffer) => (text += part.toString()))
        response.on('error', reject)
        response.on('end', () => resolve({status: response.statusCode ?? 0, text}))
      })
      request.on('error', reject)
      request.end(Buffer.alloc(bytes))
    })
  }

  for (const bytes of [0, 100_000, 1_000_000, 8_000_000]) {
    it(`serves the next request of a connection whose body of ${bytes} bytes was refused half-read`, async () => {
      assert.deepEqual(await post('/refuse', bytes), {status: 413, text: 'too large'})
      assert.deepEqual(await post('/count', 10), {status: 200, text: '10'})
    })
  }

  it('cuts off an answer that was cut off', async () => {
    await assert.rejects(post('/cut', 0), {code: 'ECONNRESET'})
  })

  it('says nothing of a request that the API server may have carried out', async () => {
    await assert.rejects(post('/die', 10), {code: 'ECONNRESET'})
  })

  it('passes a large body on', async () => {
    assert.deepEqual(await post('/count', 5_000_000), {status: 200, text: '5000000'})
  })
})
