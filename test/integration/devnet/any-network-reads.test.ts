import {ObjectError} from '@mysten/sui/client'
import {requestSuiFromFaucetV2} from '@mysten/sui/faucet'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {coinWithBalance, Transaction} from '@mysten/sui/transactions'
import {normalizeSuiAddress} from '@mysten/sui/utils'
import assert from 'node:assert/strict'
import {readDaasPackage} from '../../../src/lib/contracts/package.ts'
import {skipFor} from '../../helpers/skip.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import {execute, networkName, SUI, useAnyNetwork} from './any-network.ts'

describe(`reads of the SDK on ${networkName}`, function () {
  this.timeout(120_000)
  const network = useAnyNetwork('any')
  let client: SuiGrpcClient
  let signer: Ed25519Keypair
  let address: string
  before(() => {
    ;({client, signer, address} = network())
  })

  it('transfers, and everything says the same of it', async () => {
    const to = new Ed25519Keypair().toSuiAddress()
    const tx = new Transaction()
    tx.transferObjects([tx.splitCoins(tx.gas, [1234n])], to)
    const {Transaction: done} = await execute(network(), tx)
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

  it('gathers coins where somebody else pays the gas, and pages through what is owned', async () => {
    const owner = new Ed25519Keypair()
    const to = owner.toSuiAddress()
    const fund = new Transaction()
    const [first, second, third, fourth] = fund.splitCoins(fund.gas, [
      30_000_000n,
      20_000_000n,
      10_000_000n,
      100n,
    ])
    fund.transferObjects([first, second, third, fourth], to)
    await execute(network(), fund)
    const pages: string[][] = []
    for (let cursor: string | null = null, more = true; more;) {
      const page = await client.listCoins({owner: to, coinType: SUI, limit: 3, cursor})
      pages.push(page.objects.map((coin) => coin.balance))
      ;({cursor, hasNextPage: more} = page)
    }
    assert.deepEqual(
      pages.map(({length}) => length),
      [3, 1],
    )
    assert.deepEqual(pages.flat().sort(), ['100', '10000000', '20000000', '30000000'])

    // Somebody else pays the gas: every coin may be gathered.
    const tx = new Transaction()
    tx.setSender(to)
    tx.setGasOwner(address)
    tx.transferObjects([coinWithBalance({balance: 60_000_050n, useGasCoin: false})], address)
    const bytes = await tx.build({client})
    const signatures = await Promise.all(
      [owner, signer].map(async (each) => (await each.signTransaction(bytes)).signature),
    )
    const result = await client.executeTransaction({transaction: bytes, signatures})
    await client.waitForTransaction({result})
    const {balance} = await client.getBalance({owner: to, coinType: SUI})
    assert.deepEqual([result.Transaction?.status.success, balance.balance], [true, '50'])
  })

  it('publishes, and tells of functions, objects, fields and events', async () => {
    const publish = new Transaction()
    publish.transferObjects([publish.publish(readDaasPackage())], address)
    const published = await execute(network(), publish)
    const packageId =
      published.Transaction?.effects?.changedObjects.find(({outputState}) => outputState === 'PackageWrite')
        ?.objectId ?? assert.fail('no package')
    const {function: create} = await client.getMoveFunction({
      packageId,
      moduleName: 'cluster',
      name: 'create',
    })
    assert.deepEqual([create.visibility, create.parameters.length, create.returns.length], ['public', 4, 1])

    const tx = new Transaction()
    const made = tx.moveCall({
      target: `${packageId}::cluster::create`,
      arguments: [tx.pure.string('any'), tx.pure.string('v1.34.1+k3s1'), tx.object.clock()],
    })
    tx.transferObjects([made], address)
    const {Transaction: done} = await execute(network(), tx)
    const types = done?.objectTypes ?? {}
    const idOf = (suffix: string): string =>
      Object.keys(types).find((id) => types[id]?.endsWith(suffix)) ?? assert.fail(`no ${suffix}`)
    const {objects} = await client.getObjects({
      objectIds: [idOf('::cluster::Cluster'), normalizeSuiAddress('0xdead')],
      include: {json: true},
    })
    const [cluster, missing] = objects
    assert.ok(cluster && 'json' in cluster)
    assert.equal(cluster.json?.name, 'any')
    assert.ok(missing instanceof ObjectError)
    assert.equal(missing.code, 'notExists')

    const owned = await client.listOwnedObjects({owner: address, type: `${packageId}::cluster::AdminCap`})
    assert.deepEqual(
      owned.objects.map(({objectId}) => objectId),
      [idOf('::cluster::AdminCap')],
    )
    // Events are listed once their checkpoint is sealed.
    const filter = {eventType: `${packageId}::cluster::ClusterCreated`}
    await waitUntil('the event is listed', async () => (await client.listEvents({filter})).events.length > 0)
    const {events} = await client.listEvents({filter})
    assert.deepEqual(
      events.map((event) => [event.transactionDigest, event.sender]),
      [[done?.digest, address]],
    )
    const {dynamicFields} = await client.listDynamicFields({parentId: idOf('::registry::NodeRegistry')})
    assert.deepEqual(dynamicFields, [])
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
    const {faucetUrl: host} = network()
    if (host === undefined) return skipFor(this, 'a faucet', 'set DAAS_TEST_FAUCET_URL')
    const recipient = new Ed25519Keypair().toSuiAddress()
    await requestSuiFromFaucetV2({host, recipient})
    const {balance} = await client.getBalance({owner: recipient, coinType: SUI})
    assert.ok(BigInt(balance.balance) > 0n)
  })
})
