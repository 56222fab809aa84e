/** Transactions of the devnet through gRPC-web (binary) and native gRPC, the client in a process of its own. */
import {fork} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import {createNode} from '../../src/lib/devnet/executor/node.ts'
import {digestOf} from '../../src/lib/devnet/ledger/digest.ts'
import {serveNode} from '../../src/lib/devnet/rpc/serve-node.ts'
import {addCpu, NO_CPU, startCpu, type CpuTimes} from './lib/cpu.ts'
import {signers, type Signed} from './lib/devnet-load.ts'
import {createLoad, type Step} from './lib/devnet-steps.ts'
import {report} from './lib/report.ts'
import type {RpcBatch, RpcBatchDone} from './lib/rpc-client.ts'

const LANES = 250
const WARM = 6
const ROUNDS = 10
const PATH = '/sui.rpc.v2.TransactionExecutionService/ExecuteTransaction'

const keys = signers(LANES)
const node = await createNode({
  seed: 'bench',
  genesisAccounts: keys.map((key) => ({address: key.address, balance: 1_000_000_000_000_000n})),
})
const server = await serveNode(node, {port: 0, faucetMist: 1n})
const url = `http://127.0.0.1:${server.port}`
const client = fork(join(import.meta.dirname, 'lib/rpc-client.ts'), {
  execArgv: ['--no-warnings'],
  serialization: 'advanced',
})
const load = await createLoad(node, keys)

function message({bytes, signature}: Signed): Uint8Array {
  return T.ExecuteTransactionRequest.toBinary(
    T.ExecuteTransactionRequest.create({
      transaction: {bcs: {value: bytes}},
      signatures: [{bcs: {value: signature}, signature: {oneofKind: undefined}}],
      readMask: {paths: ['digest', 'effects.status', 'checkpoint']},
    }),
  )
}

/** One step of every lane; the time is the client's. */
async function round(transport: RpcBatch['transport'], step: Step): Promise<CpuTimes> {
  const all = load.lanes.map((lane) => step.sign(lane))
  const batch: RpcBatch = {transport, url, path: PATH, messages: all.map(message), lanes: 32}
  const used = startCpu()
  client.send(batch)
  const [{ms, failure}] = (await once(client, 'message')) as [RpcBatchDone]
  const times = {...used(), ms}
  if (failure !== undefined) throw new Error(failure)
  all.forEach(({bytes}, index) =>
    step.settle(load.lanes[index]!, node.getTransaction(digestOf('TransactionData', bytes))!),
  )
  return times
}

async function measure(
  transport: RpcBatch['transport'],
  what: string,
  ...steps: readonly Step[]
): Promise<void> {
  let sum = NO_CPU
  for (let index = 0; index < WARM + ROUNDS; index++) {
    for (const step of steps) {
      const times = await round(transport, step)
      if (index >= WARM) sum = addCpu(sum, times)
    }
  }
  const count = ROUNDS * steps.length * LANES
  const name = `${what}, ${transport === 'web' ? 'gRPC-web' : 'native gRPC'}`
  report({bench: 'devnet-rpc', name, value: count / (sum.ms / 1000), unit: 'tx/s', target: 1000})
  const cpu = sum.threadUs / count
  report({bench: 'devnet-rpc', name: `${name}, CPU of the server's thread`, value: cpu, unit: 'us/tx'})
}

for (const transport of ['web', 'native'] as const) {
  await measure(transport, 'transfers', load.transfers)
  await measure(transport, 'stakes', load.stakes)
  await measure(transport, 'kubectl request and response', load.requests, load.responses)
}
client.disconnect()
await server.close()
await node.close()
