/**
 * How much the Move tests see: changes one place of the contracts at a time, runs all Move tests in the real VM, and
 * lists the changes that no test noticed. Minutes to an hour; not part of the tests.
 *   node test/bench/move-mutants.ts [module …]
 */
import {initMovePackageBuilder, testMovePackage} from '@zktx.io/sui-move-builder/full'
import {fileURLToPath} from 'node:url'
import {FrameworkFetcher} from '../../scripts/move/compile.ts'
import {readTexts} from '../../scripts/move/files.ts'

/** One change. */
interface Mutant {
  readonly path: string
  readonly line: number
  readonly what: string
  readonly text: string
}

/** A comparison and what is wrong by one. */
const SHIFTED: Readonly<Record<string, string>> = {' <= ': ' < ', ' < ': ' <= ', ' >= ': ' > ', ' > ': ' >= '}
const REPLACED: Readonly<Record<string, string>> = {
  ' && ': ' || ',
  ' || ': ' && ',
  ' == ': ' != ',
  ' != ': ' == ',
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const files = readTexts(`${root}move/daas`)
const only = process.argv.slice(2)

/** All changes of one source: no assert, no event, comparisons that are off by one or upside down, empty functions. */
function mutantsOf(path: string, source: string): Mutant[] {
  const found: Mutant[] = []
  const add = (index: number, length: number, by: string, what: string): void => {
    const line = source.slice(0, index).split('\n').length
    found.push({path, line, what, text: source.slice(0, index) + by + source.slice(index + length)})
  }
  for (const {index} of source.matchAll(/^ *assert!\(/gm)) {
    const end = source.indexOf(';', index)
    const text = source.slice(index, end + 1)
    add(index, text.length, `${/^ */.exec(text)?.[0] ?? ''}();`, `without ${text.trim()}`)
  }
  for (const {index} of source.matchAll(/event::emit\(/g)) {
    const end = closing(source, index + 'event::emit'.length)
    add(
      index,
      'event::emit('.length,
      `let _ = (`,
      `without the event ${source.slice(index + 12, end).split(' {')[0] ?? ''}`,
    )
  }
  for (const [table, kind] of [
    [SHIFTED, 'off by one'],
    [REPLACED, 'turned round'],
  ] as const) {
    for (const [from, to] of Object.entries(table)) {
      for (let at = source.indexOf(from); at >= 0; at = source.indexOf(from, at + 1)) {
        const lineStart = source.lastIndexOf('\n', at) + 1
        if (source.slice(lineStart, at).includes('//')) continue
        add(at, from.length, to, `${kind}: ${source.slice(lineStart, source.indexOf('\n', at)).trim()}`)
      }
    }
  }
  for (const match of source.matchAll(/^public(?:\(package\))? fun (\w+)[^{;]*\{/gm)) {
    if (match[1]?.endsWith('_for_testing')) continue
    const index = match.index + match[0].length
    add(index, 0, ' assert!(false, 999_999);', `${match[1]} cannot be called`)
  }
  return found
}

function closing(source: string, open: number): number {
  let depth = 0
  for (let at = open; at < source.length; at++) {
    if (source[at] === '(') depth++
    if (source[at] === ')' && --depth === 0) return at
  }
  return source.length
}

async function survives({path, text}: Mutant): Promise<'seen' | 'does not compile' | 'NOT SEEN'> {
  const result = await testMovePackage({
    files: {...files, [path]: text},
    fetcher: new FrameworkFetcher(`${root}move/framework`),
    network: 'testnet',
    silenceWarnings: true,
    ansiColor: false,
  })
  const output = 'error' in result ? result.error : result.output
  if (/\[ FAIL/.test(output)) return 'seen'
  return /Total tests: \d+; passed: \d+; failed: 0/.test(output) ? 'NOT SEEN' : 'does not compile'
}

await initMovePackageBuilder()
const mutants = Object.entries(files)
  .filter(([path]) => path.startsWith('sources/'))
  .filter(([path]) => only.length === 0 || only.includes(path.slice('sources/'.length, -'.move'.length)))
  .flatMap(([path, source]) => mutantsOf(path, source))
const counts = new Map<string, number>()
for (const [index, mutant] of mutants.entries()) {
  const end = await survives(mutant)
  counts.set(end, (counts.get(end) ?? 0) + 1)
  if (end !== 'seen') console.log(`${end}: ${mutant.path}:${mutant.line} ${mutant.what}`)
  if (index % 25 === 24) console.error(`${index + 1} of ${mutants.length}`)
}
console.log(`${mutants.length} changes: ${[...counts].map(([end, n]) => `${n} ${end}`).join(', ')}`)
