import type {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {createKit, type Kit} from './kit-calls.ts'
import {createRig, written, type Rig} from './rig.ts'

describe('objects of the devnet', () => {
  let rig: Rig
  let kit: Kit

  before(async () => {
    rig = await createRig()
    kit = await createKit(rig)
  })
  after(() => rig.node.close())

  it('creates, changes and deletes', async () => {
    const id = await kit.makeBox(1)
    const changed = await kit.succeed((tx) => kit.call(tx, 'set', kit.owned(tx, id), tx.pure.u64(7)))
    assert.equal(kit.change(changed, id), 'Exist ObjectWrite None')
    assert.equal(kit.boxValue(id), 7)
    const read = await kit.succeed((tx) => kit.call(tx, 'value', kit.owned(tx, id)))
    assert.equal(
      kit.change(read, id),
      'Exist ObjectWrite None',
      'an owned input gets a new version although unchanged',
    )
    const gone = await kit.succeed((tx) => kit.call(tx, 'unbox', kit.owned(tx, id)))
    assert.equal(kit.change(gone, id), 'Exist NotExist Deleted')
    assert.equal(rig.node.getObject(id), undefined)
    const made = await kit.succeed((tx) => kit.call(tx, 'make_and_drop'))
    assert.equal(made.effects.V2!.changedObjects.length, 1, 'made and deleted at once: nowhere')
  })

  it('wraps and unwraps', async () => {
    const id = await kit.makeBox(1)
    const wrapped = await kit.succeed((tx) => kit.call(tx, 'wrap', kit.owned(tx, id)))
    assert.equal(kit.change(wrapped, id), 'Exist NotExist None')
    const wrapper = written(wrapped, 'kit::Wrapper').id
    const unwrapped = await kit.succeed((tx) =>
      tx.transferObjects([kit.call(tx, 'unwrap', kit.owned(tx, wrapper))], rig.address),
    )
    assert.equal(kit.change(unwrapped, id), 'NotExist ObjectWrite None')
    assert.equal(kit.change(unwrapped, wrapper), 'Exist NotExist Deleted')
    const again = await kit.succeed((tx) => kit.call(tx, 'wrap', kit.owned(tx, id)))
    const smashed = await kit.succeed((tx) =>
      kit.call(tx, 'smash', kit.owned(tx, written(again, 'kit::Wrapper').id)),
    )
    assert.equal(kit.change(smashed, id), 'NotExist NotExist Deleted')
  })

  it('keeps shared objects shared', async () => {
    const id = await kit.makeBox(1)
    const made = await kit.succeed((tx) => kit.call(tx, 'share', kit.call(tx, 'box', tx.pure.u64(5))))
    const box = written(made, 'kit::Box')
    const initialSharedVersion = box.version.toString()
    assert.deepEqual(box.owner, {kind: 'shared', initialSharedVersion: box.version})
    const arg = (tx: Transaction, mutable: boolean) =>
      tx.sharedObjectRef({objectId: box.id, initialSharedVersion, mutable})
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'set', arg(tx, false), tx.pure.u64(1))),
      'CommandArgumentError InvalidObjectByMutRef 0 at 0',
    )
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'unbox', arg(tx, false))),
      'CommandArgumentError InvalidObjectByValue 0 at 0',
    )
    assert.equal(
      await kit.outcome((tx) => tx.transferObjects([arg(tx, true)], rig.address)),
      'SharedObjectOperationNotAllowed at 0',
    )
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'freeze_it', arg(tx, true))),
      'SharedObjectOperationNotAllowed at 0',
    )
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'wrap', arg(tx, true))),
      'SharedObjectOperationNotAllowed at 0',
    )
    const read = await kit.succeed((tx) => kit.call(tx, 'value', arg(tx, false)))
    assert.deepEqual(
      read.effects.V2!.unchangedConsensusObjects.map(([unchanged]) => unchanged),
      [box.id],
    )
    assert.equal(kit.change(read, box.id), undefined)
    const again = await kit.succeed((tx) => kit.call(tx, 'share', arg(tx, true)))
    assert.deepEqual(written(again, 'kit::Box').owner, box.owner)
    await kit.succeed((tx) => kit.call(tx, 'unbox', arg(tx, true)))
    assert.equal(rig.node.getObject(box.id), undefined)
    const notNew = await kit.failure((tx) => kit.call(tx, 'share', kit.owned(tx, id)))
    assert.deepEqual(
      [notNew.error.MoveAbort?.[0].module.name, notNew.error.MoveAbort?.[1]],
      ['transfer', '0'],
    )
  })

  it('keeps frozen objects as they are', async () => {
    const id = await kit.makeBox(3)
    await kit.succeed((tx) => kit.call(tx, 'freeze_it', kit.owned(tx, id)))
    assert.deepEqual(rig.node.getObject(id)?.owner, {kind: 'immutable'})
    const read = await kit.succeed((tx) => kit.call(tx, 'value', kit.owned(tx, id)))
    assert.equal(kit.change(read, id), undefined)
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'set', kit.owned(tx, id), tx.pure.u64(1))),
      'CommandArgumentError InvalidObjectByMutRef 0 at 0',
    )
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'unbox', kit.owned(tx, id))),
      'CommandArgumentError InvalidObjectByValue 0 at 0',
    )
  })

  it('keeps dynamic fields as children', async () => {
    const added = await kit.succeed((tx) =>
      kit.call(tx, 'put', kit.shared(tx, true), tx.pure.u64(1), tx.pure.string('one')),
    )
    const entry = written(added, '::string::String>')
    assert.equal(kit.change(added, entry.id), 'NotExist ObjectWrite Created')
    assert.equal(entry.owner.kind, 'object')
    const parent = entry.owner.kind === 'object' ? entry.owner.parent : ''
    assert.deepEqual(
      rig.node.childrenOf(parent).map((child) => child.id),
      [entry.id],
    )
    const looked = await kit.succeed((tx) => kit.call(tx, 'look', kit.shared(tx, false), tx.pure.u64(1)))
    assert.equal(kit.change(looked, entry.id), undefined)
    const replaced = await kit.succeed((tx) =>
      kit.call(tx, 'replace', kit.shared(tx, true), tx.pure.u64(1), tx.pure.string('uno')),
    )
    assert.equal(kit.change(replaced, entry.id), 'Exist ObjectWrite None')
    const same = await kit.succeed((tx) =>
      kit.call(tx, 'replace', kit.shared(tx, true), tx.pure.u64(1), tx.pure.string('uno')),
    )
    assert.equal(kit.change(same, entry.id), undefined, 'same bytes: not written')
    const again = await kit.succeed((tx) => kit.call(tx, 'put_again', kit.shared(tx, true), tx.pure.u64(1)))
    assert.equal(kit.change(again, entry.id), undefined, 'removed and added as it was: not written')
    const twice = await kit.failure((tx) =>
      kit.call(tx, 'put', kit.shared(tx, true), tx.pure.u64(1), tx.pure.string('x')),
    )
    assert.deepEqual(
      [twice.error.MoveAbort?.[0].module.name, twice.error.MoveAbort?.[1]],
      ['dynamic_field', '0'],
    )
    const removed = await kit.succeed((tx) => kit.call(tx, 'take', kit.shared(tx, true), tx.pure.u64(1)))
    assert.equal(kit.change(removed, entry.id), 'Exist NotExist Deleted')
    assert.deepEqual(rig.node.childrenOf(parent), [])
    const missing = await kit.failure((tx) => kit.call(tx, 'look', kit.shared(tx, false), tx.pure.u64(1)))
    assert.deepEqual(
      [missing.error.MoveAbort?.[0].module.name, missing.error.MoveAbort?.[1]],
      ['dynamic_field', '1'],
    )
  })

  it('hangs objects on objects', async () => {
    const [parent, child] = [await kit.makeBox(1), await kit.makeBox(2)]
    const hung = await kit.succeed((tx) =>
      kit.call(tx, 'hang', kit.owned(tx, parent), tx.pure.u64(0), kit.owned(tx, child)),
    )
    assert.equal(kit.change(hung, child), 'Exist ObjectWrite None')
    assert.equal(rig.node.getObject(child)?.owner.kind, 'object')
    await kit.succeed((tx) => kit.call(tx, 'bump_hung', kit.owned(tx, parent), tx.pure.u64(0)))
    assert.equal(kit.boxValue(child), 3)
    await assert.rejects(
      kit.run((tx) => kit.call(tx, 'value', kit.owned(tx, child))),
      {name: 'TransactionRejected', code: 'INVALID_ARGUMENT'},
    )
    const back = await kit.succeed((tx) =>
      tx.transferObjects([kit.call(tx, 'unhang', kit.owned(tx, parent), tx.pure.u64(0))], rig.address),
    )
    assert.equal(kit.change(back, child), 'Exist ObjectWrite None')
    assert.deepEqual(rig.node.getObject(child)?.owner, {kind: 'address', address: rig.address})
  })

  it('receives what was sent to an object', async () => {
    const [parent, gift] = [await kit.makeBox(1), await kit.makeBox(2)]
    await kit.succeed((tx) => tx.transferObjects([kit.owned(tx, gift)], parent))
    const received = await kit.succeed((tx) => {
      const box = kit.call(tx, 'receive', kit.owned(tx, parent), tx.receivingRef(rig.ref(gift)))
      tx.transferObjects([box], rig.address)
    })
    assert.equal(kit.change(received, gift), 'Exist ObjectWrite None')
    const other = await kit.makeBox(3)
    const wrong = await kit.failure((tx) => {
      const box = kit.call(tx, 'receive', kit.owned(tx, parent), tx.receivingRef(rig.ref(other)))
      tx.transferObjects([box], rig.address)
    })
    assert.deepEqual([wrong.error.MoveAbort?.[0].module.name, wrong.error.MoveAbort?.[1]], ['transfer', '3'])
  })
})
