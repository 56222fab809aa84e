import {createHash} from 'node:crypto'
import assert from 'node:assert/strict'
import {Transaction} from '@mysten/sui/transactions'
import {bcs} from '@mysten/sui/bcs'
import {SyncSigner} from '../../../../src/lib/devnet/executor/signatures.ts'
import {createNode} from '../../../../src/lib/devnet/executor/node.ts'
import {
  TransactionRejected,
  type DevnetNode,
  type StoredObject,
} from '../../../../src/lib/devnet/ledger/api.ts'
import {compileKit} from '../executor/rig.ts'
import {createRandom, fuzzPlan, mutate} from './random.ts'

const SLOW_MS = 5_000

/** Transactions of every kind of command, against the objects as they are now. */
async function templates(node: DevnetNode, signer: SyncSigner, kit: string): Promise<Uint8Array[]> {
  const {address} = signer
  for (let count = 0; count < 3; count++) await node.fund(address, 2_000_000_000n)
  const balance = ({contents}: StoredObject): number =>
    Number(new DataView(contents.buffer, contents.byteOffset).getBigUint64(32, true))
  const coins = node
    .objectsOwnedBy(address)
    .filter(({typeName}) => typeName?.endsWith('::sui::SUI>'))
    .sort((a, b) => balance(b) - balance(a))
  const ref = (index: number) => {
    const {id, version, digest} = coins[index]!
    return {objectId: id, version: version.toString(), digest}
  }
  const {modules, dependencies} = await compileKit()
  const fills: ((tx: Transaction) => unknown)[] = [
    (tx) => tx.transferObjects([tx.splitCoins(tx.gas, [5n, 6n])[0]!], address),
    (tx) => tx.mergeCoins(tx.objectRef(ref(1)), [tx.objectRef(ref(2))]),
    (tx) => tx.makeMoveVec({type: 'u64', elements: [tx.pure.u64(1n), tx.pure.u64(2n)]}),
    (tx) =>
      tx.moveCall({
        target: '0x2::coin::value',
        typeArguments: ['0x2::sui::SUI'],
        arguments: [tx.objectRef(ref(1))],
      }),
    (tx) =>
      tx.moveCall({
        target: '0x2::clock::timestamp_ms',
        arguments: [tx.sharedObjectRef({objectId: '0x6', initialSharedVersion: 1, mutable: false})],
      }),
    (tx) => tx.moveCall({target: `${kit}::kit::${'x'}`, arguments: []}),
    (tx) =>
      tx.transferObjects(
        [
          tx.publish({
            modules: [...modules.values()].map((bytes) => [...bytes]),
            dependencies: [...dependencies],
          }),
        ],
        address,
      ),
    (tx) =>
      tx.moveCall({
        target: '0x1::vector::reverse',
        typeArguments: ['u8'],
        arguments: [tx.pure.vector('u8', [1, 2, 3])],
      }),
    (tx) => tx.moveCall({target: '0x1::ascii::string', arguments: [tx.pure.vector('u8', [65, 66])]}),
    (tx) =>
      tx.moveCall({
        target: '0x1::option::some',
        typeArguments: ['vector<address>'],
        arguments: [tx.pure.vector('address', [address])],
      }),
  ]
  return Promise.all(
    fills.map((fill) => {
      const tx = new Transaction()
      fill(tx)
      tx.setSender(address)
      tx.setGasPrice(1_000)
      tx.setGasBudget(500_000_000)
      tx.setGasPayment([ref(0)])
      return tx.build()
    }),
  )
}

describe('transactions that nobody would write', function () {
  const {seed, minutes, goesOn} = fuzzPlan()
  this.timeout(60_000 + minutes * 60_000)

  it('are executed, or refused with a reason', async () => {
    const signer = new SyncSigner(createHash('sha256').update('fuzz').digest())
    const node = await createNode({
      seed: 'fuzz',
      checkpointIntervalMs: 3_600_000,
      genesisAccounts: [{address: signer.address, balance: 4_000_000_000_000_000_000n}],
    })
    const outcomes = {executed: 0, failed: 0, refused: 0}
    try {
      const sources = await templates(node, signer, '0x2')
      let current = sources
      for (let done = 0; goesOn(done); done++) {
        const random = createRandom(seed + done)
        if (done % 50 === 0) current = await templates(node, signer, '0x2')
        // The head of a transaction is as it was more often than not, so that what follows is read.
        const bytes = mutate(random.pick(current), random)
        const told = `seed ${seed + done}`
        const started = performance.now()
        try {
          const {failure} = await node.execute(bytes, [signer.sign(bytes)])
          if (failure === undefined) outcomes.executed += 1
          else outcomes.failed += 1
        } catch (error) {
          assert.ok(error instanceof TransactionRejected, `${told}: ${(error as Error).stack}`)
          outcomes.refused += 1
        }
        if (done % 4 === 0) await simulated(node, bytes, told)
        assert.ok(performance.now() - started < SLOW_MS, `${told} was slow`)
      }
      assert.ok(
        outcomes.executed > 0 && outcomes.failed > 0 && outcomes.refused > 0,
        JSON.stringify(outcomes),
      )
    } finally {
      await node.close()
    }
  })
})

/** The same without checks, where anything goes that can be executed at all. */
async function simulated(node: DevnetNode, bytes: Uint8Array, told: string): Promise<void> {
  let data
  try {
    data = bcs.TransactionData.parse(bytes)
  } catch {
    return
  }
  try {
    await node.simulate(data, {checks: false})
  } catch (error) {
    assert.ok(error instanceof TransactionRejected, `${told}, simulated: ${(error as Error).stack}`)
  }
}
