import assert from 'node:assert/strict'
import {SimulationError} from '@mysten/sui/client'
import {requestSuiFromFaucetV2} from '@mysten/sui/faucet'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {ParallelTransactionExecutor, SerialTransactionExecutor, Transaction} from '@mysten/sui/transactions'
import {normalizeSuiAddress} from '@mysten/sui/utils'
import {type World, run, stakeAndSeal, transports, useDevnet} from './stock-client.ts'

const sui = 1_000_000_000n

for (const [name, open] of Object.entries(transports)) {
  describe(`devnet: transactions of the stock client over ${name}`, function () {
    this.timeout(60_000)
    const world = useDevnet(name, open)
    let client: SuiGrpcClient
    let packageId: string
    let ids: World['ids']
    const {key, address} = world
    before(() => {
      ;({client, packageId, ids} = world.get())
    })

    it('is the chain it says it is', async () => {
      assert.equal((await client.getChainIdentifier()).chainIdentifier, world.get().devnet.chainId)
      assert.equal((await client.getReferenceGasPrice()).referenceGasPrice, '1000')
      assert.equal((await client.core.getCurrentSystemState()).systemState.epoch, '0')
    })

    it('transfers SUI', async () => {
      const recipient = new Ed25519Keypair().toSuiAddress()
      const tx = new Transaction()
      tx.transferObjects([tx.splitCoins(tx.gas, [5n * sui])], recipient)
      const {balanceChanges, digest, effects} = await run(client, key(1), tx)
      const {balance} = await client.getBalance({owner: recipient})
      assert.equal(balance.balance, String(5n * sui))
      const received = balanceChanges?.find((change) => change.address === recipient)
      assert.equal(received?.amount, String(5n * sui))
      const paid = balanceChanges?.find((change) => change.address === address(1))
      const used = effects?.gasUsed ?? assert.fail()
      const gas = BigInt(used.computationCost) + BigInt(used.storageCost) - BigInt(used.storageRebate)
      assert.equal(paid?.amount, String(-5n * sui - gas))
      const coins = await client.listCoins({owner: recipient})
      assert.deepEqual(
        coins.objects.map(({balance}) => balance),
        [String(5n * sui)],
      )
      const {Transaction: found} = await client.waitForTransaction({
        digest,
        include: {transaction: true, bcs: true},
      })
      assert.equal(found?.transaction?.commands.length, 2)
    })

    it('takes the faucet', async () => {
      const recipient = new Ed25519Keypair().toSuiAddress()
      const {coins_sent: sent} = await requestSuiFromFaucetV2({host: world.get().devnet.faucetUrl, recipient})
      assert.equal((await client.getBalance({owner: recipient})).balance.balance, String(1000n * sui))
      const {object} = await client.getObject({objectId: sent?.[0]?.id ?? ''})
      assert.deepEqual(object.owner, {$kind: 'AddressOwner', AddressOwner: recipient})
    })

    it('says what a Move abort was before anything is signed', async () => {
      const tx = stakeAndSeal(packageId, ids.cluster, 'w2', 5n)
      tx.setSender(address(2))
      await assert.rejects(tx.build({client}), (error: SimulationError) => {
        assert.ok(error instanceof SimulationError)
        assert.match(
          error.message,
          /^Transaction resolution failed: MoveAbort in 2nd command, abort code: 2, in '0x[0-9a-f]{64}::staking::\w+' \(instruction \d+\)$/,
        )
        assert.equal(error.executionError?.$kind, 'MoveAbort')
        return true
      })
    })

    it('executes what aborts, and charges for it', async () => {
      const tx = stakeAndSeal(packageId, ids.cluster, 'w2', 5n)
      tx.setGasBudget(50_000_000n)
      tx.setSender(address(3))
      const coins = await client.listCoins({owner: address(3)})
      tx.setGasPayment(coins.objects.map((coin) => ({...coin})))
      tx.setGasPrice(1000n)
      tx.setExpiration({Epoch: 10})
      const transaction = await buildUnchecked(tx, client)
      const {signature} = await key(3).signTransaction(transaction)
      const result = await client.executeTransaction({
        transaction,
        signatures: [signature],
        include: {effects: true},
      })
      assert.ok(result.FailedTransaction)
      const {status, effects} = result.FailedTransaction
      assert.ok(status.error?.$kind === 'MoveAbort')
      assert.equal(status.error.MoveAbort.abortCode, '2')
      assert.equal(status.error.command, 1)
      assert.ok(BigInt(effects?.gasUsed.computationCost ?? 0n) > 0n)
    })

    it('sponsors: one pays, the other acts', async () => {
      const kind = stakeAndSealFromCoin(packageId, ids.cluster, 'w6', 2n * sui)
      kind.setSender(address(6))
      const tx = Transaction.fromKind(await kind.build({client, onlyTransactionKind: true}))
      tx.setSender(address(6))
      tx.setGasOwner(address(7))
      const bytes = await tx.build({client})
      const signatures = await Promise.all(
        [6, 7].map(async (index) => (await key(index).signTransaction(bytes)).signature),
      )
      const result = await client.executeTransaction({
        transaction: bytes,
        signatures,
        include: {balanceChanges: true},
      })
      assert.equal(result.$kind, 'Transaction')
      const paid = result.Transaction?.balanceChanges?.find((change) => change.address === address(6))
      assert.equal(paid?.amount, String(-2n * sui))
    })

    it('runs the serial executor', async () => {
      const executor = new SerialTransactionExecutor({client, signer: key(6)})
      const digests = new Set<string>()
      for (let round = 0; round < 3; round += 1) {
        const tx = new Transaction()
        tx.transferObjects([tx.splitCoins(tx.gas, [1n])], address(0))
        const result = await executor.executeTransaction(tx)
        assert.equal(result.$kind, 'Transaction')
        digests.add(result.Transaction?.digest ?? '')
      }
      assert.equal(digests.size, 3)
    })

    it('runs the parallel executor', async () => {
      const executor = new ParallelTransactionExecutor({client, signer: key(7)})
      const results = await Promise.all(
        Array.from({length: 5}, async () => {
          const tx = new Transaction()
          tx.transferObjects([tx.splitCoins(tx.gas, [1n])], address(0))
          return executor.executeTransaction(tx)
        }),
      )
      assert.deepEqual(
        results.map(({$kind}) => $kind),
        Array.from({length: 5}, () => 'Transaction'),
      )
    })

    it('refuses what is wrong, by status', async () => {
      await assert.rejects(client.getObject({objectId: normalizeSuiAddress('0xdead')}), {code: 'notExists'})
      await assert.rejects(
        async () =>
          await client.ledgerService.getObject({objectId: ids.cluster, readMask: {paths: ['nothing']}}),
        {code: 'INVALID_ARGUMENT'},
      )
      await assert.rejects(client.getTransaction({digest: world.get().devnet.chainId}), {reason: 'notFound'})
      const poor = new Transaction()
      poor.setSender(new Ed25519Keypair().toSuiAddress())
      poor.transferObjects([poor.splitCoins(poor.gas, [1n])], address(0))
      await assert.rejects(
        poor.build({client}),
        /Unable to perform gas selection due to insufficient SUI balance/,
      )
      const missing = new Transaction()
      missing.setSender(address(0))
      missing.transferObjects([missing.object(normalizeSuiAddress('0xdead'))], address(1))
      await assert.rejects(missing.build({client}), /not found/)
      const tx = new Transaction()
      tx.setSender(address(0))
      const bytes = await tx.build({client})
      const {signature} = await key(1).signTransaction(bytes)
      await assert.rejects(client.executeTransaction({transaction: bytes, signatures: [signature]}), {
        code: 'INVALID_ARGUMENT',
      })
    })
  })
}

/** As `stakeAndSeal`, but the gas coin stays untouched, so that another may pay the gas. */
function stakeAndSealFromCoin(
  packageId: string,
  cluster: string,
  nodeName: string,
  mist: bigint,
): Transaction {
  const tx = new Transaction()
  const stake = tx.moveCall({
    target: `${packageId}::staking::stake_for_node`,
    arguments: [
      tx.object(cluster),
      tx.coin({balance: mist, useGasCoin: false}),
      tx.pure.string(nodeName),
      tx.object.clock(),
    ],
  })
  tx.moveCall({target: `${packageId}::staking::share_stake`, arguments: [stake]})
  return tx
}

/** Builds a transaction that a simulation would refuse: its inputs are completed without checks. */
async function buildUnchecked(tx: Transaction, client: SuiGrpcClient): Promise<Uint8Array> {
  const sender = tx.getData().sender ?? ''
  const kind = Transaction.fromKind(await tx.build({client, onlyTransactionKind: true}))
  const {gasData, expiration} = tx.getData()
  kind.setSender(sender)
  kind.setGasBudget(BigInt(gasData.budget ?? 0))
  kind.setGasPrice(BigInt(gasData.price ?? 0))
  kind.setGasPayment([...(gasData.payment ?? [])])
  if (expiration) kind.setExpiration(expiration)
  return kind.build()
}
