import {bcs} from '@mysten/sui/bcs'
import {Transaction, type TransactionArgument} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import type {LedgerTransaction} from '../../../../src/lib/devnet/ledger/api.ts'
import {CLOCK, createRig, written, type Rig} from './rig.ts'

describe('commands of the devnet', () => {
  let rig: Rig
  let kit: string
  let store: string
  let storeVersion: string

  before(async () => {
    rig = await createRig()
    const published = await rig.publishKit()
    kit = published.kit
    store = published.store
    storeVersion = published.published.effects.V2!.lamportVersion
  })
  after(() => rig.node.close())

  const call = (tx: Transaction, name: string, ...args: TransactionArgument[]) =>
    tx.moveCall({target: `${kit}::kit::${name}`, arguments: args})
  const owned = (tx: Transaction, id: string) => tx.objectRef(rig.ref(id))
  const shared = (tx: Transaction, mutable: boolean) =>
    tx.sharedObjectRef({objectId: store, initialSharedVersion: storeVersion, mutable})
  async function run(fill: (tx: Transaction) => void): Promise<LedgerTransaction> {
    const tx = new Transaction()
    fill(tx)
    return rig.send(tx)
  }
  async function succeed(fill: (tx: Transaction) => void): Promise<LedgerTransaction> {
    const result = await run(fill)
    assert.equal(result.failure, undefined)
    return result
  }
  async function failure(fill: (tx: Transaction) => void) {
    const result = await run(fill)
    assert.notEqual(result.failure, undefined, 'the transaction succeeded')
    return result.effects.V2!.status.Failure!
  }
  /** Kind of failure, kind of argument error, and command. */
  async function outcome(fill: (tx: Transaction) => void): Promise<string> {
    const {error, command} = await failure(fill)
    const detail = error.CommandArgumentError
    return [
      error.$kind,
      ...(detail === undefined ? [] : [detail.kind.$kind, detail.argIdx]),
      `at ${command ?? 'end'}`,
    ].join(' ')
  }
  async function makeBox(value: number): Promise<string> {
    const made = await succeed((tx) => tx.transferObjects([call(tx, 'box', tx.pure.u64(value))], rig.address))
    return written(made, 'kit::Box').id
  }
  const boxValue = (id: string) => rig.node.getObject(id)?.contents.at(32)
  const change = (transaction: LedgerTransaction, id: string) => {
    const found = transaction.effects.V2!.changedObjects.find(([changed]) => changed === id)
    return found === undefined
      ? undefined
      : [found[1].inputState.$kind, found[1].outputState.$kind, found[1].idOperation.$kind].join(' ')
  }

  it('passes values from command to command', async () => {
    const result = await succeed((tx) => {
      const box = call(tx, 'box', tx.pure.u64(1))
      call(tx, 'set', box, tx.pure.u64(9))
      const value = call(tx, 'value', box)
      call(tx, 'happen', value)
      const [, eight] = call(tx, 'two')
      call(tx, 'happen', eight!)
      tx.transferObjects([box], rig.address)
    })
    assert.deepEqual(
      result.events.map((event) => bcs.U64.parse(event.contents)),
      ['9', '8'],
    )
    assert.equal(boxValue(written(result, 'kit::Box').id), 9)
  })

  it('reads pure inputs as what each use asks for', async () => {
    await succeed((tx) => {
      call(tx, 'text', tx.pure.string('hällo'))
      call(tx, 'maybe', tx.pure.option('u64', 4))
      call(tx, 'sum', tx.pure.vector('u64', [1, 2, 3]))
      const list = tx.makeMoveVec({type: 'u64', elements: [tx.pure.u64(1), tx.pure.u64(2)]})
      call(tx, 'happen', call(tx, 'sum', list))
    })
    assert.equal(
      await outcome((tx) => call(tx, 'text', tx.pure(Uint8Array.of(1, 0xff)))),
      'CommandArgumentError InvalidBCSBytes 0 at 0',
    )
    assert.equal(
      await outcome((tx) => call(tx, 'happen', tx.pure.u8(1))),
      'CommandArgumentError InvalidBCSBytes 0 at 0',
    )
    assert.equal(
      await outcome((tx) => call(tx, 'value', tx.pure.u64(1))),
      'CommandArgumentError InvalidUsageOfPureArg 0 at 0',
    )
  })

  it('creates, changes and deletes', async () => {
    const id = await makeBox(1)
    const changed = await succeed((tx) => call(tx, 'set', owned(tx, id), tx.pure.u64(7)))
    assert.equal(change(changed, id), 'Exist ObjectWrite None')
    assert.equal(boxValue(id), 7)
    const read = await succeed((tx) => call(tx, 'value', owned(tx, id)))
    assert.equal(
      change(read, id),
      'Exist ObjectWrite None',
      'an owned input gets a new version although unchanged',
    )
    const gone = await succeed((tx) => call(tx, 'unbox', owned(tx, id)))
    assert.equal(change(gone, id), 'Exist NotExist Deleted')
    assert.equal(rig.node.getObject(id), undefined)
    const made = await succeed((tx) => call(tx, 'make_and_drop'))
    assert.equal(made.effects.V2!.changedObjects.length, 1, 'made and deleted at once: nowhere')
  })

  it('wraps and unwraps', async () => {
    const id = await makeBox(1)
    const wrapped = await succeed((tx) => call(tx, 'wrap', owned(tx, id)))
    assert.equal(change(wrapped, id), 'Exist NotExist None')
    const wrapper = written(wrapped, 'kit::Wrapper').id
    const unwrapped = await succeed((tx) =>
      tx.transferObjects([call(tx, 'unwrap', owned(tx, wrapper))], rig.address),
    )
    assert.equal(change(unwrapped, id), 'NotExist ObjectWrite None')
    assert.equal(change(unwrapped, wrapper), 'Exist NotExist Deleted')
    const again = await succeed((tx) => call(tx, 'wrap', owned(tx, id)))
    const smashed = await succeed((tx) => call(tx, 'smash', owned(tx, written(again, 'kit::Wrapper').id)))
    assert.equal(change(smashed, id), 'NotExist NotExist Deleted')
  })

  it('keeps shared objects shared', async () => {
    const id = await makeBox(1)
    const made = await succeed((tx) => call(tx, 'share', call(tx, 'box', tx.pure.u64(5))))
    const box = written(made, 'kit::Box')
    const initialSharedVersion = box.version.toString()
    assert.deepEqual(box.owner, {kind: 'shared', initialSharedVersion: box.version})
    const arg = (tx: Transaction, mutable: boolean) =>
      tx.sharedObjectRef({objectId: box.id, initialSharedVersion, mutable})
    assert.equal(
      await outcome((tx) => call(tx, 'set', arg(tx, false), tx.pure.u64(1))),
      'CommandArgumentError InvalidObjectByMutRef 0 at 0',
    )
    assert.equal(
      await outcome((tx) => call(tx, 'unbox', arg(tx, false))),
      'CommandArgumentError InvalidObjectByValue 0 at 0',
    )
    assert.equal(
      await outcome((tx) => tx.transferObjects([arg(tx, true)], rig.address)),
      'SharedObjectOperationNotAllowed at end',
    )
    assert.equal(
      await outcome((tx) => call(tx, 'freeze_it', arg(tx, true))),
      'SharedObjectOperationNotAllowed at end',
    )
    assert.equal(
      await outcome((tx) => call(tx, 'wrap', arg(tx, true))),
      'SharedObjectOperationNotAllowed at end',
    )
    const read = await succeed((tx) => call(tx, 'value', arg(tx, false)))
    assert.deepEqual(
      read.effects.V2!.unchangedConsensusObjects.map(([unchanged]) => unchanged),
      [box.id],
    )
    assert.equal(change(read, box.id), undefined)
    const again = await succeed((tx) => call(tx, 'share', arg(tx, true)))
    assert.deepEqual(written(again, 'kit::Box').owner, box.owner)
    await succeed((tx) => call(tx, 'unbox', arg(tx, true)))
    assert.equal(rig.node.getObject(box.id), undefined)
    const notNew = await failure((tx) => call(tx, 'share', owned(tx, id)))
    assert.deepEqual(
      [notNew.error.MoveAbort?.[0].module.name, notNew.error.MoveAbort?.[1]],
      ['transfer', '0'],
    )
  })

  it('keeps frozen objects as they are', async () => {
    const id = await makeBox(3)
    await succeed((tx) => call(tx, 'freeze_it', owned(tx, id)))
    assert.deepEqual(rig.node.getObject(id)?.owner, {kind: 'immutable'})
    const read = await succeed((tx) => call(tx, 'value', owned(tx, id)))
    assert.equal(change(read, id), undefined)
    assert.equal(
      await outcome((tx) => call(tx, 'set', owned(tx, id), tx.pure.u64(1))),
      'CommandArgumentError InvalidObjectByMutRef 0 at 0',
    )
    assert.equal(
      await outcome((tx) => call(tx, 'unbox', owned(tx, id))),
      'CommandArgumentError InvalidObjectByValue 0 at 0',
    )
  })

  it('keeps dynamic fields as children', async () => {
    const added = await succeed((tx) =>
      call(tx, 'put', shared(tx, true), tx.pure.u64(1), tx.pure.string('one')),
    )
    const entry = written(added, '::string::String>')
    assert.equal(change(added, entry.id), 'NotExist ObjectWrite Created')
    assert.equal(entry.owner.kind, 'object')
    const parent = entry.owner.kind === 'object' ? entry.owner.parent : ''
    assert.deepEqual(
      rig.node.childrenOf(parent).map((child) => child.id),
      [entry.id],
    )
    const looked = await succeed((tx) => call(tx, 'look', shared(tx, false), tx.pure.u64(1)))
    assert.equal(change(looked, entry.id), undefined)
    const replaced = await succeed((tx) =>
      call(tx, 'replace', shared(tx, true), tx.pure.u64(1), tx.pure.string('uno')),
    )
    assert.equal(change(replaced, entry.id), 'Exist ObjectWrite None')
    const same = await succeed((tx) =>
      call(tx, 'replace', shared(tx, true), tx.pure.u64(1), tx.pure.string('uno')),
    )
    assert.equal(change(same, entry.id), undefined, 'same bytes: not written')
    const again = await succeed((tx) => call(tx, 'put_again', shared(tx, true), tx.pure.u64(1)))
    assert.equal(change(again, entry.id), undefined, 'removed and added as it was: not written')
    const twice = await failure((tx) =>
      call(tx, 'put', shared(tx, true), tx.pure.u64(1), tx.pure.string('x')),
    )
    assert.deepEqual(
      [twice.error.MoveAbort?.[0].module.name, twice.error.MoveAbort?.[1]],
      ['dynamic_field', '0'],
    )
    const removed = await succeed((tx) => call(tx, 'take', shared(tx, true), tx.pure.u64(1)))
    assert.equal(change(removed, entry.id), 'Exist NotExist Deleted')
    assert.deepEqual(rig.node.childrenOf(parent), [])
    const missing = await failure((tx) => call(tx, 'look', shared(tx, false), tx.pure.u64(1)))
    assert.deepEqual(
      [missing.error.MoveAbort?.[0].module.name, missing.error.MoveAbort?.[1]],
      ['dynamic_field', '1'],
    )
  })

  it('hangs objects on objects', async () => {
    const [parent, child] = [await makeBox(1), await makeBox(2)]
    const hung = await succeed((tx) => call(tx, 'hang', owned(tx, parent), tx.pure.u64(0), owned(tx, child)))
    assert.equal(change(hung, child), 'Exist ObjectWrite None')
    assert.equal(rig.node.getObject(child)?.owner.kind, 'object')
    await succeed((tx) => call(tx, 'bump_hung', owned(tx, parent), tx.pure.u64(0)))
    assert.equal(boxValue(child), 3)
    await assert.rejects(
      run((tx) => call(tx, 'value', owned(tx, child))),
      {name: 'TransactionRejected', code: 'INVALID_ARGUMENT'},
    )
    const back = await succeed((tx) =>
      tx.transferObjects([call(tx, 'unhang', owned(tx, parent), tx.pure.u64(0))], rig.address),
    )
    assert.equal(change(back, child), 'Exist ObjectWrite None')
    assert.deepEqual(rig.node.getObject(child)?.owner, {kind: 'address', address: rig.address})
  })

  it('receives what was sent to an object', async () => {
    const [parent, gift] = [await makeBox(1), await makeBox(2)]
    await succeed((tx) => tx.transferObjects([owned(tx, gift)], parent))
    const received = await succeed((tx) => {
      const box = call(tx, 'receive', owned(tx, parent), tx.receivingRef(rig.ref(gift)))
      tx.transferObjects([box], rig.address)
    })
    assert.equal(change(received, gift), 'Exist ObjectWrite None')
    const other = await makeBox(3)
    const wrong = await failure((tx) => {
      const box = call(tx, 'receive', owned(tx, parent), tx.receivingRef(rig.ref(other)))
      tx.transferObjects([box], rig.address)
    })
    assert.deepEqual([wrong.error.MoveAbort?.[0].module.name, wrong.error.MoveAbort?.[1]], ['transfer', '3'])
  })

  it('says how arguments are misused', async () => {
    const id = await makeBox(1)
    assert.equal(await outcome((tx) => call(tx, 'happen')), 'ArityMismatch at 0')
    assert.equal(
      await outcome((tx) => call(tx, 'set', owned(tx, id), call(tx, 'chip', tx.pure.u64(1)))),
      'CommandArgumentError TypeMismatch 1 at 1',
    )
    assert.equal(
      await outcome((tx) => {
        const box = owned(tx, id)
        call(tx, 'same', box, box)
      }),
      'CommandArgumentError CannotMoveBorrowedValue 1 at 0',
    )
    assert.equal(
      await outcome((tx) => {
        const box = owned(tx, id)
        call(tx, 'unbox', box)
        call(tx, 'unbox', box)
      }),
      'CommandArgumentError InvalidValueUsage 0 at 1',
    )
    assert.equal(
      await outcome((tx) => {
        call(tx, 'two')
        call(tx, 'happen', {NestedResult: [0, 2], $kind: 'NestedResult'})
      }),
      'CommandArgumentError SecondaryIndexOutOfBounds 0 at 1',
    )
    assert.equal(
      await outcome((tx) => {
        call(tx, 'two')
        call(tx, 'happen', {Result: 0, $kind: 'Result'})
      }),
      'CommandArgumentError InvalidResultArity 0 at 1',
    )
    assert.equal(await outcome((tx) => call(tx, 'unbox', tx.gas)), 'CommandArgumentError TypeMismatch 0 at 0')
    assert.equal(
      await outcome((tx) => tx.mergeCoins(tx.splitCoins(tx.gas, [1])[0]!, [tx.gas])),
      'CommandArgumentError InvalidGasCoinUsage 1 at 1',
    )
  })

  it('drops only what may be dropped', async () => {
    await succeed((tx) => call(tx, 'chip', tx.pure.u64(1)))
    await succeed((tx) => {
      const chip = call(tx, 'chip', tx.pure.u64(1))
      call(tx, 'crunch', chip)
      call(tx, 'crunch', chip)
    })
    await succeed((tx) => call(tx, 'eat', call(tx, 'potato', tx.pure.u64(1))))
    await succeed((tx) => call(tx, 'lick', call(tx, 'stamp', tx.pure.u64(1))))
    assert.equal(await outcome((tx) => call(tx, 'stamp', tx.pure.u64(1))), 'UnusedValueWithoutDrop at end')
    assert.equal(await outcome((tx) => call(tx, 'potato', tx.pure.u64(1))), 'UnusedValueWithoutDrop at end')
    assert.equal(await outcome((tx) => tx.splitCoins(tx.gas, [1])), 'UnusedValueWithoutDrop at end')
  })

  it('calls only what may be called', async () => {
    await succeed((tx) => call(tx, 'private_entry', tx.pure.u64(1)))
    await succeed((tx) => call(tx, 'call_hidden'))
    for (const name of ['hidden', 'inside', 'init']) {
      assert.equal(await outcome((tx) => call(tx, name)), 'NonEntryFunctionInvoked at 0', name)
    }
    assert.equal(await outcome((tx) => call(tx, 'nowhere')), 'FunctionNotFound at 0')
    assert.equal(
      await outcome((tx) => call(tx, 'value_ref', call(tx, 'box', tx.pure.u64(1)))),
      'InvalidPublicFunctionReturnType at 1',
    )
  })

  it('checks type arguments', async () => {
    const id = await makeBox(1)
    const generic = (tx: Transaction, ...typeArguments: string[]) =>
      tx.moveCall({target: `${kit}::kit::generic`, typeArguments, arguments: [owned(tx, id)]})
    await succeed((tx) => generic(tx, `${kit}::kit::Box`))
    assert.equal(await outcome((tx) => generic(tx)), 'TypeArityMismatch at 0')
    assert.equal(await outcome((tx) => generic(tx, 'u64')), 'TypeArgumentError at 0')
    assert.equal(await outcome((tx) => generic(tx, `${kit}::kit::Nothing`)), 'TypeArgumentError at 0')
    assert.equal(
      await outcome((tx) => generic(tx, '0x2::coin::Coin<0x2::sui::SUI>')),
      'CommandArgumentError TypeMismatch 0 at 0',
    )
  })

  it('transfers only what may be transferred', async () => {
    const made = await succeed((tx) => call(tx, 'give_sealed', tx.pure.u64(1), tx.pure.address(rig.address)))
    const sealed = written(made, 'kit::Sealed')
    assert.equal(sealed.hasPublicTransfer, false)
    assert.equal(
      await outcome((tx) => tx.transferObjects([owned(tx, sealed.id)], rig.address)),
      'InvalidTransferObject at 0',
    )
    const direct = (name: string) => (tx: Transaction) =>
      tx.moveCall({
        target: `0x2::transfer::${name}`,
        typeArguments: [sealed.typeName!],
        arguments: [owned(tx, sealed.id), ...(name === 'transfer' ? [tx.pure.address('0x77')] : [])],
      })
    for (const name of ['transfer', 'share_object', 'freeze_object']) {
      assert.equal(await outcome(direct(name)), 'NonEntryFunctionInvoked at 0', name)
    }
    assert.equal(await outcome(direct('public_freeze_object')), 'TypeArgumentError at 0')
    const emit = (tx: Transaction) =>
      tx.moveCall({
        target: '0x2::event::emit',
        typeArguments: [`${kit}::kit::Chip`],
        arguments: [call(tx, 'chip', tx.pure.u64(1))],
      })
    assert.equal(await outcome(emit), 'NonEntryFunctionInvoked at 1')
  })

  it('tells where Move gave up', async () => {
    const aborted = await run((tx) => {
      call(tx, 'happen', tx.pure.u64(1))
      call(tx, 'three')
    })
    const short = kit.replace(/^0x0+/, '0x')
    assert.equal(
      aborted.failure?.description,
      `MoveAbort in 2nd command, abort code: 3, in '${short}::kit::three' (instruction ${aborted.failure?.abort?.instruction})`,
    )
    assert.deepEqual(
      {...aborted.failure?.abort, functionIndex: undefined, instruction: undefined},
      {
        code: 3n,
        package: kit,
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
      await outcome((tx) => call(tx, 'overflow', tx.pure.u64(1))),
      'MovePrimitiveRuntimeError at 0',
    )
    assert.equal(await outcome((tx) => call(tx, 'forever')), 'InsufficientGas at 0')
    const tx = new Transaction()
    call(tx, 'big', tx.pure.u64(70))
    const big = await rig.send(tx, {budget: 10_000_000_000n})
    assert.equal(big.failure?.kind, 'MoveObjectTooBig')
  })

  it('shows the time', async () => {
    const result = await succeed((tx) => call(tx, 'happen', call(tx, 'now', tx.sharedObjectRef(CLOCK))))
    assert.equal(BigInt(bcs.U64.parse(result.events[0]!.contents)) > 0n, true)
    await assert.rejects(
      run((tx) => call(tx, 'now', tx.sharedObjectRef({...CLOCK, mutable: true}))),
      {name: 'TransactionRejected', code: 'INVALID_ARGUMENT'},
    )
  })
})
