import assert from 'node:assert/strict'
import {bcs} from '@mysten/sui/bcs'
import {SimulationError} from '@mysten/sui/client'
import {requestSuiFromFaucetV2} from '@mysten/sui/faucet'
import type {SuiGrpcClient, GrpcTypes as T} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {ParallelTransactionExecutor, SerialTransactionExecutor, Transaction} from '@mysten/sui/transactions'
import {normalizeSuiAddress} from '@mysten/sui/utils'
import {StakeCreated, StakeTicket} from '../../../src/lib/contracts/generated/daas/staking.ts'
import {type Devnet, startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {createCluster, publishDaas, run, stakeAndSeal, transports} from './stock-client.ts'

const sui = 1_000_000_000n

for (const [name, open] of Object.entries(transports)) {
  describe(`devnet: the stock client over ${name}`, function () {
    this.timeout(60_000)
    let devnet: Devnet
    let client: SuiGrpcClient
    let close: () => void
    const keys: Ed25519Keypair[] = []
    let packageId: string
    let ids: {cluster: string; adminCap: string; registry: string}

    const key = (index: number): Ed25519Keypair => keys[index] ?? assert.fail('no such account')
    const address = (index: number): string => key(index).toSuiAddress()

    before(async () => {
      devnet = await startDevnet({seed: name, checkpointIntervalMs: 20, accounts: 8})
      keys.splice(
        0,
        keys.length,
        ...devnet.accounts.map(({secretKey}) => Ed25519Keypair.fromSecretKey(secretKey)),
      )
      ;({client, close} = open(devnet.url))
      packageId = await publishDaas(client, key(0))
      ids = await createCluster(client, key(0), packageId)
    })
    after(async () => {
      close()
      await devnet.close()
    })

    it('is the chain it says it is', async () => {
      assert.equal((await client.getChainIdentifier()).chainIdentifier, devnet.chainId)
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
      const {coins_sent: sent} = await requestSuiFromFaucetV2({host: devnet.faucetUrl, recipient})
      assert.equal((await client.getBalance({owner: recipient})).balance.balance, String(1000n * sui))
      const {object} = await client.getObject({objectId: sent?.[0]?.id ?? ''})
      assert.deepEqual(object.owner, {$kind: 'AddressOwner', AddressOwner: recipient})
    })

    it('stakes, seals and shares in one transaction, and reads what came of it', async () => {
      const {createdId, events} = await run(
        client,
        key(2),
        stakeAndSeal(packageId, ids.cluster, 'w1', 2n * sui),
      )
      assert.deepEqual(
        events?.map(({eventType}) => eventType),
        [`${packageId}::staking::StakeCreated`, `${packageId}::seal_token::SealTokenCreated`],
      )
      const stakeId = createdId('::staking::Stake')
      const created = StakeCreated.parse(events?.[0]?.bcs ?? new Uint8Array())
      assert.deepEqual([created.stake, created.amount, created.node_id], [stakeId, String(2n * sui), 'w1'])

      const {object: stake} = await client.getObject({
        objectId: stakeId,
        include: {json: true, content: true},
      })
      assert.equal(stake.owner.$kind, 'Shared')
      assert.deepEqual([stake.json?.node_id, stake.json?.staker], ['w1', address(2)])

      const owned = await client.listOwnedObjects({
        owner: address(2),
        type: `${packageId}::staking::StakeTicket`,
        include: {content: true},
      })
      assert.equal(owned.objects.length, 1)
      assert.equal(StakeTicket.parse(owned.objects[0]?.content ?? new Uint8Array()).stake, stakeId)
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

    it('reads dynamic fields', async () => {
      const tx = new Transaction()
      tx.moveCall({
        target: `${packageId}::cluster::create_listener_cap`,
        arguments: [tx.object(ids.cluster), tx.object(ids.adminCap), tx.pure.address(address(0))],
      })
      const listenerCap = (await run(client, key(0), tx)).createdId('::cluster::ListenerCap')
      const staked = await run(client, key(4), stakeAndSeal(packageId, ids.cluster, 'w4', 2n * sui))
      const register = new Transaction()
      register.moveCall({
        target: `${packageId}::node_registry::register_worker`,
        arguments: [
          register.object(ids.registry),
          register.object(ids.cluster),
          register.object(listenerCap),
          register.object(staked.createdId('::staking::Stake')),
          register.pure.id(staked.createdId('::seal_token::SealToken')),
          register.object.clock(),
        ],
      })
      const worker = (await run(client, key(0), register)).createdId('::WorkerNode')
      const {object} = await client.getObject({objectId: ids.registry, include: {json: true}})
      const names = (object.json?.names as {id: string | {id: string}}).id
      const parentId = typeof names === 'string' ? names : names.id
      const {dynamicFields} = await client.listDynamicFields({parentId})
      assert.deepEqual(
        dynamicFields.map((field) => [field.$kind, bcs.string().parse(field.name.bcs)]),
        [['DynamicField', 'w4']],
      )
      const {dynamicField} = await client.core.getDynamicField({
        parentId,
        name: {type: '0x1::string::String', bcs: bcs.string().serialize('w4').toBytes()},
      })
      assert.equal(bcs.Address.parse(dynamicField.value.bcs), worker)
    })

    it('lists and streams events', async () => {
      const controller = new AbortController()
      const filter: T.EventFilter = {
        terms: [
          {
            literals: [
              {
                negated: false,
                predicate: {
                  oneofKind: 'eventType',
                  eventType: {eventType: `${packageId}::staking::StakeCreated`},
                },
              },
            ],
          },
        ],
      }
      const paths = ['event_type', 'contents', 'transaction_digest', 'event_index']
      const call = client.subscriptionService.subscribeEvents(
        {filter, readMask: {paths}},
        {abort: controller.signal},
      )
      try {
        const frames = call.responses[Symbol.asyncIterator]()
        const start = await frames.next()
        assert.ok(start.done !== true && start.value.event === undefined)
        const {digest} = await run(client, key(5), stakeAndSeal(packageId, ids.cluster, 'w5', 2n * sui))
        const next = await frames.next()
        assert.ok(next.done !== true)
        assert.equal(next.value.event?.transactionDigest, digest)
        assert.equal(StakeCreated.parse(next.value.event?.contents?.value ?? new Uint8Array()).node_id, 'w5')
        const listed = await client.listEvents({
          filter: {eventType: `${packageId}::staking::StakeCreated`},
          order: 'descending',
          limit: 1,
        })
        assert.equal(listed.events[0]?.transactionDigest, digest)
        assert.equal(listed.events[0]?.json?.node_id, 'w5')
      } finally {
        controller.abort()
      }
    })

    it('answers view calls', async () => {
      const tx = new Transaction()
      tx.moveCall({
        target: `${packageId}::seal_token::calculate_permissions`,
        arguments: [tx.object(ids.cluster), tx.pure.u64(10n * sui)],
      })
      const {commandResults} = await client.simulateTransaction({
        transaction: tx,
        checksEnabled: false,
        include: {commandResults: true},
      })
      const [value] = commandResults?.[0]?.returnValues ?? []
      const permissions = bcs.vector(bcs.string()).parse(value?.bcs ?? new Uint8Array())
      assert.deepEqual([permissions[0], permissions.at(-1)], ['get:*', '*:*'])
    })

    it('describes packages', async () => {
      const {function: described} = await client.core.getMoveFunction({
        packageId,
        moduleName: 'staking',
        name: 'stake_for_node',
      })
      assert.equal(described.visibility, 'public')
      assert.deepEqual(
        described.parameters.map(({reference}) => reference),
        ['immutable', null, null, 'immutable', 'mutable'],
      )
      const {response} = await client.movePackageService.getPackage({packageId})
      assert.ok(response.package?.modules.some((module) => module.name === 'staking'))
      const versions = await client.movePackageService.listPackageVersions({packageId})
      assert.deepEqual(versions.response.versions, [{packageId, version: 1n}])
      const {datatype} = (
        await client.movePackageService.getDatatype({packageId, moduleName: 'staking', name: 'Stake'})
      ).response
      assert.equal(datatype?.fields[1]?.name, 'cluster')
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
      await assert.rejects(client.getTransaction({digest: devnet.chainId}), {reason: 'notFound'})
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

    it('moves the clock on', async () => {
      const clock = async (): Promise<bigint> => {
        const {object} = await client.getObject({objectId: '0x6', include: {content: true}})
        return BigInt(bcs.u64().parse((object.content ?? new Uint8Array()).slice(32)))
      }
      const before = await clock()
      const {response} = await client.forkingService.advanceClock({durationMs: 3_600_000n})
      const after = await clock()
      assert.ok(after - before >= 3_600_000n)
      assert.equal(response.timestampMs, after)
      assert.equal((await client.forkingService.getStatus({})).response.timestampMs >= after, true)
    })

    it('gives the same checkpoint by subscription and by number', async () => {
      const controller = new AbortController()
      const readMask = {
        paths: ['sequence_number', 'digest', 'transactions.digest', 'transactions.effects.status'],
      }
      const call = client.subscriptionService.subscribeCheckpoints({readMask}, {abort: controller.signal})
      try {
        const frames = call.responses[Symbol.asyncIterator]()
        const next = frames.next()
        let isThere = false
        void next.then(() => (isThere = true))
        // The subscription begins when the server has it: seal until it gives one.
        while (!isThere) await client.forkingService.advanceCheckpoint({})
        const frame = await next
        assert.ok(frame.done !== true)
        const {response} = await client.ledgerService.getCheckpoint({
          checkpointId: {oneofKind: 'sequenceNumber', sequenceNumber: frame.value.cursor ?? 0n},
          readMask,
        })
        assert.deepEqual(response.checkpoint, frame.value.checkpoint)
      } finally {
        controller.abort()
      }
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
