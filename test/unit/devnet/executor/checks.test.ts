import {fromBase64} from '@mysten/bcs'
import {bcs} from '@mysten/sui/bcs'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Secp256k1Keypair} from '@mysten/sui/keypairs/secp256k1'
import {Secp256r1Keypair} from '@mysten/sui/keypairs/secp256r1'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {TransactionRejected} from '../../../../src/lib/devnet/ledger/api.ts'
import {createRig, type Rig} from './rig.ts'

const INVALID = {name: 'TransactionRejected', code: 'INVALID_ARGUMENT'}

/** BCS of a vector<u8>, so many bytes with its length. */
function bytesOfSize(size: number): Uint8Array {
  return bcs
    .byteVector()
    .serialize(new Uint8Array(size - 2).map((_, index) => index))
    .toBytes()
}

describe('what the devnet checks before it executes', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await createRig()
  })
  afterEach(() => rig.node.close())

  function pay(to = '0x77') {
    const tx = new Transaction()
    tx.transferObjects([tx.splitCoins(tx.gas, [5])], to)
    return tx
  }
  async function message(work: Promise<unknown>): Promise<string> {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert.equal(error instanceof TransactionRejected, true, String(error))
    return (error as TransactionRejected).message.replace(/^Error checking transaction input objects: /, '')
  }

  it('accepts the three kinds of keys', async () => {
    for (const keypair of [new Ed25519Keypair(), new Secp256k1Keypair(), new Secp256r1Keypair()]) {
      const {coinId} = await rig.node.fund(keypair.toSuiAddress(), 1_000_000_000n)
      const tx = pay()
      tx.setSender(keypair.toSuiAddress())
      const bytes = await rig.build(tx, {budget: 10_000_000n, gas: [rig.node.getObject(coinId)!]})
      const {signature} = await keypair.signTransaction(bytes)
      const result = await rig.node.execute(bytes, [fromBase64(signature)])
      assert.equal(result.failure, undefined)
    }
  })

  it('refuses other signatures', async () => {
    const bytes = await rig.build(pay())
    const good = await rig.sign(bytes)
    const {signature} = await new Ed25519Keypair().signTransaction(bytes)
    const stranger = fromBase64(signature)
    const broken = Uint8Array.from(good)
    broken[10]! ^= 1
    const sequence = rig.node.tip().totalTransactions
    for (const signatures of [[], [stranger], [broken], [good, stranger], [Uint8Array.of(1, 2, 3)]]) {
      await assert.rejects(rig.node.execute(bytes, signatures), INVALID)
    }
    const other = await rig.build(pay('0x78'))
    await assert.rejects(rig.node.execute(other, [good]), INVALID)
    await rig.node.sealCheckpoint()
    assert.equal(rig.node.tip().totalTransactions, sequence + 1n, 'nothing but the prologue')
  })

  it('lets a sponsor pay, if both sign', async () => {
    const sponsor = new Ed25519Keypair()
    const {coinId} = await rig.node.fund(sponsor.toSuiAddress(), 1_000_000_000n)
    const [own] = rig.coins()
    const tx = new Transaction()
    tx.transferObjects([tx.objectRef(rig.ref(own!.id))], '0x77')
    tx.setGasOwner(sponsor.toSuiAddress())
    const bytes = await rig.build(tx, {budget: 10_000_000n, gas: [rig.node.getObject(coinId)!]})
    const theirs = fromBase64((await sponsor.signTransaction(bytes)).signature)
    const mine = await rig.sign(bytes)
    await assert.rejects(rig.node.execute(bytes, [mine]), INVALID)
    await assert.rejects(rig.node.execute(bytes, [mine, mine]), INVALID)
    const result = await rig.node.execute(bytes, [mine, theirs])
    assert.equal(result.failure, undefined)
    assert.equal(result.effects.V2!.changedObjects[result.effects.V2!.gasObjectIndex!]![0], coinId)
  })

  it('executes a transaction once', async () => {
    const bytes = await rig.build(pay())
    const signature = await rig.sign(bytes)
    const [first, second] = await Promise.all([
      rig.node.execute(bytes, [signature]),
      rig.node.execute(bytes, [signature]),
    ])
    assert.equal(first, second)
    assert.equal(await rig.node.execute(bytes, [signature]), first)
    assert.equal(rig.coins(`0x${'77'.padStart(64, '0')}`).length, 1)
  })

  it('refuses to spend a version twice', async () => {
    const [coin] = rig.coins()
    const versions = [pay('0x77'), pay('0x78')].map((tx) => rig.build(tx, {gas: [coin!]}))
    const [first, second] = await Promise.all(versions)
    await rig.node.execute(first!, [await rig.sign(first!)])
    const refused = rig.node.execute(second!, [await rig.sign(second!)])
    await assert.rejects(refused, INVALID)
    const now = rig.node.getObject(coin!.id)!
    assert.equal(
      await message(refused),
      `Object ID ${coin!.id} Version 0x1 Digest ${coin!.digest} is not available for consumption, ` +
        `current version: 0x${now.version.toString(16)}`,
    )
  })

  it('refuses objects that are not the sender’s', async () => {
    const other = new Ed25519Keypair().toSuiAddress()
    const {coinId} = await rig.node.fund(other, 1_000_000_000n)
    const tx = new Transaction()
    tx.transferObjects([tx.objectRef(rig.ref(coinId))], rig.address)
    await assert.rejects(rig.send(tx), INVALID)
    await assert.rejects(rig.send(pay(), {gas: [rig.node.getObject(coinId)!]}), INVALID)
  })

  it('refuses wrong, missing and doubled inputs', async () => {
    const [gas, coin] = rig.coins()
    const send = (fill: (tx: Transaction) => void) => {
      const tx = new Transaction()
      fill(tx)
      return rig.send(tx, {gas: [gas!]})
    }
    const ref = rig.ref(coin!.id)
    const missing = {...ref, objectId: `0x${'9'.repeat(64)}`}
    await assert.rejects(
      send((tx) => tx.transferObjects([tx.objectRef(missing)], '0x77')),
      {name: 'TransactionRejected', code: 'NOT_FOUND'},
    )
    await assert.rejects(
      send((tx) => tx.transferObjects([tx.objectRef({...ref, digest: gas!.digest})], '0x77')),
      INVALID,
    )
    await assert.rejects(
      send((tx) => tx.transferObjects([tx.objectRef(rig.ref(gas!.id))], '0x77')),
      INVALID,
    )
    await assert.rejects(
      send((tx) =>
        tx.transferObjects([tx.sharedObjectRef({...ref, initialSharedVersion: 1, mutable: true})], '0x77'),
      ),
      {name: 'TransactionRejected', code: 'NOT_FOUND'},
    )
    await assert.rejects(
      send((tx) =>
        tx.moveCall({
          target: '0x2::clock::timestamp_ms',
          arguments: [tx.objectRef(rig.ref(`0x${'6'.padStart(64, '0')}`))],
        }),
      ),
      INVALID,
    )
    await assert.rejects(
      send((tx) =>
        tx.moveCall({
          target: '0x2::clock::timestamp_ms',
          arguments: [tx.sharedObjectRef({objectId: '0x6', initialSharedVersion: 2, mutable: false})],
        }),
      ),
      {name: 'TransactionRejected', code: 'NOT_FOUND'},
    )
    await assert.rejects(
      send((tx) => tx.moveCall({target: '0x99::m::f'})),
      {name: 'TransactionRejected', code: 'NOT_FOUND'},
    )
  })

  it('refuses bad terms of gas', async () => {
    const [coin] = rig.coins()
    assert.equal(
      await message(rig.send(pay(), {budget: 999_999n})),
      'Gas budget: 999999 is lower than min: 1000000',
    )
    assert.equal(
      await message(rig.send(pay(), {budget: 50_000_000_001n})),
      'Gas budget: 50000000001 is higher than max: 50000000000',
    )
    assert.equal(
      await message(rig.send(pay(), {budget: 20_000_000_001n, gas: [coin!]})),
      'Balance of gas object 20000000000 is lower than the needed amount: 20000000001',
    )
    const cheap = pay()
    cheap.setSender(rig.address)
    cheap.setGasPrice(999)
    cheap.setGasBudget(2_000_000)
    cheap.setGasPayment([rig.ref(coin!.id)])
    const bytes = await cheap.build()
    assert.equal(
      await message(rig.node.execute(bytes, [await rig.sign(bytes)])),
      'Gas price 999 under reference gas price (RGP) 1000',
    )
    const made = await rig.publishKit()
    const notGas = pay()
    assert.equal(
      await message(rig.send(notGas, {gas: [rig.node.getObject(made.cap)!]})),
      `Object ${made.cap} is not a gas object`,
    )
  })

  it('refuses what is too large', async () => {
    const send = (sizes: number[]) => {
      const tx = new Transaction()
      for (const size of sizes) {
        tx.moveCall({target: '0x2::hash::blake2b256', arguments: [tx.pure(bytesOfSize(size))]})
      }
      return rig.send(tx)
    }
    assert.equal((await send([16_384, 16_000, 16_000, 16_000, 16_000, 16_000])).failure, undefined)
    assert.equal(await message(send([16_385])), 'Size limit exceeded: maximum pure argument size is 16384')
    await assert.rejects(send(Array<number>(9).fill(16_000)), INVALID)
  })

  it('honours expirations', async () => {
    const during = (chain: string, min: number, max: number) => {
      const tx = pay()
      tx.setExpiration({
        ValidDuring: {
          minEpoch: String(min),
          maxEpoch: String(max),
          minTimestamp: null,
          maxTimestamp: null,
          chain,
          nonce: 1,
        },
      })
      return tx
    }
    const {chainId} = rig.node
    assert.equal((await rig.send(during(chainId, 0, 1))).failure, undefined)
    await assert.rejects(rig.send(during(chainId, 1, 2)), INVALID)
    await assert.rejects(rig.send(during(rig.node.tip().contentDigest, 0, 1)), INVALID)
    const tx = pay()
    tx.setExpiration({Epoch: 0})
    assert.equal((await rig.send(tx)).failure, undefined)
  })

  it('refuses what is no transaction', async () => {
    await assert.rejects(rig.node.execute(Uint8Array.of(1, 2, 3), []), INVALID)
    const genesis = rig.node.transactions(0n, 0n)[0]!
    await assert.rejects(rig.node.execute(Uint8Array.of(...genesis.bytes, 0), []), INVALID)
  })
})
