/**
 * How much the Move tests see: changes one place of the contracts at a time, runs the Move tests in the real VM, and
 * lists the changes that no test noticed. Some twenty minutes of a processor for all; not part of the tests.
 *   node test/bench/move-mutants.ts [--work <file>] [module …]
 *
 * The file keeps what was found: a second run goes on where the first one ended, and tries again only what no test
 * noticed and what is new. Several runs of different modules may share it.
 */
import {initMovePackageBuilder, testMovePackage} from '@zktx.io/sui-move-builder/full'
import {createHash} from 'node:crypto'
import {appendFileSync, existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {FrameworkFetcher} from '../../scripts/move/compile.ts'
import {readTexts} from '../../scripts/move/files.ts'
import {applied, mutantsOf, paragraphWith, testsNear, type Mutant} from './lib/mutants.ts'
import {SwitchedFramework, switchedSource, switchedTests} from './lib/switched.ts'

type End = 'seen' | 'does not compile' | 'NOT SEEN'

const root = fileURLToPath(new URL('../../', import.meta.url))
const {values, positionals: only} = parseArgs({options: {work: {type: 'string'}}, allowPositionals: true})
const files = readTexts(`${root}move/daas`)
const sources = pick((path) => !path.startsWith('tests/'))
const tests = pick((path) => path.startsWith('tests/'))

function pick(isWanted: (path: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => isWanted(path)))
}

/** One change alone, with all tests; one of a constant with those that most likely notice it before. */
async function tryOut(mutant: Mutant): Promise<End> {
  for (const some of mutant.within === '' ? testsNear(tests, mutant) : []) {
    if (endOf(await run(mutant, some)) === 'seen') return 'seen'
  }
  return endOf(await run(mutant, tests))
}

function endOf(output: string): End {
  // From then on the compiler answers nothing.
  if (output === 'unreachable')
    throw new Error('the compiler has ended; run it again with fewer changes at once')
  if (output.includes('Test result: FAILED')) return 'seen'
  return output.includes('Test result: OK') ? 'NOT SEEN' : 'does not compile'
}

/** The output of some tests with a change. */
async function run({path, ...change}: Mutant, some: Readonly<Record<string, string>>): Promise<string> {
  const changed = {[path]: applied(sources[path]!, [change])}
  return runTests({...sources, ...some, ...changed}, new FrameworkFetcher(`${root}move/framework`))
}

async function runTests(all: Record<string, string>, fetcher: FrameworkFetcher): Promise<string> {
  const result = await testMovePackage({
    files: all,
    fetcher,
    network: 'testnet',
    silenceWarnings: true,
    ansiColor: false,
  })
  return 'error' in result ? result.error : result.output
}

/** As many tests, times changes, as one run has at most. */
const MOST = 2_000
/** As many changes as one run has at most: a function has only so many locals. */
const MOST_CHANGES = 14
const FIRST = 1_000_000

/**
 * Tries many changes with one compilation: each is in the code behind a number, and each test runs once for each. First
 * the tests of the module, then those near by.
 */
async function tryMany(all: readonly Mutant[]): Promise<void> {
  for (const round of [0, 1]) {
    const byTests = Map.groupBy(all.filter(isOpen), (mutant) => {
      const some = testsNear(tests, mutant)[round]!
      return Object.keys(some)
        .filter((file) => isTest(some[file]!))
        .join(' ')
    })
    for (const [names, mutants] of byTests) {
      const own = names.split(' ').filter((name) => name !== '')
      const count = own.reduce((sum, name) => sum + (tests[name]!.match(/^#\[test\b/gm)?.length ?? 0), 0)
      const size = Math.min(MOST_CHANGES, Math.max(1, Math.floor(MOST / Math.max(count, 1))))
      for (let at = 0; count > 0 && at < mutants.length; at += size)
        await trySome(mutants.slice(at, at + size), own)
    }
  }
}

async function trySome(mutants: readonly Mutant[], own: readonly string[]): Promise<void> {
  const numbered = new Map(mutants.map((mutant, index) => [FIRST + index, mutant]))
  const changed = [...new Set(mutants.map(({path}) => path))].map((path) => {
    const ofPath = new Map([...numbered].filter(([, mutant]) => mutant.path === path))
    return [path, switchedSource(sources[path]!, ofPath)]
  })
  const numbers = [...numbered.keys()]
  const switched = own.map((name) => [name, switchedTests(tests[name]!, numbers)])
  const output = await runTests(
    {...sources, ...callable, ...(Object.fromEntries([...changed, ...switched]) as Record<string, string>)},
    new SwitchedFramework(`${root}move/framework`),
  )
  for (const [, number = ''] of output.matchAll(/^\[ (?:FAIL|TIMEOUT) +\] \w+::\w+::\w+__(\d+)$/gm)) {
    note(numbered.get(Number(number))!, 'seen')
  }
  const ran = output.includes('Test result:')
    ? ''
    : `: ${output.slice(Math.max(output.indexOf('error['), 0)).slice(0, 400)}`
  console.error(`${mutants.length} changes, ${mutants.filter((each) => !isOpen(each)).length} seen${ran}`)
}

const isTest = (text: string): boolean => /^#\[test\b/m.test(text)
/** All tests as functions that others may call, and none of them a test. */
const callable = Object.fromEntries(
  Object.entries(tests).map(([path, text]) => [path, text.replaceAll(/^#\[test\b.*$/gm, '')]),
)

/** The same for the same change of the same function, whatever else changes. */
function keyOf(mutant: Mutant): string {
  const text = paragraphWith(sources[mutant.path]!, mutant)
  return createHash('sha256').update(mutant.path).update('\0').update(text).digest('hex').slice(0, 24)
}

const known = new Map<string, End>()
if (values.work !== undefined && existsSync(values.work)) {
  for (const line of readFileSync(values.work, 'utf8').trim().split('\n')) {
    const [key = '', end = ''] = line.split('\t')
    known.set(key, end as End)
  }
}

function note(mutant: Mutant, end: End): void {
  const key = keyOf(mutant)
  if (known.get(key) === end) return
  known.set(key, end)
  const {path, line, what} = mutant
  if (values.work !== undefined) {
    appendFileSync(values.work, `${key}\t${end}\t${path}:${line} ${what.replaceAll(/\s+/g, ' ')}\n`)
  }
}

const isOpen = (mutant: Mutant): boolean => (known.get(keyOf(mutant)) ?? 'NOT SEEN') === 'NOT SEEN'

await initMovePackageBuilder()
const mutants = Object.entries(sources)
  .filter(([path]) => path.startsWith('sources/'))
  .filter(([path]) => only.length === 0 || only.includes(path.slice('sources/'.length, -'.move'.length)))
  .flatMap(([path, source]) => mutantsOf(path, source))
await tryMany(mutants.filter(({within}) => within !== ''))
// What tests hardly ever miss comes last.
const inOrder = [...mutants].sort((a, b) => Number(a.kind === 'call') - Number(b.kind === 'call'))
for (const [index, mutant] of inOrder.entries()) {
  if (isOpen(mutant)) note(mutant, await tryOut(mutant))
  const end = known.get(keyOf(mutant))!
  if (end !== 'seen') console.log(`${end}: ${mutant.path}:${mutant.line} ${mutant.what}`)
  if (index % 25 === 24) console.error(`${index + 1} of ${mutants.length}`)
}
const counts = new Map<End, number>()
for (const mutant of mutants) {
  const end = known.get(keyOf(mutant))!
  counts.set(end, (counts.get(end) ?? 0) + 1)
}
console.log(`${mutants.length} changes: ${[...counts].map(([end, n]) => `${n} ${end}`).join(', ')}`)
