/** Health and reflection of the devnet, asked by clients made from the published `.proto` files. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
  type ServiceError,
  status,
} from '@grpc/grpc-js'
import {loadFileDescriptorSetFromBuffer, loadSync, type PackageDefinition} from '@grpc/proto-loader'
import {protoPath as healthProto} from 'grpc-health-check'
import {type Devnet, startDevnet} from '../../../src/lib/devnet/devnet.ts'

const reflectionDir = dirname(createRequire(import.meta.url).resolve('@grpc/reflection'))
const reflectionProto = (version: string): string =>
  join(reflectionDir, `../proto/grpc/reflection/${version}/reflection.proto`)

type Reply = Record<string, unknown>
type Unary = (request: object, done: (error: ServiceError | null, reply: Reply) => void) => void

function clientOf(
  definition: PackageDefinition,
  service: string,
  url: string,
): Client & Record<string, unknown> {
  let place: unknown = loadPackageDefinition(definition)
  for (const step of service.split('.')) place = (place as Record<string, unknown>)[step]
  const Constructor = place as ServiceClientConstructor
  return new Constructor(new URL(url).host, credentials.createInsecure()) as unknown as Client &
    Record<string, unknown>
}

function call(client: Client & Record<string, unknown>, method: string, request: object): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const run = (client[method] as Unary).bind(client)
    run(request, (error, reply) => (error === null ? resolve(reply) : reject(error)))
  })
}

/** A `FileDescriptorSet`: each file is field 1. */
function descriptorSet(files: readonly Uint8Array[]): Buffer {
  const parts = files.flatMap((file) => {
    const head = [10]
    for (let rest = file.length; ; rest >>= 7) {
      head.push(rest < 128 ? rest : (rest & 127) | 128)
      if (rest < 128) break
    }
    return [Buffer.from(head), file]
  })
  return Buffer.concat(parts)
}

describe('devnet: health and reflection', function () {
  this.timeout(30_000)
  let devnet: Devnet

  before(async () => {
    devnet = await startDevnet({seed: 'reflection', accounts: 1})
  })
  after(() => devnet.close())

  it('is healthy, as a whole and each service', async () => {
    const client = clientOf(loadSync(healthProto, {enums: String}), 'grpc.health.v1.Health', devnet.url)
    for (const service of ['', 'sui.rpc.v2.LedgerService', 'sui.forking.v1alpha.ForkingService']) {
      assert.deepEqual(await call(client, 'Check', {service}), {status: 'SERVING'})
    }
    await assert.rejects(call(client, 'Check', {service: 'no.such.Service'}), {code: status.NOT_FOUND})
    for (const [service, expected] of [
      ['sui.rpc.v2.StateService', 'SERVING'],
      ['no.such.Service', 'SERVICE_UNKNOWN'],
    ] as const) {
      const watch = (client.Watch as (request: object) => ClientReadableStream<Reply>).bind(client)
      const stream = watch({service})
      const [first] = (await once(stream, 'data')) as [Reply]
      assert.deepEqual(first, {status: expected})
      const ended = once(stream, 'error')
      stream.cancel()
      assert.equal(((await ended) as [ServiceError])[0].code, status.CANCELLED)
    }
    client.close()
  })

  for (const version of ['v1', 'v1alpha']) {
    describe(`reflection ${version}`, () => {
      let client: Client & Record<string, unknown>
      let stream: ClientDuplexStream<object, Reply>

      beforeEach(() => {
        const definition = loadSync(reflectionProto(version), {oneofs: true})
        client = clientOf(definition, `grpc.reflection.${version}.ServerReflection`, devnet.url)
        const open = (client.ServerReflectionInfo as () => ClientDuplexStream<object, Reply>).bind(client)
        stream = open()
      })
      afterEach(async () => {
        const ended = once(stream, 'end')
        stream.end()
        stream.resume()
        await ended
        client.close()
      })
      async function ask(request: object): Promise<Reply> {
        const answered = once(stream, 'data')
        stream.write(request)
        return ((await answered) as [Reply])[0]
      }
      async function filesOf(request: object): Promise<Uint8Array[]> {
        const {fileDescriptorResponse} = await ask(request)
        return (fileDescriptorResponse as {fileDescriptorProto: Uint8Array[]}).fileDescriptorProto
      }

      it('lists what is served', async () => {
        const {listServicesResponse} = await ask({listServices: ''})
        const names = (listServicesResponse as {service: {name: string}[]}).service.map(({name}) => name)
        assert.deepEqual(names, [
          'grpc.health.v1.Health',
          'grpc.reflection.v1.ServerReflection',
          'grpc.reflection.v1alpha.ServerReflection',
          'sui.forking.v1alpha.ForkingService',
          ...['LedgerService', 'MovePackageService', 'NameService'].map((name) => `sui.rpc.v2.${name}`),
          ...['SignatureVerificationService', 'StateService'].map((name) => `sui.rpc.v2.${name}`),
          ...['SubscriptionService', 'TransactionExecutionService'].map((name) => `sui.rpc.v2.${name}`),
        ])
      })

      it('describes services so that a client that knows nothing else can call them', async () => {
        const files = await filesOf({fileContainingSymbol: 'sui.rpc.v2.LedgerService'})
        const options = {keepCase: true, longs: String, enums: String, oneofs: true}
        const definition = loadFileDescriptorSetFromBuffer(descriptorSet(files), options)
        const ledger = clientOf(definition, 'sui.rpc.v2.LedgerService', devnet.url)
        const info = await call(ledger, 'GetServiceInfo', {})
        assert.equal(info.chain_id, devnet.chainId)
        const read_mask = {paths: ['object_id', 'owner', 'json']}
        const {objects} = await call(ledger, 'BatchGetObjects', {
          requests: [{object_id: '0x6'}, {object_id: '0xdead'}],
          read_mask,
        })
        const [clock, missing] = objects as {object?: Reply; error?: Reply}[]
        assert.equal((clock?.object?.owner as Reply).kind, 'SHARED')
        assert.equal(clock?.object?._object_id, 'object_id')
        assert.equal(missing?.error?.code, status.NOT_FOUND)
        const {epoch} = await call(ledger, 'GetEpoch', {read_mask: {paths: ['protocol_config']}})
        // This loader gives the entries of a map as they are on the wire.
        const {attributes} = (epoch as {protocol_config: {attributes: object[]}}).protocol_config
        assert.ok(
          attributes.some((entry) => isDeepStrictEqual(entry, {key: 'max_tx_gas', value: '50000000000'})),
        )
        ledger.close()
      })

      it('finds every message, field and method of the API, and files by name', async () => {
        for (const symbol of [
          'sui.rpc.v2.GetObjectRequest',
          'sui.rpc.v2.GetObjectRequest.read_mask',
          'sui.rpc.v2.Input.InputKind',
          'sui.rpc.v2.StateService.ListOwnedObjects',
          'google.protobuf.FieldMask',
          'grpc.health.v1.HealthCheckResponse.ServingStatus',
          'sui.forking.v1alpha.ForkingService.AdvanceClock',
        ]) {
          assert.ok((await filesOf({fileContainingSymbol: symbol})).length > 0, symbol)
        }
        assert.equal((await filesOf({fileByFilename: 'google/protobuf/timestamp.proto'})).length, 1)
      })

      it('says what it does not have', async () => {
        for (const request of [
          {fileContainingSymbol: 'no.such.Thing'},
          {fileByFilename: 'no.proto'},
          {allExtensionNumbersOfType: 'sui.rpc.v2.Object'},
          {fileContainingExtension: {containingType: 'sui.rpc.v2.Object', extensionNumber: 1}},
        ]) {
          const {errorResponse} = await ask(request)
          assert.equal((errorResponse as {errorCode: number}).errorCode, status.NOT_FOUND)
        }
        const {errorResponse} = await ask({host: 'nothing else'})
        assert.equal((errorResponse as {errorCode: number}).errorCode, status.INVALID_ARGUMENT)
      })
    })
  }
})
