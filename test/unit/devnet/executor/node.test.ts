import {bcs} from '@mysten/sui/bcs'
import {Transaction, TransactionDataBuilder} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import type {LedgerCheckpoint} from '../../../../src/lib/devnet/ledger/api.ts'
import {digestOf} from '../../../../src/lib/devnet/ledger/digest.ts'
import {CheckpointSummaryBcs} from '../../../../src/lib/devnet/ledger/formats.ts'
import {balanceIn, CLOCK, createRig, START_BALANCE, SUI_COIN, type Rig} from './rig.ts'

/** What stands in `CheckpointContents`, as the SDK's codecs read it. */
const CheckpointContentsBcs = bcs.enum('CheckpointContents', {
  V1: bcs.struct('CheckpointContentsV1', {
    transactions: bcs.vector(
      bcs.struct('ExecutionDigests', {transaction: bcs.ObjectDigest, effects: bcs.ObjectDigest}),
    ),
    userSignatures: bcs.vector(bcs.vector(bcs.byteVector())),
  }),
})
const CLOCK_ID = `0x${'6'.padStart(64, '0')}`

describe('the devnet node', () => {
  let rig: Rig
  let now = 1_000_000
  const start = async (options = {}) => {
    now = 1_000_000
    rig = await createRig({now: () => now, ...options})
  }
  afterEach(() => rig.node.close())

  function pay(amount = 5n, to = '0x77') {
    const tx = new Transaction()
    tx.transferObjects([tx.splitCoins(tx.gas, [amount])], to)
    return tx
  }
  const clockShows = () => {
    const {contents} = rig.node.getObject(CLOCK_ID)!
    return Number(new DataView(contents.buffer, contents.byteOffset).getBigUint64(32, true))
  }

  it('begins with framework, clock and coins', async () => {
    await start()
    const {node} = rig
    assert.equal(node.tip().sequenceNumber, 0n)
    assert.equal(node.chainId, node.tip().digest)
    assert.deepEqual(
      ['1', '2'].map((id) => node.getObject(`0x${id.padStart(64, '0')}`)?.package?.version),
      [1n, 1n],
    )
    assert.equal(rig.coins().length, 5)
    assert.equal(
      rig.coins().reduce((sum, coin) => sum + balanceIn(coin), 0n),
      START_BALANCE,
    )
    const [genesis] = node.transactions(0n, 0n)
    const parsed = bcs.TransactionData.parse(genesis!.bytes)
    assert.equal(parsed.V1.kind.$kind, 'Genesis')
    assert.equal(parsed.V1.kind.Genesis?.objects.length, genesis!.outputObjects.length)
  })

  it('makes the same chain of the same seed', async () => {
    await start()
    const account = {address: `0x${'a'.repeat(64)}`, balance: 10n ** 12n}
    const chain = async (seed: string, at: number) => {
      const {node} = await createRig({seed, genesisAccounts: [account], now: () => at})
      const {coinId} = await node.fund(account.address, 5n)
      const ids = [
        node.chainId,
        coinId,
        ...node.objectsOwnedBy(account.address).map((object) => object.digest),
      ]
      await node.close()
      return ids
    }
    assert.deepEqual(await chain('one', 1), await chain('one', 2))
    assert.notDeepEqual(await chain('one', 1), await chain('two', 1))
  })

  it('writes objects, effects and digests that the SDK reads', async () => {
    await start()
    const result = await rig.send(pay())
    assert.equal(result.digest, TransactionDataBuilder.getDigestFromBytes(result.bytes))
    assert.equal(result.effectsDigest, digestOf('TransactionEffects', result.effectsBytes))
    assert.deepEqual(bcs.TransactionEffects.parse(result.effectsBytes), result.effects)
    const effects = result.effects.V2!
    assert.equal(effects.transactionDigest, result.digest)
    assert.deepEqual(
      effects.changedObjects.map(([id]) => id),
      effects.changedObjects.map(([id]) => id).toSorted(),
    )
    for (const object of result.outputObjects) {
      const parsed = bcs.Object.parse(object.bcs)
      assert.equal(object.digest, digestOf('Object', object.bcs))
      assert.deepEqual(bcs.Object.serialize(parsed).toBytes(), object.bcs)
      assert.equal(parsed.data.Move?.version, effects.lamportVersion)
      assert.equal(parsed.previousTransaction, result.digest)
      assert.equal(parsed.storageRebate, '988000')
      const [, change] = effects.changedObjects.find(([id]) => id === object.id)!
      assert.equal(change.outputState.ObjectWrite?.[0], object.digest)
    }
    const genesis = rig.node.transactions(0n, 0n)[0]!
    assert.deepEqual(effects.dependencies, [genesis.digest])
  })

  it('keeps old versions', async () => {
    await start()
    const [coin] = rig.coins()
    await rig.send(pay(), {gas: [coin!]})
    assert.notEqual(rig.node.getObject(coin!.id)?.version, 1n)
    assert.equal(rig.node.getObject(coin!.id, 1n), coin)
    assert.equal(rig.node.getObject(coin!.id, 77n), undefined)
  })

  it('seals checkpoints with BCS of their own', async () => {
    await start()
    const seen: LedgerCheckpoint[] = []
    const stop = rig.node.onCheckpoint((checkpoint) => seen.push(checkpoint))
    const genesis = rig.node.tip()
    const transaction = await rig.send(pay())
    assert.equal(transaction.checkpoint, undefined)
    const sealed = await rig.node.sealCheckpoint()
    assert.equal(transaction.checkpoint, 1n)
    assert.deepEqual(seen, [sealed])
    assert.equal(sealed.previousDigest, genesis.digest)
    assert.deepEqual(
      sealed.transactions.map((tx) => tx.data.V1.kind.$kind),
      ['ConsensusCommitPrologueV4', 'ProgrammableTransaction'],
    )
    const summary = CheckpointSummaryBcs.parse(sealed.summaryBytes)
    assert.equal(sealed.digest, digestOf('CheckpointSummary', sealed.summaryBytes))
    assert.equal(summary.contentDigest, digestOf('CheckpointContents', sealed.contentsBytes))
    assert.equal(summary.networkTotalTransactions, '3')
    assert.equal(summary.epochRollingGasCostSummary.computationCost, '1000000')
    const contents = CheckpointContentsBcs.parse(sealed.contentsBytes)
    assert.deepEqual(
      contents.V1.transactions.map((entry) => [entry.transaction, entry.effects]),
      sealed.transactions.map((tx) => [tx.digest, tx.effectsDigest]),
    )
    assert.deepEqual(
      contents.V1.userSignatures.map((signatures) => signatures.map((bytes) => Uint8Array.from(bytes))),
      sealed.transactions.map((tx) => tx.signatures),
    )
    assert.equal(rig.node.checkpointBySequence(1n), sealed)
    assert.equal(rig.node.checkpointByDigest(sealed.digest), sealed)
    assert.deepEqual(rig.node.transactions(1n, 1n), sealed.transactions)
    stop()
    await rig.node.sealCheckpoint()
    assert.equal(seen.length, 1)
  })

  it('seals one checkpoint per transaction when the interval is 0', async () => {
    await start({checkpointIntervalMs: 0})
    const transaction = await rig.send(pay())
    assert.equal(transaction.checkpoint, 1n)
    assert.equal(rig.node.tip().sequenceNumber, 1n)
  })

  it('seals by itself after the interval', async () => {
    await start({checkpointIntervalMs: 10})
    const sealed = new Promise<LedgerCheckpoint>((resolve) => rig.node.onCheckpoint(resolve))
    const transaction = await rig.send(pay())
    const checkpoint = await sealed
    assert.equal(checkpoint.transactions.at(-1), transaction)
  })

  it('moves the clock with time', async () => {
    await start()
    const read = async () => {
      const tx = new Transaction()
      tx.moveCall({target: '0x2::clock::timestamp_ms', arguments: [tx.sharedObjectRef(CLOCK)]})
      const simulated = await rig.simulate(tx)
      return Number(bcs.U64.parse(simulated.commandOutputs[0]!.returnValues[0]!.bcs))
    }
    assert.equal(await read(), 1_000_000)
    assert.equal(clockShows(), 0, 'a simulation does not set the clock')
    await rig.send(pay())
    assert.equal(clockShows(), 1_000_000)
    now += 10
    await rig.send(pay())
    assert.equal(clockShows(), 1_000_000, 'still the same commit')
    now += 100
    await rig.send(pay())
    assert.equal(clockShows(), 1_000_110)
    await rig.node.advanceClock(86_400_000n)
    const sealed = await rig.node.sealCheckpoint()
    assert.equal(sealed.timestampMs, 87_400_110n)
    assert.equal(clockShows(), 87_400_110)
    assert.equal(await read(), 87_400_110)
    now -= 500
    assert.equal((await rig.node.sealCheckpoint()).timestampMs, 87_400_110n, 'time never goes back')
  })

  it('simulates without a trace', async () => {
    await start()
    const {node} = rig
    const state = () => [node.tip(), node.transactions(0n, 99n).length, ...node.objectsOwnedBy(rig.address)]
    await node.sealCheckpoint()
    const before = state()
    const tx = new Transaction()
    const coin = tx.splitCoins(tx.gas, [5])
    tx.moveCall({target: '0x2::coin::value', typeArguments: ['0x2::sui::SUI'], arguments: [coin]})
    tx.transferObjects([coin], '0x77')
    const simulated = await rig.simulate(tx)
    assert.equal(simulated.transaction.failure, undefined)
    const [split, value, transfer] = simulated.commandOutputs
    assert.equal(split?.returnValues.length, 1)
    assert.deepEqual(split?.mutatedByRef[0]?.argument, {$kind: 'GasCoin', GasCoin: true})
    assert.deepEqual(value?.returnValues[0], {type: {kind: 'u64'}, bcs: bcs.U64.serialize(5).toBytes()})
    assert.deepEqual(transfer, {returnValues: [], mutatedByRef: []})
    assert.deepEqual(state(), before)
    const executed = await rig.send(tx)
    assert.deepEqual(executed.effects.V2!.gasUsed, simulated.transaction.effects.V2!.gasUsed)
  })

  it('simulates with a coin that does not exist, and without checks', async () => {
    await start()
    const tx = new Transaction()
    const coin = rig.coins().at(-1)
    tx.transferObjects([tx.splitCoins(tx.gas, [5])], '0x77')
    tx.setSender('0x55')
    const data = bcs.TransactionData.parse(await rig.build(tx))
    data.V1.gasData.payment = []
    const mocked = await rig.node.simulate(data, {checks: true, mockGas: 50_000_000_000n})
    assert.equal(mocked.transaction.failure, undefined)
    assert.equal(mocked.transaction.effects.V2!.gasUsed.storageCost, '1976000')
    await assert.rejects(rig.node.simulate(data, {checks: true}), {code: 'INVALID_ARGUMENT'})
    assert.equal((await rig.node.simulate(data, {checks: false})).transaction.failure, undefined)
    const theirs = new Transaction()
    theirs.setSender('0x55')
    theirs.transferObjects([theirs.objectRef({...rig.ref(coin!.id), version: '77'})], '0x77')
    const unchecked = bcs.TransactionData.parse(await rig.build(theirs))
    unchecked.V1.gasData.payment = []
    assert.equal((await rig.node.simulate(unchecked, {checks: false})).transaction.failure, undefined)
  })

  it('lets simulations without checks look into anything', async () => {
    await start()
    const {kit} = await rig.publishKit()
    const tx = new Transaction()
    const box = tx.moveCall({target: `${kit}::kit::box`, arguments: [tx.pure.u64(7)]})
    tx.moveCall({target: `${kit}::kit::value_ref`, arguments: [box]})
    tx.moveCall({target: `${kit}::kit::hidden`})
    tx.transferObjects([box], '0x77')
    const simulated = await rig.simulate(tx, false)
    assert.equal(simulated.transaction.failure, undefined)
    assert.deepEqual(simulated.commandOutputs[1]?.returnValues, [
      {type: {kind: 'u64'}, bcs: bcs.U64.serialize(7).toBytes()},
    ])
  })

  it('funds', async () => {
    await start()
    const address = `0x${'77'.padStart(64, '0')}`
    const gifts = await Promise.all([1n, 2n, 3n].map((amount) => rig.node.fund('0x77', amount)))
    assert.deepEqual(
      gifts.map(({coinId}) => balanceIn(rig.node.getObject(coinId))),
      [1n, 2n, 3n],
    )
    assert.equal(rig.node.getTransaction(gifts[0]!.digest)?.failure, undefined)
    assert.deepEqual(
      rig.node.objectsOwnedBy(address).map((object) => object.typeName),
      [SUI_COIN, SUI_COIN, SUI_COIN],
    )
    await assert.rejects(rig.node.fund('0x77', 10n ** 19n), {code: 'FAILED_PRECONDITION'})
  })

  it('executes a thousand transactions in a few seconds', async function () {
    this.timeout(30_000)
    await start()
    const startedAt = performance.now()
    for (let index = 0; index < 1_000; index++) await rig.node.fund('0x77', 1n)
    const elapsed = performance.now() - startedAt
    assert.equal(rig.coins(`0x${'77'.padStart(64, '0')}`).length, 1_000)
    assert.equal(elapsed < 20_000, true, `took ${elapsed} ms`)
  })
})
