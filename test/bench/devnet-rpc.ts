/** Transactions per second of the devnet through gRPC-web (binary), the client in a process of its own. */
import {fork} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import {createNode} from '../../src/lib/devnet/executor/node.ts'
import {serveNode} from '../../src/lib/devnet/rpc/serve-node.ts'
import {lanes, publishContracts, signers, stake, transfer, type Lane, type Signed} from './lib/devnet-load.ts'
import {report} from './lib/report.ts'
import type {WebBatch} from './lib/web-client.ts'

const LANES = 250
const ROUNDS = 20
const WARM = 8
const PATH = '/sui.rpc.v2.TransactionExecutionService/ExecuteTransaction'

const keys = signers(LANES)
const node = await createNode({
  seed: 'bench',
  genesisAccounts: keys.map((key) => ({address: key.address, balance: 1_000_000_000_000_000n})),
})
const server = await serveNode(node, {port: 0, faucetMist: 1n})
const url = `http://127.0.0.1:${server.port}`
const client = fork(join(import.meta.dirname, 'lib/web-client.ts'), {
  execArgv: ['--no-warnings'],
  serialization: 'advanced',
})
const all = lanes(node, keys)
const contracts = await publishContracts(node, all[0]!)

function frame({bytes, signature}: Signed): Uint8Array {
  const message = T.ExecuteTransactionRequest.toBinary(
    T.ExecuteTransactionRequest.create({
      transaction: {bcs: {value: bytes}},
      signatures: [{bcs: {value: signature}, signature: {oneofKind: undefined}}],
      readMask: {paths: ['digest', 'effects.status', 'checkpoint']},
    }),
  )
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return new Uint8Array(Buffer.concat([head, message]))
}

let cpu = 0
async function measure(sign: (lane: Lane) => Signed): Promise<number> {
  let ms = 0
  cpu = 0
  for (let round = 0; round < ROUNDS; round++) {
    for (const lane of all) lane.gas = node.getObject(lane.gas.id)!
    const batch: WebBatch = {url, path: PATH, bodies: all.map((lane) => frame(sign(lane))), connections: 32}
    const before = process.cpuUsage()
    client.send(batch)
    const [answer] = (await once(client, 'message')) as [{ms: number; failed: number}]
    if (answer.failed > 0) throw new Error(`${answer.failed} calls failed`)
    if (round >= WARM) ms += answer.ms
    const {user, system} = process.cpuUsage(before)
    if (round >= WARM) cpu += user + system
  }
  return ((ROUNDS - WARM) * all.length) / (ms / 1000)
}

/** Microseconds of the server's process per transaction, whatever else the machine was doing. */
function reportCpu(kind: string): void {
  const value = cpu / ((ROUNDS - WARM) * all.length)
  report({bench: 'devnet-rpc', name: `${kind}, CPU of the server`, value, unit: 'us/tx'})
}

let name = 0
const transfers = await measure((lane) => transfer(lane, '0x7'))
report({bench: 'devnet-rpc', name: 'transfers, gRPC-web', value: transfers, unit: 'tx/s', target: 1000})
reportCpu('transfers')
const stakes = await measure((lane) => stake(lane, contracts, `w${name++}`))
report({bench: 'devnet-rpc', name: 'stakes, gRPC-web', value: stakes, unit: 'tx/s', target: 1000})
reportCpu('stakes')
client.disconnect()
await server.close()
await node.close()
