import assert from 'node:assert/strict'
import {once} from 'node:events'
import {ChannelCredentials} from '@grpc/grpc-js'
import {SuiGrpcClient, RpcError, type GrpcTypes as T} from '@mysten/sui/grpc'
import {GrpcTransport} from '@protobuf-ts/grpc-transport'
import {stream, unary} from '../../../../src/lib/devnet/rpc/dispatch.ts'
import {type RpcServer, startRpcServer} from '../../../../src/lib/devnet/rpc/server.ts'
import {RpcFailure} from '../../../../src/lib/devnet/rpc/status.ts'

const service = 'sui.rpc.v2'

describe('devnet rpc: transports', () => {
  let server: RpcServer
  let ended: AbortSignal[] = []

  before(async () => {
    server = await startRpcServer({
      port: 0,
      headers: () => ({'x-sui-chain-id': 'chain'}),
      routes: {'GET /health': async (_request, response) => void response.end('ok')},
      handlers: {
        [`${service}.LedgerService/GetServiceInfo`]: unary((): T.GetServiceInfoResponse => ({
          chainId: 'abc',
        })),
        [`${service}.LedgerService/GetTransaction`]: unary(() => {
          throw new RpcFailure('NOT_FOUND', 'nöt here: 100%\n')
        }),
        [`${service}.StateService/GetBalance`]: unary((_request, {signal}) => once(signal, 'abort')),
        [`${service}.SubscriptionService/SubscribeCheckpoints`]: stream(async function* (_request, {signal}) {
          ended.push(signal)
          for (let cursor = 0n; cursor < 3n; cursor += 1n) yield {cursor}
          await once(signal, 'abort')
        }),
        [`${service}.LedgerService/ListEvents`]: stream(async function* () {
          yield {watermark: {checkpoint: 4n}}
          throw new RpcFailure('ABORTED', 'half way')
        }),
      },
    })
  })
  beforeEach(() => {
    ended = []
  })
  after(() => server.close())

  const baseUrl = (): string => `http://127.0.0.1:${server.port}`
  const clients: Record<string, () => {client: SuiGrpcClient; close(): void}> = {
    'gRPC-web text': () => ({
      client: new SuiGrpcClient({network: 'localnet', baseUrl: baseUrl()}),
      close: () => undefined,
    }),
    'gRPC-web binary': () => ({
      client: new SuiGrpcClient({network: 'localnet', baseUrl: baseUrl(), format: 'binary'}),
      close: () => undefined,
    }),
    'native gRPC': () => {
      const transport = new GrpcTransport({
        host: `127.0.0.1:${server.port}`,
        channelCredentials: ChannelCredentials.createInsecure(),
      })
      return {client: new SuiGrpcClient({network: 'localnet', transport}), close: () => transport.close()}
    },
  }

  for (const [name, open] of Object.entries(clients)) {
    describe(name, () => {
      let client: SuiGrpcClient
      let close: () => void
      before(() => {
        ;({client, close} = open())
      })
      after(() => close())

      it('answers a unary call with the headers of the chain', async () => {
        const call = await client.ledgerService.getServiceInfo({})
        assert.equal(call.response.chainId, 'abc')
        assert.equal(call.headers['x-sui-chain-id'], 'chain')
        assert.equal(call.status.code, 'OK')
      })

      it('carries the status and text of an error', async () => {
        const call = client.ledgerService.getTransaction({digest: 'x'})
        await assert.rejects(
          async () => await call,
          (error: RpcError) => {
            assert.equal(error.code, 'NOT_FOUND')
            assert.equal(error.message, 'nöt here: 100%\n')
            return true
          },
        )
      })

      it('answers UNIMPLEMENTED to what it does not serve', async () => {
        const call = client.ledgerService.getObject({objectId: '0x1'})
        await assert.rejects(async () => await call, {code: 'UNIMPLEMENTED'})
      })

      it('honours the deadline of the client', async () => {
        const call = client.stateService.getBalance({}, {timeout: 50})
        await assert.rejects(async () => await call, {code: 'DEADLINE_EXCEEDED'})
      })

      it('streams, and ends the handler when the client goes away', async () => {
        const controller = new AbortController()
        const call = client.subscriptionService.subscribeCheckpoints({}, {abort: controller.signal})
        const cursors: bigint[] = []
        await assert.rejects(async () => {
          for await (const {cursor} of call.responses) {
            cursors.push(cursor ?? -1n)
            if (cursors.length === 3) controller.abort()
          }
        }, RpcError)
        assert.deepEqual(cursors, [0n, 1n, 2n])
        const signal = ended[0]
        assert.ok(signal)
        if (!signal.aborted) await once(signal, 'abort')
      })

      it('ends a stream that fails half way with its status', async () => {
        const call = client.ledgerService.listEvents({})
        const seen: (bigint | undefined)[] = []
        await assert.rejects(
          async () => {
            for await (const frame of call.responses) seen.push(frame.watermark?.checkpoint)
          },
          {code: 'ABORTED'},
        )
        assert.deepEqual(seen, [4n])
      })
    })
  }

  it('serves plain HTTP on the same port, with CORS', async () => {
    const health = await fetch(`${baseUrl()}/health`)
    assert.equal(await health.text(), 'ok')
    assert.equal(health.headers.get('access-control-allow-origin'), '*')
    const preflight = await fetch(`${baseUrl()}/${service}.LedgerService/GetObject`, {method: 'OPTIONS'})
    assert.equal(preflight.status, 204)
    const missing = await fetch(`${baseUrl()}/nothing`)
    assert.equal(missing.status, 404)
    await missing.text()
  })

  it('refuses a body that is no frame', async () => {
    const answer = await fetch(`${baseUrl()}/${service}.LedgerService/GetServiceInfo`, {
      method: 'POST',
      headers: {'content-type': 'application/grpc-web+proto'},
      body: 'abc',
    })
    assert.equal(answer.headers.get('grpc-status'), '3')
    await answer.text()
  })

  it('takes base64 in pieces that are padded each on its own', async () => {
    const answer = await fetch(`${baseUrl()}/${service}.LedgerService/GetServiceInfo`, {
      method: 'POST',
      headers: {'content-type': 'application/grpc-web-text'},
      body: 'AA==AAAAAA==',
    })
    const frames = Buffer.from((await answer.text()).slice(0, 16), 'base64')
    assert.deepEqual([...frames.subarray(0, 10)], [0, 0, 0, 0, 5, 10, 3, 97, 98, 99])
  })

  it('refuses a handler for a method that does not exist', async () => {
    const open = startRpcServer({
      port: 0,
      headers: () => ({}),
      routes: {},
      handlers: {[`${service}.LedgerService/GetNothing`]: unary(() => ({}))},
    })
    await assert.rejects(open, /GetNothing/)
  })
})
