/** Short ways to call the test kit and to see what came of it. */
import {Transaction, type TransactionArgument, type TransactionResult} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import type {LedgerTransaction} from '../../../../src/lib/devnet/ledger/api.ts'
import {written, type Rig} from './rig.ts'

type Fill = (tx: Transaction) => unknown

/** The published test kit. */
export type Kit = Awaited<ReturnType<typeof createKit>>

/** Publishes the test kit. */
export async function createKit(rig: Rig) {
  const {kit: id, store, published} = await rig.publishKit()
  const initialSharedVersion = published.effects.V2!.lamportVersion

  const call = (tx: Transaction, name: string, ...args: TransactionArgument[]): TransactionResult =>
    tx.moveCall({target: `${id}::kit::${name}`, arguments: args})
  async function run(fill: Fill): Promise<LedgerTransaction> {
    const tx = new Transaction()
    fill(tx)
    return rig.send(tx)
  }
  async function succeed(fill: Fill): Promise<LedgerTransaction> {
    const result = await run(fill)
    assert.equal(result.failure, undefined)
    return result
  }
  async function failure(fill: Fill) {
    const result = await run(fill)
    assert.notEqual(result.failure, undefined, 'the transaction succeeded')
    return result.effects.V2!.status.Failure!
  }
  return {
    id,
    call,
    run,
    succeed,
    failure,
    owned: (tx: Transaction, object: string) => tx.objectRef(rig.ref(object)),
    /** The shared Store of the kit. */
    shared: (tx: Transaction, mutable: boolean) =>
      tx.sharedObjectRef({objectId: store, initialSharedVersion, mutable}),
    /** Kind of failure, kind of argument error, and command. */
    async outcome(fill: Fill): Promise<string> {
      const {error, command} = await failure(fill)
      const detail = error.CommandArgumentError
      const argument = detail === undefined ? [] : [detail.kind.$kind, detail.argIdx]
      return [error.$kind, ...argument, `at ${command ?? 'end'}`].join(' ')
    },
    async makeBox(value: number): Promise<string> {
      const made = await succeed((tx) =>
        tx.transferObjects([call(tx, 'box', tx.pure.u64(value))], rig.address),
      )
      return written(made, 'kit::Box').id
    },
    boxValue: (object: string) => rig.node.getObject(object)?.contents.at(32),
    /** What the effects say of an object; undefined: nothing. */
    change(transaction: LedgerTransaction, object: string): string | undefined {
      const found = transaction.effects.V2!.changedObjects.find(([changed]) => changed === object)
      if (found === undefined) return undefined
      const {inputState, outputState, idOperation} = found[1]
      return [inputState.$kind, outputState.$kind, idOperation.$kind].join(' ')
    },
  }
}
