import {bcs} from '@mysten/sui/bcs'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {readCommonTransaction} from '../../../../src/lib/devnet/executor/read-transaction.ts'
import {createRandom, mutate} from '../fuzz/random.ts'

const ID = `0x${'ab'.repeat(32)}`
const DIGEST = 'GfAw2QKbwS6W8D1cHRmU9yMSbeM9iC95YUGMDV5ECv9r'
const ref = {objectId: ID, version: 7, digest: DIGEST}

async function bytesOf(fill: (tx: Transaction) => void): Promise<Uint8Array> {
  const tx = new Transaction()
  tx.setSender(ID)
  tx.setGasPrice(1_000)
  tx.setGasBudget(5_000_000n)
  tx.setGasPayment([ref, {...ref, version: 9}])
  fill(tx)
  return tx.build()
}

/** Transactions with everything that it reads itself. */
const common: Record<string, (tx: Transaction) => void> = {
  'coins and transfers': (tx) => {
    const [coin, other] = tx.splitCoins(tx.gas, [5n, 6n])
    tx.mergeCoins(coin!, [other!])
    tx.transferObjects([coin!], '0x77')
  },
  calls: (tx) => {
    const result = tx.moveCall({
      target: '0x2::m::f',
      arguments: [
        tx.sharedObjectRef({objectId: '0x6', initialSharedVersion: 1, mutable: true}),
        tx.objectRef(ref),
        tx.receivingRef({...ref, objectId: '0x8'}),
        tx.pure.vector('u8', new Uint8Array(300)),
      ],
    })
    tx.moveCall({target: '0x2::m::g', arguments: [result]})
  },
}

/** What it must leave alone. */
const unusual: Record<string, (tx: Transaction) => void> = {
  'type arguments': (tx) => void tx.moveCall({target: '0x2::m::f', typeArguments: ['0x2::sui::SUI']}),
  vectors: (tx) => void tx.makeMoveVec({elements: [tx.objectRef(ref)]}),
  expirations: (tx) => tx.setExpiration({Epoch: 5}),
  packages: (tx) => void tx.publish({modules: [[1, 2, 3]], dependencies: ['0x1']}),
}

describe('the reader of common transactions', () => {
  for (const [name, fill] of Object.entries(common)) {
    it(`reads ${name} as the SDK does`, async () => {
      const bytes = await bytesOf(fill)
      assert.deepEqual(readCommonTransaction(bytes), bcs.TransactionData.parse(bytes))
    })
  }

  for (const [name, fill] of Object.entries(unusual)) {
    it(`leaves ${name} to the SDK`, async () => {
      assert.equal(readCommonTransaction(await bytesOf(fill)), undefined)
    })
  }

  it('never says anything else of broken bytes', async () => {
    const random = createRandom(1)
    let read = 0
    for (const fill of [...Object.values(common), ...Object.values(unusual)]) {
      const whole = await bytesOf(fill)
      for (let round = 0; round < 500; round++) {
        const bytes = mutate(whole, random)
        const ours = readCommonTransaction(bytes)
        if (ours === undefined) continue
        read += 1
        assert.deepEqual(ours, bcs.TransactionData.parse(bytes))
      }
    }
    assert.ok(read > 100, `${read} were read`)
  })
})
