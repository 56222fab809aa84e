import type {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {createKit, type Kit} from './kit-calls.ts'
import {createRig, written, type Rig} from './rig.ts'

const REFUSED = 'CommandArgumentError InvalidArgumentToPrivateEntryFunction 0'

describe('entry functions that are not public', () => {
  let rig: Rig
  let kit: Kit

  before(async () => {
    rig = await createRig()
    kit = await createKit(rig)
  })
  after(() => rig.node.close())

  const lend = (tx: Transaction, id: string) => {
    const box = kit.owned(tx, id)
    return {box, loan: kit.call(tx, 'borrow_from', box)}
  }

  it('take inputs, and results that nothing hot hangs together with', async () => {
    const id = await kit.makeBox(1)
    await kit.succeed((tx) => {
      const box = kit.owned(tx, id)
      kit.call(tx, 'set', box, tx.pure.u64(2))
      kit.call(tx, 'secret', box)
      kit.call(tx, 'secret_value', kit.call(tx, 'value', box))
    })
  })

  it('refuse what a hot potato hangs together with, until it is gone', async () => {
    const id = await kit.makeBox(1)
    assert.equal(
      await kit.outcome((tx) => {
        const {box, loan} = lend(tx, id)
        kit.call(tx, 'secret', box)
        kit.call(tx, 'repay', loan)
      }),
      `${REFUSED} at 1`,
    )
    await kit.succeed((tx) => {
      const {box, loan} = lend(tx, id)
      kit.call(tx, 'repay', loan)
      kit.call(tx, 'secret', box)
    })
  })

  it('may end the last hot potato themselves', async () => {
    const id = await kit.makeBox(1)
    await kit.succeed((tx) => kit.call(tx, 'secret_repay', lend(tx, id).loan))
    assert.equal(
      await kit.outcome((tx) => {
        const {box, loan} = lend(tx, id)
        const other = kit.call(tx, 'borrow_from', box)
        kit.call(tx, 'secret_repay', loan)
        kit.call(tx, 'repay', other)
      }),
      `${REFUSED} at 2`,
    )
  })

  it('do not mind a hot potato of other values', async () => {
    const [one, two] = [await kit.makeBox(1), await kit.makeBox(2)]
    await kit.succeed((tx) => {
      const {loan} = lend(tx, one)
      kit.call(tx, 'secret', kit.owned(tx, two))
      kit.call(tx, 'repay', loan)
    })
  })

  it('refuse what a shared object that was taken by value hangs together with', async () => {
    const shared = await kit.succeed((tx) => kit.call(tx, 'share', kit.call(tx, 'box', tx.pure.u64(1))))
    const box = written(shared, 'kit::Box')
    const initialSharedVersion = shared.effects.V2!.lamportVersion
    assert.equal(
      await kit.outcome((tx) => {
        const taken = tx.sharedObjectRef({objectId: box.id, initialSharedVersion, mutable: true})
        kit.call(tx, 'secret_value', kit.call(tx, 'share_back', taken))
      }),
      `${REFUSED} at 1`,
    )
  })

  it('are called as one likes in a simulation without checks', async () => {
    const id = await kit.makeBox(1)
    const {Transaction} = await import('@mysten/sui/transactions')
    const tx = new Transaction()
    const {box, loan} = lend(tx, id)
    kit.call(tx, 'secret', box)
    kit.call(tx, 'hidden')
    kit.call(tx, 'value', box)
    // The loan is not repaid either.
    assert.ok(loan)
    const {transaction, commandOutputs} = await rig.simulate(tx, false)
    assert.equal(transaction.failure, undefined)
    assert.equal(commandOutputs[3]?.returnValues[0]?.bcs[0], 1)
  })

  it('holds shared objects in a vector to the rule of shared objects, at the command that takes it', async () => {
    const share = async () => {
      const made = await kit.succeed((tx) => kit.call(tx, 'share', kit.call(tx, 'box', tx.pure.u64(1))))
      const initialSharedVersion = made.effects.V2!.lamportVersion
      return {objectId: written(made, 'kit::Box').id, initialSharedVersion, mutable: true}
    }
    const reference = await share()
    const list = (tx: Transaction) =>
      tx.makeMoveVec({type: `${kit.id}::kit::Box`, elements: [tx.sharedObjectRef(reference)]})
    assert.equal(
      await kit.outcome((tx) => {
        kit.call(tx, 'keep_all', list(tx), tx.pure.address(rig.address))
        kit.call(tx, 'happen', tx.pure.u64(1))
      }),
      'SharedObjectOperationNotAllowed at 1',
    )
    await kit.succeed((tx) => kit.call(tx, 'destroy_all', list(tx)))
    assert.equal(rig.node.getObject(reference.objectId), undefined)
  })

  it('ends what can be copied but not dropped only where its last use is by value', async () => {
    await kit.succeed((tx) => {
      const stamp = kit.call(tx, 'stamp', tx.pure.u64(1))
      kit.call(tx, 'lick', stamp)
      kit.call(tx, 'peek', stamp)
      kit.call(tx, 'lick', stamp)
    })
    assert.equal(
      await kit.outcome((tx) => {
        const stamp = kit.call(tx, 'stamp', tx.pure.u64(1))
        kit.call(tx, 'lick', stamp)
        kit.call(tx, 'peek', stamp)
      }),
      'UnusedValueWithoutDrop at end',
    )
  })
})

describe('abort codes that tell more', () => {
  let rig: Rig
  let kit: Kit

  before(async () => {
    rig = await createRig()
    kit = await createKit(rig)
  })
  after(() => rig.node.close())

  const cleverOf = async (name: string, fill?: (tx: Transaction) => unknown) => {
    const {failure} = await kit.run((tx) => (fill === undefined ? kit.call(tx, name) : fill(tx)))
    const {line, ...rest} = failure!.abort!.clever!
    assert.ok(line > 100, `line ${line}`)
    return rest
  }

  it('name the constant and its value', async () => {
    assert.deepEqual(await cleverOf('fail_in_words'), {
      constantName: 'ENotLikeThis',
      rendered: 'not like this',
    })
    assert.deepEqual(await cleverOf('fail_with_number'), {
      errorCode: 7,
      constantName: 'ELimit',
      rendered: '12',
    })
    assert.deepEqual(await cleverOf('fail_with_list'), {
      constantName: 'EList',
      raw: Uint8Array.of(2, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0),
    })
  })

  it('have only the line where there is no constant', async () => {
    assert.deepEqual(await cleverOf('', (tx) => kit.call(tx, 'fail_at_a_line', tx.pure.u64(1))), {})
  })

  it('are numbers where they are plain', async () => {
    const {failure} = await kit.run((tx) => kit.call(tx, 'three'))
    assert.deepEqual([failure!.abort!.code, failure!.abort!.clever], [3n, undefined])
  })
})
