/** Time and memory of a devnet that starts on a directory with a history: by its length, and by what is left of it. */
import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createNode} from '../../src/lib/devnet/executor/node.ts'
import {DataDir} from '../../src/lib/devnet/ledger/data-dir.ts'
import {address, lanes, signed, signers, transfer, type Lane, type Signed} from './lib/devnet-load.ts'
import {report} from './lib/report.ts'

const LENGTHS = (process.env.DAAS_BENCH_HISTORY ?? '20000,100000').split(',').map(Number)
const PER_CHECKPOINT = 25
const ROUNDS = Number(process.env.DAAS_BENCH_ROUNDS ?? 3)
const built = join(import.meta.dirname, '../../dist/lib/devnet/devnet.js')
if (!existsSync(built)) throw new Error('build first: npm run build')

/** What each transaction of a history does: makes an object, or rewrites the one it pays with. */
const LOADS: Readonly<Record<string, (lane: Lane) => Signed>> = {
  'an object each': (lane) => transfer(lane, '0x7'),
  'no new object': (lane) =>
    signed(lane, {
      inputs: [address(lane.signer.address)],
      commands: [{TransferObjects: {objects: [{GasCoin: true}], address: {Input: 0}}}],
    }),
}

async function writeHistory(dir: string, length: number, step: (lane: Lane) => Signed): Promise<void> {
  const keys = signers(8)
  const node = await createNode({
    data: new DataDir(dir),
    seed: 'bench',
    checkpointIntervalMs: 3_600_000,
    genesisAccounts: keys.map((key) => ({address: key.address, balance: 1_000_000_000_000_000n})),
  })
  const all = lanes(node, keys)
  for (let count = 0; count < length; count++) {
    const lane = all[count % all.length]!
    const {bytes, signature} = step(lane)
    const {failure, outputObjects} = await node.execute(bytes, [signature])
    if (failure !== undefined) throw new Error(failure.description)
    lane.gas = outputObjects.find(({id}) => id === lane.gas.id)!
    if (count % PER_CHECKPOINT === 0) await node.sealCheckpoint()
  }
  await node.close()
}

/** From the start of a process to a devnet that serves the directory. */
interface Start {
  /** By the clock. */
  readonly ms: number
  /** Of all threads. */
  readonly cpuMs: number
  /** Memory then, bytes. */
  readonly rss: number
}

function start(dir: string): Start {
  const program = `
    const {startDevnet} = await import(${JSON.stringify(built)})
    const devnet = await startDevnet({dataDir: ${JSON.stringify(dir)}})
    const ms = performance.now()
    const {user, system} = process.cpuUsage()
    process.stdout.write(JSON.stringify({ms, cpuMs: (user + system) / 1000, rss: process.memoryUsage.rss()}))
    await devnet.close()
  `
  const args = ['--no-warnings', '--input-type=module', '-e', program]
  return JSON.parse(execFileSync(process.execPath, args, {encoding: 'utf8'})) as Start
}

for (const [name, step] of Object.entries(LOADS)) {
  for (const length of LENGTHS) {
    const dir = await mkdtemp(join(tmpdir(), 'daas-bench-'))
    try {
      const before = process.cpuUsage()
      await writeHistory(dir, length, step)
      const {user, system} = process.cpuUsage(before)
      const bench = 'devnet-restart'
      const written = `written to a directory, ${length} transactions, ${name}, CPU of all threads`
      report({bench, name: written, value: (user + system) / length, unit: 'us/tx'})
      const runs = Array.from({length: ROUNDS}, () => start(dir)).sort((a, b) => a.cpuMs - b.cpuMs)
      const {ms, cpuMs, rss} = runs[ROUNDS >> 1]!
      const after = `start after ${length} transactions, ${name}`
      report({bench, name: after, value: ms / 1_000, unit: 's'})
      report({bench, name: `${after}, CPU`, value: cpuMs / 1_000, unit: 's'})
      report({bench, name: `${after}, memory`, value: rss / 1_048_576, unit: 'MiB'})
    } finally {
      await rm(dir, {recursive: true})
    }
  }
}
