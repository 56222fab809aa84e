import assert from 'node:assert/strict'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {signLeave, type LeaveBody} from '../../../src/lib/seal/leave.ts'
import {createNonce, signRegistration} from '../../../src/lib/seal/registration.ts'
import {createSealToken, hashSealToken, hashSealTokenHex} from '../../../src/lib/seal/token.ts'
import {startWorld, until} from './world.ts'
import type {TestAnswer, TestWorker, World} from './world.ts'

const node = '/api/v1/nodes/w1'
const list = '/api/v1/namespaces/kube-system/configmaps/daas-nodes'

describe('a worker that leaves', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld({drainGraceMs: 50, orphanSweepMs: 20, nodeSweepMs: 20, livenessMs: 20})
  })
  afterEach(() => world.close())

  async function joined(): Promise<TestWorker> {
    const worker = world.stakeAndSeal('w1')
    await world.register(worker)
    world.nodeReady('w1')
    await until(() => world.logs.some((line) => line.startsWith('worker registered')), 'the join')
    return worker
  }

  async function leave(
    worker: TestWorker,
    change: Partial<LeaveBody> = {},
    signer: Ed25519Keypair = worker.signer,
  ): Promise<TestAnswer> {
    const {cluster, stake, nodeName, address, tokenHash} = worker.body
    const body: LeaveBody = {
      version: 1,
      cluster,
      stake,
      nodeName,
      address,
      tokenHash,
      timestampMs: world.time.nowMs,
      nonce: createNonce(),
      ...change,
    }
    const signature = await signLeave(signer, body)
    return world.ask('POST', '/v1/workers/w1/leave', worker.token, {body, signature})
  }

  const left = (): Promise<void> =>
    until(() => world.logs.some((line) => line.startsWith('worker left')), 'the end of the leave')

  it('is drained before it loses its place, and is then unknown', async () => {
    const worker = await joined()
    world.kube.put('/api/v1/namespaces/default/pods/p', {
      metadata: {namespace: 'default'},
      spec: {nodeName: 'w1'},
    })
    const {status, json} = await leave(worker)
    assert.deepEqual({status, json}, {status: 202, json: {nodeName: 'w1', leaving: true}})
    await left()
    const at = (call: string): number => world.kube.calls.indexOf(call)
    assert.ok(at('POST /api/v1/namespaces/default/pods/p/eviction') > 0)
    assert.ok(
      at('POST /api/v1/namespaces/default/pods/p/eviction') < world.kube.calls.lastIndexOf(`PATCH ${list}`),
    )
    assert.ok(at('POST /api/v1/namespaces/default/pods/p/eviction') < at(`DELETE ${node}`))
    assert.equal(world.kube.objects.has(node), false)
    assert.deepEqual(world.kube.objects.get(list)?.data, {})
    assert.deepEqual(world.chain.evictions, [])
    assert.equal(world.chain.statuses.at(-1)?.status, 'offline')
    assert.equal((await leave(worker)).status, 404)
    assert.equal((await world.ask('GET', '/v1/workers/w1', worker.token)).status, 404)
    assert.equal((await world.register(worker)).status, 201)
  })

  it('only by the owner, for its own stake, in time, once, and never by a registration', async () => {
    const worker = await joined()
    const other = world.stakeAndSeal('w2')
    const replay = {nonce: createNonce()}
    const refusals: [Promise<TestAnswer>, number, string][] = [
      [leave(worker, {}, new Ed25519Keypair()), 401, 'DAAS-T105'],
      [leave(worker, {stake: other.body.stake}), 403, 'DAAS-L402'],
      [leave(worker, {nodeName: 'w2'}), 403, 'DAAS-L402'],
      [leave(worker, {address: other.body.address}), 403, 'DAAS-L402'],
      [leave(worker, {timestampMs: world.time.nowMs - 61_000}), 400, 'DAAS-L202'],
      [leave(worker, {tokenHash: '0'.repeat(64)}), 401, 'DAAS-L302'],
      [leave({...worker, token: createSealToken()}), 401, 'DAAS-L302'],
    ]
    for (const [answer, status, code] of refusals) {
      const {status: actual, json} = await answer
      assert.deepEqual([actual, json.error?.code], [status, code])
    }

    const {labels: _l, seal: _s, nodeIp: _n, ...body} = worker.body
    const signature = await signRegistration(worker.signer, worker.body)
    const asRegistration = await world.ask('POST', '/v1/workers/w1/leave', worker.token, {body, signature})
    assert.equal(asRegistration.status, 401)
    assert.equal(world.kube.objects.has(node), true)

    world.kube.intercept = (call) => (call === `DELETE ${node}` ? {status: 500, body: {}} : undefined)
    assert.equal((await leave(worker, replay)).status, 202)
    assert.equal((await leave(worker, replay)).json.error?.code, 'DAAS-L405')
    // While it is drained nobody registers under its name, and it may be told again to go.
    assert.equal((await world.register(worker)).status, 503)
    assert.equal((await leave(worker)).status, 202)
    assert.equal((await world.ask('GET', '/v1/workers/w1', worker.token)).json.leaving, true)
    world.kube.intercept = () => undefined
    await left()
  })

  it('after a restart in the middle too; slashed in the middle, it is evicted instead', async () => {
    const worker = await joined()
    world.kube.intercept = (call) => (call === `DELETE ${node}` ? {status: 500, body: {}} : undefined)
    await leave(worker)
    await until(() => world.logs.some((line) => line.startsWith('not settled yet')), 'a failure')
    await world.listener.close()
    world.kube.intercept = () => undefined
    await world.restart()
    await left()

    assert.equal((await world.register(worker)).status, 201)
    world.nodeReady('w1')
    await until(
      () => world.logs.filter((line) => line.startsWith('worker registered')).length === 2,
      'the second join',
    )
    world.kube.intercept = (call) => (call === `DELETE ${node}` ? {status: 500, body: {}} : undefined)
    await leave(worker)
    world.chain.emit({kind: 'stake-lost', stake: worker.body.stake, reason: 'stake slashed'})
    world.kube.intercept = () => undefined
    await until(() => world.logs.some((line) => line.startsWith('worker evicted')), 'the eviction')
    assert.equal((await world.register(worker)).status, 403)
  })

  it('shows its new token after its seal was rotated, and the old one is none any more', async () => {
    const worker = await joined()
    const fresh = createSealToken()
    world.chain.seals.get(worker.body.seal)!.tokenHash = hashSealToken(fresh)
    world.chain.emit({kind: 'seal-rotated', seal: worker.body.seal})
    assert.equal((await world.ask('POST', '/v1/workers/w1/heartbeat', fresh)).status, 200)
    assert.equal((await world.ask('POST', '/v1/workers/w1/heartbeat', worker.token)).status, 401)
    assert.equal((await leave({...worker, token: fresh}, {tokenHash: hashSealTokenHex(fresh)})).status, 202)
    await left()
  })

  it('is let go when its seal has run out, and may come back with a new one', async () => {
    const worker = await joined()
    const seal = world.chain.seals.get(worker.body.seal)!
    seal.expiresAtMs = world.time.nowMs - 61_000
    await left()
    assert.deepEqual(world.chain.evictions, [])
    assert.equal((await world.register(worker)).status, 410)
    seal.expiresAtMs = world.time.nowMs + 60_000
    assert.equal((await world.register(worker)).status, 201)
  })
})
