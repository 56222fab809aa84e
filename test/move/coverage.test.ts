import assert from 'node:assert/strict'
import {join} from 'node:path'
import {readTexts} from '../../scripts/move/files.ts'
import {parseSource} from '../../scripts/move/sources.ts'

const move = join(import.meta.dirname, '../../move/daas')
const sources = Object.values(readTexts(join(move, 'sources'))).map((text) => ({...parseSource(text), text}))
const testTexts = readTexts(join(move, 'tests'))
const tests = reached(
  Object.values(testTexts)
    .join('\n')
    .replaceAll(/^\s*\/\/.*$/gm, ''),
)
const TESTING = /_for_testing$/

/** Names that more than one module has: a method call does not say which of them it is. */
const counts = new Map<string, number>()
for (const {functions} of sources) {
  for (const name of functions.keys()) counts.set(name, (counts.get(name) ?? 0) + 1)
}

/** What of the test sources runs: the tests, and every helper that they call, directly or not. */
function reached(text: string): string {
  const functions = [...text.matchAll(/^((?:#\[test.*\]\n)?)(?:public )?(?:macro )?fun (\w+)[\s\S]*?(?:^\}| \})$/gm)]
  // A method may be called by another name than its function's.
  const aliases = new Map<string, string[]>()
  for (const [, name = '', alias = ''] of text.matchAll(/^use fun (?:\w+::)*(\w+) as \w+\.(\w+);/gm)) {
    aliases.set(alias, [...(aliases.get(alias) ?? []), name])
  }
  const taken = new Set<string>()
  const open = functions.filter(([, attribute]) => attribute !== '')
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (taken.has(next[0])) continue
    taken.add(next[0])
    const words = new Set([...next[0].matchAll(/\w+/g)].flatMap(([word]) => [word, ...(aliases.get(word) ?? [])]))
    open.push(...functions.filter(([, , name = '']) => words.has(name)))
  }
  return [...taken, ...text.matchAll(/^use .*;$/gm)].map(String).join('\n')
}

function isCalled(module: string, name: string): boolean {
  const byModule = new RegExp(String.raw`\b${module}::(\{[^}]*\b)?${name}\b`)
  const asMethod = new RegExp(String.raw`\.${name}\(`)
  return byModule.test(tests) || (counts.get(name) === 1 && asMethod.test(tests))
}

describe('coverage of the contracts', () => {
  const functions = sources.flatMap(({module, functions: all}) =>
    [...all.values()]
      .filter(({isPublic, name}) => isPublic && !TESTING.test(name))
      .map(({name}) => ({module, name})),
  )

  it('calls every public function in a Move test', () => {
    const missing = functions.filter(({module, name}) => !isCalled(module, name))
    assert.deepEqual(
      missing.map(({module, name}) => `${module}::${name}`),
      [],
    )
    assert.ok(functions.length > 150, String(functions.length))
  })

  it('expects every abort in a Move test', () => {
    const missing = sources.flatMap(({module, aborts}) =>
      aborts
        .map(({name}) => `${module}::${name}`)
        .filter((name) => !new RegExp(String.raw`abort_code = (daas::)?${name}\b`).test(tests)),
    )
    assert.deepEqual(missing, [])
  })

  it('documents every public item', () => {
    const bare = sources.flatMap(({module, doc, functions: all, structs}) => [
      ...(doc === '' ? [module] : []),
      ...[...all.values()]
        .filter((each) => each.isPublic && each.doc === '' && !TESTING.test(each.name))
        .map(({name}) => `${module}::${name}`),
      ...[...structs].filter(([, each]) => each.doc === '').map(([name]) => `${module}::${name}`),
    ])
    assert.deepEqual(bare, [])
  })

  it('keeps every module short', () => {
    const texts = [...sources.map(({text}) => text), ...Object.values(testTexts)]
    const long = texts.filter((text) => text.trimEnd().split('\n').length > 350).map((text) => /^module .*/m.exec(text)?.[0])
    assert.deepEqual(long, [])
  })
})
