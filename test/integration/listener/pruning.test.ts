import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Transaction} from '@mysten/sui/transactions'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {setTtls} from '../../../src/lib/contracts/administration.ts'
import {readCluster, readRequest, type ClusterInfo} from '../../../src/lib/contracts/reads.ts'
import {executeKubectl} from '../../../src/lib/contracts/transactions/requests.ts'
import {stakeAndSealForUser} from '../../../src/lib/contracts/transactions/staking.ts'
import {createWorld, type World} from '../../../src/lib/devnet/world.ts'
import {createListenerChain} from '../../../src/lib/listener/chain.ts'
import type {ListenerChain} from '../../../src/lib/listener/chain-port.ts'
import {openJournal, type Journal} from '../../../src/lib/listener/journal.ts'
import {pruneOver} from '../../../src/lib/listener/pruning.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {executeTransaction, type ExecutedTx} from '../../../src/lib/sui/execute.ts'
import {waitUntil} from '../../helpers/wait-until.ts'

const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}
/** The answer of priority 3 lives, the others are over at once. */
const ANSWER_TTLS = [1n, 1n, 1n, 600_000n]

describe('pruning on the chain of a devnet', function () {
  this.timeout(60_000)
  const ended = new AbortController()
  let dir: string
  let world: World
  let cluster: ClusterInfo
  let chain: ListenerChain
  let journal: Journal

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-pruning-'))
    world = await createWorld({
      dir,
      kubernetes: 'none',
      clusterName: 'pruning',
      env: {},
      signal: ended.signal,
      logger: quiet,
      checkpointIntervalMs: 20,
    })
    cluster = await readCluster(createSuiClient({url: world.devnet.url}), world.cluster.cluster)
    chain = await createListenerChain(
      {
        client: createSuiClient({url: world.devnet.url}),
        signer: world.people.listener.signer,
        clusterId: cluster.id,
        url: world.devnet.url,
      },
      ended.signal,
    )
    journal = openJournal(join(dir, 'journal.sqlite'))
  })
  after(async () => {
    journal?.close()
    ended.abort()
    await world?.close()
    await rm(dir, {recursive: true, force: true})
  })

  const execute = (
    person: 'admin' | 'listener' | 'user',
    build: (tx: Transaction) => void,
  ): Promise<ExecutedTx> => {
    const {devnet, people} = world
    const tx = new Transaction()
    build(tx)
    const client = createSuiClient({url: devnet.url})
    const {signer} = people[person]
    return executeTransaction({client, signer, url: devnet.url, describeAbort: abortOf}, tx)
  }
  const idsOf = ({created}: ExecutedTx, name: string): string[] =>
    created.filter(({type}) => type.endsWith(`::${name}`)).map(({objectId}) => objectId)
  const balanceOf = async (person: 'listener'): Promise<bigint> => {
    const client = createSuiClient({url: world.devnet.url})
    return BigInt((await client.getBalance({owner: world.people[person].address})).balance.balance)
  }

  it('deletes what is over in one transaction, leaves what lives, and its deposits come back', async () => {
    const client = createSuiClient({url: world.devnet.url})
    const call = {packageId: cluster.packageId, cluster: cluster.id}
    const {maxSealTtlMs, maxEnvelopeBytes} = cluster
    await execute('admin', (tx) =>
      setTtls(tx, {
        ...call,
        cap: world.cluster.adminCap,
        requestTtlMs: [60_000n, 60_000n, 60_000n, 60_000n],
        responseTtlMs: ANSWER_TTLS,
        maxSealTtlMs,
        maxEnvelopeBytes,
      }),
    )
    const sealed = await execute('user', (tx) =>
      stakeAndSealForUser(tx, {
        ...call,
        tokenHash: randomBytes(32),
        ttlMs: 3_600_000n,
        amount: 10_000_000_000n,
      }),
    )
    const [stake = ''] = idsOf(sealed, 'Stake')
    const [seal = ''] = idsOf(sealed, 'SealToken')
    const asked: string[] = []
    for (const priority of [0, 1, 3, 0]) {
      const what = {verb: 'list', resource: 'pods', namespace: '', envelope: [randomBytes(100)], priority}
      const request = {...call, seal, stake, requestId: randomBytes(16), ...what}
      asked.push(...idsOf(await execute('user', (tx) => executeKubectl(tx, request)), 'KubectlRequest'))
    }

    const [first = '', second = '', living = '', unanswered = ''] = asked
    const bodyHash = new Uint8Array(32)
    const answer = {status: 200, body: new Uint8Array(), bodyHash, bodyLocation: '/v1/blobs/x'}
    await chain.storeResponses(
      [first, second, living].map((request) => ({request, ...answer})),
      ended.signal,
    )
    const event = {...call, seal, stake, requester: '0x1', requestId: new Uint8Array(16), priority: 0}
    const rest = {verb: '', resource: '', namespace: '', permissions: [], envelope: new Uint8Array()}
    for (const request of asked) {
      journal.requests.enqueue({...event, ...rest, request, expiresAtMs: Date.now()})
    }

    journal.requests.finish(asked, 'done')

    // The clock of the chain moves with its checkpoints, a little behind ours.
    const ends = (await chain.requestEnds([first, second], ended.signal)).map(Number)
    await waitUntil('the clock of the chain is past the answers', async () => {
      const {object} = await client.getObject({objectId: '0x6', include: {json: true}})
      return Number(object.json?.timestamp_ms) > Math.max(...ends)
    })
    const before = await balanceOf('listener')
    const deps = {chain, journal, clock: Date.now, logger: quiet, signal: ended.signal, graceMs: 0}
    assert.equal(await pruneOver(deps), 2)
    const gained = (await balanceOf('listener')) - before
    process.stdout.write(`      the listener gained ${gained / 2n} MIST for each\n`)
    assert.ok(gained > 2_000_000n, `${gained}`)
    for (const request of [first, second]) {
      await assert.rejects(readRequest(client, request), {errorName: 'OBJECT_MISSING'})
    }

    for (const request of [living, unanswered]) assert.equal((await readRequest(client, request)).id, request)
    assert.deepEqual(await chain.requestEnds([first, second], ended.signal), [undefined, undefined])
    assert.equal(await pruneOver(deps), 0)
    // Who prunes too early is refused by the chain, and nothing of the transaction happens.
    await assert.rejects(chain.pruneRequests([living], ended.signal), {errorName: 'MOVE_ABORT'})
  })
})
