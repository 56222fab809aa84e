import assert from 'node:assert/strict'
import {SuiGrpcClient, GrpcTypes as T} from '@mysten/sui/grpc'
import {serveNode} from '../../../../src/lib/devnet/rpc/serve-node.ts'
import type {RpcServer} from '../../../../src/lib/devnet/rpc/server.ts'
import {TransactionRejected} from '../../../../src/lib/devnet/ledger/api.ts'
import {
  addressOf,
  digestOf,
  type FakeNode,
  fakeCoin,
  fakeEvent,
  fakeNode,
  fakeObject,
  fakeTransaction,
} from './fake-node.ts'

const alice = addressOf('0xa11ce')
const bob = addressOf('0xb0b')
const stakeType = '0xda::staking::StakeCreated'
const sealType = '0xda::seal_token::SealTokenCreated<u64>'

describe('devnet rpc: lookups and lists', () => {
  let node: FakeNode
  let server: RpcServer
  let client: SuiGrpcClient
  const digests: string[] = []

  before(async () => {
    node = fakeNode({
      execute: async () => {
        throw new TransactionRejected('FAILED_PRECONDITION', 'object is locked')
      },
    })
    for (let round = 0; round < 4; round += 1) {
      const transactions = [
        fakeTransaction(alice, [fakeEvent(alice, stakeType), fakeEvent(alice, sealType)]),
        fakeTransaction(bob, [fakeEvent(bob, stakeType)], [fakeCoin(`0xc${round}`, bob, BigInt(round))]),
      ]
      digests.push(...transactions.map(({digest}) => digest))
      node.add(...transactions)
      node.add()
    }
    node.add(fakeTransaction(alice, [], [fakeCoin('0xf0', alice, 9n, '0x5::usd::USD')]))
    server = await serveNode(node, {port: 0, faucetMist: 5n})
    client = new SuiGrpcClient({
      network: 'localnet',
      baseUrl: `http://127.0.0.1:${server.port}`,
      format: 'binary',
    })
  })
  after(() => server.close())

  it('says which chain it is', async () => {
    assert.equal((await client.getChainIdentifier()).chainIdentifier, node.chainId)
    assert.equal((await client.getReferenceGasPrice()).referenceGasPrice, '1000')
    const {systemState} = await client.core.getCurrentSystemState()
    assert.deepEqual([systemState.epoch, systemState.parameters.epochDurationMs], ['0', '86400000'])
    const {response} = await client.ledgerService.getServiceInfo({})
    assert.equal(response.checkpointHeight, 9n)
  })

  it('gets objects one by one, missing ones as errors of their own', async () => {
    const {objects} = await client.getObjects({objectIds: ['0xc2', '0xdead'], include: {content: true}})
    const [coin, missing] = objects
    assert.ok(coin !== undefined && !(coin instanceof Error))
    assert.deepEqual(
      [coin.objectId, coin.version, coin.type, coin.owner],
      [
        addressOf('0xc2'),
        '3',
        `${addressOf('0x2')}::coin::Coin<${addressOf('0x2')}::sui::SUI>`,
        {$kind: 'AddressOwner', AddressOwner: bob},
      ],
    )
    assert.ok(missing instanceof Error)
    assert.equal((missing as Error & {reason: string}).reason, 'notFound')
  })

  it('lists owned objects by type and page, coins by descending balance', async () => {
    const first = await client.listCoins({owner: bob, limit: 3})
    assert.deepEqual(
      first.objects.map(({balance}) => balance),
      ['3', '2', '1'],
    )
    assert.equal(first.hasNextPage, true)
    const second = await client.listCoins({owner: bob, limit: 3, cursor: first.cursor})
    assert.deepEqual([second.objects.map(({balance}) => balance), second.hasNextPage], [['0'], false])
    const any = await client.listOwnedObjects({owner: alice, type: '0x2::coin::Coin'})
    assert.equal(any.objects.length, 1)
    const none = await client.listOwnedObjects({owner: alice, type: '0x2::coin::Coin<0x2::sui::SUI>'})
    assert.equal(none.objects.length, 0)
  })

  it('adds up balances', async () => {
    const {balance} = await client.getBalance({owner: bob})
    assert.deepEqual([balance.balance, balance.coinBalance, balance.addressBalance], ['6', '6', '0'])
    const raw = await client.stateService.getBalance({owner: '0x99', coinType: '0x2::sui::SUI'})
    const coinType = `${addressOf('0x2')}::sui::SUI`
    assert.deepEqual(T.Balance.toJson(raw.response.balance!), {coinType, balance: '0'})
    const {balances} = await client.listBalances({owner: alice})
    assert.deepEqual(
      balances.map(({coinType, balance}) => [coinType, balance]),
      [[`${addressOf('0x5')}::usd::USD`, '9']],
    )
  })

  it('knows SUI, and no other coin without metadata', async () => {
    const {coinMetadata} = await client.getCoinMetadata({coinType: '0x2::sui::SUI'})
    assert.deepEqual([coinMetadata?.decimals, coinMetadata?.symbol], [9, 'SUI'])
    assert.equal((await client.getCoinMetadata({coinType: '0x5::usd::USD'})).coinMetadata, null)
    const {response} = await client.stateService.getCoinInfo({coinType: '0x2::sui::SUI'})
    assert.deepEqual(T.CoinTreasury.toJson(response.treasury!), {
      totalSupply: '10000000000000000000',
      supplyState: 'FIXED',
    })
  })

  it('gets a transaction with what is asked for', async () => {
    const digest = digests[1] ?? ''
    const {Transaction: found} = await client.getTransaction({
      digest,
      include: {effects: true, events: true, balanceChanges: true, transaction: true, objectTypes: true},
    })
    assert.ok(found)
    assert.equal(found.digest, digest)
    assert.equal(found.checkpoint, '1')
    assert.equal(found.transaction?.sender, bob)
    assert.equal(found.effects?.changedObjects[0]?.outputState, 'ObjectWrite')
    assert.equal(found.events?.[0]?.eventType, `${addressOf('0xda')}::staking::StakeCreated`)
    assert.deepEqual(found.balanceChanges, [
      {address: bob, coinType: `${addressOf('0x2')}::sui::SUI`, amount: '-5'},
    ])
    await assert.rejects(client.getTransaction({digest: digestOf(12345)}), {reason: 'notFound'})
  })

  it('gets checkpoints by number, digest and none', async () => {
    const get = async (checkpointId: T.GetCheckpointRequest['checkpointId']): Promise<T.Checkpoint> => {
      const readMask = {paths: ['sequence_number', 'transactions.digest']}
      const {response} = await client.ledgerService.getCheckpoint({checkpointId, readMask})
      return response.checkpoint ?? T.Checkpoint.create()
    }
    assert.deepEqual(
      (await get({oneofKind: 'sequenceNumber', sequenceNumber: 1n})).transactions.map(({digest}) => digest),
      digests.slice(0, 2),
    )
    assert.equal((await get({oneofKind: 'digest', digest: digestOf(1003)})).sequenceNumber, 3n)
    assert.equal((await get({oneofKind: undefined})).sequenceNumber, 9n)
    await assert.rejects(get({oneofKind: 'sequenceNumber', sequenceNumber: 99n}), {code: 'NOT_FOUND'})
  })

  it('lists events page by page, in both orders', async () => {
    for (const order of ['ascending', 'descending'] as const) {
      const filter = {eventType: stakeType}
      const seen: string[] = []
      let cursor: string | null | undefined
      for (let pages = 0; pages < 10; pages += 1) {
        const at = order === 'ascending' ? {after: cursor} : {before: cursor}
        const page = await client.listEvents({filter, limit: 3, order, ...at})
        seen.push(...page.events.map((event) => event.transactionDigest))
        cursor = page.endCursor
        if (!page.hasNextPage) break
      }
      assert.deepEqual(seen, order === 'ascending' ? digests : digests.toReversed())
    }
  })

  it('lists events by sender and module, any instantiation and one', async () => {
    const count = async (filter: Parameters<typeof client.listEvents>[0]['filter']): Promise<number> =>
      (await client.listEvents({filter})).events.length
    assert.equal(await count({sender: bob}), 4)
    assert.equal(await count({emitModule: '0xda::staking'}), 12)
    assert.equal(await count({emitModule: '0xda::other'}), 0)
    assert.equal(await count({eventType: '0xda::seal_token::SealTokenCreated'}), 4)
    assert.equal(await count({eventType: '0xda::seal_token::SealTokenCreated<u64>'}), 4)
    assert.equal(await count({eventType: '0xda::seal_token::SealTokenCreated<u8>'}), 0)
    assert.equal(await count({eventType: '0xda::seal_token'}), 4)
  })

  it('combines and negates literals', async () => {
    const terms: T.EventTerm[] = [
      {
        literals: [
          {negated: true, predicate: {oneofKind: 'sender', sender: {address: alice}}},
          {negated: false, predicate: {oneofKind: 'emitModule', emitModule: {module: '0xda'}}},
        ],
      },
    ]
    const call = client.ledgerService.listEvents({filter: {terms}, readMask: {paths: ['sender']}})
    const senders: (string | undefined)[] = []
    for await (const {event} of call.responses) if (event) senders.push(event.sender)
    assert.deepEqual(senders, [bob, bob, bob, bob])
    await assert.rejects(async () => await client.ledgerService.listEvents({filter: {terms: []}}), {
      code: 'INVALID_ARGUMENT',
    })
  })

  it('says why a list ended', async () => {
    const reasonOf = async (
      request: Partial<T.ListTransactionsRequest>,
    ): Promise<T.QueryEndReason | undefined> => {
      let reason: T.QueryEndReason | undefined
      const call = client.ledgerService.listTransactions(request)
      for await (const frame of call.responses) {
        assert.equal(reason, undefined)
        reason = frame.end?.reason
      }
      return reason
    }
    const reasons = T.QueryEndReason
    assert.equal(await reasonOf({}), reasons.LEDGER_TIP)
    assert.equal(await reasonOf({options: {limit: 2}}), reasons.ITEM_LIMIT)
    assert.equal(await reasonOf({endCheckpoint: 4n}), reasons.CHECKPOINT_BOUND)
    assert.equal(await reasonOf({options: {ordering: T.Ordering.DESCENDING}}), reasons.CHECKPOINT_BOUND)
    const cursor = (await client.listTransactions({limit: 3})).endCursor ?? ''
    assert.equal(await reasonOf({options: {before: Buffer.from(cursor, 'base64')}}), reasons.CURSOR_BOUND)
    await assert.rejects(reasonOf({options: {after: Uint8Array.of(1)}}), {code: 'INVALID_ARGUMENT'})
  })

  it('lists transactions by what they did', async () => {
    const listed = async (predicate: T.TransactionLiteral['predicate']): Promise<number> => {
      const filter = {terms: [{literals: [{negated: false, predicate}]}]}
      let count = 0
      for await (const frame of client.ledgerService.listTransactions({filter}).responses) {
        if (frame.transaction) count += 1
      }
      return count
    }
    assert.equal(await listed({oneofKind: 'affectedObject', affectedObject: {objectId: '0xc1'}}), 1)
    assert.equal(await listed({oneofKind: 'affectedAddress', affectedAddress: {address: bob}}), 4)
    assert.equal(
      await listed({oneofKind: 'moveCall', moveCall: {function: '0xda::staking::stake_for_node'}}),
      9,
    )
    assert.equal(await listed({oneofKind: 'moveCall', moveCall: {function: '0xda::staking::other'}}), 0)
    assert.equal(await listed({oneofKind: 'eventType', eventType: {eventType: sealType}}), 4)
    assert.equal(await listed({oneofKind: 'packageWrite', packageWrite: {}}), 0)
    assert.equal(await listed({oneofKind: 'sender', sender: {address: alice}}), 5)
  })

  it('passes on why a transaction was refused', async () => {
    const call = client.executeTransaction({transaction: Uint8Array.of(1), signatures: []})
    await assert.rejects(call, {code: 'FAILED_PRECONDITION', message: 'object is locked'})
  })

  it('refuses masks and addresses that are none', async () => {
    await assert.rejects(
      async () => await client.ledgerService.getObject({objectId: '0xc1', readMask: {paths: ['ownre']}}),
      {code: 'INVALID_ARGUMENT', message: 'invalid read_mask path: ownre'},
    )
    await assert.rejects(client.listOwnedObjects({owner: 'bob'}), {code: 'INVALID_ARGUMENT'})
  })

  it('resolves no names', async () => {
    assert.equal((await client.core.resolveNameServiceAddress({name: 'a.sui'})).address, null)
  })

  it('controls time', async () => {
    const height = node.tip().sequenceNumber
    const {response} = await client.forkingService.advanceCheckpoint({})
    assert.equal(response.checkpointSequenceNumber, height + 1n)
    const clock = fakeObject(
      '0x6',
      {kind: 'shared', initialSharedVersion: 1n},
      '0x2::clock::Clock',
      Buffer.alloc(40, 1),
    )
    node.objects.set(clock.id, clock)
    const status = await client.forkingService.getStatus({})
    assert.deepEqual(
      [status.response.checkpointSequenceNumber, status.response.timestampMs],
      [height + 1n, 0x0101010101010101n],
    )
  })
})
