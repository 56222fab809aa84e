import assert from 'node:assert/strict'
import {type DrainPolicy, signLeave, type LeaveBody} from '../../../src/lib/seal/leave.ts'
import {createNonce} from '../../../src/lib/seal/registration.ts'
import {startWorld, type TestAnswer, type TestWorker, until, type World} from './world.ts'

const node = '/api/v1/nodes/w1'
const pod = '/api/v1/namespaces/default/pods/p'
const STRICT: DrainPolicy = {force: false, deleteEmptyDirData: false, timeoutMs: 60_000}
const NO = {status: 429, body: {kind: 'Status', message: 'a budget says no'}}

describe('a worker that leaves and is to be drained', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld({drainGraceMs: 50, orphanSweepMs: 20, nodeSweepMs: 20, livenessMs: 20})
    world.kube.intercept = (call) => (call.endsWith('/eviction') ? NO : undefined)
  })
  afterEach(() => world.close())

  async function joined(): Promise<TestWorker> {
    const worker = world.stakeAndSeal('w1')
    await world.register(worker)
    world.nodeReady('w1')
    await until(() => world.logs.some((line) => line.startsWith('worker registered')), 'the join')
    world.kube.put(pod, {
      metadata: {namespace: 'default', ownerReferences: [{kind: 'ReplicaSet', controller: true}]},
      spec: {nodeName: 'w1'},
    })
    return worker
  }

  async function leave({body: of, token, signer}: TestWorker, drain: DrainPolicy): Promise<TestAnswer> {
    const {cluster, stake, nodeName, address, tokenHash} = of
    const body: LeaveBody = {
      ...{version: 1, cluster, stake, nodeName, address, tokenHash, drain},
      timestampMs: world.time.nowMs,
      nonce: createNonce(),
    }
    return world.ask('POST', '/v1/workers/w1/leave', token, {body, signature: await signLeave(signer, body)})
  }

  const status = async ({token}: TestWorker): Promise<TestAnswer['json']> =>
    (await world.ask('GET', '/v1/workers/w1', token)).json
  const said = (start: string): boolean => world.logs.some((line) => line.startsWith(start))
  const asked = (): boolean => world.kube.calls.some((call) => call.endsWith('/eviction'))

  it('stays registered where a budget holds it, says why, and may ask again', async () => {
    const worker = await joined()
    assert.equal((await leave(worker, {...STRICT, timeoutMs: 30})).status, 202)
    await until(() => said('worker stays'), 'the end of the drain')
    const {registered, leaving, stays} = await status(worker)
    assert.deepEqual([registered, leaving], [true, undefined])
    assert.match((stays as {reason: string}).reason, /default\/p .*a budget says no/)
    assert.ok(world.kube.objects.has(pod))
    assert.deepEqual(
      world.chain.statuses.filter((each) => each.status === 'offline'),
      [],
    )
    assert.equal((world.kube.objects.get(node)?.spec as {unschedulable?: boolean}).unschedulable, undefined)

    world.kube.intercept = () => undefined
    assert.equal((await leave(worker, STRICT)).status, 202)
    await until(() => said('worker left'), 'the leave')
    assert.equal(world.kube.objects.has(node), false)
  })

  it('goes on after a restart of the listener as it was asked to', async () => {
    const worker = await joined()
    await leave(worker, STRICT)
    await until(asked, 'the drain')
    await world.restart()
    world.kube.calls.length = 0
    await until(asked, 'the drain again')
    assert.ok(world.kube.objects.has(pod))
    world.kube.intercept = () => undefined
    await until(() => said('worker left'), 'the leave')
  })

  it('is thrown out at once where it is slashed meanwhile', async () => {
    const worker = await joined()
    await leave(worker, STRICT)
    await until(asked, 'the drain')
    const {stake} = worker.body
    world.chain.stakes.get(stake)!.status = 'slashed'
    world.chain.emit({kind: 'stake-lost', stake, reason: 'stake slashed'})
    await until(() => said('worker evicted'), 'the eviction')
    assert.equal(world.kube.objects.has(node), false)
    assert.equal(world.chain.evictions.length, 1)
  })

  it('goes by force where its owner has lost patience', async () => {
    const worker = await joined()
    await leave(worker, STRICT)
    await until(asked, 'the drain')
    assert.equal((await leave(worker, {...STRICT, force: true})).status, 202)
    await until(() => said('worker left'), 'the leave')
    assert.equal(world.kube.objects.has(pod), false)
  })
})
