// Runs every benchmark of this folder, each in a process of its own and one after the other.
// Usage: npm run bench [-- name …] [--json FILE]
import {execa} from 'execa'
import {readdir, writeFile} from 'node:fs/promises'
import {availableParallelism, totalmem} from 'node:os'
import {basename, join} from 'node:path'
import {parseArgs} from 'node:util'
import Table from 'cli-table3'
import type {Figure} from './lib/report.ts'

const {values, positionals} = parseArgs({options: {json: {type: 'string'}}, allowPositionals: true})
const names = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith('.ts') && file !== basename(import.meta.filename))
  .map((file) => basename(file, '.ts'))
  .sort()
const unknown = positionals.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`no such benchmark: ${unknown.join(', ')}; there are ${names.join(', ')}\n`)
  process.exit(2)
}

const figures: Figure[] = []
let failed = 0
for (const name of positionals.length > 0 ? positionals : names) {
  process.stderr.write(`== ${name}\n`)
  const file = join(import.meta.dirname, `${name}.ts`)
  const {stdout, exitCode} = await execa(
    process.execPath,
    ['--expose-gc', '--max-old-space-size=8192', '--no-warnings', file],
    {reject: false, stderr: 'inherit', timeout: 30 * 60_000},
  )
  if (exitCode !== 0) failed += 1
  for (const line of stdout.split('\n')) {
    if (line.startsWith('{"bench":')) figures.push(JSON.parse(line) as Figure)
    else if (line !== '') process.stderr.write(`${line}\n`)
  }
}

const table = new Table({head: ['benchmark', 'figure', 'value', 'unit', 'target'], style: {head: []}})
for (const {bench, name, value, unit, target, most} of figures) {
  const wanted = target === undefined ? '' : `${most === true ? '<=' : '>='} ${target}`
  table.push([bench, name, rounded(value), unit, wanted])
}

const result = {
  node: process.version,
  cores: availableParallelism(),
  memoryBytes: totalmem(),
  at: new Date().toISOString(),
  figures,
}
process.stdout.write(`${table.toString()}\n`)
if (values.json === undefined) process.stdout.write(`${JSON.stringify(result)}\n`)
else await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)
if (failed > 0) process.exitCode = 1

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}
