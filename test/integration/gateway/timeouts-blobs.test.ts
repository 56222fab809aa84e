import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {createServer, type Server} from 'node:https'
import type {AddressInfo} from 'node:net'
import {askGateway} from '../../../src/lib/gateway/ask.ts'
import {createPinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'
import {createRig, type Rig} from './support/rig.ts'

const maps = '/api/v1/namespaces/default/configmaps'

describe('time-outs: what lies at the listener', function () {
  this.timeout(30_000)
  let rig: Rig
  let listener: Server
  const asked: string[] = []

  before(async () => {
    const {certPem, keyPem, pin} = await createPinnedCertificate(['127.0.0.1'])
    // A listener that takes requests and never answers.
    listener = createServer({cert: certPem, key: keyPem}, (request) => {
      asked.push(`${request.method} ${request.url?.split('/').slice(0, 3).join('/')}`)
      request.resume()
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    rig = await createRig({timeoutMs: 1500})
    const {port} = listener.address() as AddressInfo
    Object.assign(rig.chain.cluster, {listenerUrls: [`https://127.0.0.1:${port}`], listenerTlsPin: pin})
  })
  after(async () => {
    await rig.close()
    listener.closeAllConnections()
    await new Promise((resolve) => listener.close(resolve))
  })
  beforeEach(() => {
    asked.length = 0
  })
  const reasonOf = (text: string): string => (JSON.parse(text) as {reason: string}).reason

  it('an answer in a blob, not there within the time of its request: 504 Timeout', async () => {
    rig.chain.tamper = ({body: _, ...answer}) => ({
      ...answer,
      body: new Uint8Array(),
      bodyLocation: `/v1/blobs/${Buffer.from(answer.bodyHash).toString('hex')}`,
    })
    const {status, text} = await askGateway(rig.gateway, {path: maps})
    assert.deepEqual([status, reasonOf(text)], [504, 'Timeout'])
    assert.deepEqual(asked, ['GET /v1/blobs'])
  })

  it('an upload that does not end within the time of its request: 504 Timeout, and nothing is on chain', async () => {
    const before = rig.chain.batches.length
    const body = {metadata: {name: 'large'}, data: {value: randomBytes(150_000).toString('base64')}}
    const {status, text} = await askGateway(rig.gateway, {method: 'POST', path: maps, body})
    assert.deepEqual([status, reasonOf(text)], [504, 'Timeout'])
    assert.deepEqual(asked, ['PUT /v1/blobs'])
    assert.equal(rig.chain.batches.length, before)
  })
})
