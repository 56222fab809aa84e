import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import type {ServerResponse} from 'node:http'
import {createCanceller} from '../../../src/lib/gateway/canceller.ts'
import type {GatewayCluster} from '../../../src/lib/gateway/chain-port.ts'
import {openJournal} from '../../../src/lib/listener/journal.ts'
import {createSealToken, hashSealToken} from '../../../src/lib/seal/token.ts'
import {newId} from './fake-chain.ts'
import {startWorld, until} from './world.ts'
import type {World} from './world.ts'

const path = '/api/v1/namespaces/default/configmaps'
const create = {
  method: 'POST',
  path,
  headers: {'content-type': 'application/json'},
  body: Buffer.from('{"metadata":{"name":"c"}}'),
}
const configmap = {
  verb: 'create',
  resource: 'configmaps',
  namespace: 'default',
  permissions: ['*:configmaps'],
} as const
const hex = (id: Uint8Array): string => Buffer.from(id).toString('hex')

describe('cancelling requests at the listener', () => {
  let world: World
  /** Requests that Kubernetes has and does not answer. */
  let held: ServerResponse[]
  beforeEach(async () => {
    world = await startWorld({concurrency: 1})
    held = []
    world.kube.serve = (request, response) => {
      if (request.url !== '/api/v1/nodes?hold') return false
      held.push(response)
      return true
    }
  })
  afterEach(() => world.close())

  const writes = (): number => world.kube.calls.filter((call) => call === `POST ${path}`).length

  function newSeal(): {seal: string; token: string} {
    const {cluster} = world.chain
    const [seal, token] = [newId(), createSealToken()]
    world.chain.seals.set(seal, {
      ...{id: seal, cluster: cluster.id, owner: newId(), stake: newId(), kind: 'user', revoked: false},
      tokenHash: hashSealToken(token),
      expiresAtMs: world.time.nowMs + 86_400_000,
    })
    return {seal, token}
  }

  function cancel(requestId: Uint8Array, {seal, token}: {seal?: string; token?: string}) {
    return world.ask(
      'DELETE',
      `/v1/requests/${hex(requestId)}`,
      token,
      undefined,
      seal ? {'x-seal': seal} : {},
    )
  }

  /** Everything that comes now waits behind this one. */
  async function busy(): Promise<() => Promise<void>> {
    const read = await world.kubectl({path: '/api/v1/nodes?hold'})
    await until(() => held.length === 1, 'the one that holds all others up')
    return async () => {
      held[0]?.end('{}')
      await read.answer
    }
  }

  it('before it is begun: it is never executed, and its answer on chain is 499', async () => {
    const mine = newSeal()
    const goOn = await busy()
    const {event, answer} = await world.kubectl(create, {...configmap, seal: mine.seal})
    await until(() => knows(world, event.requestId), 'its event')
    const {status, json} = await cancel(event.requestId, mine)
    assert.deepEqual([status, json], [200, {outcome: 'cancelled'}])
    assert.deepEqual((await cancel(event.requestId, mine)).json, {outcome: 'cancelled'})
    await goOn()
    const response = await answer
    assert.equal(response.status, 499)
    assert.equal((JSON.parse(Buffer.from(response.body).toString()) as {reason: string}).reason, 'Cancelled')
    assert.deepEqual((await cancel(event.requestId, mine)).json, {outcome: 'late'})
    assert.equal(writes(), 0)
  })

  it('before its event comes, and by the gateway: it is not executed either', async () => {
    const mine = newSeal()
    const requestId = randomBytes(16)
    const read = async (): Promise<GatewayCluster> =>
      ({
        listenerUrls: world.info.urls,
        listenerTlsPin: Buffer.from(world.info.tlsPin, 'hex'),
      }) as unknown as GatewayCluster
    const stale = {...(await read()), listenerTlsPin: new Uint8Array(32)}
    const canceller = createCanceller({
      // Of a listener that has another key meanwhile.
      cluster: {get: async () => stale, again: read},
      sealId: mine.seal,
      sealToken: async () => mine.token,
    })
    canceller.cancel(requestId)
    await canceller.idle()
    assert.deepEqual((await cancel(requestId, mine)).json, {outcome: 'noted'})
    const {answer} = await world.kubectl(create, {...configmap, seal: mine.seal, requestId})
    assert.equal((await answer).status, 499)
    assert.equal(writes(), 0)
  })

  it('holds after a restart, from the journal', async () => {
    const mine = newSeal()
    const requestId = randomBytes(16)
    assert.deepEqual((await cancel(requestId, mine)).json, {outcome: 'noted'})
    await world.listener.close()
    const {event, answer} = await world.kubectl(create, {...configmap, seal: mine.seal, requestId})
    const journal = openJournal(`${world.dir}/journal.sqlite`)
    journal.requests.enqueue(event)
    journal.close()
    await world.restart()
    assert.equal((await answer).status, 499)
    assert.equal(writes(), 0)
  })

  it('after it is begun: it is executed, once, and answered', async () => {
    const mine = newSeal()
    const goOn = await busy()
    const begun = await world.kubectl(create, {...configmap, seal: mine.seal})
    await goOn()
    assert.equal((await begun.answer).status, 201)
    assert.deepEqual((await cancel(begun.event.requestId, mine)).json, {outcome: 'late'})
    const read = await world.kubectl({path: '/api/v1/nodes?hold'}, {seal: mine.seal})
    await until(() => held.length === 2, 'the read')
    assert.deepEqual((await cancel(read.event.requestId, mine)).json, {outcome: 'late'})
    held[1]?.end('{}')
    assert.equal((await read.answer).status, 200)
    assert.equal(held.length, 2)
    assert.equal(writes(), 1)
  })

  it('by anybody else is refused, and the request is executed', async () => {
    const [mine, other] = [newSeal(), newSeal()]
    const goOn = await busy()
    const {event, answer} = await world.kubectl(create, {...configmap, seal: mine.seal})
    const id = event.requestId
    await until(() => knows(world, id), 'its event')
    const refusals = [
      await cancel(id, other),
      await cancel(id, {seal: mine.seal, token: other.token}),
      await cancel(id, {token: mine.token}),
      await cancel(id, {seal: mine.seal}),
      await world.ask('DELETE', '/v1/requests/short', mine.token),
      await world.ask('GET', `/v1/requests/${hex(id)}`, mine.token),
    ]
    assert.deepEqual(
      refusals.map(({status, json}) => [status, json.error?.code]),
      [
        [403, 'DAAS-L414'],
        [401, 'DAAS-L302'],
        [403, 'DAAS-L414'],
        [401, 'DAAS-L301'],
        [404, 'NOT_FOUND'],
        [404, 'NOT_FOUND'],
      ],
    )
    await goOn()
    assert.equal((await answer).status, 201)
    assert.equal(writes(), 1)
  })

  it('noted by another seal for an id that is not seen yet does not touch the request', async () => {
    const [mine, other] = [newSeal(), newSeal()]
    const requestId = randomBytes(16)
    assert.deepEqual((await cancel(requestId, other)).json, {outcome: 'noted'})
    const {answer} = await world.kubectl(create, {...configmap, seal: mine.seal, requestId})
    assert.equal((await answer).status, 201)
  })
})

/** Whether the listener has the event of a request. */
function knows(world: World, requestId: Uint8Array): boolean {
  const journal = openJournal(`${world.dir}/journal.sqlite`)
  try {
    return journal.requests.byId(hex(requestId)).length > 0
  } finally {
    journal.close()
  }
}
