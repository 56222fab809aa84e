import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {stat} from 'node:fs/promises'
import {ownedCap} from '../../../src/lib/cluster/caps.ts'
import {findWorker, readCluster, readSeal, type ClusterInfo} from '../../../src/lib/contracts/reads.ts'
import {announceListener} from '../../../src/lib/contracts/transactions/cluster.ts'
import {evictWorker, registerWorker} from '../../../src/lib/contracts/transactions/nodes.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {executeTransaction} from '../../../src/lib/sui/execute.ts'
import {assertRefusal} from '../../helpers/assert-refusal.ts'
import {type CliWorld, keyOf, startCliWorld, type Who} from '../../helpers/cli-world.ts'

interface Document {
  changed: boolean
  dryRun?: boolean
  stake: string
  seal: string
  seals: string[]
  permissions: string[]
  tokenFile: string
  expiresAt: string
  amountMist: string
  addedMist: string
  worker: string
  score: string
  keyEpoch: string
  transaction?: string
  sender?: string
}

const NODE = ['--node', 'w1']
const OPERATOR = [...NODE, '--operator']

/** What the chain knows of nodes, by the command line; the listener's part is done by its key. */
describe('operators, scores and names by the command line', function () {
  this.timeout(180_000)
  let world: CliWorld
  let staked: Document

  before(async () => {
    world = await startCliWorld()
    staked = await done('operator', ['stake', ...NODE, '--amount', '10'])
  })
  after(() => world?.close())

  const done = async (who: Who, args: string[]): Promise<Document> => {
    const run = await world.as(who, [...args, '--json'])
    assert.equal(run.exitCode, 0, run.stdout)
    return run.json<Document>()
  }
  const refused = async (who: Who, args: string[], code: string, exit: number): Promise<void> => {
    assertRefusal(await world.as(who, [...args, '--json']), code, exit)
  }
  const client = () => createSuiClient({url: world.ready.rpcUrl})
  const onChain = () => readCluster(client(), world.ready.cluster)
  /** Does what the listener does. */
  const listen = async (
    build: (
      tx: Transaction,
      call: {packageId: string; cluster: string; cap: string},
      info: ClusterInfo,
    ) => void,
  ): Promise<void> => {
    const signer = await keyOf(world, 'listener')
    const info = await onChain()
    const cap = await ownedCap({
      ...{client: client(), owner: signer.toSuiAddress()},
      ...{cluster: info, cap: 'ListenerCap'},
    })
    const tx = new Transaction()
    build(tx, {packageId: info.packageId, cluster: info.id, cap}, info)
    await executeTransaction({client: client(), signer}, tx)
  }

  it('adds to a stake, each time again', async () => {
    const dry = await done('operator', ['stake', ...NODE, '--amount', '1', '--add', '--dry-run'])
    assert.deepEqual([dry.changed, dry.addedMist], [false, '1000000000'])
    const added = await done('operator', ['stake', ...NODE, '--amount', '500000000mist', '--add'])
    assert.deepEqual(
      [added.changed, added.stake, added.amountMist, added.addedMist],
      [true, staked.stake, '10500000000', '500000000'],
    )
    await refused('operator', ['stake', '--node', 'w2', '--amount', '1', '--add'], 'DAAS-W102', 4)
  })

  it('seals an operator only of a node that has joined', async () => {
    await refused('operator', ['seal', '--operator'], 'DAAS-U110', 2)
    await refused('operator', ['seal', '--node', 'w2', '--operator'], 'DAAS-W102', 4)
    await refused('operator', ['seal', ...OPERATOR], 'DAAS-W111', 7)
    const {seal} = await done('operator', ['seal', ...NODE])
    await listen((tx, call, {registry}) => registerWorker(tx, {...call, registry, stake: staked.stake, seal}))
    const dry = await done('operator', ['seal', ...OPERATOR, '--dry-run'])
    assert.deepEqual([dry.changed, dry.seal], [false, undefined])
    const first = await done('operator', ['seal', ...OPERATOR])
    assert.deepEqual([first.changed, first.permissions.at(-1)], [true, '*:*'])
    assert.ok(Date.parse(first.expiresAt) <= Date.now() + 3_600_000)
    assert.equal((await stat(first.tokenFile)).mode & 0o777, 0o600)
    const again = await done('operator', ['seal', ...OPERATOR])
    assert.deepEqual([again.changed, again.seal], [false, first.seal])
    assert.equal((await done('operator', ['seal', ...NODE])).seal, seal)
  })

  it('scores a node as the listener, and the operator’s seal follows when it is renewed', async () => {
    await refused('admin', ['cluster', 'score', 'w1', '--score', '250'], 'DAAS-W107', 4)
    const dry = await done('listener', ['cluster', 'score', 'w1', '--score', '250', '--dry-run'])
    assert.deepEqual([dry.changed, dry.dryRun], [false, true])
    const scored = await done('listener', ['cluster', 'score', 'w1', '--score', '250'])
    assert.deepEqual([scored.changed, scored.score], [true, '250'])
    assert.equal((await findWorker(client(), await onChain(), 'w1'))?.score, 250n)
    assert.equal((await done('listener', ['cluster', 'score', 'w1', '--score', '250'])).changed, false)
    const before = await done('operator', ['seal', ...OPERATOR])
    const renewed = await done('operator', ['seal', ...OPERATOR, '--renew'])
    assert.deepEqual([renewed.changed, renewed.seal], [true, before.seal])
    assert.ok(renewed.permissions.length > 0 && renewed.permissions.length < before.permissions.length)
  })

  it('ends the operator’s seal, once, and leaves the node’s', async () => {
    await refused('operator', ['unseal', ...OPERATOR], 'DAAS-U105', 2)
    const node = await done('operator', ['seal', ...NODE])
    const dry = await done('operator', ['unseal', ...OPERATOR, '--dry-run'])
    assert.deepEqual([dry.changed, dry.seals.length], [false, 1])
    const ended = await done('operator', ['unseal', ...OPERATOR, '--yes'])
    assert.deepEqual([ended.changed, ended.seals], [true, dry.seals])
    await assert.rejects(readSeal(client(), ended.seals[0]!))
    assert.equal((await done('operator', ['unseal', ...OPERATOR, '--yes'])).changed, false)
    assert.equal((await done('operator', ['seal', ...NODE])).seal, node.seal)
  })

  it('drops the previous keys of the listener, once', async () => {
    const dropped = () => done('listener', ['cluster', 'listener', 'drop-keys'])
    assert.equal((await dropped()).changed, false)
    for (const byte of [1, 2]) {
      await listen((tx, call) =>
        announceListener(tx, {
          ...call,
          ...{listenerUrls: ['https://l.example'], k3sUrl: 'https://k.example', k3sVersion: 'v1'},
          ...{hpkeKey: new Uint8Array(32).fill(byte), tlsPin: new Uint8Array(32), caHash: new Uint8Array()},
        }),
      )
    }
    assert.equal((await onChain()).previousHpkeKey.length, 32)
    await refused('admin', ['cluster', 'listener', 'drop-keys'], 'DAAS-W107', 4)
    const dry = await done('listener', ['cluster', 'listener', 'drop-keys', '--dry-run'])
    assert.deepEqual([dry.changed, dry.dryRun], [false, true])
    const {changed, keyEpoch} = await dropped()
    assert.deepEqual([changed, keyEpoch], [true, '2'])
    assert.equal((await onChain()).previousHpkeKey.length, 0)
    assert.equal((await dropped()).changed, false)
  })

  it('frees a name once its node is evicted, and not before; unsigned for a board as well', async () => {
    const release = ['cluster', 'release-name', 'w1']
    await refused('admin', release, 'DAAS-S112', 6)
    const info = await onChain()
    const worker = (await findWorker(client(), info, 'w1'))!.id
    await listen((tx, call, {registry}) => evictWorker(tx, {...call, registry, worker, reason: 'lied'}))
    await refused('operator', release, 'DAAS-W107', 4)
    const dry = await done('admin', [...release, '--dry-run'])
    assert.deepEqual([dry.changed, dry.worker], [false, worker])
    const {address} = world.ready.people.admin
    const unsigned = await done('admin', [...release, '--unsigned', '--address', address])
    assert.deepEqual([unsigned.changed, unsigned.sender], [false, address])
    assert.match(unsigned.transaction ?? '', /^[A-Za-z0-9+/]+=*$/)
    const released = await done('admin', release)
    assert.deepEqual([released.changed, released.worker], [true, worker])
    assert.equal(await findWorker(client(), info, 'w1'), undefined)
    assert.equal((await done('admin', release)).changed, false)
  })

  it('has nothing to prune where nothing is over', async () => {
    const none = await done('operator', ['cluster', 'prune', staked.stake])
    assert.equal(none.changed, false)
  })
})
