import {fromBase64} from '@mysten/bcs'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {cp, mkdtemp, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {startDevnet} from '../../../../src/lib/devnet/devnet.ts'
import {DataDir} from '../../../../src/lib/devnet/ledger/data-dir.ts'
import {restoreSnapshot, takeSnapshot} from '../../../../src/lib/devnet/ledger/snapshot.ts'
import {createKit} from '../executor/kit-calls.ts'
import {createRig, written, type Rig} from '../executor/rig.ts'
import {seen} from './seen.ts'

describe('a devnet that keeps its chain', () => {
  let dir: string
  let rig: Rig
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-devnet-'))
  })
  afterEach(async () => {
    await rig?.node.close()
    await rm(dir, {recursive: true})
  })
  const start = async (seed = 'kept') => {
    rig = await createRig({data: new DataDir(dir), seed, checkpointIntervalMs: 0})
    return rig
  }
  const pay = () => {
    const tx = new Transaction()
    tx.transferObjects([tx.splitCoins(tx.gas, [5n])], '0x77')
    return tx
  }

  it('is the same chain after a restart, and goes on', async () => {
    await start()
    const kit = await createKit(rig)
    await kit.run((tx) => tx.moveCall({target: `${kit.id}::kit::nothing_like_this`}))
    await rig.send(pay())
    await rig.node.advanceClock(3_600_000n)
    await rig.node.sealCheckpoint()
    const before = seen(rig.node)
    const {keypair, address} = rig
    await rig.node.close()

    await start('another seed, which does not count')
    assert.deepEqual(seen(rig.node), before)
    const {coinId} = await rig.node.fund(address, 1_000_000_000n)
    const tip = rig.node.tip()
    assert.equal(tip.previousDigest, before.tip)
    assert.ok(tip.timestampMs >= before.transactions.at(-1)!.timestampMs)
    assert.equal(rig.node.getObject(coinId)?.owner.kind, 'address')
    assert.equal(keypair.toSuiAddress(), address)
  })

  it('knows after a restart which shared objects ended, and who wanted them since', async () => {
    await start()
    const kit = await createKit(rig)
    const made = await kit.succeed((tx) => kit.call(tx, 'share', kit.call(tx, 'box', tx.pure.u64(5))))
    const {id: objectId, version} = written(made, 'kit::Box')
    const box = {objectId, initialSharedVersion: version.toString(), mutable: true}
    await kit.succeed((tx) => kit.call(tx, 'unbox', tx.sharedObjectRef(box)))
    const use = (tx: Transaction) => kit.call(tx, 'set', tx.sharedObjectRef(box), tx.pure.u64(1))
    const wanted = await kit.run(use)
    await rig.node.close()

    const {keypair} = rig
    await start()
    const [coin] = rig.coins(keypair.toSuiAddress())
    const tx = new Transaction()
    use(tx)
    tx.setSender(keypair.toSuiAddress())
    const bytes = await rig.build(tx, {gas: [coin!]})
    const signature = fromBase64((await keypair.signTransaction(bytes)).signature)
    const {effects} = await rig.node.execute(bytes, [signature])
    assert.deepEqual(effects.V2!.unchangedConsensusObjects, [
      [
        objectId,
        {
          $kind: 'MutateConsensusStreamEnded',
          MutateConsensusStreamEnded: wanted.effects.V2!.lamportVersion,
        },
      ],
    ])
  })

  it('seals after a restart what was final and in no checkpoint', async () => {
    rig = await createRig({data: new DataDir(dir), seed: 'open'})
    const {digest} = await rig.send(pay())
    const copy = await mkdtemp(join(tmpdir(), 'daas-devnet-copy-'))
    try {
      // What is on disk at this moment is what kill -9 leaves.
      await cp(dir, copy, {recursive: true})
      const again = await createRig({data: new DataDir(copy)})
      assert.equal(again.node.getTransaction(digest)?.checkpoint, undefined)
      await again.node.sealCheckpoint()
      assert.equal(again.node.getTransaction(digest)?.checkpoint, 1n)
      await again.node.close()
    } finally {
      await rm(copy, {recursive: true})
    }
  })

  it('refuses a second devnet on the same directory, and a seed that is not its own', async () => {
    const options = {dataDir: dir, seed: 'a'}
    const first = await startDevnet(options)
    await assert.rejects(startDevnet(options), {errorName: 'DEVNET_DATA_IN_USE'})
    await first.close()
    await assert.rejects(startDevnet({...options, seed: 'b'}), {errorName: 'DEVNET_DATA_OTHER_SEED'})
    const second = await startDevnet({dataDir: dir})
    assert.equal(second.chainId, first.chainId)
    assert.deepEqual(second.accounts, first.accounts)
    await second.close()
  })

  it('is copied while it runs, and put back', async () => {
    const options = {dataDir: join(dir, 'a'), seed: 'copied', checkpointIntervalMs: 0}
    const file = join(dir, 'copy.db')
    const devnet = await startDevnet(options)
    const {digest} = await devnet.node.fund('0x77', 5n)
    const copy = await takeSnapshot(options.dataDir, file)
    assert.deepEqual(copy, {
      file,
      bytes: (await stat(file)).size,
      chainId: devnet.chainId,
      checkpoint: Number(devnet.node.tip().sequenceNumber),
      transactions: Number(devnet.node.tip().totalTransactions),
    })
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const later = await devnet.node.fund('0x77', 6n)
    await assert.rejects(takeSnapshot(options.dataDir, file), {errorName: 'DEVNET_SNAPSHOT_EXISTS'})
    await assert.rejects(restoreSnapshot(file, options.dataDir, false), {errorName: 'DEVNET_DATA_EXISTS'})
    await assert.rejects(restoreSnapshot(file, options.dataDir, true), {errorName: 'DEVNET_DATA_IN_USE'})
    await devnet.close()
    for (const [dataDir, force] of [
      [options.dataDir, true],
      [join(dir, 'b'), false],
    ] as const) {
      await restoreSnapshot(file, dataDir, force)
      const restored = await startDevnet({dataDir})
      assert.equal(restored.chainId, devnet.chainId)
      assert.equal(restored.node.getTransaction(digest)?.failure, undefined)
      assert.notEqual(restored.node.getTransaction(digest), undefined)
      assert.equal(restored.node.getTransaction(later.digest), undefined)
      await restored.close()
    }
    await assert.rejects(takeSnapshot(join(dir, 'c'), file), {errorName: 'DEVNET_DATA_MISSING'})
    await assert.rejects(restoreSnapshot(join(dir, 'no.db'), dir, false), {errorName: 'DEVNET_DATA_MISSING'})
  })

  it('says of a file that is no ledger what it is', async () => {
    await writeFile(
      join(dir, 'ledger.db'),
      'not a database, and longer than the head of one would be '.repeat(20),
    )
    await assert.rejects(startDevnet({dataDir: dir}), {errorName: 'DEVNET_DATA_UNREADABLE'})
  })
})
