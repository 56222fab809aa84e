/** Transactions per second of the devnet in process, by the number of objects it holds, and what an object costs. */
import {createNode} from '../../src/lib/devnet/executor/node.ts'
import type {DevnetNode} from '../../src/lib/devnet/ledger/api.ts'
import {
  lanes,
  publishContracts,
  settle,
  signers,
  stake,
  transfer,
  type Lane,
  type Signed,
} from './lib/devnet-load.ts'
import {heapBytes, report} from './lib/report.ts'

const LANES = 250
const PER_TRANSACTION = 250
const MOST = Number(process.env.DAAS_BENCH_OBJECTS ?? 100_000)

const keys = signers(LANES)
const node = await createNode({
  seed: 'bench',
  genesisAccounts: keys.map((key) => ({address: key.address, balance: 1_000_000_000_000_000n})),
})
const all = lanes(node, keys)
const contracts = await publishContracts(node, all[0]!)
let name = 0
let objects = 0

/** Rounds of one transaction per lane, signed beforehand; seconds that execution took. */
async function measure(rounds: number, sign: (lane: Lane) => Signed): Promise<number> {
  let ms = 0
  for (let round = 0; round < rounds; round++) {
    const batch = all.map(sign)
    const started = performance.now()
    const done = await Promise.all(batch.map(({bytes, signature}) => node.execute(bytes, [signature])))
    ms += performance.now() - started
    done.forEach((each, index) => settle(all[index]!, each))
    objects += done.reduce((sum, {outputObjects}) => sum + outputObjects.length - 1, 0)
    await new Promise(setImmediate)
  }
  return (rounds * all.length) / (ms / 1000)
}

/** Fills the chain with coins up to a count. */
async function fill(target: number): Promise<void> {
  while (objects < target) await measure(1, (lane) => transfer(lane, lane.signer.address, PER_TRANSACTION))
}

function memory(devnet: DevnetNode): {bytes: number; bcs: number} {
  let bcs = 0
  for (const {signer} of all)
    for (const object of devnet.objectsOwnedBy(signer.address)) bcs += object.bcs.length
  return {bytes: heapBytes(), bcs}
}

await measure(4, (lane) => transfer(lane, '0x7'))
for (let count = 1_000; count <= MOST; count *= 10) {
  const before = {...memory(node), objects}
  await fill(count)
  const after = {...memory(node), objects}
  const rounds = 8
  const transfers = await measure(rounds, (lane) => transfer(lane, '0x7'))
  const stakes = await measure(rounds, (lane) => stake(lane, contracts, `w${name++}`))
  report({bench: 'devnet', name: `transfers, ${count} objects`, value: transfers, unit: 'tx/s', target: 2000})
  report({bench: 'devnet', name: `stakes, ${count} objects`, value: stakes, unit: 'tx/s', target: 2000})
  if (count >= 100_000) {
    const each = (after.bytes - before.bytes - (after.bcs - before.bcs)) / (after.objects - before.objects)
    report({
      bench: 'devnet',
      name: `memory over the BCS, ${count} objects`,
      value: each,
      unit: 'B/object',
      target: 1024,
      most: true,
    })
  }
}
await node.close()
