// The one test command: every tier in a mocha of its own, then one line that counts them all.
// Usage: npm test [-- tier …]   tiers: unit move integration e2e chaos
import {execa} from 'execa'
import {existsSync} from 'node:fs'
import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

interface Report {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly string[]
}

const TIERS = ['unit', 'move', 'integration', 'e2e', 'chaos']
const wanted = process.argv.slice(2)
const unknown = wanted.filter((tier) => !TIERS.includes(tier))
if (unknown.length > 0) {
  process.stderr.write(`no such tier: ${unknown.join(', ')}; there are ${TIERS.join(', ')}\n`)
  process.exit(2)
}

const dir = await mkdtemp(join(tmpdir(), 'daas-test-'))
const reports: Report[] = []
for (const tier of wanted.length > 0 ? wanted : TIERS) {
  if (!(await hasTests(join('test', tier)))) continue
  reports.push(await runTier(tier))
}

await rm(dir, {recursive: true})
const passed = reports.reduce((sum, report) => sum + report.passed, 0)
const failed = reports.reduce((sum, report) => sum + report.failed, 0)
const skipped = reports.flatMap((report) => report.skipped)
for (const title of skipped) console.log(`skipped: ${title}`)
console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

async function hasTests(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false
  return (await readdir(folder, {recursive: true})).some((file) => file.endsWith('.test.ts'))
}

async function runTier(tier: string): Promise<Report> {
  console.log(`\n== ${tier}`)
  const file = join(dir, `${tier}.json`)
  const args = ['--reporter', './test/helpers/reporter.js', '--no-warnings', `test/${tier}/**/*.test.ts`]
  const {exitCode} = await execa('mocha', args, {
    preferLocal: true,
    stdio: 'inherit',
    reject: false,
    env: {DAAS_TEST_REPORT: file},
    timeout: 30 * 60_000,
  })
  if (!existsSync(file)) return {passed: 0, failed: 1, skipped: []}
  const report = JSON.parse(await readFile(file, 'utf8')) as Report
  // A crash after the last test is a failure too.
  return exitCode === 0 || report.failed > 0 ? report : {...report, failed: 1}
}
