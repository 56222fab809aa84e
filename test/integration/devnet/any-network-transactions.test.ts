import type {Signer} from '@mysten/sui/cryptography'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Secp256k1Keypair} from '@mysten/sui/keypairs/secp256k1'
import {Secp256r1Keypair} from '@mysten/sui/keypairs/secp256r1'
import {MultiSigPublicKey} from '@mysten/sui/multisig'
import {ParallelTransactionExecutor, SerialTransactionExecutor, Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {execute, networkName, SUI, useAnyNetwork} from './any-network.ts'

describe(`transactions of the SDK on ${networkName}`, function () {
  this.timeout(120_000)
  const network = useAnyNetwork('any')
  let client: SuiGrpcClient
  let signer: Ed25519Keypair
  let address: string
  before(() => {
    ;({client, signer, address} = network())
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

  it('simulates what it charges afterwards', async () => {
    const tx = new Transaction()
    tx.setSender(address)
    tx.transferObjects([tx.splitCoins(tx.gas, [1n])], address)
    const bytes = await tx.build({client})
    const simulated = await client.simulateTransaction({transaction: bytes, include: {effects: true}})
    const {signature} = await signer.signTransaction(bytes)
    const result = await client.executeTransaction({
      transaction: bytes,
      signatures: [signature],
      include: {effects: true},
    })
    await client.waitForTransaction({result})
    assert.deepEqual(result.Transaction?.effects?.gasUsed, simulated.Transaction?.effects?.gasUsed)
    assert.equal(result.Transaction?.digest, await tx.getDigest({client}))
  })

  it('takes two signatures where one pays for what another does', async () => {
    const user = new Ed25519Keypair()
    const kind = new Transaction()
    kind.moveCall({
      target: '0x2::transfer::public_transfer',
      typeArguments: [`0x2::coin::Coin<${SUI}>`],
      arguments: [
        kind.moveCall({target: '0x2::coin::zero', typeArguments: [SUI]}),
        kind.pure.address(user.toSuiAddress()),
      ],
    })
    const tx = Transaction.fromKind(await kind.build({client, onlyTransactionKind: true}))
    tx.setSender(user.toSuiAddress())
    tx.setGasOwner(address)
    const bytes = await tx.build({client})
    const signatures = await Promise.all(
      [user, signer].map(async (each) => (await each.signTransaction(bytes)).signature),
    )
    await assert.rejects(
      client.executeTransaction({transaction: bytes, signatures: signatures.slice(0, 1)}),
      /[Ss]igner|[Ss]ignature/,
    )
    const result = await client.executeTransaction({
      transaction: bytes,
      signatures,
      include: {transaction: true},
    })
    await client.waitForTransaction({result})
    assert.equal(result.Transaction?.transaction?.gasData.owner, address)
  })

  it('takes signatures of every common scheme, and of several people together', async () => {
    const members = [new Ed25519Keypair(), new Secp256k1Keypair(), new Secp256r1Keypair()] as const
    const board = MultiSigPublicKey.fromPublicKeys({
      threshold: 2,
      publicKeys: members.map((member) => ({publicKey: member.getPublicKey(), weight: 1})),
    })
    const senders = [members[1].toSuiAddress(), members[2].toSuiAddress(), board.toSuiAddress()]
    const fund = new Transaction()
    for (const sender of senders) fund.transferObjects([fund.splitCoins(fund.gas, [20_000_000n])], sender)
    await execute(network(), fund)
    for (const [index, sender] of senders.entries()) {
      const tx = new Transaction()
      tx.setSender(sender)
      tx.transferObjects([tx.splitCoins(tx.gas, [1n])], address)
      const bytes = await tx.build({client})
      const sign = async (member: Signer) => (await member.signTransaction(bytes)).signature
      const signature =
        index < 2
          ? await sign(members[index + 1]!)
          : board.combinePartialSignatures(await Promise.all([sign(members[0]), sign(members[2])]))
      const result = await client.executeTransaction({transaction: bytes, signatures: [signature]})
      await client.waitForTransaction({result})
      assert.equal(result.Transaction?.status.success, true)
    }
  })

  it('executes what was built without it', async () => {
    const {objects} = await client.listCoins({owner: address, coinType: SUI})
    const coin = objects.find(({balance}) => BigInt(balance) > 50_000_000n) ?? assert.fail('no coin for gas')
    const {referenceGasPrice} = await client.getReferenceGasPrice()
    const tx = new Transaction()
    tx.setSender(address)
    tx.setGasPrice(BigInt(referenceGasPrice))
    tx.setGasBudget(10_000_000n)
    tx.setGasPayment([{objectId: coin.objectId, version: coin.version, digest: coin.digest}])
    tx.transferObjects([tx.splitCoins(tx.gas, [1n])], address)
    const bytes = await tx.build()
    const {signature} = await signer.signTransaction(bytes)
    const result = await client.executeTransaction({transaction: bytes, signatures: [signature]})
    await client.waitForTransaction({result})
    assert.equal(result.Transaction?.status.success, true)
  })

  it('runs the parallel executor', async () => {
    const executor = new ParallelTransactionExecutor({
      client,
      signer,
      initialCoinBalance: 50_000_000n,
      defaultGasBudget: 10_000_000n,
    })
    const results = await Promise.all(
      Array.from({length: 4}, () => {
        const tx = new Transaction()
        tx.transferObjects([tx.splitCoins(tx.gas, [1n])], address)
        return executor.executeTransaction(tx)
      }),
    )
    assert.equal(new Set(results.map((result) => result.Transaction?.digest)).size, 4)
    await Promise.all(results.map((result) => client.waitForTransaction({result})))
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
})
