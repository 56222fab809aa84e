import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {executeKubectl} from '../../../src/lib/contracts/transactions/requests.ts'
import {chunk} from '../../../src/lib/seal/chunks.ts'
import {sealRequest} from '../../../src/lib/seal/envelope.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import type {Verdict} from '../lib/gate.ts'
import {type GatewayChaos, startGatewayChaos} from './gateway-chaos.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'
/** As many as the listener carries out at a time. */
const BUSY = 32

describe('Ctrl-C of the built daas kubectl', function () {
  this.timeout(120_000)
  let chaos: GatewayChaos
  let known: Set<string>

  before(async function () {
    chaos = await startGatewayChaos(this)
  })
  after(() => chaos?.close())
  beforeEach(async () => {
    known = new Set((await chaos.told(new Set())).map(({requestId}) => requestId))
  })
  afterEach(() => {
    chaos.judge = () => 'pass'
  })

  const create = async (name: string): Promise<string[]> => {
    const path = join(chaos.dir, `${name}.json`)
    await writeFile(path, JSON.stringify({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}}))
    return ['kubectl', 'create', '--raw', MAPS, '-f', path]
  }
  const exists = async (name: string): Promise<boolean> =>
    (await chaos.admin.call({method: 'GET', path: `${MAPS}/${name}`})).status === 200

  /** Asks for so many reads at once, in one transaction. */
  const askMany = async (): Promise<void> => {
    const {id: seal, stake} = chaos.seal
    const requests = Array.from({length: BUSY}, () => ({requestId: randomBytes(16)}))
    await chaos.execute(async (tx, cluster) => {
      for (const {requestId} of requests) {
        const {envelope} = await sealRequest({
          listenerPublicKey: cluster.listenerHpkeKey,
          aad: {requestId, cluster: cluster.id, seal},
          request: {method: 'GET', path: MAPS, headers: {}, body: new Uint8Array()},
        })
        executeKubectl(tx, {
          ...{packageId: cluster.packageId, cluster: cluster.id, seal, stake, requestId},
          ...{verb: 'list', resource: 'configmaps', namespace: 'default', priority: 0},
          envelope: chunk(envelope),
        })
      }
    })
  }

  it('with its request in the queue of the listener: 130, it is never executed, and 499 on chain', async () => {
    const {promise: free, resolve: release} = Promise.withResolvers<void>()
    const calls: string[] = []
    chaos.judge = async (kind, what): Promise<Verdict> => {
      if (kind === 'call') calls.push(what)
      if (kind === 'call' && what.startsWith('GET')) await free
      return 'pass'
    }
    await askMany()
    await waitUntil('the listener is busy', () => calls.length === BUSY)
    const running = chaos.start(await create('queued'))
    await waitUntil('it is in the queue', async () => (await chaos.told(known)).length === BUSY + 1, 30_000)
    const mine = (await chaos.told(known)).at(-1)
    assert.equal(mine?.state, 'queued')
    const began = performance.now()
    const {exitCode} = await running.stop('SIGINT')
    assert.equal(exitCode, 130)
    assert.ok(performance.now() - began < 10_000)
    release()
    await waitUntil('all have their answers', async () =>
      (await chaos.told(known)).every(({state}) => state === 'done'),
    )
    const told = await chaos.told(known)
    assert.deepEqual(
      told.map(({status}) => status),
      [...Array<number>(BUSY).fill(200), 499],
    )
    assert.equal(told.at(-1)?.requestId, mine.requestId)
    assert.deepEqual(
      calls.filter((what) => !what.startsWith('GET')),
      [],
    )
    assert.equal(await exists('queued'), false)
    assert.deepEqual(await chaos.leftovers(), [])
  })

  it('before its transaction is sent: 130, and nothing is ever on chain', async () => {
    const {promise: asked, resolve: onAsk} = Promise.withResolvers<void>()
    const {promise: free, resolve: release} = Promise.withResolvers<void>()
    chaos.judge = async (kind): Promise<Verdict> => {
      if (kind !== 'request') return 'pass'
      onAsk()
      await free
      return 'drop'
    }
    const running = chaos.start(await create('unsent'))
    await asked
    const {exitCode} = await running.stop('SIGINT')
    assert.equal(exitCode, 130)
    release()
    chaos.judge = () => 'pass'
    const next = await chaos.start(['kubectl', 'get', '--raw', MAPS]).ended
    assert.equal(next.exitCode, 0, next.stderr)
    // What came after it is there, so it never comes.
    assert.deepEqual(
      (await chaos.told(known)).map(({status}) => status),
      [200],
    )
    assert.equal(await exists('unsent'), false)
    assert.deepEqual(await chaos.leftovers(), [])
  })
})
