import {bcs} from '@mysten/sui/bcs'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {createKit} from './kit-calls.ts'
import {createRig, written, type Rig} from './rig.ts'

const RANDOM = {objectId: '0x8', initialSharedVersion: 1, mutable: false}
const RANDOM_ID = `0x${'8'.padStart(64, '0')}`

async function start(seed: string) {
  const rig = await createRig({seed, now: () => 1_000_000})
  const kit = await createKit(rig)
  const roll = async () => {
    const {events} = await kit.succeed((tx) => kit.call(tx, 'roll', tx.sharedObjectRef(RANDOM)))
    return bcs.U64.parse(events[0]!.contents)
  }
  return {rig, kit, roll}
}

describe('randomness of the devnet', () => {
  const rigs: Rig[] = []
  afterEach(async () => {
    for (const rig of rigs.splice(0)) await rig.node.close()
  })
  const begin = async (seed: string) => {
    const started = await start(seed)
    rigs.push(started.rig)
    return started
  }

  it('makes another number in each transaction, by a round of its own', async () => {
    const {rig, roll} = await begin('one')
    const rolls = [await roll(), await roll(), await roll()]
    assert.equal(new Set(rolls).size, 3)
    const {transactions} = await rig.node.sealCheckpoint()
    const rounds = transactions.flatMap(({data}) => data.V1.kind.RandomnessStateUpdate ?? [])
    assert.deepEqual(
      rounds.map(({randomnessRound, randomnessObjInitialSharedVersion: version}) => [
        randomnessRound,
        version,
      ]),
      [
        ['0', '1'],
        ['1', '1'],
        ['2', '1'],
      ],
    )
    assert.equal(new Set(rounds.map(({randomBytes}) => Buffer.from(randomBytes).toString('hex'))).size, 3)
  })

  it('has bytes that follow from the seed', async () => {
    const bytesOf = async (seed: string) => {
      const {rig, roll} = await begin(seed)
      await roll()
      const {transactions} = await rig.node.sealCheckpoint()
      return transactions.flatMap(({data}) => data.V1.kind.RandomnessStateUpdate?.randomBytes ?? [])
    }
    const one = await bytesOf('one')
    assert.equal(one.length, 1)
    assert.deepEqual(await bytesOf('one'), one)
    assert.notDeepEqual(await bytesOf('two'), one)
  })

  it('keeps the state of Random as the framework reads it, through effects that the SDK reads', async () => {
    const {rig, roll} = await begin('one')
    const before = rig.node.getObject(RANDOM_ID)!
    await roll()
    const after = rig.node.getObject(RANDOM_ID)!
    assert.equal(after.version > before.version, true)
    assert.deepEqual(after.owner, {kind: 'shared', initialSharedVersion: 1n})
    const versioned = `0x${Buffer.from(after.contents.subarray(32, 64)).toString('hex')}`
    const [state] = rig.node.childrenOf(versioned)
    assert.equal(state?.contents.length, 32 + 8 + 8 + 8 + 8 + 1 + 32)
    const {transactions} = await rig.node.sealCheckpoint()
    const update = transactions.find(({data}) => data.V1.kind.RandomnessStateUpdate !== undefined)!
    assert.deepEqual(
      update.effects.V2!.changedObjects.map(([id]) => id).toSorted(),
      [RANDOM_ID, state.id].toSorted(),
    )
  })

  it('lets only transfers and merges follow, and nobody write to it', async () => {
    const {rig, kit} = await begin('one')
    const use = (tx: Transaction) =>
      kit.call(tx, 'roll_a_coin', tx.sharedObjectRef(RANDOM), tx.splitCoins(tx.gas, [5]))
    const refused = async (fill: (tx: Transaction) => unknown) => {
      const tx = new Transaction()
      fill(tx)
      return rig.send(tx).then(
        () => '',
        (error: Error) => error.message.slice('Error checking transaction input objects: '.length),
      )
    }
    const message = 'Commands following a command with Random can only be TransferObjects or MergeCoins'
    assert.equal(await refused((tx) => kit.call(tx, 'unbox', use(tx))), message)
    assert.equal(
      await refused((tx) => {
        tx.transferObjects([use(tx)], rig.address)
        tx.splitCoins(tx.gas, [1])
      }),
      message,
    )
    assert.equal(
      await refused((tx) => kit.call(tx, 'roll', tx.sharedObjectRef({...RANDOM, mutable: true}))),
      'Mutable parameter provided, immutable parameter expected',
    )
    const done = await kit.succeed((tx) => {
      const coin = tx.splitCoins(tx.gas, [5])
      const box = kit.call(tx, 'roll_a_coin', tx.sharedObjectRef(RANDOM), coin)
      tx.transferObjects([box], rig.address)
      tx.mergeCoins(tx.gas, [coin])
    })
    const rolled = kit.boxValue(written(done, 'kit::Box').id)!
    assert.ok(rolled >= 1 && rolled <= 6)
  })

  it('is there for simulations, which begin no round', async () => {
    const {rig, kit, roll} = await begin('one')
    await roll()
    const version = rig.node.getObject(RANDOM_ID)!.version
    const tx = new Transaction()
    kit.call(tx, 'roll', tx.sharedObjectRef(RANDOM))
    const {transaction} = await rig.simulate(tx)
    assert.equal(transaction.failure, undefined)
    assert.equal(rig.node.getObject(RANDOM_ID)!.version, version)
  })
})
