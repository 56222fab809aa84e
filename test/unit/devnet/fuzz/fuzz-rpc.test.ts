import assert from 'node:assert/strict'
import {once} from 'node:events'
import {connect} from 'node:net'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import {type Devnet, startDevnet} from '../../../../src/lib/devnet/devnet.ts'
import {bindMethods, type Method, runStream, runUnary} from '../../../../src/lib/devnet/rpc/dispatch.ts'
import {nodeHandlers} from '../../../../src/lib/devnet/rpc/serve-node.ts'
import {statusCodes, toFailure} from '../../../../src/lib/devnet/rpc/status.ts'
import {createRandom, fuzzPlan, mutate, type Random} from './random.ts'

const FRAMES_ON_SOCKETS = 400
const MOST_ANSWERS = 20
const STREAM_MS = 20

interface Field {
  readonly localName: string
  readonly kind: string
  readonly T?: unknown
  readonly repeat?: number
  readonly oneof?: string
}

interface MessageType {
  readonly typeName: string
  readonly fields: readonly Field[]
  create(partial?: object): object
}

/** Numbers of protobuf's scalar types that are 64 bits wide, and so bigint in this API. */
const WIDE = new Set([3, 4, 6, 16, 18])
const BOOL = 8
const STRING = 9
const BYTES = 12

/** A message of a type with some of its fields filled with things that may mean something. */
function invent(type: MessageType, random: Random, words: readonly unknown[], depth = 0): object {
  const message: Record<string, unknown> = {}
  for (const field of type.fields) {
    if (random.below(3) === 0 && field.localName !== 'objectId') continue
    const value = valueOf(field, random, words, depth)
    if (value === undefined) continue
    const filled = field.repeat ? Array.from({length: random.below(3)}, () => value) : value
    if (field.oneof === undefined) message[field.localName] = filled
    else message[field.oneof] = {oneofKind: field.localName, [field.localName]: value}
  }
  return type.create(message)
}

function valueOf(field: Field, random: Random, words: readonly unknown[], depth: number): unknown {
  if (field.localName === 'readMask') return random.below(4) === 0 ? {paths: ['no.such']} : {paths: ['*']}
  if (field.kind === 'message') {
    return depth > 4 ? undefined : invent((field.T as () => MessageType)(), random, words, depth + 1)
  }
  if (field.kind === 'enum') return random.below(6)
  if (field.kind !== 'scalar') return undefined
  const scalar = field.T as number
  const isId = /id$|owner|parent|address|account/i.test(field.localName)
  const fits = (word: unknown): boolean => typeof word === 'string' && (!isId || word.startsWith('0x'))
  if (scalar === STRING) return random.pick(words.filter(fits))
  if (scalar === BYTES) return random.pick(words.filter((word) => word instanceof Uint8Array))
  if (scalar === BOOL) return random.below(2) === 1
  const number = random.pick([0, 1, 2, 5, 1000, 2 ** 31 - 1])
  return WIDE.has(scalar) ? BigInt(number) : number
}

/** Ends with bytes or a status; anything else, and INTERNAL, is a fault of the devnet. */
async function attempt(method: Method, request: Uint8Array, told: string): Promise<void> {
  const controller = new AbortController()
  try {
    if (method.kind === 'unary') {
      await runUnary(method, request, {signal: controller.signal})
      return
    }
    const timer = setTimeout(() => controller.abort(new DOMException('enough', 'AbortError')), STREAM_MS)
    let answers = 0
    for await (const answer of runStream(method, request, {signal: controller.signal})) {
      assert.ok(answer instanceof Uint8Array)
      if (++answers >= MOST_ANSWERS) break
    }
    clearTimeout(timer)
  } catch (error) {
    const failure = toFailure(error)
    assert.ok(
      failure.status !== 'INTERNAL' && failure.status in statusCodes,
      `${told}: ${failure.stack}\n${String((error as Error).stack)}`,
    )
  } finally {
    controller.abort()
  }
}

describe('requests that nobody would send', function () {
  const {seed, minutes, goesOn} = fuzzPlan()
  this.timeout(60_000 + minutes * 60_000)
  let devnet: Devnet
  let words: unknown[]

  before(async () => {
    devnet = await startDevnet({seed: 'fuzz', checkpointIntervalMs: 0, keepaliveMs: 5})
    const {node, accounts} = devnet
    const {address} = accounts[0]!
    const {coinId, digest} = await node.fund(address, 5n)
    const transaction = node.getTransaction(digest)!
    words = [
      ...['', '*', '0x', '0x2', '0x6', 'coin', 'Coin', 'value', 'digest', 'effects.status', 'no.such'],
      ...[
        address,
        coinId,
        digest,
        node.chainId,
        '0x2::coin::Coin<0x2::sui::SUI>',
        '0x2::sui::SUI',
        'vector<u8',
      ],
      ...[new Uint8Array(), new Uint8Array(32), transaction.bytes, transaction.signatures[0]],
      ...['contents', 'json', 'transaction', 'objects.objects.json', 'name.sui', '2000000000000000'],
    ]
  })
  after(() => devnet.close())

  it('are answered, or refused with a status', async () => {
    const methods = [...bindMethods(nodeHandlers(devnet.node, 5)).values()].filter(({handler}) => handler)
    // Advancing the clock by a random u64 ends time for all that follow.
    const safe = methods.filter(({path}) => !path.includes('ForkingService'))
    for (let done = 0; goesOn(done); done++) {
      const random = createRandom(seed + done)
      const method = random.pick(safe)
      const told = `seed ${seed + done}, ${method.path}`
      const message = invent(method.input as unknown as MessageType, random, words)
      const whole = method.input.toBinary(message)
      await attempt(method, random.below(3) === 0 ? mutate(whole, random) : whole, told)
      if (done % 500 === 0) await new Promise(setImmediate)
    }
  })

  it('on the wire do not bring the server down', async () => {
    const {hostname, port} = new URL(devnet.url)
    const body = T.GetObjectRequest.toBinary(T.GetObjectRequest.create({objectId: '0x6'}))
    const head =
      'POST /sui.rpc.v2.LedgerService/GetObject HTTP/1.1\r\nhost: x\r\ncontent-type: application/grpc-web+proto\r\n'
    const framed = Buffer.concat([
      Buffer.from(`${head}content-length: ${body.length + 5}\r\n\r\n`),
      Buffer.from([0, 0, 0, 0, body.length]),
      body,
    ])
    const http2 = Buffer.concat([
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 5, 1, 4, 0, 0, 0, 1, 0x82, 0x86, 0x84, 0x41, 0x8a]),
    ])
    for (let done = 0; done < FRAMES_ON_SOCKETS; done++) {
      const random = createRandom(seed + done)
      const socket = connect(Number(port), hostname)
      socket.on('error', () => socket.destroy())
      const closed = once(socket, 'close')
      socket.resume()
      socket.end(mutate(random.pick([framed, http2]), random))
      setTimeout(() => socket.destroy(), 50).unref()
      if (done % 40 === 39) await closed
    }
    const health = await fetch(`${devnet.url}/health`)
    assert.equal(health.status, 200)
  })
})
