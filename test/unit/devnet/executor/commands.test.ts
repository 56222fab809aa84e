import {bcs} from '@mysten/sui/bcs'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {createKit, type Kit} from './kit-calls.ts'
import {CLOCK, createRig, written, type Rig} from './rig.ts'

describe('commands of the devnet', () => {
  let rig: Rig
  let kit: Kit

  before(async () => {
    rig = await createRig()
    kit = await createKit(rig)
  })
  after(() => rig.node.close())

  it('passes values from command to command', async () => {
    const result = await kit.succeed((tx) => {
      const box = kit.call(tx, 'box', tx.pure.u64(1))
      kit.call(tx, 'set', box, tx.pure.u64(9))
      const value = kit.call(tx, 'value', box)
      kit.call(tx, 'happen', value)
      const [, eight] = kit.call(tx, 'two')
      kit.call(tx, 'happen', eight!)
      tx.transferObjects([box], rig.address)
    })
    assert.deepEqual(
      result.events.map((event) => bcs.U64.parse(event.contents)),
      ['9', '8'],
    )
    assert.equal(kit.boxValue(written(result, 'kit::Box').id), 9)
  })

  it('reads pure inputs as what each use asks for', async () => {
    await kit.succeed((tx) => {
      kit.call(tx, 'text', tx.pure.string('hällo'))
      kit.call(tx, 'maybe', tx.pure.option('u64', 4))
      kit.call(tx, 'sum', tx.pure.vector('u64', [1, 2, 3]))
      const list = tx.makeMoveVec({type: 'u64', elements: [tx.pure.u64(1), tx.pure.u64(2)]})
      kit.call(tx, 'happen', kit.call(tx, 'sum', list))
    })
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'text', tx.pure(Uint8Array.of(1, 0xff)))),
      'CommandArgumentError InvalidBCSBytes 0 at 0',
    )
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'happen', tx.pure.u8(1))),
      'CommandArgumentError InvalidBCSBytes 0 at 0',
    )
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'value', tx.pure.u64(1))),
      'CommandArgumentError InvalidUsageOfPureArg 0 at 0',
    )
  })

  it('says how arguments are misused', async () => {
    const id = await kit.makeBox(1)
    assert.equal(await kit.outcome((tx) => kit.call(tx, 'happen')), 'ArityMismatch at 0')
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'set', kit.owned(tx, id), kit.call(tx, 'chip', tx.pure.u64(1)))),
      'CommandArgumentError TypeMismatch 1 at 1',
    )
    assert.equal(
      await kit.outcome((tx) => {
        const box = kit.owned(tx, id)
        kit.call(tx, 'same', box, box)
      }),
      'CommandArgumentError CannotMoveBorrowedValue 1 at 0',
    )
    assert.equal(
      await kit.outcome((tx) => {
        const box = kit.owned(tx, id)
        kit.call(tx, 'unbox', box)
        kit.call(tx, 'unbox', box)
      }),
      'CommandArgumentError InvalidValueUsage 0 at 1',
    )
    assert.equal(
      await kit.outcome((tx) => {
        kit.call(tx, 'two')
        kit.call(tx, 'happen', {NestedResult: [0, 2], $kind: 'NestedResult'})
      }),
      'CommandArgumentError SecondaryIndexOutOfBounds 0 at 1',
    )
    assert.equal(
      await kit.outcome((tx) => {
        kit.call(tx, 'two')
        kit.call(tx, 'happen', {Result: 0, $kind: 'Result'})
      }),
      'CommandArgumentError InvalidResultArity 0 at 1',
    )
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'unbox', tx.gas)),
      'CommandArgumentError TypeMismatch 0 at 0',
    )
    assert.equal(
      await kit.outcome((tx) => tx.mergeCoins(tx.splitCoins(tx.gas, [1])[0]!, [tx.gas])),
      'CommandArgumentError InvalidGasCoinUsage 1 at 1',
    )
  })

  it('drops only what may be dropped', async () => {
    await kit.succeed((tx) => kit.call(tx, 'chip', tx.pure.u64(1)))
    await kit.succeed((tx) => {
      const chip = kit.call(tx, 'chip', tx.pure.u64(1))
      kit.call(tx, 'crunch', chip)
      kit.call(tx, 'crunch', chip)
    })
    await kit.succeed((tx) => kit.call(tx, 'eat', kit.call(tx, 'potato', tx.pure.u64(1))))
    await kit.succeed((tx) => kit.call(tx, 'lick', kit.call(tx, 'stamp', tx.pure.u64(1))))
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'stamp', tx.pure.u64(1))),
      'UnusedValueWithoutDrop at end',
    )
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'potato', tx.pure.u64(1))),
      'UnusedValueWithoutDrop at end',
    )
    assert.equal(await kit.outcome((tx) => tx.splitCoins(tx.gas, [1])), 'UnusedValueWithoutDrop at end')
  })

  it('calls only what may be called', async () => {
    await kit.succeed((tx) => kit.call(tx, 'private_entry', tx.pure.u64(1)))
    await kit.succeed((tx) => kit.call(tx, 'call_hidden'))
    for (const name of ['hidden', 'inside', 'init']) {
      assert.equal(await kit.outcome((tx) => kit.call(tx, name)), 'NonEntryFunctionInvoked at 0', name)
    }
    assert.equal(await kit.outcome((tx) => kit.call(tx, 'nowhere')), 'FunctionNotFound at 0')
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'value_ref', kit.call(tx, 'box', tx.pure.u64(1)))),
      'InvalidPublicFunctionReturnType at 1',
    )
  })

  it('checks type arguments', async () => {
    const id = await kit.makeBox(1)
    const generic = (tx: Transaction, ...typeArguments: string[]) =>
      tx.moveCall({target: `${kit.id}::kit::generic`, typeArguments, arguments: [kit.owned(tx, id)]})
    await kit.succeed((tx) => generic(tx, `${kit.id}::kit::Box`))
    assert.equal(await kit.outcome((tx) => generic(tx)), 'TypeArityMismatch at 0')
    assert.equal(await kit.outcome((tx) => generic(tx, 'u64')), 'TypeArgumentError at 0')
    assert.equal(await kit.outcome((tx) => generic(tx, `${kit.id}::kit::Nothing`)), 'TypeArgumentError at 0')
    assert.equal(
      await kit.outcome((tx) => generic(tx, '0x2::coin::Coin<0x2::sui::SUI>')),
      'CommandArgumentError TypeMismatch 0 at 0',
    )
  })

  it('transfers only what may be transferred', async () => {
    const made = await kit.succeed((tx) =>
      kit.call(tx, 'give_sealed', tx.pure.u64(1), tx.pure.address(rig.address)),
    )
    const sealed = written(made, 'kit::Sealed')
    assert.equal(sealed.hasPublicTransfer, false)
    assert.equal(
      await kit.outcome((tx) => tx.transferObjects([kit.owned(tx, sealed.id)], rig.address)),
      'InvalidTransferObject at 0',
    )
    const direct = (name: string) => (tx: Transaction) =>
      tx.moveCall({
        target: `0x2::transfer::${name}`,
        typeArguments: [sealed.typeName!],
        arguments: [kit.owned(tx, sealed.id), ...(name === 'transfer' ? [tx.pure.address('0x77')] : [])],
      })
    for (const name of ['transfer', 'share_object', 'freeze_object']) {
      assert.equal(await kit.outcome(direct(name)), 'NonEntryFunctionInvoked at 0', name)
    }
    assert.equal(await kit.outcome(direct('public_freeze_object')), 'TypeArgumentError at 0')
    const emit = (tx: Transaction) =>
      tx.moveCall({
        target: '0x2::event::emit',
        typeArguments: [`${kit.id}::kit::Chip`],
        arguments: [kit.call(tx, 'chip', tx.pure.u64(1))],
      })
    assert.equal(await kit.outcome(emit), 'NonEntryFunctionInvoked at 1')
  })

  it('tells where Move gave up', async () => {
    const aborted = await kit.run((tx) => {
      kit.call(tx, 'happen', tx.pure.u64(1))
      kit.call(tx, 'three')
    })
    const short = kit.id.replace(/^0x0+/, '0x')
    assert.equal(
      aborted.failure?.description,
      `MoveAbort in 2nd command, abort code: 3, in '${short}::kit::three' (instruction ${aborted.failure?.abort?.instruction})`,
    )
    assert.deepEqual(
      {...aborted.failure?.abort, functionIndex: undefined, instruction: undefined},
      {
        code: 3n,
        package: kit.id,
        module: 'kit',
        functionName: 'three',
        functionIndex: undefined,
        instruction: undefined,
      },
    )
    assert.equal(aborted.failure?.command, 1)
    assert.deepEqual(aborted.events, [], 'events of a failed transaction are lost')
    assert.equal(aborted.effects.V2!.changedObjects.length, 1)
    assert.equal(
      await kit.outcome((tx) => kit.call(tx, 'overflow', tx.pure.u64(1))),
      'MovePrimitiveRuntimeError at 0',
    )
    assert.equal(await kit.outcome((tx) => kit.call(tx, 'forever')), 'InsufficientGas at 0')
    const tx = new Transaction()
    kit.call(tx, 'big', tx.pure.u64(70))
    const big = await rig.send(tx, {budget: 10_000_000_000n})
    assert.equal(big.failure?.kind, 'MoveObjectTooBig')
  })

  it('shows the time', async () => {
    const result = await kit.succeed((tx) =>
      kit.call(tx, 'happen', kit.call(tx, 'now', tx.sharedObjectRef(CLOCK))),
    )
    assert.equal(BigInt(bcs.U64.parse(result.events[0]!.contents)) > 0n, true)
    await assert.rejects(
      kit.run((tx) => kit.call(tx, 'now', tx.sharedObjectRef({...CLOCK, mutable: true}))),
      {name: 'TransactionRejected', code: 'INVALID_ARGUMENT'},
    )
  })
})
