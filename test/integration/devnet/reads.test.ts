import assert from 'node:assert/strict'
import {bcs} from '@mysten/sui/bcs'
import type {SuiGrpcClient, GrpcTypes as T} from '@mysten/sui/grpc'
import {Transaction} from '@mysten/sui/transactions'
import {StakeCreated, StakeTicket} from '../../../src/lib/contracts/generated/daas/staking.ts'
import {type World, run, stakeAndSeal, transports, useDevnet} from './stock-client.ts'

const sui = 1_000_000_000n

for (const [name, open] of Object.entries(transports)) {
  describe(`devnet: reads of the stock client over ${name}`, function () {
    this.timeout(60_000)
    const world = useDevnet(name, open)
    let client: SuiGrpcClient
    let packageId: string
    let ids: World['ids']
    const {key, address} = world
    before(() => {
      ;({client, packageId, ids} = world.get())
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
