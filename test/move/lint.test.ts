import {dumpMovePackage, initMovePackageBuilder} from '@zktx.io/sui-move-builder'
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {FrameworkFetcher} from '../../scripts/move/compile.ts'
import {readTexts} from '../../scripts/move/files.ts'

/** What the checklist asks for, by what breaks it. */
const CHECKLIST: readonly (readonly [RegExp, string])[] = [
  [/^module .*\{/, 'a module has a label, no block'],
  [/\bentry fun\b/, 'functions are public or entry, and none here is for transactions only'],
  [/\bfriend\b|public\(friend\)/, 'public(package) in place of friends'],
  [/\bstring::utf8\(|\bascii::string\(/, 'b"".to_string()'],
  [/\bvector::(empty|singleton|length|push_back|borrow|contains)\b/, 'literals, methods and index syntax for vectors'],
  [/\btx_context::(sender|epoch)\(|\bobject::(delete|uid_to_inner)\(|\bclock::timestamp_ms\(/, 'methods'],
  [/\bcoin::(split|value|into_balance|from_balance)\(|\bbalance::(split|join|value)\(/, 'methods'],
  [/\bfun test_/, 'tests are not called test_'],
  [/\bassert!\([^,]* == [^,]*\);$/, 'assert_eq!, or an abort by name'],
  [/\bassert!\(.*, 0\)/, 'no codes in asserts of tests'],
  [/^\s*\(?0x[0-9a-fA-F]+::/, 'addresses by name'],
]

const move = join(import.meta.dirname, '../../move')

describe('the contracts before the compiler', function () {
  this.timeout(60_000)

  it('warns of nothing, with all lints on', async () => {
    await initMovePackageBuilder()
    const files = Object.fromEntries(
      Object.entries(readTexts(join(move, 'daas'))).filter(([path]) => !path.startsWith('tests/')),
    )
    const result = await dumpMovePackage({
      files,
      network: 'testnet',
      lintFlag: 'all',
      ansiColor: false,
      fetcher: new FrameworkFetcher(join(move, 'framework')),
    })
    assert.ok(!('error' in result), 'error' in result ? result.error : '')
    assert.equal(result.warnings ?? '', '')
  })

  it('keep to the checklist of the Move book, and so do their tests', () => {
    const lines = Object.entries(readTexts(join(move, 'daas')))
      .filter(([path]) => path.endsWith('.move'))
      .flatMap(([path, text]) =>
        text
          .replaceAll(/\/\/.*$/gm, '')
          .split('\n')
          .map((line, index) => ({at: `${path}:${index + 1}`, line})),
      )
    const against = lines.flatMap(({at, line}) =>
      CHECKLIST.filter(([pattern]) => pattern.test(line)).map(([, rule]) => `${at} ${rule}`),
    )
    assert.deepEqual(against, [])
  })
})
