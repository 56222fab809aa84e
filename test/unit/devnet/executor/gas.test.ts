import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {netGas, storageCost, gasUsed, GasMeter} from '../../../../src/lib/devnet/executor/gas.ts'
import type {LedgerTransaction} from '../../../../src/lib/devnet/ledger/api.ts'
import {balanceIn, createRig, START_BALANCE, type Rig} from './rig.ts'

const COIN_STORAGE = 988_000n
const MINIMUM = 1_000_000n

function used(transaction: LedgerTransaction) {
  const {computationCost, storageCost, storageRebate, nonRefundableStorageFee} =
    transaction.effects.V2!.gasUsed
  return {
    computationCost: BigInt(computationCost),
    storageCost: BigInt(storageCost),
    storageRebate: BigInt(storageRebate),
    nonRefundableStorageFee: BigInt(nonRefundableStorageFee),
  }
}

describe('gas of the devnet', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await createRig()
  })
  afterEach(() => rig.node.close())

  const total = (address = rig.address) => rig.coins(address).reduce((sum, coin) => sum + balanceIn(coin), 0n)
  const split = (amount: bigint) => {
    const tx = new Transaction()
    tx.transferObjects([tx.splitCoins(tx.gas, [amount])], rig.address)
    return tx
  }

  it('rounds storage rebates as Sui does', () => {
    assert.equal(storageCost(130), COIN_STORAGE)
    assert.deepEqual(gasUsed(1n, 2n, COIN_STORAGE), {
      computationCost: 1n,
      storageCost: 2n,
      storageRebate: 978_120n,
      nonRefundableStorageFee: 9_880n,
    })
    assert.equal(gasUsed(0n, 0n, 50n).storageRebate, 50n)
    assert.equal(gasUsed(0n, 0n, 51n).storageRebate, 50n)
  })

  it('rounds computation up to a bucket', () => {
    const cost = (units: number): bigint => {
      const meter = new GasMeter(10n ** 12n, 1_000n)
      meter.charge(units)
      return meter.computationCost()
    }
    assert.deepEqual(
      [0, 1_000, 1_001, 5_001, 20_000, 50_001, 200_001, 5_000_000].map(cost),
      [1, 1, 5, 10, 20, 200, 1_000, 5_000].map((thousand) => BigInt(thousand) * 1_000_000n),
    )
    const meter = new GasMeter(2_000_000n, 1_000n)
    assert.throws(() => meter.charge(2_001), {kind: 'OUT_OF_GAS'})
    assert.equal(meter.computationCost(), 2_000_000n)
  })

  it('charges a split: two coins stored, nothing back for coins of genesis', async () => {
    const [coin] = rig.coins()
    const first = await rig.send(split(5n), {gas: [coin!]})
    assert.deepEqual(used(first), {
      computationCost: MINIMUM,
      storageCost: 2n * COIN_STORAGE,
      storageRebate: 0n,
      nonRefundableStorageFee: 0n,
    })
    const second = await rig.send(split(5n), {gas: [coin!]})
    assert.deepEqual(used(second), {
      computationCost: MINIMUM,
      storageCost: 2n * COIN_STORAGE,
      storageRebate: 978_120n,
      nonRefundableStorageFee: 9_880n,
    })
    assert.equal(total(), START_BALANCE - netGas(used(first)) - netGas(used(second)))
  })

  it('gives storage back when coins are merged', async () => {
    const [coin] = rig.coins()
    await rig.send(split(5n), {gas: [coin!]})
    await rig.send(split(5n), {gas: [coin!]})
    const small = rig.coins().filter((coin) => balanceIn(coin) === 5n)
    const before = total()
    const tx = new Transaction()
    tx.mergeCoins(
      tx.gas,
      small.map((coin) => tx.objectRef(rig.ref(coin.id))),
    )
    const merged = await rig.send(tx, {gas: [coin!]})
    assert.equal(merged.failure, undefined)
    assert.equal(netGas(used(merged)) < 0n, true, 'more comes back than is paid')
    assert.equal(total(), before - netGas(used(merged)))
  })

  it('smashes the coins that pay', async () => {
    const coins = rig.coins()
    const [first, ...rest] = coins
    const result = await rig.send(split(5n), {gas: coins})
    assert.equal(result.failure, undefined)
    const changes = new Map(result.effects.V2!.changedObjects)
    for (const coin of rest) assert.equal(changes.get(coin.id)?.idOperation.$kind, 'Deleted')
    const [gasId] = result.effects.V2!.changedObjects[result.effects.V2!.gasObjectIndex!]!
    assert.equal(gasId, first?.id)
    assert.equal(rig.coins().length, 2)
    assert.equal(total(), START_BALANCE - netGas(used(result)))
  })

  it('charges the smashed coin of a transaction that fails, and changes nothing else', async () => {
    const coins = rig.coins()
    const tx = new Transaction()
    tx.transferObjects([tx.splitCoins(tx.gas, [START_BALANCE])], rig.address)
    const result = await rig.send(tx, {gas: coins})
    assert.deepEqual([result.failure?.kind, result.failure?.command], ['InsufficientCoinBalance', 0])
    assert.equal(rig.coins().length, 1)
    assert.equal(total(), START_BALANCE - netGas(used(result)))
  })

  it('holds the budget back while the commands run', async () => {
    const [coin] = rig.coins()
    const budget = 2_000_000_000n
    const tooMuch = new Transaction()
    tooMuch.transferObjects([tooMuch.splitCoins(tooMuch.gas, [balanceIn(coin) - budget + 1n])], rig.address)
    assert.equal((await rig.send(tooMuch, {budget, gas: [coin!]})).failure?.kind, 'InsufficientCoinBalance')
    const [again] = rig.coins().filter(({id}) => id === coin!.id)
    const all = new Transaction()
    all.transferObjects([all.splitCoins(all.gas, [balanceIn(again) - budget])], rig.address)
    assert.equal((await rig.send(all, {budget, gas: [again!]})).failure, undefined)
  })

  it('takes gas from a coin that was given away', async () => {
    const [coin] = rig.coins()
    const tx = new Transaction()
    tx.transferObjects([tx.gas], '0x77')
    const result = await rig.send(tx, {gas: [coin!]})
    assert.equal(result.failure, undefined)
    const [theirs] = rig.coins(`0x${'77'.padStart(64, '0')}`)
    assert.equal(theirs?.id, coin!.id)
    assert.equal(balanceIn(theirs), balanceIn(coin) - netGas(used(result)))
  })

  it('fails with InsufficientGas when storage is beyond the budget', async () => {
    const before = total()
    const result = await rig.send(split(5n), {budget: 2_500_000n})
    assert.equal(result.failure?.kind, 'InsufficientGas')
    assert.deepEqual(used(result), {
      computationCost: MINIMUM,
      storageCost: COIN_STORAGE,
      storageRebate: 0n,
      nonRefundableStorageFee: 0n,
    })
    assert.equal(total(), before - netGas(used(result)))
    const least = await rig.send(split(5n), {budget: 1_000_001n, gas: [rig.coins().at(-1)!]})
    assert.equal(least.failure?.kind, 'InsufficientGas')
    assert.equal(used(least).computationCost + used(least).storageCost, 1_000_001n)
  })

  it('keeps the sum of all balances', async () => {
    const other = `0x${'77'.padStart(64, '0')}`
    let spent = 0n
    for (let index = 0; index < 20; index++) {
      const tx = new Transaction()
      const coins = tx.splitCoins(tx.gas, [BigInt(index + 1), BigInt(index * 3 + 1)])
      tx.transferObjects([coins[0]!], other)
      tx.transferObjects([coins[1]!], rig.address)
      spent += netGas(used(await rig.send(tx, {gas: rig.coins().slice(0, 1 + (index % 3))})))
    }
    assert.equal(total() + total(other) + spent, START_BALANCE)
  })

  it('says what balances changed', async () => {
    const tx = new Transaction()
    tx.transferObjects([tx.splitCoins(tx.gas, [7])], '0x77')
    const result = await rig.send(tx)
    const coinType = `0x${'2'.padStart(64, '0')}::sui::SUI`
    assert.deepEqual(
      result.balanceChanges.toSorted((a, b) => Number(b.amount - a.amount)),
      [
        {address: `0x${'77'.padStart(64, '0')}`, coinType, amount: 7n},
        {address: rig.address, coinType, amount: -7n - netGas(used(result))},
      ],
    )
  })
})
