import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {bcs} from '@mysten/sui/bcs'
import type {LedgerTransaction, StoredObject} from '../../../../src/lib/devnet/ledger/api.ts'
import {createKit, type Kit} from './kit-calls.ts'
import {createRig, written, type Rig} from './rig.ts'

/** Shared objects that are gone: as `ConsensusStreamEnded` of sui-types, sui-core's markers by epoch. */
describe('shared objects that are gone', () => {
  const DAY_MS = 24n * 60n * 60n * 1_000n
  let rig: Rig
  let kit: Kit
  let purse: string

  beforeEach(async () => {
    rig = await createRig()
    kit = await createKit(rig)
    purse = rig.coins().at(-1)!.id
  })
  afterEach(() => rig.node.close())

  async function shareBox(): Promise<StoredObject> {
    return written(
      await kit.succeed((tx) => kit.call(tx, 'share', kit.call(tx, 'box', tx.pure.u64(5)))),
      'kit::Box',
    )
  }
  const arg = (tx: Transaction, box: StoredObject, mutable: boolean) =>
    tx.sharedObjectRef({objectId: box.id, initialSharedVersion: box.version.toString(), mutable})
  const end = (box: StoredObject): Promise<LedgerTransaction> =>
    kit.succeed((tx) => kit.call(tx, 'unbox', arg(tx, box, true)))
  /** Always with the same coin, so that what it depends on is known. */
  const use = (box: StoredObject, mutable: boolean) => {
    const tx = new Transaction()
    const more = mutable ? [tx.pure.u64(1)] : []
    kit.call(tx, mutable ? 'set' : 'value', arg(tx, box, mutable), ...more)
    return rig.send(tx, {gas: [rig.node.getObject(purse)!]})
  }
  const lamport = ({effects}: LedgerTransaction): bigint => BigInt(effects.V2!.lamportVersion)

  it('are executed against, and fail', async () => {
    const box = await shareBox()
    const ended = await end(box)
    const failed = await use(box, true)
    const {status, unchangedConsensusObjects, dependencies, changedObjects, gasUsed} = failed.effects.V2!
    assert.deepEqual(status, {
      $kind: 'Failure',
      Failure: {error: {$kind: 'InputObjectDeleted', InputObjectDeleted: true}, command: null},
    })
    assert.deepEqual(failed.failure, {
      kind: 'InputObjectDeleted',
      command: undefined,
      description: 'Certificate cannot be executed due to a dependency on a deleted shared object',
    })
    assert.deepEqual(unchangedConsensusObjects, [
      [box.id, {$kind: 'MutateConsensusStreamEnded', MutateConsensusStreamEnded: lamport(ended).toString()}],
    ])
    assert.ok(dependencies.includes(ended.digest), 'the end is a dependency')
    assert.ok(lamport(failed) > lamport(ended))
    assert.deepEqual(
      changedObjects.map(([id]) => id),
      [purse],
    )
    assert.ok(BigInt(gasUsed.computationCost) > 0n)
    assert.deepEqual(
      bcs.TransactionEffects.serialize(bcs.TransactionEffects.parse(failed.effectsBytes)).toBytes(),
      failed.effectsBytes,
    )
  })

  it('have a stream that goes on with who would change them, not with who reads', async () => {
    const box = await shareBox()
    const ended = await end(box)
    const read = await use(box, false)
    const entry = (transaction: LedgerTransaction) => transaction.effects.V2!.unchangedConsensusObjects
    assert.deepEqual(entry(read), [
      [box.id, {$kind: 'ReadConsensusStreamEnded', ReadConsensusStreamEnded: lamport(ended).toString()}],
    ])
    const first = await use(box, true)
    assert.deepEqual(entry(first)[0]![1].MutateConsensusStreamEnded, lamport(ended).toString())
    const second = await use(box, true)
    assert.deepEqual(entry(second)[0]![1].MutateConsensusStreamEnded, lamport(first).toString())
    const {dependencies} = second.effects.V2!
    assert.deepEqual(
      [dependencies.includes(first.digest), dependencies.includes(ended.digest)],
      [true, false],
    )
  })

  it('spoil the whole transaction; what else it was given gets a version', async () => {
    const owned = await kit.makeBox(1)
    const alive = await shareBox()
    const box = await shareBox()
    const ended = await end(box)
    const fill = (tx: Transaction) => {
      kit.call(tx, 'set', kit.owned(tx, owned), tx.pure.u64(9))
      kit.call(tx, 'value', arg(tx, box, false))
      kit.call(tx, 'value', arg(tx, alive, false))
    }
    const failed = await kit.run(fill)
    assert.equal(failed.failure?.kind, 'InputObjectDeleted')
    assert.equal(kit.boxValue(owned), 1)
    assert.equal(kit.change(failed, owned), 'Exist ObjectWrite None')
    assert.deepEqual(failed.effects.V2!.unchangedConsensusObjects, [
      [box.id, {$kind: 'ReadConsensusStreamEnded', ReadConsensusStreamEnded: lamport(ended).toString()}],
      [alive.id, {$kind: 'ReadOnlyRoot', ReadOnlyRoot: [alive.version.toString(), alive.digest]}],
    ])
  })

  it('fail in a simulation too, with checks and without, and nothing is written', async () => {
    const box = await shareBox()
    const before = lamport(await end(box)).toString()
    for (const checks of [true, false]) {
      const tx = new Transaction()
      kit.call(tx, 'set', arg(tx, box, true), tx.pure.u64(1))
      const {transaction, commandOutputs} = await rig.simulate(tx, checks)
      assert.deepEqual([transaction.failure?.kind, commandOutputs.length], ['InputObjectDeleted', 0])
    }
    const first = await use(box, true)
    assert.equal(first.effects.V2!.unchangedConsensusObjects[0]![1].MutateConsensusStreamEnded, before)
  })

  it('are not found with another first version, and from the next epoch on', async () => {
    const box = await shareBox()
    await end(box)
    const missing = {
      code: 'NOT_FOUND',
      message: `Error checking transaction input objects: Could not find the referenced object ${box.id} at version None`,
    }
    await assert.rejects(use({...box, version: box.version + 1n}, true), missing)
    await rig.node.advanceClock(DAY_MS)
    await rig.node.sealCheckpoint()
    assert.equal(rig.node.epoch().epoch, 1n)
    await assert.rejects(use(box, true), missing)
  })

  it('that live are not found either with another first version, nor where they are not shared', async () => {
    const box = await shareBox()
    const owned = rig.node.getObject(await kit.makeBox(1))!
    for (const wrong of [{...box, version: box.version + 1n}, owned]) {
      await assert.rejects(use(wrong, false), {
        code: 'NOT_FOUND',
        message: `Error checking transaction input objects: Could not find the referenced object ${wrong.id} at version None`,
      })
    }
  })
})
