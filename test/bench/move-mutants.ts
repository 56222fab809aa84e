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
import {applied, grouped, mutantsOf, paragraphWith, testsNear, type Mutant} from './lib/mutants.ts'

type End = 'seen' | 'does not compile' | 'NOT SEEN'

const root = fileURLToPath(new URL('../../', import.meta.url))
const {values, positionals: only} = parseArgs({options: {work: {type: 'string'}}, allowPositionals: true})
const files = readTexts(`${root}move/daas`)
const sources = pick((path) => !path.startsWith('tests/'))
const tests = pick((path) => path.startsWith('tests/'))

function pick(isWanted: (path: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => isWanted(path)))
}

/** Most changes are noticed by the tests of their module; only what those and the ones near by miss needs all. */
async function tryOut(mutant: Mutant): Promise<End> {
  for (const some of testsNear(tests, mutant)) {
    if (endOf(await run([mutant], some)) === 'seen') return 'seen'
  }
  return endOf(await run([mutant], tests))
}

function endOf(output: string): End {
  if (output.includes('Test result: FAILED')) return 'seen'
  return output.includes('Test result: OK') ? 'NOT SEEN' : 'does not compile'
}

/** The output of the tests with some changes, of any sources. */
async function run(changes: readonly Mutant[], some: Readonly<Record<string, string>>): Promise<string> {
  const changed = Object.entries(sources).map(([path, text]) => [
    path,
    applied(
      text,
      changes.filter((each) => each.path === path),
    ),
  ])
  const result = await testMovePackage({
    files: {...some, ...(Object.fromEntries(changed) as Record<string, string>)},
    fetcher: new FrameworkFetcher(`${root}move/framework`),
    network: 'testnet',
    silenceWarnings: true,
    ansiColor: false,
  })
  return 'error' in result ? result.error : result.output
}

/**
 * Takes many asserts away at once, each with an abort of its own: whose tests do not see that abort any more has been
 * noticed. More is allowed, nothing less, so that a test of another abort gets as far as before.
 */
async function tryAsserts(all: readonly Mutant[]): Promise<void> {
  const codeOf = ({path, what}: Mutant): string => {
    const code = /(\w+),?\s*\);$/.exec(what)?.[1] ?? ''
    return `${path.slice('sources/'.length, -'.move'.length)}::${code}`
  }
  const expected = Object.values(tests).flatMap((text) => {
    const module = /^module \w+::(\w+);/m.exec(text)?.[1] ?? ''
    const found = text.matchAll(/abort_code = (?:daas::)?(\w+::\w+)\)\]\nfun (\w+)/g)
    return [...found].map(([, code = '', name = '']) => ({code, test: `${module}::${name}`}))
  })
  for (const group of grouped(all, codeOf)) {
    const output = await run(group, tests)
    const failed = new Set([...output.matchAll(/^\[ FAIL +\] \w+::(\w+::\w+)/gm)].map(([, name]) => name))
    const noticed = new Set(expected.filter(({test}) => failed.has(test)).map(({code}) => code))
    for (const mutant of group) if (noticed.has(codeOf(mutant))) note(mutant, 'seen')
  }
}

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
await tryAsserts(mutants.filter((each) => each.kind === 'assert' && isOpen(each)))
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
