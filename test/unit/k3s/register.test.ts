import assert from 'node:assert/strict'
import {once} from 'node:events'
import type {IncomingMessage, ServerResponse} from 'node:http'
import {createServer, type Server} from 'node:https'
import type {AddressInfo} from 'node:net'
import {createListenerClient, isRetryableRefusal, type ListenerClient} from '../../../src/lib/k3s/register.ts'
import type {TlsPins} from '../../../src/lib/seal/pinned-agent.ts'
import type {RegistrationRequest} from '../../../src/lib/seal/registration.ts'
import {createPinnedCertificate, type PinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'

const id = (digit: string): string => `0x${digit.repeat(64)}`
const request: RegistrationRequest = {
  body: {
    version: 1,
    cluster: id('1'),
    seal: id('2'),
    stake: id('3'),
    nodeName: 'w1',
    address: id('4'),
    tokenHash: 'a'.repeat(64),
    labels: {},
    timestampMs: 1,
    nonce: 'A'.repeat(22),
  },
  signature: 'c2lnbmF0dXJl',
}
const answer = {
  version: 1,
  serverUrl: 'https://127.0.0.1:6443',
  caHash: 'b'.repeat(64),
  k3sVersion: 'v1.34.1+k3s1',
  nodeName: 'w1',
  labels: {'daas.io/stake': 'x'},
  taints: ['daas.io/unverified=true:NoSchedule'],
  tokenExpiresAt: '2026-01-01T00:00:00.000Z',
}

describe('client of the listener', () => {
  let certificate: PinnedCertificate
  let server: Server
  let url = ''
  let client: ListenerClient | undefined
  let seen: {method: string; url: string; token: unknown; body: string}[] = []
  let respond: (request: IncomingMessage, response: ServerResponse) => void

  before(async () => {
    certificate = await createPinnedCertificate(['127.0.0.1'])
    server = createServer(
      {key: certificate.keyPem, cert: certificate.certPem},
      async (incoming, response) => {
        let body = ''
        for await (const chunk of incoming) body += String(chunk)
        const {method = '', url: path = '', headers} = incoming
        seen.push({method, url: path, token: headers['x-seal-token'], body})
        respond(incoming, response)
      },
    ).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  beforeEach(() => {
    seen = []
  })

  afterEach(() => {
    client?.close()
    client = undefined
  })

  after(() => {
    server.closeAllConnections()
    server.close()
  })

  const make = (urls: string[] = [url], tlsPin: TlsPins = certificate.pin): ListenerClient => {
    client = createListenerClient({
      urls,
      tlsPin,
      sealToken: 'abc123.0123456789abcdef',
      signal: new AbortController().signal,
      timeoutMs: 2000,
    })
    return client
  }
  const json = (status: number, document: unknown): typeof respond => {
    return (_, response) =>
      response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(document))
  }

  it('registers over TLS that is pinned to the key on chain', async () => {
    respond = json(201, answer)
    assert.deepEqual(await make().register(request), answer)
    assert.deepEqual(seen, [
      {method: 'POST', url: '/v1/workers', token: 'abc123.0123456789abcdef', body: JSON.stringify(request)},
    ])
  })

  it('asks for the status and sends heartbeats', async () => {
    const status = {nodeName: 'w1', registered: true, nodeReady: true, evicted: false}
    respond = json(200, status)
    assert.deepEqual(await make().status('w1'), status)
    await client!.heartbeat('w1')
    assert.deepEqual(
      seen.map(({method, url: path}) => `${method} ${path}`),
      ['GET /v1/workers/w1', 'POST /v1/workers/w1/heartbeat'],
    )
  })

  it('sends nothing to a server with another key', async () => {
    respond = json(201, answer)
    await assert.rejects(make([url], new Uint8Array(32)).register(request), {errorName: 'TLS_PIN_MISMATCH'})
    assert.deepEqual(seen, [])
  })

  it('reads the pin again, once, where the listener shows another key', async () => {
    respond = json(200, {nodeName: 'w1', registered: true, nodeReady: true, evicted: false})
    let reads = 0
    const changing = (tlsPin: Uint8Array): ListenerClient => {
      client?.close()
      client = createListenerClient({
        urls: ['https://127.0.0.1:1', url],
        tlsPin: new Uint8Array(32),
        sealToken: 'abc123.0123456789abcdef',
        signal: new AbortController().signal,
        timeoutMs: 2000,
        refresh: async () => {
          reads += 1
          return {urls: [url], tlsPin}
        },
      })
      return client
    }
    assert.equal((await changing(certificate.pin).status('w1')).nodeReady, true)
    await client!.heartbeat('w1')
    assert.deepEqual([reads, seen.length], [1, 2])
    await assert.rejects(changing(new Uint8Array(32).fill(1)).status('w1'), {errorName: 'TLS_PIN_MISMATCH'})
    assert.deepEqual([reads, seen.length], [2, 2])
  })

  it('takes either of two keys while one takes over', async () => {
    respond = json(201, answer)
    assert.deepEqual(await make([url], [new Uint8Array(32), certificate.pin]).register(request), answer)
  })

  it('goes on to the next address where one does not answer', async () => {
    respond = json(201, answer)
    assert.deepEqual(await make(['https://127.0.0.1:1', url]).register(request), answer)
  })

  it('says so where none answers', async () => {
    const failure = {code: 'DAAS-J115', exitCode: 69}
    await assert.rejects(make(['https://127.0.0.1:1']).register(request), failure)
    await assert.rejects(make([]).register(request), failure)
    await assert.rejects(make([url.replace('https', 'http')]).register(request), failure)
  })

  it('passes on what the listener refuses, and whether to ask again', async () => {
    const error = {code: 'DAAS-L204', message: 'the name is taken', suggestions: ['choose another']}
    for (const [status, retryable] of [
      [409, false],
      [401, false],
      [429, true],
      [503, true],
    ] as const) {
      respond = json(status, {error})
      const refused: Error & {details?: Record<string, unknown>; suggestions?: string[]} = await make()
        .register(request)
        .then(
          () => assert.fail('it was not refused'),
          (thrown: Error) => thrown,
        )
      assert.equal(refused.message, 'the listener refused to register w1: the name is taken (DAAS-L204)')
      assert.deepEqual(refused.suggestions, ['choose another'])
      assert.deepEqual(refused.details, {status, code: 'DAAS-L204', suggestions: ['choose another']})
      assert.equal(isRetryableRefusal(refused), retryable)
    }
  })

  it('does not trust an answer of another shape', async () => {
    respond = json(200, {...answer, caHash: 'short'})
    await assert.rejects(make().register(request), {code: 'DAAS-J114'})
    respond = (_, response) => response.writeHead(502).end('<html>')
    await assert.rejects(make().register(request), {code: 'DAAS-J114'})
  })
})
