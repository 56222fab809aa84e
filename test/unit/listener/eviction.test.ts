import assert from 'node:assert/strict'
import {get} from 'node:http'
import {startWorld, until} from './world.ts'
import type {TestWorker, World} from './world.ts'

const node = '/api/v1/nodes/w1'
const list = '/api/v1/namespaces/kube-system/configmaps/daas-nodes'

describe('eviction by the listener', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld()
  })
  afterEach(() => world.close())

  async function joined(): Promise<TestWorker> {
    const worker = world.stakeAndSeal('w1')
    await world.register(worker)
    world.nodeReady('w1')
    await until(() => world.logs.some((line) => line.startsWith('worker registered')), 'the join')
    return worker
  }

  const gone = (): Promise<void> =>
    until(() => world.logs.some((line) => line.startsWith('worker evicted')), 'the eviction')

  const losses = [
    {event: 'stake-lost', reason: 'stake slashed'},
    {event: 'stake-lost', reason: 'stake withdrawn'},
    {event: 'stake-lost', reason: 'unstake requested'},
    {event: 'seal-lost', reason: 'seal revoked'},
  ] as const
  for (const {event, reason} of losses) {
    it(`follows: ${reason}`, async () => {
      const worker = await joined()
      const {stake, seal} = worker.body
      if (event === 'stake-lost') world.chain.emit({kind: event, stake, reason})
      else world.chain.emit({kind: event, seal, reason})
      await gone()
      assert.equal(world.kube.objects.has(node), false)
      assert.deepEqual(world.kube.objects.get(list)?.data, {})
      assert.deepEqual(world.chain.evictions, [{worker: world.chain.workers.get(stake)!.id, reason}])
      assert.deepEqual((await world.ask('GET', '/v1/workers/w1', worker.token)).json, {
        nodeName: 'w1',
        registered: false,
        nodeReady: false,
        evicted: true,
        reason,
      })
      assert.equal((await world.register(worker)).status, 403)
      assert.equal((await world.ask('POST', '/v1/workers/w1/heartbeat', worker.token)).status, 403)
    })
  }

  it('goes through with an eviction that the chain knows already', async () => {
    const {stake} = (await joined()).body
    world.chain.workers.get(stake)!.evicted = true
    world.chain.emit({kind: 'stake-lost', stake, reason: 'stake slashed'})
    await gone()
    assert.equal(world.kube.objects.has(node), false)
    assert.deepEqual(world.chain.evictions, [])
  })

  it('takes the token of a worker that has not joined yet', async () => {
    const worker = world.stakeAndSeal('w1')
    await world.register(worker)
    world.chain.emit({kind: 'stake-lost', stake: worker.body.stake, reason: 'stake slashed'})
    await gone()
    assert.equal(
      [...world.kube.objects.keys()].some((path) => path.includes('bootstrap-token')),
      false,
    )
    assert.deepEqual(world.kube.objects.get(list)?.data, {})
    assert.deepEqual(world.chain.evictions, [])
  })

  it('leaves everybody else alone', async () => {
    await joined()
    world.chain.emit({kind: 'stake-lost', stake: '0x1', reason: 'stake slashed'})
    world.chain.emit({kind: 'seal-lost', seal: '0x2', reason: 'seal revoked'})
    const {answer} = await world.kubectl({path: '/api/v1/nodes'})
    await answer
    assert.equal(world.kube.objects.has(node), true)
  })

  it('goes on after the cluster refused, and after a restart', async () => {
    const worker = await joined()
    const broken = {status: 500, body: {message: 'broken'}}
    world.kube.intercept = (call) => (call === `DELETE ${node}` ? broken : undefined)
    world.chain.emit({kind: 'stake-lost', stake: worker.body.stake, reason: 'stake slashed'})
    await until(() => world.logs.some((line) => line.startsWith('not settled yet')), 'a failure')
    assert.deepEqual(world.kube.objects.get(list)?.data, {})
    await world.listener.close()
    world.kube.intercept = () => undefined
    assert.equal(world.kube.objects.has(node), true)
    await world.restart()
    await gone()
    assert.equal(world.kube.objects.has(node), false)
  })

  it('finds at its start what was slashed while the journal could not see it', async () => {
    const worker = await joined()
    await world.listener.close()
    world.chain.stakes.get(worker.body.stake)!.status = 'slashed'
    await world.restart()
    await gone()
    assert.equal(world.kube.objects.has(node), false)
  })

  it('is announced once, again only when something differs', async () => {
    assert.equal(world.chain.announced.length, 1)
    assert.equal(world.chain.announced[0]!.listenerUrls[0], `https://127.0.0.1:${world.info.port}`)
    const port = world.info.port
    await world.restart()
    assert.equal(world.chain.announced.length, world.info.port === port ? 1 : 2)
    const {hpkeKey, tlsPin} = world.chain.announced.at(-1)!
    assert.deepEqual(hpkeKey, world.chain.announced[0]!.hpkeKey)
    assert.deepEqual(tlsPin, world.chain.announced[0]!.tlsPin)
  })

  it('tells how it is', async () => {
    await joined()
    await until(() => world.kube.calls.includes('GET /version'), 'a probe')
    const read = (path: string): Promise<{status: number; text: string}> =>
      new Promise((resolve, reject) => {
        get(`${world.info.healthUrl}${path}`, {agent: false}, (response) => {
          let text = ''
          response.on('data', (part: Buffer) => (text += part.toString()))
          response.on('end', () => resolve({status: response.statusCode!, text}))
        }).on('error', reject)
      })
    assert.deepEqual(await read('/livez'), {status: 200, text: 'ok\n'})
    const {text} = await read('/metrics')
    for (const line of [
      'daas_workers_total{end="registered"} 1',
      'daas_queue_depth 0',
      'daas_build_info{version="0.0.0"} 1',
    ]) {
      assert.ok(text.includes(line), line)
    }

    // The fake cluster has no /version.
    assert.deepEqual(await read('/readyz'), {status: 503, text: '[+]events ok\n[-]kubernetes answers 404\n'})
    assert.equal((await read('/other')).status, 404)
  })
})
