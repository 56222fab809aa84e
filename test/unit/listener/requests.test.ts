import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {daasError} from '../../../src/lib/errors/daas-error.ts'
import {openJournal} from '../../../src/lib/listener/journal.ts'
import type {StoredResponse} from '../../../src/lib/listener/chain-port.ts'
import {walrusBlobIdOf} from '../../../src/lib/seal/walrus.ts'
import {startWalrusStandIn} from '../../helpers/walrus.ts'
import {createSealToken, hashSealToken} from '../../../src/lib/seal/token.ts'
import {startWorld, until} from './world.ts'
import type {World} from './world.ts'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const configmap = {
  verb: 'create',
  resource: 'configmaps',
  namespace: 'default',
  permissions: ['*:configmaps'],
} as const
const create = {
  method: 'POST',
  path: '/api/v1/namespaces/default/configmaps',
  headers: {'content-type': 'application/json'},
}

describe('kubectl requests at the listener', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld()
  })
  afterEach(() => world.close())

  const writes = (): string[] => world.kube.calls.filter((call) => call === `POST ${create.path}`)

  it('are carried out as the requester, and answered in secret', async () => {
    world.kube.put('/api/v1/nodes/n1', {})
    const {event, answer} = await world.kubectl({path: '/api/v1/nodes'})
    const response = await answer
    assert.equal(response.status, 200)
    assert.equal(response.headers['content-type'], 'application/json')
    assert.equal((JSON.parse(text(response.body)) as {items: unknown[]}).items.length, 1)
    assert.equal(world.kube.lastHeaders()['impersonate-user'], `sui:${event.requester}`)
    assert.equal(world.kube.lastHeaders()['impersonate-group'], 'daas:users, daas:viewers')
    assert.equal(world.kube.lastHeaders().authorization, 'Bearer fake-admin-token')
    const stored = world.chain.stored[0]!
    assert.equal(stored.status, 200)
    assert.deepEqual(Buffer.from(stored.bodyHash), createHash('sha256').update(stored.body).digest())
    assert.equal(Buffer.from(stored.body).includes('items'), false)
  })

  it('keep the status of a refusal of Kubernetes', async () => {
    const {answer} = await world.kubectl({path: '/api/v1/nodes/none'}, {verb: 'get'})
    const response = await answer
    assert.equal(response.status, 404)
    assert.equal((JSON.parse(text(response.body)) as {reason: string}).reason, 'Reason404')
  })

  it('are refused when the sealed request is another than the one judged on chain', async () => {
    const {answer} = await world.kubectl({method: 'DELETE', path: '/api/v1/nodes/n1'})
    assert.equal((await answer).status, 403)
    assert.equal(
      world.kube.calls.some((call) => call.startsWith('DELETE')),
      false,
    )
  })

  it('are answered 400 in clear when the envelope does not open', async () => {
    const {event} = await world.kubectl({path: '/api/v1/nodes'}, {envelope: randomBytes(100)})
    await until(() => world.chain.stored.length === 1, 'an answer')
    const {request, status, body} = world.chain.stored[0]!
    assert.deepEqual({request, status, bytes: body.length}, {request: event.request, status: 400, bytes: 0})
  })

  it('are not executed when their time is over, or when they are of another cluster', async () => {
    const calls = world.kube.calls.length
    await world.kubectl({path: '/api/v1/nodes'}, {expiresAtMs: world.time.nowMs})
    await world.kubectl({path: '/api/v1/nodes'}, {cluster: `0x${'9'.repeat(64)}`})
    const {answer} = await world.kubectl({path: '/api/v1/pods'}, {resource: 'pods'})
    await answer
    assert.deepEqual(
      world.kube.calls.slice(calls).filter((call) => call === 'GET /api/v1/nodes'),
      [],
    )
    assert.equal(world.chain.stored.length, 1)
  })

  it('go on chain together when they are ready together', async () => {
    // As a real chain: while one transaction is on its way, answers gather for the next.
    world.chain.storeMs = 100
    const all = await Promise.all(Array.from({length: 30}, () => world.kubectl({path: '/api/v1/nodes'})))
    await Promise.all(all.map(({answer}) => answer))
    assert.equal(world.chain.stored.length, 30)
    assert.ok(world.chain.batches.length < 10, `${world.chain.batches.length} transactions`)
  })

  it('become a blob when the answer is large: for the holder of the seal only', async () => {
    const data = {noise: randomBytes(150_000).toString('base64')}
    world.kube.put('/api/v1/namespaces/default/configmaps/large', {data})
    const what = {verb: 'get', resource: 'configmaps', namespace: 'default'}
    const {event, answer} = await world.kubectl({path: '/api/v1/namespaces/default/configmaps/large'}, what)
    await assert.rejects(answer)
    const stored = world.chain.stored[0]!
    const hash = Buffer.from(stored.bodyHash).toString('hex')
    assert.equal(stored.bodyLocation, `/v1/blobs/${hash}`)
    assert.equal(stored.body.length, 0)
    const token = createSealToken()
    const cluster = world.chain.cluster.id
    const seal = {id: event.seal, cluster, owner: '0x1', stake: '0x2', kind: 'user', revoked: false} as const
    world.chain.seals.set(event.seal, {
      ...seal,
      tokenHash: hashSealToken(token),
      expiresAtMs: world.time.nowMs + 1,
    })
    assert.equal((await world.ask('GET', stored.bodyLocation)).status, 401)
    assert.equal((await world.ask('GET', stored.bodyLocation, createSealToken())).status, 401)
    assert.equal((await world.ask('GET', `/v1/blobs/${'0'.repeat(64)}`, token)).status, 404)
    const blob = await world.ask('GET', stored.bodyLocation, token)
    assert.equal(blob.status, 200)
    assert.equal(createHash('sha256').update(blob.bytes).digest('hex'), hash)
    await world.restart()
    assert.equal((await world.ask('GET', stored.bodyLocation, token)).status, 200)
  })

  it('are answered 507 where there is no room for the answer, which tells what was done', async () => {
    const narrow = await startWorld({blobQuota: {bytes: 1000, sealBytes: 1000, freshMs: 1000}})
    try {
      const data = {noise: randomBytes(150_000).toString('base64')}
      const path = '/api/v1/namespaces/default/configmaps'
      narrow.kube.put(`${path}/large`, {data})
      const what = {resource: 'configmaps', namespace: 'default'}
      const read = await narrow.kubectl({path: `${path}/large`}, {...what, verb: 'get'})
      const {status, body} = await read.answer
      assert.equal(status, 507)
      const told = JSON.parse(Buffer.from(body).toString()) as {reason: string; message: string}
      assert.equal(told.reason, 'InsufficientStorage')
      assert.match(told.message, /no room .* was carried out \(200\)/)
    } finally {
      await narrow.close()
    }
  })

  it('leave large answers on Walrus where that is wanted, and here where it does not serve', async () => {
    const walrus = await startWalrusStandIn()
    const narrow = await startWorld({walrus: {url: walrus.url, epochs: 2}})
    try {
      const data = {noise: randomBytes(150_000).toString('base64')}
      const path = '/api/v1/namespaces/default/configmaps/large'
      narrow.kube.put(path, {data})
      const ask = async (): Promise<StoredResponse> => {
        const {event, answer} = await narrow.kubectl(
          {path},
          {verb: 'get', resource: 'configmaps', namespace: 'default'},
        )
        await assert.rejects(answer)
        return narrow.chain.stored.find(({request}) => request === event.request)!
      }

      const there = await ask()
      const bytes = walrus.blobs.get(walrusBlobIdOf(there.bodyLocation) ?? '')
      assert.ok(bytes)
      assert.deepEqual(createHash('sha256').update(bytes).digest(), Buffer.from(there.bodyHash))
      walrus.failWith = 503
      const here = await ask()
      assert.equal(here.bodyLocation, `/v1/blobs/${Buffer.from(here.bodyHash).toString('hex')}`)
    } finally {
      await narrow.close()
      await walrus.close()
    }
  })

  it('are refused where their seal has used the id before, also before a restart: 409, and nothing runs', async () => {
    const body = Buffer.from('{"metadata":{"name":"c"}}')
    const first = await world.kubectl({...create, body}, configmap)
    assert.equal((await first.answer).status, 201)
    const {seal, requestId, envelope} = first.event
    const again = async (change: object): Promise<{status: number; reason?: string}> => {
      const {answer} = await world.kubectl({...create, body}, {...configmap, requestId, ...change})
      const response = await answer
      return {status: response.status, reason: (JSON.parse(text(response.body)) as {reason: string}).reason}
    }
    assert.deepEqual(await again({seal}), {status: 409, reason: 'Conflict'})
    await world.restart()
    assert.deepEqual(await again({seal}), {status: 409, reason: 'Conflict'})
    // The very envelope, word for word: to whoever could read its answer it says the same.
    const replayed = await world.kubectl({path: create.path}, {...configmap, seal, requestId, envelope})
    replayed.answer.catch(() => undefined)
    const {request} = replayed.event
    await until(() => world.chain.stored.some((stored) => stored.request === request), 'its answer')
    assert.equal(world.chain.stored.find((stored) => stored.request === request)?.status, 409)
    assert.equal(writes().length, 1)
    // Ids are unique by seal: another one may have the same. Kubernetes knows the name already.
    assert.deepEqual(await again({}), {status: 409, reason: 'Reason409'})
    assert.equal(writes().length, 2)
  })

  it('run by priority, 0 first', async () => {
    const narrow = await startWorld({concurrency: 1})
    try {
      const order: string[] = []
      narrow.kube.intercept = (call) => {
        if (call.includes('priority')) order.push(call.slice(-1))
        return undefined
      }
      const all = await Promise.all(
        [3, 2, 1, 0, 3, 0].map((priority) =>
          narrow.kubectl({path: `/api/v1/nodes?limit=${500}&x=priority${priority}`}, {priority}),
        ),
      )
      await Promise.all(all.map(({answer}) => answer))
      // The first runs before the others are known.
      assert.deepEqual(order.slice(1).join(''), order.slice(1).toSorted().join(''))
    } finally {
      await narrow.close()
    }
  })

  describe('after a crash', () => {
    /** What an earlier process left in the journal of a listener that is down. */
    async function leave(prepare: (journal: ReturnType<typeof openJournal>) => void): Promise<void> {
      await world.listener.close()
      const journal = openJournal(`${world.dir}/journal.sqlite`)
      prepare(journal)
      journal.close()
      await world.restart()
    }

    it('queued ones run, reads and writes', async () => {
      const read = await world.kubectl({path: '/api/v1/nodes'}, {})
      await read.answer
      await world.listener.close()
      const stored = world.chain.stored.length
      const write = await world.kubectl(
        {...create, body: Buffer.from('{"metadata":{"name":"c"}}')},
        configmap,
      )
      await leave((journal) => journal.requests.enqueue(write.event))
      assert.equal((await write.answer).status, 201)
      assert.equal(writes().length, 1)
      assert.equal(world.chain.stored.length, stored + 1)
    })

    it('a claimed write is answered as unknown and never runs again', async () => {
      await world.listener.close()
      const write = await world.kubectl(
        {...create, body: Buffer.from('{"metadata":{"name":"c"}}')},
        configmap,
      )
      await leave((journal) => {
        journal.requests.enqueue(write.event)
        journal.requests.claim(write.event.request)
      })
      const response = await write.answer
      assert.equal(response.status, 504)
      assert.equal((JSON.parse(text(response.body)) as {reason: string}).reason, 'OutcomeUnknown')
      assert.deepEqual(writes(), [])
    })

    it('an answer that was not stored is stored, without running again', async () => {
      await world.listener.close()
      const read = await world.kubectl({path: '/api/v1/nodes'})
      const response = {
        request: read.event.request,
        status: 200,
        body: Uint8Array.of(1),
        bodyHash: new Uint8Array(32),
        bodyLocation: '',
      }
      const calls = world.kube.calls.length
      await leave((journal) => {
        journal.requests.enqueue(read.event)
        journal.requests.answer(response)
      })
      await until(() => world.chain.stored.length === 1, 'the answer')
      assert.deepEqual(world.chain.stored, [response])
      assert.equal(world.kube.calls.slice(calls).includes('GET /api/v1/nodes'), false)
      await assert.rejects(read.answer, {code: 'DAAS-T104'})
    })

    it('events that came meanwhile are found, those from before are not run again', async () => {
      await (
        await world.kubectl({path: '/api/v1/nodes'})
      ).answer
      await world.listener.close()
      const missed = await world.kubectl({path: '/api/v1/nodes'})
      await world.restart()
      await missed.answer
      assert.equal(world.kube.calls.filter((call) => call === 'GET /api/v1/nodes?').length, 0)
      assert.equal(world.chain.stored.length, 2)
    })

    it('a write that was cut off is answered as unknown by the next process', async () => {
      const write = await world.kubectl(
        {...create, body: Buffer.from('{"metadata":{"name":"c"}}')},
        configmap,
      )
      write.answer.catch(() => undefined)
      let refusing = true
      world.chain.before = (what) => {
        if (what === 'store' && refusing) throw daasError('RPC_UNREACHABLE', {url: 'u', cause: 'c'})
      }
      await until(() => writes().length === 1, 'the write')
      await world.listener.close()
      refusing = false
      await world.restart()
      assert.equal((await write.answer).status, 201)
      assert.equal(writes().length, 1)
    })
  })
})
