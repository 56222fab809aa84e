/** Time from the start of a process to its first transaction on a devnet, contracts and cluster not counted. */
import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {report} from './lib/report.ts'

const ROUNDS = 7
const built = join(import.meta.dirname, '../../dist/lib/devnet/devnet.js')
if (!existsSync(built)) throw new Error('build first: npm run build')
const program = `
  const {startDevnet} = await import(${JSON.stringify(built)})
  const devnet = await startDevnet()
  await devnet.node.fund('0x7', 5n)
  process.stdout.write(String(performance.now()))
  await devnet.close()
`
const times = Array.from({length: ROUNDS}, () =>
  Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], {encoding: 'utf8'})),
).sort((a, b) => a - b)
const value = times[ROUNDS >> 1]! / 1000
report({bench: 'devnet-start', name: 'first transaction', value, unit: 's', target: 0.5, most: true})
