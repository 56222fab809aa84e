import assert from 'node:assert/strict'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {openJournal} from '../../../src/lib/listener/journal.ts'
import {createLivenessWatch} from '../../../src/lib/listener/liveness.ts'
import {newId} from './fake-chain.ts'
import {startWorld, until} from './world.ts'
import type {TestWorker, World} from './world.ts'

const node = '/api/v1/nodes/w1'
const list = '/api/v1/namespaces/kube-system/configmaps/daas-nodes'
const lease = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/w1'

describe('what the listener looks after by itself', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld({orphanSweepMs: 20, nodeSweepMs: 20, livenessMs: 20, offlineAfter: 3})
  })
  afterEach(() => world.close())

  async function joined(): Promise<TestWorker> {
    const worker = world.stakeAndSeal('w1')
    await world.register(worker)
    world.nodeReady('w1')
    await until(() => world.logs.some((line) => line.startsWith('worker registered')), 'the join')
    return worker
  }

  it('deletes a node that was evicted and is back', async () => {
    const worker = await joined()
    world.chain.emit({kind: 'stake-lost', stake: worker.body.stake, reason: 'stake slashed'})
    await until(() => world.logs.some((line) => line.startsWith('worker evicted')), 'the eviction')
    world.nodeReady('w1')
    await until(() => !world.kube.objects.has(node), 'the node to be deleted again')
  })

  it('sees by its watch, at once, a node that is back, one that is gone and one that is new', async () => {
    await world.close()
    world = await startWorld({orphanSweepMs: 600_000, nodeSweepMs: 600_000, livenessMs: 600_000})
    await until(() => world.kube.calls.some((call) => call.includes('watch=true')), 'the watch')
    const worker = await joined()
    world.kube.objects.delete(node)
    const statuses = (): string[] =>
      world.chain.liveness.flatMap(({changed}) => changed.map((it) => it.status))
    await until(() => statuses().at(-1) === 'offline', 'the chain to hear of it')
    // Its kubelet registers anew: with the quarantine taint, and without what the listener said of the old one.
    world.nodeReady('w1')
    const isSettled = (): boolean => {
      const {metadata, spec} = world.kube.objects.get(node) as unknown as {
        metadata: {labels?: Record<string, string>}
        spec: {taints?: unknown}
      }
      return (
        metadata.labels?.['node-restriction.kubernetes.io/daas-verified'] === 'true' &&
        spec.taints === undefined
      )
    }
    await until(isSettled, 'the new node to be settled')
    world.chain.emit({kind: 'stake-lost', stake: worker.body.stake, reason: 'stake slashed'})
    await until(() => world.logs.some((line) => line.startsWith('worker evicted')), 'the eviction')
    world.nodeReady('w1')
    await until(() => !world.kube.objects.has(node), 'the node to be deleted again')
    assert.equal(world.chain.workers.size, 1)
  })

  it('notes heartbeats, tells them, and says who has fallen silent', async () => {
    const worker = await joined()
    const report = {stage: 'ready', restarts: 2, uptimeMs: 5000}
    const beat = (body?: object) => world.ask('POST', '/v1/workers/w1/heartbeat', worker.token, body)
    assert.equal((await beat(report)).status, 200)
    const at = new Date(world.time.nowMs).toISOString()
    const told = async (): Promise<unknown> =>
      (await world.ask('GET', '/v1/workers/w1', worker.token)).json.heartbeat
    assert.deepEqual(await told(), {at, ...report})
    // One that says nothing leaves what was said.
    world.time.nowMs += 1000
    await beat()
    assert.deepEqual(await told(), {at: new Date(world.time.nowMs).toISOString(), ...report})
    await world.restart()
    assert.deepEqual(await told(), {at: new Date(world.time.nowMs).toISOString(), ...report})
    world.time.nowMs += 91_000
    const logged = (text: string): boolean => world.logs.some((line) => line.startsWith(text))
    await until(() => logged('no heartbeat of a worker any more'), 'the silence to be noticed')
    await beat(report)
    await until(() => logged('heartbeats of a worker again'), 'its end to be noticed')
  })

  it('deletes nodes that look like workers and have no place, and leaves others alone', async () => {
    world.kube.put('/api/v1/nodes/stray', {metadata: {labels: {'daas.io/stake': 'x'}}, spec: {}})
    world.kube.put('/api/v1/nodes/server', {spec: {}})
    await until(() => !world.kube.objects.has('/api/v1/nodes/stray'), 'the stray to go')
    await sleep(60)
    assert.equal(world.kube.objects.has('/api/v1/nodes/server'), true)
  })

  it('takes names without a stake off the allow-list, and keeps those of a lost journal', async () => {
    const alive = world.stakeAndSeal('kept')
    world.kube.put(list, {data: {gone: newId(), kept: alive.body.stake, server: 'adopted'}})
    world.kube.put('/api/v1/nodes/gone', {spec: {}})
    await until(() => !world.kube.objects.has('/api/v1/nodes/gone'), 'the orphan to go')
    assert.deepEqual(world.kube.objects.get(list)?.data, {kept: alive.body.stake, server: 'adopted'})
  })

  it('deletes the Secret of a registration that was cut off', async () => {
    await world.listener.close()
    const journal = openJournal(join(world.dir, 'journal.sqlite'))
    journal.secrets.note('abc123')
    journal.close()
    const secret = '/api/v1/namespaces/kube-system/secrets/bootstrap-token-abc123'
    world.kube.put(secret, {metadata: {labels: {'app.kubernetes.io/managed-by': 'daas'}}})
    await world.restart()
    await until(() => !world.kube.objects.has(secret), 'the Secret to go')
  })

  it('evicts a worker whose stake was lost without an event', async () => {
    const worker = await joined()
    world.chain.stakes.get(worker.body.stake)!.status = 'slashed'
    await until(() => world.logs.some((line) => line.startsWith('worker evicted')), 'the eviction')
  })

  it('labels a worker so that others can trust it, and takes such a label from nobody', async () => {
    const worker = await joined()
    const labels = (world.kube.objects.get(node) as {metadata: {labels?: Record<string, string>}}).metadata
      .labels
    assert.deepEqual(labels, {
      'node-restriction.kubernetes.io/daas-stake': worker.body.stake.slice(2, 18),
      'node-restriction.kubernetes.io/daas-verified': 'true',
    })
    const forger = world.stakeAndSeal('w2')
    for (const key of [
      'node-restriction.kubernetes.io/daas-verified',
      'daas.io/stake',
      'node-role.kubernetes.io/worker',
    ]) {
      const {status, json} = await world.register(forger, {body: {labels: {[key]: 'true'}}})
      assert.deepEqual([status, json.error?.code], [400, 'DAAS-L201'], key)
    }
  })

  it('tells the chain who lives: ready, offline after three looks, ready again', async () => {
    let renewals = 0
    const renew = (): void => world.kube.put(lease, {spec: {renewTime: `t${++renewals}`}})
    await joined()
    renew()
    const last = (): string | undefined => world.chain.liveness.flatMap(({changed}) => changed).at(-1)?.status
    await until(() => last() === 'ready', 'ready')
    await until(() => last() === 'offline', 'offline')
    assert.deepEqual(world.chain.liveness.at(-1)?.alive, [])
    renew()
    await until(() => last() === 'ready', 'ready again')
  })

  it('goes by changes of the Lease, and tells a change once it stands on chain', () => {
    const watch = createLivenessWatch(2)
    const workers = [{nodeName: 'w1', worker: '0x1'}]
    const look = (lease?: string): ReturnType<typeof watch.look> =>
      watch.look(workers, new Map(lease === undefined ? [] : [['w1', lease]]))
    assert.deepEqual(look('a').report, {alive: ['0x1'], changed: [{worker: '0x1', status: 'ready'}]})
    const second = look('b')
    assert.deepEqual(second.report.changed, [{worker: '0x1', status: 'ready'}])
    second.commit()
    assert.deepEqual(look('b').report, {alive: ['0x1'], changed: []})
    assert.deepEqual(look('b').report, {alive: [], changed: [{worker: '0x1', status: 'offline'}]})
    assert.deepEqual(look(undefined).report.alive, [])
    assert.deepEqual(look('c').report.alive, ['0x1'])
  })
})
