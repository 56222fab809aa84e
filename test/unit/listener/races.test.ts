import assert from 'node:assert/strict'
import {setTimeout as sleep} from 'node:timers/promises'
import {startWorld, until} from './world.ts'
import type {World} from './world.ts'

const list = '/api/v1/namespaces/kube-system/configmaps/daas-nodes'
const node = '/api/v1/nodes/w1'
const lease = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/w1'

describe('a registration while something else happens to the worker', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld()
  })
  afterEach(() => world.close())

  const logged = (text: string): boolean => world.logs.some((line) => line.startsWith(text))
  const tokens = (): string[] =>
    [...world.kube.objects.keys()].filter((path) => path.includes('bootstrap-token'))

  /** Holds the n-th answer of the chain back, as it was when it was asked. */
  function hold(what: 'readStake' | 'findWorker' | 'registerWorker', nth: number) {
    const gate = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const chain = world.chain as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
    const real = chain[what]!
    let calls = 0
    chain[what] = async (...args) => {
      const answer = await real(...args)
      if (++calls === nth) {
        held.resolve()
        await gate.promise
      }

      return answer
    }
    return {held: held.promise, release: () => gate.resolve()}
  }

  async function joined() {
    const worker = world.stakeAndSeal('w1')
    assert.equal((await world.register(worker)).status, 201)
    world.nodeReady('w1')
    await until(() => logged('worker registered'), 'the join')
    return worker
  }

  it('leaves nothing of one whose stake is slashed before its token is written', async () => {
    const worker = world.stakeAndSeal('w1')
    // The second look at the stake: the worker stands in the journal, its token does not stand in the cluster.
    const second = hold('readStake', 2)
    const answer = world.register(worker)
    await second.held
    world.chain.emit({kind: 'stake-lost', stake: worker.body.stake, reason: 'stake slashed'})
    await until(() => logged('worker evicted') || world.kube.calls.length > 0, 'the event')
    await sleep(50)
    second.release()
    await answer
    await until(() => logged('worker evicted'), 'the eviction')
    assert.deepEqual(tokens(), [])
    assert.deepEqual(world.kube.objects.get(list)?.data, {})
  })

  it('does not call a worker back that was slashed while it registered again', async () => {
    const worker = await joined()
    const asked = hold('findWorker', 1)
    const answer = world.register(worker)
    await asked.held
    world.chain.stakes.get(worker.body.stake)!.status = 'slashed'
    world.chain.emit({kind: 'stake-lost', stake: worker.body.stake, reason: 'stake slashed'})
    await sleep(50)
    asked.release()
    assert.equal((await answer).status, 403)
    await until(() => logged('worker evicted'), 'the eviction')
    assert.equal(world.kube.objects.has(node), false)
    assert.deepEqual(world.kube.objects.get(list)?.data, {})
  })

  it('spends the token of one that registers again while the first time is being settled', async () => {
    const worker = world.stakeAndSeal('w1')
    await world.register(worker)
    const settling = hold('registerWorker', 1)
    world.nodeReady('w1')
    await settling.held
    const answer = world.register(worker)
    await sleep(50)
    settling.release()
    assert.equal((await answer).status, 200)
    world.kube.put(lease, {spec: {renewTime: 'later'}})
    await until(() => world.logs.filter((line) => line.startsWith('worker registered')).length === 2, 'both')
    assert.deepEqual(tokens(), [])
    assert.equal(world.chain.workers.size, 1)
  })
})
