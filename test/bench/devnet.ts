/**
 * Transactions of the devnet in process, by the number of objects it holds, and what an object costs. DAAS_BENCH_OBJECTS
 * says up to how many (100,000; a million by hand).
 */
import {createNode} from '../../src/lib/devnet/executor/node.ts'
import type {DevnetNode, LedgerTransaction} from '../../src/lib/devnet/ledger/api.ts'
import {addCpu, NO_CPU, startCpu, type CpuTimes} from './lib/cpu.ts'
import {settle, signers, transfer} from './lib/devnet-load.ts'
import {createLoad, type Step} from './lib/devnet-steps.ts'
import {heapBytes, report} from './lib/report.ts'

const LANES = 250
const PER_TRANSACTION = 250
const WARM = 4
const ROUNDS = 10
const MOST = Number(process.env.DAAS_BENCH_OBJECTS ?? 100_000)

const keys = signers(LANES)
const node = await createNode({
  seed: 'bench',
  genesisAccounts: keys.map((key) => ({address: key.address, balance: 1_000_000_000_000_000n})),
})
const load = await createLoad(node, keys)
let objects = 0

/** One step of every lane, signed beforehand. */
async function round(step: Step): Promise<CpuTimes> {
  const batch = load.lanes.map((lane) => step.sign(lane))
  const used = startCpu()
  const done: LedgerTransaction[] = await Promise.all(
    batch.map(({bytes, signature}) => node.execute(bytes, [signature])),
  )
  const times = used()
  done.forEach((each, index) => step.settle(load.lanes[index]!, each))
  objects += done.reduce((sum, {outputObjects}) => sum + outputObjects.length - 1, 0)
  await new Promise(setImmediate)
  return times
}

/** Rounds of the steps one after the other; the first few do not count. */
async function measure(name: string, ...steps: readonly Step[]): Promise<void> {
  let sum = NO_CPU
  for (let index = 0; index < WARM + ROUNDS; index++) {
    for (const step of steps) {
      const times = await round(step)
      if (index >= WARM) sum = addCpu(sum, times)
    }
  }
  const count = ROUNDS * steps.length * load.lanes.length
  const figure = (what: string, value: number, unit: string, target?: number): void =>
    report({bench: 'devnet', name: `${name}${what}`, value, unit, ...(target === undefined ? {} : {target})})
  figure('', count / (sum.ms / 1000), 'tx/s', 2000)
  figure(', CPU of the thread', sum.threadUs / count, 'us/tx')
  figure(', CPU of all threads', sum.processUs / count, 'us/tx')
}

/** Fills the chain with coins up to a count. */
async function fill(target: number): Promise<void> {
  const step: Step = {
    name: 'fill',
    sign: (lane) => transfer(lane, lane.signer.address, PER_TRANSACTION),
    settle: (lane, done) => void settle(lane, done),
  }
  while (objects < target) await round(step)
}

function memory(devnet: DevnetNode): {bytes: number; bcs: number} {
  let bcs = 0
  for (const {signer} of load.lanes)
    for (const object of devnet.objectsOwnedBy(signer.address)) bcs += object.bcs.length
  return {bytes: heapBytes(), bcs}
}

for (let count = 1_000; count <= MOST; count *= 10) {
  const before = {...memory(node), objects}
  await fill(objects + count)
  const after = {...memory(node), objects}
  await measure(`transfers, ${count} objects`, load.transfers)
  await measure(`stakes, ${count} objects`, load.stakes)
  await measure(`kubectl request and response, ${count} objects`, load.requests, load.responses)
  if (count >= 100_000) {
    const value = (after.bytes - before.bytes - (after.bcs - before.bcs)) / (after.objects - before.objects)
    const name = `memory over the BCS, ${count} objects`
    report({bench: 'devnet', name, value, unit: 'B/object', target: 1024, most: true})
  }
}
await node.close()
