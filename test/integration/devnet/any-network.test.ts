/**
 * What documented calls of the SDK do, on any network: a devnet of our own, or the one at DAAS_TEST_RPC_URL, with the
 * funded key (suiprivkey1…) of DAAS_TEST_KEY, and its faucet, if any, at DAAS_TEST_FAUCET_URL.
 */
import {requestSuiFromFaucetV2} from '@mysten/sui/faucet'
import {SuiGrpcClient} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {SerialTransactionExecutor, Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {type Devnet, startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {skipFor} from '../../helpers/skip.ts'

const {DAAS_TEST_RPC_URL: given, DAAS_TEST_KEY: key, DAAS_TEST_FAUCET_URL: givenFaucet} = process.env
const SUI = '0x2::sui::SUI'

describe(`the SDK on ${given ?? 'a devnet'}`, function () {
  this.timeout(120_000)
  let devnet: Devnet | undefined
  let client: SuiGrpcClient
  let signer: Ed25519Keypair
  let address: string

  before(function () {
    if (given !== undefined && key === undefined)
      skipFor(this, 'a funded key', 'set DAAS_TEST_KEY to suiprivkey1…')
  })
  before(async () => {
    devnet = given === undefined ? await startDevnet({seed: 'any'}) : undefined
    client = new SuiGrpcClient({network: 'localnet', baseUrl: given ?? devnet!.url})
    signer = Ed25519Keypair.fromSecretKey(key ?? devnet!.accounts[0]!.secretKey)
    address = signer.toSuiAddress()
  })
  after(() => devnet?.close())

  const execute = async (transaction: Transaction) => {
    const result = await client.signAndExecuteTransaction({
      transaction,
      signer,
      include: {effects: true, balanceChanges: true, events: true, objectTypes: true},
    })
    await client.waitForTransaction({result})
    return result
  }

  it('transfers, and everything says the same of it', async () => {
    const to = new Ed25519Keypair().toSuiAddress()
    const tx = new Transaction()
    tx.transferObjects([tx.splitCoins(tx.gas, [1234n])], to)
    const {Transaction: done} = await execute(tx)
    assert.equal(done?.status.success, true)
    const {computationCost, storageCost, storageRebate} = done.effects!.gasUsed
    const paid = BigInt(computationCost) + BigInt(storageCost) - BigInt(storageRebate)
    const changes = new Map(done.balanceChanges!.map((change) => [change.address, BigInt(change.amount)]))
    assert.equal(changes.get(to), 1234n)
    assert.equal(changes.get(address), -1234n - paid)
    const {balance} = await client.getBalance({owner: to, coinType: SUI})
    assert.equal(BigInt(balance.balance), 1234n)
    const {objects} = await client.listCoins({owner: to, coinType: SUI})
    assert.deepEqual(
      objects.map((coin) => BigInt(coin.balance)),
      [1234n],
    )
    const {object} = await client.getObject({
      objectId: objects[0]!.objectId,
      include: {previousTransaction: true},
    })
    assert.equal(object.previousTransaction, done.digest)
    const again = await client.getTransaction({digest: done.digest, include: {effects: true}})
    assert.deepEqual(again.Transaction?.effects, done.effects)
  })

  it('says of an abort where it was, before it is signed and after', async () => {
    const aborting = (): Transaction => {
      const tx = new Transaction()
      tx.setSender(address)
      tx.moveCall({
        target: '0x2::coin::destroy_zero',
        typeArguments: [SUI],
        arguments: [tx.splitCoins(tx.gas, [1n])],
      })
      return tx
    }
    await assert.rejects(aborting().build({client}), /MoveAbort.*balance/)
    const forced = aborting()
    forced.setGasBudget(10_000_000n)
    const simulated = await client.simulateTransaction({transaction: forced, checksEnabled: false})
    assert.equal(simulated.FailedTransaction?.status.error?.$kind, 'MoveAbort')
  })

  it('runs the serial executor', async () => {
    const executor = new SerialTransactionExecutor({client, signer})
    const digests = new Set<string>()
    for (let round = 0; round < 3; round++) {
      const tx = new Transaction()
      tx.transferObjects([tx.splitCoins(tx.gas, [1n])], address)
      const {Transaction: done} = await executor.executeTransaction(tx)
      digests.add(done!.digest)
    }
    assert.equal(digests.size, 3)
  })

  it('answers view calls', async () => {
    const tx = new Transaction()
    tx.moveCall({target: '0x2::clock::timestamp_ms', arguments: [tx.object.clock()]})
    const {commandResults} = await client.simulateTransaction({
      transaction: tx,
      checksEnabled: false,
      include: {commandResults: true},
    })
    const {bcs} = commandResults![0]!.returnValues[0]!
    const shown = Number(new DataView(bcs.buffer, bcs.byteOffset).getBigUint64(0, true))
    assert.ok(Math.abs(shown - Date.now()) < 60_000, `the clock shows ${shown}`)
  })

  it('gives from the faucet', async function () {
    const host = givenFaucet ?? devnet?.faucetUrl
    if (host === undefined) return skipFor(this, 'a faucet', 'set DAAS_TEST_FAUCET_URL')
    const recipient = new Ed25519Keypair().toSuiAddress()
    await requestSuiFromFaucetV2({host, recipient})
    const {balance} = await client.getBalance({owner: recipient, coinType: SUI})
    assert.ok(BigInt(balance.balance) > 0n)
  })
})
