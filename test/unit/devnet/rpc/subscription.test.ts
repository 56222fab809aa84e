import assert from 'node:assert/strict'
import {setTimeout as pause} from 'node:timers/promises'
import {SuiGrpcClient, type GrpcTypes as T} from '@mysten/sui/grpc'
import {serveNode} from '../../../../src/lib/devnet/rpc/serve-node.ts'
import type {RpcServer} from '../../../../src/lib/devnet/rpc/server.ts'
import {createCheckpointFeed} from '../../../../src/lib/devnet/rpc/services/checkpoint-feed.ts'
import {addressOf, type FakeNode, fakeEvent, fakeNode, fakeTransaction} from './fake-node.ts'

const alice = addressOf('0xa11ce')
const stakeType = '0xda::staking::StakeCreated'
const stakes: T.EventFilter = {
  terms: [
    {literals: [{negated: false, predicate: {oneofKind: 'eventType', eventType: {eventType: stakeType}}}]},
  ],
}

describe('devnet rpc: subscriptions', () => {
  let node: FakeNode
  let server: RpcServer
  let client: SuiGrpcClient
  let controller: AbortController

  const serve = async (keepaliveMs: number): Promise<void> => {
    node = fakeNode()
    controller = new AbortController()
    server = await serveNode(node, {port: 0, faucetMist: 5n, keepaliveMs})
    client = new SuiGrpcClient({
      network: 'localnet',
      baseUrl: `http://127.0.0.1:${server.port}`,
      format: 'binary',
    })
  }
  afterEach(async () => {
    controller.abort()
    await server.close()
  })

  /** Reads frames until so many have come. */
  const take = async <Frame>(frames: AsyncIterable<Frame>, count: number): Promise<Frame[]> => {
    const taken: Frame[] = []
    for await (const frame of frames) {
      taken.push(frame)
      if (taken.length === count) return taken
    }
    return taken
  }

  it('delivers matching events with their place, after a first frame that says where it begins', async () => {
    await serve(60_000)
    const paths = ['event_type', 'transaction_digest', 'event_index', 'checkpoint', 'json']
    const call = client.subscriptionService.subscribeEvents(
      {filter: stakes, readMask: {paths}},
      {abort: controller.signal},
    )
    const [start] = await take(call.responses, 1)
    assert.ok(start?.watermark?.cursor)
    assert.equal(start.event, undefined)
    const transaction = fakeTransaction(alice, [
      fakeEvent(alice, '0xda::other::Other'),
      fakeEvent(alice, stakeType),
    ])
    node.add(transaction)
    const [frame] = await take(call.responses, 1)
    assert.deepEqual(
      [frame?.event?.transactionDigest, frame?.event?.eventIndex, frame?.event?.checkpoint],
      [transaction.digest, 1, 1n],
    )
    assert.equal(frame?.event?.sender, undefined)
    const backfill = client.ledgerService.listEvents({
      filter: stakes,
      options: {after: start.watermark.cursor},
    })
    const listed = await take(backfill.responses, 2)
    assert.equal(listed[0]?.event?.eventType, frame?.event?.eventType)
  })

  it('gives every checkpoint without gaps when unfiltered, and seals one when it is quiet', async () => {
    await serve(30)
    const call = client.subscriptionService.subscribeCheckpoints(
      {readMask: {paths: ['sequence_number']}},
      {abort: controller.signal},
    )
    const frames = await take(call.responses, 3)
    assert.deepEqual(
      frames.map(({cursor, checkpoint}) => [cursor, checkpoint?.sequenceNumber]),
      [
        [1n, 1n],
        [2n, 2n],
        [3n, 3n],
      ],
    )
  })

  it('keeps a quiet filtered stream alive with progress', async () => {
    await serve(20)
    const call = client.subscriptionService.subscribeTransactions({}, {abort: controller.signal})
    const frames = await take(call.responses, 4)
    assert.deepEqual(
      frames.map(({transaction, watermark}) => [transaction, watermark?.checkpoint]),
      Array.from({length: 4}, () => [undefined, 0n]),
    )
  })

  it('tells progress each 25 checkpoints without a match', async () => {
    await serve(60_000)
    const call = client.subscriptionService.subscribeEvents({filter: stakes}, {abort: controller.signal})
    await take(call.responses, 1)
    for (let count = 0; count < 25; count += 1) node.add()
    const [frame] = await take(call.responses, 1)
    assert.equal(frame?.watermark?.checkpoint, 25n)
  })

  it('lets go of the node when the client goes away', async () => {
    await serve(60_000)
    const call = client.subscriptionService.subscribeEvents({}, {abort: controller.signal})
    await take(call.responses, 1)
    assert.equal(node.listenerCount(), 1)
    controller.abort()
    while (node.listenerCount() > 0) await pause(5)
  })

  it('refuses a filter that is none before the stream begins', async () => {
    await serve(60_000)
    const call = client.subscriptionService.subscribeEvents({filter: {terms: []}}, {abort: controller.signal})
    await assert.rejects(take(call.responses, 1), {code: 'INVALID_ARGUMENT'})
  })

  it('cuts a subscriber that does not keep up, and lets go of the node', async () => {
    await serve(60_000)
    const feed = createCheckpointFeed(node, 60_000)
    const checkpoints = feed.subscribe(controller.signal, {gapless: true})
    for (let count = 0; count < 5000; count += 1) node.add()
    assert.deepEqual(await take(checkpoints, 1), [])
    assert.equal(node.listenerCount(), 0)
  })
})
