import assert from 'node:assert/strict'
import {bcs} from '@mysten/sui/bcs'
import {SuiGrpcClient, GrpcTypes as T} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Transaction, UpgradePolicy} from '@mysten/sui/transactions'
import {fromBase64, fromHex, normalizeSuiAddress} from '@mysten/sui/utils'
import {readDaasPackage} from '../../../src/lib/contracts/package.ts'
import {type Devnet, startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {createCluster, publishDaas, run, structuredPayment} from './stock-client.ts'

describe('devnet: the parts of the API that the client does not use by itself', function () {
  this.timeout(60_000)
  let devnet: Devnet
  let client: SuiGrpcClient
  let signer: Ed25519Keypair
  let sender: string

  before(async () => {
    devnet = await startDevnet({seed: 'raw', checkpointIntervalMs: 20, accounts: 2})
    client = new SuiGrpcClient({network: 'localnet', baseUrl: devnet.url, format: 'binary'})
    signer = Ed25519Keypair.fromSecretKey(devnet.accounts[0]?.secretKey ?? '')
    sender = signer.toSuiAddress()
  })
  after(() => devnet.close())

  it('executes a structured transaction with a structured signature', async () => {
    const {response: simulated} = await client.transactionExecutionService.simulateTransaction({
      transaction: T.Transaction.create({sender, kind: structuredPayment()}),
      doGasSelection: true,
    })
    const resolved = simulated.transaction?.transaction ?? assert.fail()
    assert.equal(simulated.transaction?.effects?.status?.success, true)
    assert.equal(simulated.suggestedGasPrice, 1000n)
    const {bcs: whole, digest, ...structured} = resolved
    const {signature} = await signer.signTransaction(Uint8Array.from(whole?.value ?? []))
    const raw = fromBase64(signature)
    const simple = {scheme: T.SignatureScheme.ED25519, signature: raw.slice(1, 65), publicKey: raw.slice(65)}
    const {response} = await client.transactionExecutionService.executeTransaction({
      transaction: T.Transaction.create(structured),
      signatures: [{signature: {oneofKind: 'simple', simple}}],
      readMask: {paths: ['*']},
    })
    assert.equal(response.transaction?.digest, digest)
    assert.equal(response.transaction?.effects?.status?.success, true)
    assert.equal(response.transaction?.objects?.objects.length, 7)

    const open = client.transactionExecutionService.executeTransaction({
      transaction: T.Transaction.create({sender, kind: structuredPayment()}),
      signatures: [],
    })
    await assert.rejects(async () => await open, {code: 'INVALID_ARGUMENT'})
  })

  it('simulates without payment', async () => {
    const {response} = await client.transactionExecutionService.simulateTransaction({
      transaction: T.Transaction.create({sender: '0xabc', kind: structuredPayment()}),
    })
    assert.equal(response.transaction?.effects?.status?.success, true)
    assert.deepEqual(response.transaction?.transaction?.gasPayment?.objects, [])
    assert.ok((response.transaction?.transaction?.gasPayment?.budget ?? 0n) > 0n)
  })

  it('completes a transaction kind that has no sender yet', async () => {
    const {objects} = await client.listCoins({owner: sender})
    const tx = new Transaction()
    tx.transferObjects([tx.object(objects[0]?.objectId ?? '')], '0x5')
    const bytes = await tx.build({client, onlyTransactionKind: true})
    const {ProgrammableTransaction: built} = bcs.TransactionKind.parse(bytes)
    assert.equal(built?.inputs[0]?.Object?.ImmOrOwnedObject?.objectId, objects[0]?.objectId)
  })

  it('executes a digest once', async () => {
    const tx = new Transaction()
    tx.setSender(sender)
    const transaction = await tx.build({client})
    const {signature} = await signer.signTransaction(transaction)
    const twice = await Promise.all(
      [1, 2].map(() =>
        client.executeTransaction({transaction, signatures: [signature], include: {effects: true}}),
      ),
    )
    assert.deepEqual(twice[0]?.Transaction?.effects, twice[1]?.Transaction?.effects)
  })

  it('upgrades a package, and lists its versions', async () => {
    const packageId = await publishDaas(client, signer)
    await createCluster(client, signer, packageId)
    const {objects} = await client.listOwnedObjects({owner: sender, type: '0x2::package::UpgradeCap'})
    const {modules, dependencies, digest} = readDaasPackage()
    const tx = new Transaction()
    const cap = tx.object(objects[0]?.objectId ?? '')
    const ticket = tx.moveCall({
      target: '0x2::package::authorize_upgrade',
      arguments: [cap, tx.pure.u8(UpgradePolicy.COMPATIBLE), tx.pure.vector('u8', fromHex(digest))],
    })
    const receipt = tx.upgrade({modules, dependencies, package: packageId, ticket})
    tx.moveCall({target: '0x2::package::commit_upgrade', arguments: [cap, receipt]})
    const {effects} = await run(client, signer, tx)
    const upgraded = effects?.changedObjects.find(({outputState}) => outputState === 'PackageWrite')?.objectId
    assert.ok(upgraded)
    const {response} = await client.movePackageService.listPackageVersions({packageId})
    assert.deepEqual(response.versions, [
      {packageId, version: 1n},
      {packageId: upgraded, version: 2n},
    ])
    const {createdId, objectTypes} = await run(client, signer, clusterOf(upgraded))
    assert.equal(objectTypes?.[createdId('::cluster::Cluster')], `${packageId}::cluster::Cluster`)
  })

  it('lists checkpoints and looks up transactions in batches', async () => {
    const digests: string[] = []
    const readMask = {paths: ['sequence_number', 'transactions.digest']}
    const numbers: (bigint | undefined)[] = []
    const call = client.ledgerService.listCheckpoints({readMask, options: {limit: 3}})
    for await (const {checkpoint} of call.responses) {
      if (checkpoint === undefined) continue
      numbers.push(checkpoint.sequenceNumber)
      digests.push(...checkpoint.transactions.map(({digest}) => digest ?? ''))
    }
    assert.deepEqual(numbers, [0n, 1n, 2n])
    const {response} = await client.ledgerService.batchGetTransactions({
      digests: [...digests, devnet.chainId],
      readMask: {paths: ['digest']},
    })
    const found = response.transactions.map(({result}) =>
      result.oneofKind === 'transaction' ? result.transaction.digest : result.oneofKind,
    )
    assert.deepEqual(found, [...digests, 'error'])
    const genesis = await client.ledgerService.getTransaction({
      digest: digests[0] ?? '',
      readMask: {paths: ['transaction.kind', 'transaction.sender']},
    })
    assert.equal(genesis.response.transaction?.transaction?.kind?.kind, T.TransactionKind_Kind.GENESIS)
    assert.equal(genesis.response.transaction?.transaction?.sender, normalizeSuiAddress('0x0'))
  })

  it('verifies signatures', async () => {
    const message = new TextEncoder().encode('join')
    const {signature} = await signer.signPersonalMessage(message)
    const verify = async (address: string): Promise<boolean | undefined> => {
      const {response} = await client.signatureVerificationService.verifySignature({
        message: {name: 'PersonalMessage', value: bcs.byteVector().serialize(message).toBytes()},
        signature: {bcs: {value: fromBase64(signature)}, signature: {oneofKind: undefined}},
        address,
        jwks: [],
      })
      return response.isValid
    }
    assert.equal(await verify(sender), true)
    assert.equal(await verify(devnet.accounts[1]?.address ?? ''), false)
  })
})

function clusterOf(packageId: string): Transaction {
  const tx = new Transaction()
  const cap = tx.moveCall({
    target: `${packageId}::cluster::create`,
    arguments: [tx.pure.string('second'), tx.pure.string('v1.34.1+k3s1'), tx.object.clock()],
  })
  tx.transferObjects([cap], '0x5')
  return tx
}
