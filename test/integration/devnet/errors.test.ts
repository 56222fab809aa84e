/** What a client gets that asks wrongly: status, text, and the field in `grpc-status-details-bin`; limits and clamps. */
import assert from 'node:assert/strict'
import {MessageType, ScalarType} from '@protobuf-ts/runtime'
import {type RpcError, type SuiGrpcClient, GrpcTypes as T} from '@mysten/sui/grpc'
import {normalizeSuiAddress} from '@mysten/sui/utils'
import {type Devnet, startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {transports} from './stock-client.ts'

/** `google.rpc` as published, so that what the devnet writes is read by something else than what wrote it. */
const text = (no: number, name: string) => ({no, name, kind: 'scalar', T: ScalarType.STRING}) as const
const Violation = new MessageType<{field: string; description: string; reason: string}>('V', [
  text(1, 'field'),
  text(2, 'description'),
  text(3, 'reason'),
])
const BadRequest = new MessageType<{fieldViolations: object[]}>('B', [
  {no: 1, name: 'field_violations', kind: 'message', repeat: 1, T: () => Violation},
])
const Any = new MessageType<{typeUrl: string; value: Uint8Array}>('A', [
  text(1, 'type_url'),
  {no: 2, name: 'value', kind: 'scalar', T: ScalarType.BYTES},
])
const Status = new MessageType<{
  code: number
  message: string
  details: {typeUrl: string; value: Uint8Array}[]
}>('S', [
  {no: 1, name: 'code', kind: 'scalar', T: ScalarType.INT32},
  text(2, 'message'),
  {no: 3, name: 'details', kind: 'message', repeat: 1, T: () => Any},
])

const NOT_FOUND = 5
const address = normalizeSuiAddress('0x9')
const noAddress = 'Unable to parse Address (must be hex string of length 32)'
const noDigest = 'Unable to parse Digest (must be Base58 string of length 32)'

async function all<Item>(responses: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of responses) items.push(item)
  return items
}

for (const [name, open] of Object.entries(transports)) {
  describe(`devnet: errors and limits over ${name}`, function () {
    this.timeout(60_000)
    let devnet: Devnet
    let client: SuiGrpcClient
    let close: () => void

    before(async () => {
      devnet = await startDevnet({seed: 'errors', accounts: 1, checkpointIntervalMs: 0})
      for (let coin = 0; coin < 55; coin += 1) await devnet.node.fund(address, 5n)
      ;({client, close} = open(devnet.url))
    })
    after(async () => {
      close()
      await devnet.close()
    })

    async function refused(call: PromiseLike<unknown>) {
      const error = await Promise.resolve(call).then(
        () => assert.fail('it was answered'),
        (reason: unknown) => reason as RpcError,
      )
      const bytes = error.meta['grpc-status-details-bin']
      assert.equal(typeof bytes, 'string', `no details in ${error.message}`)
      const status = Status.fromBinary(Buffer.from(String(bytes), 'base64'))
      assert.equal(status.message, error.message)
      return {code: error.code, status, meta: error.meta}
    }
    async function violates(
      call: PromiseLike<unknown>,
      field: string,
      description: string,
      reason = 'FIELD_INVALID',
    ) {
      const {code, status} = await refused(call)
      const [details, ...more] = status.details
      assert.deepEqual([code, details?.typeUrl, more], ['INVALID_ARGUMENT', '/google.rpc.BadRequest', []])
      assert.deepEqual(BadRequest.fromBinary(details!.value).fieldViolations, [{field, description, reason}])
      assert.equal(status.message, description)
    }

    it('a mask that names no field', async () => {
      const readMask = {paths: ['nothing.here']}
      const description = 'invalid read_mask path: nothing.here'
      const {ledgerService: ledger, stateService: state} = client
      for (const call of [
        () => ledger.getObject({objectId: address, readMask}),
        () => ledger.getTransaction({digest: devnet.node.tip().transactions[0]!.digest, readMask}),
        () => ledger.getCheckpoint({checkpointId: {oneofKind: undefined}, readMask}),
        () => ledger.getEpoch({readMask}),
        () => state.listOwnedObjects({owner: address, readMask}),
        () => all(ledger.listEvents({readMask}).responses),
        () => all(client.subscriptionService.subscribeCheckpoints({readMask}).responses),
      ]) {
        await violates(call(), 'read_mask', description)
      }
    })

    it('ids, digests and types that are none, or are missing', async () => {
      const {ledgerService: ledger, stateService: state, movePackageService: packages} = client
      await violates(
        ledger.getObject({objectId: '0xzz'}),
        'requests[0].object_id',
        `invalid object_id: ${noAddress}`,
      )
      await violates(ledger.getObject({}), 'requests[0].object_id', 'missing object_id', 'FIELD_MISSING')
      await violates(
        ledger.batchGetObjects({requests: [{objectId: address}, {objectId: 'x'}]}),
        'requests[1].object_id',
        `invalid object_id: ${noAddress}`,
      )
      await violates(ledger.getTransaction({digest: '0'}), 'digest', `invalid digest: ${noDigest}`)
      await violates(ledger.getTransaction({}), 'digest', 'missing digest', 'FIELD_MISSING')
      await violates(
        ledger.getCheckpoint({checkpointId: {oneofKind: 'digest', digest: '0'}}),
        'digest',
        `invalid digest: ${noDigest}`,
      )
      await violates(state.listOwnedObjects({}), 'owner', 'missing owner', 'FIELD_MISSING')
      await violates(state.getBalance({owner: address}), 'coin_type', 'missing coin_type', 'FIELD_MISSING')
      await violates(
        state.listOwnedObjects({owner: address, objectType: '<'}),
        'object_type',
        'invalid object_type: < is no type',
      )
      await violates(
        packages.getFunction({packageId: '0x2'}),
        'module_name',
        'missing module_name',
        'FIELD_MISSING',
      )
      await violates(
        client.transactionExecutionService.simulateTransaction({}),
        'transaction',
        'missing transaction',
        'FIELD_MISSING',
      )
    })

    it('tells in a batch which item is wrong', async () => {
      const {response} = await client.ledgerService.batchGetTransactions({digests: ['0']})
      const [{result} = {result: undefined}] = response.transactions
      assert.ok(result?.oneofKind === 'error')
      const {fieldViolations} = BadRequest.fromBinary(result.error.details[0]!.value)
      const description = `invalid digest: ${noDigest}`
      assert.deepEqual(fieldViolations, [{field: 'digests[0]', description, reason: 'FIELD_INVALID'}])
    })

    it('what is not there has a status, and the headers of the chain', async () => {
      const {code, status, meta} = await refused(client.ledgerService.getObject({objectId: '0x99'}))
      assert.deepEqual([code, status.code, status.details], ['NOT_FOUND', NOT_FOUND, []])
      assert.equal(meta['x-sui-chain-id'], devnet.chainId)
    })

    it('filters: terms, literals, what they look for', async () => {
      const list = (filter: T.EventFilter) => all(client.ledgerService.listEvents({filter}).responses)
      const literal = (predicate: T.EventLiteral['predicate']): T.EventLiteral => ({
        negated: false,
        predicate,
      })
      const sender = literal({oneofKind: 'sender', sender: {address}})
      const field = 'filter.terms.literals'
      await violates(
        list({terms: []}),
        'filter.terms',
        'at least one filter term is required',
        'FIELD_MISSING',
      )
      assert.deepEqual((await list({terms: [{literals: Array<T.EventLiteral>(10).fill(sender)}]})).length, 1)
      await violates(
        list({
          terms: [
            {literals: Array<T.EventLiteral>(6).fill(sender)},
            {literals: Array<T.EventLiteral>(5).fill(sender)},
          ],
        }),
        field,
        'filter contains 11 literals; at most 10 are allowed',
      )
      await violates(
        list({terms: [{literals: [literal({oneofKind: undefined})]}]}),
        field,
        'predicate variant is required',
        'FIELD_MISSING',
      )
      await violates(
        list({terms: [{literals: [literal({oneofKind: 'emitModule', emitModule: {module: '0x2::a::b'}})]}]}),
        `${field}.emit_module.module`,
        'expected `package[::module]`',
      )
      await violates(
        list({terms: [{literals: [literal({oneofKind: 'sender', sender: {}})]}]}),
        `${field}.sender.address`,
        'address is required',
        'FIELD_MISSING',
      )
    })

    it('cursors and bounds of lists', async () => {
      const {ledgerService: ledger} = client
      const [first] = await all(ledger.listTransactions({options: {limit: 1}}).responses)
      const cursor = first?.watermark?.cursor ?? assert.fail()
      await violates(
        all(ledger.listEvents({options: {after: cursor}}).responses),
        'options.after',
        'invalid cursor',
      )
      await violates(
        all(ledger.listTransactions({options: {before: Uint8Array.of(1)}}).responses),
        'options.before',
        'invalid cursor',
      )
      await violates(
        all(ledger.listTransactions({startCheckpoint: 3n, endCheckpoint: 2n}).responses),
        'end_checkpoint',
        'end_checkpoint must be greater than or equal to start_checkpoint',
      )
      await violates(
        all(ledger.listTransactions({options: {ordering: 7 as T.Ordering}}).responses),
        'options.ordering',
        'invalid ordering',
      )
    })

    it('page tokens: of nothing, and of another list', async () => {
      const {stateService: state} = client
      const {response} = await state.listOwnedObjects({owner: address, pageSize: 2})
      const pageToken = response.nextPageToken ?? assert.fail()
      for (const call of [
        state.listOwnedObjects({owner: address, pageToken: Uint8Array.of(1)}),
        state.listOwnedObjects({owner: '0x7', pageToken}),
        state.listOwnedObjects({owner: address, objectType: '0x2::coin::Coin', pageToken}),
        state.listDynamicFields({parent: address, pageToken}),
      ]) {
        await violates(call, 'page_token', 'invalid page_token')
      }
    })

    it('sizes are clamped, not refused', async () => {
      const {ledgerService: ledger, stateService: state} = client
      const owned = async (pageSize?: number) =>
        (await state.listOwnedObjects({owner: address, ...(pageSize === undefined ? {} : {pageSize})}))
          .response.objects
      assert.deepEqual(
        [(await owned()).length, (await owned(0)).length, (await owned(5000)).length],
        [50, 1, 55],
      )
      const listed = async (limit?: number) => {
        const options = limit === undefined ? {} : {limit}
        const frames = await all(ledger.listCheckpoints({options}).responses)
        return frames.filter(({checkpoint}) => checkpoint !== undefined).length
      }
      const tip = Number(devnet.node.tip().sequenceNumber) + 1
      assert.ok(tip > 50)
      assert.deepEqual([await listed(), await listed(0), await listed(500)], [10, 1, Math.min(tip, 100)])
    })

    it('batches that are too large', async () => {
      const requests = Array.from({length: 1001}, () => ({objectId: address}))
      const {code, status} = await refused(client.ledgerService.batchGetObjects({requests}))
      assert.deepEqual(
        [code, status.message, status.details],
        ['INVALID_ARGUMENT', 'number of batch requests exceed limit of 1000', []],
      )
    })

    it('a mask without paths wants nothing', async () => {
      const {response} = await client.ledgerService.getObject({objectId: '0x6', readMask: {paths: []}})
      assert.deepEqual(T.Object.toJson(response.object!), {})
    })
  })
}
