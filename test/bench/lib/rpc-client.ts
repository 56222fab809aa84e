/** Sends unary gRPC requests that are already encoded, from a process of its own, and says how long they took. */
import {Client, credentials} from '@grpc/grpc-js'
import {Pool} from 'undici'

/** What the parent sends. */
export interface RpcBatch {
  readonly transport: 'web' | 'native'
  readonly url: string
  readonly path: string
  /** Messages, without the frame of a transport. */
  readonly messages: readonly Uint8Array[]
  /** How many calls are under way at once. */
  readonly lanes: number
}

/** What it answers: how long all took, and why the first that failed did. */
export interface RpcBatchDone {
  readonly ms: number
  readonly failure: string | undefined
}

type Send = (message: Uint8Array) => Promise<string | undefined>

process.on('message', (batch: RpcBatch) => void run(batch))

async function run(batch: RpcBatch): Promise<void> {
  const {send, close} = batch.transport === 'web' ? web(batch) : native(batch)
  let next = 0
  let failure: string | undefined
  const started = performance.now()
  const lane = async (): Promise<void> => {
    while (next < batch.messages.length) failure = (await send(batch.messages[next++]!)) ?? failure
  }
  await Promise.all(Array.from({length: batch.lanes}, lane))
  const done: RpcBatchDone = {ms: performance.now() - started, failure}
  await close()
  process.send!(done)
}

function web({url, path, lanes}: RpcBatch): {send: Send; close(): Promise<void>} {
  const pool = new Pool(url, {connections: lanes})
  const headers = {'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1'}
  const send: Send = async (message) => {
    const head = Buffer.alloc(5)
    head.writeUInt32BE(message.length, 1)
    const answer = await pool.request({method: 'POST', path, headers, body: Buffer.concat([head, message])})
    const bytes = Buffer.from(await answer.body.arrayBuffer())
    return bytes.includes('grpc-status: 0') ? undefined : `${answer.headers['grpc-message']?.toString()}`
  }
  return {send, close: () => pool.close()}
}

function native({url, path}: RpcBatch): {send: Send; close(): Promise<void>} {
  const client = new Client(new URL(url).host, credentials.createInsecure())
  const asIs = (bytes: Uint8Array): Buffer => Buffer.from(bytes)
  const send: Send = (message) =>
    new Promise((resolve) => {
      client.makeUnaryRequest(path, asIs, asIs, message, (error) => resolve(error?.message))
    })
  return {send, close: async () => client.close()}
}
