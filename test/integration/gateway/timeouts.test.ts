import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {createServer, type Server} from 'node:https'
import type {AddressInfo} from 'node:net'
import {KubeConfig} from '@kubernetes/client-node'
import which from 'which'
import {HOW_TO_GET_KUBERNETES, locateKubernetes} from '../../../src/lib/devnet/kube/locate.ts'
import {daasError} from '../../../src/lib/errors/daas-error.ts'
import {askGateway} from '../../../src/lib/gateway/ask.ts'
import {runKubectl} from '../../../src/lib/gateway/kubectl.ts'
import {createKubeHttp, type KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {createExecutor, MAX_INLINE_BYTES} from '../../../src/lib/listener/executor.ts'
import type {RequestEvent} from '../../../src/lib/listener/chain-port.ts'
import {sealRequest} from '../../../src/lib/seal/envelope.ts'
import {createHpkeKeyPair} from '../../../src/lib/seal/hpke.ts'
import type {KubeResponse} from '../../../src/lib/seal/kube-message.ts'
import {createPinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'
import {skipFor} from '../../helpers/skip.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import {createRig, type Rig} from './support/rig.ts'

const maps = '/api/v1/namespaces/default/configmaps'

function statusOf(text: string | Uint8Array): {code: number; reason: string} {
  const parsed = JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text)) as {
    code: number
    reason: string
  }
  return {code: parsed.code, reason: parsed.reason}
}

/** The rows of "Time-outs" in docs/architecture.md: who gives up first, and what comes of it. */
describe('time-outs: client and gateway', function () {
  let rig: Rig
  afterEach(() => rig.close())

  it('client first, before its request is sent: it never is', async () => {
    let asked = 0
    rig = await createRig({
      batchMs: 300,
      now: () => {
        asked += 1
        return Date.now()
      },
    })
    asked = 0
    const gone = new AbortController()
    const answer = askGateway(rig.gateway, {path: maps, signal: gone.signal})
    await waitUntil('the gateway has it', () => asked > 0)
    gone.abort()
    await assert.rejects(answer)
    const next = await askGateway(rig.gateway, {path: `${maps}?limit=1`})
    assert.equal(next.status, 200)
    assert.equal(rig.chain.batches.flat().length, 1)
  })

  it('client first, after its request is sent: the answer is let go, the next one is served', async () => {
    rig = await createRig()
    const {promise: held, resolve: release} = Promise.withResolvers<void>()
    const {handle} = rig.kube
    rig.kube.handle = async (request) => {
      await held
      return handle(request)
    }
    const gone = new AbortController()
    const answer = askGateway(rig.gateway, {path: maps, signal: gone.signal})
    await waitUntil('it is sent', () => rig.chain.batches.length === 1)
    gone.abort()
    await assert.rejects(answer)
    release()
    assert.equal((await askGateway(rig.gateway, {path: maps})).status, 200)
  })

  it('nobody waits any more for what is on its way: the listener is told, once, by the seal', async () => {
    const told: unknown[] = []
    const {certPem, keyPem, pin} = await createPinnedCertificate(['127.0.0.1'])
    const listener = createServer({cert: certPem, key: keyPem}, ({method, url, headers}, response) => {
      told.push([method, url, headers['x-seal'], headers['x-seal-token']])
      response.end('{}')
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    try {
      rig = await createRig()
      const {port} = listener.address() as AddressInfo
      // The first of them cannot be reached.
      const listenerUrls = ['https://127.0.0.1:1', `https://127.0.0.1:${port}`]
      Object.assign(rig.chain.cluster, {listenerUrls, listenerTlsPin: pin})
      assert.equal((await askGateway(rig.gateway, {path: maps})).status, 200)
      rig.kube.handle = () => new Promise(() => undefined)

      const gone = new AbortController()
      const hungUp = askGateway(rig.gateway, {path: maps, signal: gone.signal})
      await waitUntil('it is sent', () => rig.chain.batches.length === 2)
      gone.abort()
      await assert.rejects(hungUp)
      await waitUntil('the listener is told', () => told.length === 1)
      const hasty = await rig.again({timeoutMs: 1000})
      assert.equal((await askGateway(hasty, {path: maps})).status, 504)
      await waitUntil('the listener is told again', () => told.length === 2)
      const other = await rig.again()
      const cutOff = askGateway(other, {path: maps}).catch(() => undefined)
      await waitUntil('it is sent', () => rig.chain.batches.length === 4)
      await other.close()
      await cutOff

      const [, ...unanswered] = rig.chain.batches.flat()
      const {id} = rig.chain.seal
      assert.deepEqual(
        told,
        unanswered.map(({requestId}) => [
          'DELETE',
          `/v1/requests/${Buffer.from(requestId).toString('hex')}`,
          id,
          'abcdef.0123456789abcdef',
        ]),
      )
    } finally {
      listener.closeAllConnections()
      await new Promise((resolve) => listener.close(resolve))
    }
  })

  it('gateway first, while its request waits behind a slow transaction: 504, and it never is sent', async () => {
    rig = await createRig({timeoutMs: 300})
    rig.chain.submitMs = 800
    const first = askGateway(rig.gateway, {path: maps})
    await waitUntil('the first is on its way', () => rig.chain.batches.length === 1)
    const second = await askGateway(rig.gateway, {path: `${maps}/second`})
    assert.deepEqual(statusOf(second.text), {code: 504, reason: 'Timeout'})
    assert.deepEqual(statusOf((await first).text), {code: 504, reason: 'Timeout'})
    rig.chain.submitMs = 5
    await waitUntil(
      'the chain is free',
      async () => (await askGateway(rig.gateway, {path: maps})).status === 200,
    )
    assert.ok(rig.chain.batches.flat().every(({verb}) => verb === 'list'))
  })

  it('gateway before the listener: 504, and the late answer is let go', async () => {
    rig = await createRig({timeoutMs: 200})
    const {promise: held, resolve: release} = Promise.withResolvers<void>()
    const {handle} = rig.kube
    rig.kube.handle = async (request) => {
      if (request.path.endsWith('/late')) await held
      return handle(request)
    }
    const late = await askGateway(rig.gateway, {path: `${maps}/late`})
    assert.deepEqual(statusOf(late.text), {code: 504, reason: 'Timeout'})
    assert.match(late.text, /a write may still be executed/)
    release()
    // On a busy machine the next one may take longer than that itself.
    await waitUntil(
      'the next is served',
      async () => (await askGateway(rig.gateway, {path: maps})).status === 200,
    )
  })

  it('API server first: its own refusal is passed on as it is', async () => {
    rig = await createRig()
    const body = {kind: 'Status', apiVersion: 'v1', code: 504, reason: 'Timeout', message: 'mine'}
    const response = {status: 504, headers: {'content-type': 'application/json'}, body: encode(body)}
    rig.kube.handle = async () => response
    const answer = await askGateway(rig.gateway, {path: maps})
    assert.deepEqual(JSON.parse(answer.text), body)
  })

  it('Ctrl-C of kubectl: what is not sent yet never is', async function () {
    // One that asks for nothing before; a dispatcher by version does.
    const own = (await locateKubernetes({env: process.env}))?.kubectl
    const kubectlBin = own ?? (await which('kubectl', {nothrow: true}))
    if (kubectlBin === null) skipFor(this, 'kubectl', HOW_TO_GET_KUBERNETES)
    let asked = 0
    rig = await createRig({
      batchMs: 2000,
      now: () => {
        asked += 1
        return Date.now()
      },
    })
    asked = 0
    const ctrlC = new AbortController()
    const run = runKubectl({
      args: ['delete', '--raw', `${maps}/never`],
      kubectlBin,
      gateway: rig.gateway,
      cacheDir: rig.cacheDir,
      env: process.env,
      stdio: 'pipe',
      signal: ctrlC.signal,
    })
    await waitUntil('the gateway has it', () => asked > 0)
    ctrlC.abort(daasError('INTERRUPTED', {}))
    assert.equal((await run).exitCode, 130)
    assert.equal((await askGateway(rig.gateway, {path: maps})).status, 200)
    assert.ok(rig.chain.batches.flat().every(({verb}) => verb !== 'delete'))
  })
})

describe('time-outs: request on chain, listener and API server', () => {
  let server: Server
  let http: KubeHttp
  const seen: string[] = []

  before(async () => {
    const {certPem, keyPem} = await createPinnedCertificate(['127.0.0.1'])
    // An API server that takes requests and never answers.
    server = createServer({cert: certPem, key: keyPem}, (request) => {
      seen.push(request.method ?? '')
      request.resume()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const {port} = server.address() as AddressInfo
    const config = new KubeConfig()
    config.loadFromClusterAndUser(
      {
        name: 'c',
        server: `https://127.0.0.1:${port}`,
        caData: Buffer.from(certPem).toString('base64'),
      } as never,
      {name: 'u'},
    )
    http = createKubeHttp(config)
  })
  after(async () => {
    http.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  beforeEach(() => {
    seen.length = 0
  })

  async function execute(method: string, ttlMs: number, callMs: number): Promise<KubeResponse | undefined> {
    const keys = await createHpkeKeyPair()
    const now = Date.now()
    const [id, cluster, seal] = [randomBytes(16), `0x${'1'.repeat(64)}`, `0x${'2'.repeat(64)}`]
    const path = `${maps}/x`
    const sealed = await sealRequest({
      listenerPublicKey: keys.publicKey,
      aad: {requestId: id, cluster, seal},
      request: {method, path, headers: {}, body: new Uint8Array()},
    })
    const executor = createExecutor({
      http,
      blobs: {put: async () => '', get: async () => undefined, prune: async () => undefined},
      sessions: {} as never,
      hpkePrivateKeys: () => [keys.privateKey],
      clock: Date.now,
      inlineBytes: MAX_INLINE_BYTES,
      callMs,
    })
    const event = {
      ...{request: '0x3', requestId: id, cluster, seal, stake: '0x4', requester: '0x5'},
      ...{verb: method === 'GET' ? 'get' : 'delete', resource: 'configmaps', namespace: 'default'},
      ...{priority: 0, permissions: ['*:*'], envelope: sealed.envelope, expiresAtMs: now + ttlMs},
    } as unknown as RequestEvent
    const stored = await executor.execute(event, () => undefined, new AbortController().signal)
    return stored && sealed.openResponse(stored.body)
  }

  it('request on chain first, before it is executed: it never is', async () => {
    assert.equal(await execute('DELETE', 0, 1000), undefined)
    assert.deepEqual(seen, [])
  })

  for (const [what, ttlMs, callMs] of [
    ['request on chain first, while it is executed', 200, 10_000],
    ['listener first', 10_000, 200],
  ] as const) {
    it(`${what}: a read is 504 Timeout, a write 504 OutcomeUnknown`, async () => {
      const read = await execute('GET', ttlMs, callMs)
      assert.deepEqual(read && statusOf(read.body), {code: 504, reason: 'Timeout'})
      const write = await execute('DELETE', ttlMs, callMs)
      assert.deepEqual(write && statusOf(write.body), {code: 504, reason: 'OutcomeUnknown'})
      assert.deepEqual(seen, ['GET', 'DELETE'])
    })
  }
})

function encode(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
