import {initMovePackageBuilder, testMovePackage} from '@zktx.io/sui-move-builder/full'
import assert from 'node:assert/strict'
import {fileURLToPath} from 'node:url'
import {FrameworkFetcher} from '../../scripts/move/compile.ts'
import {readTexts} from '../../scripts/move/files.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Defines one mocha test for each Move test of a package, and runs all of them at once in the real Move VM.
 * @param folder the package, relative to the repository
 */
export function describeMoveTests(folder: string): void {
  const files = readTexts(`${root}${folder}`)
  const names = Object.values(files).flatMap((text) => testsIn(text))

  describe(folder, function () {
    this.timeout(180_000)
    let outcome: Outcome = {results: new Map(), output: ''}

    before(async () => {
      outcome = await run(files)
    })

    it('runs every test that is written', () => {
      assert.ok(names.length > 0)
      assert.deepEqual([...outcome.results.keys()].sort(), [...names].sort(), outcome.output)
    })

    for (const name of names) {
      it(name, () => {
        assert.equal(outcome.results.get(name), 'PASS', failureOf(outcome.output, name))
      })
    }
  })
}

interface Outcome {
  /** `module::test` to PASS, FAIL or TIMEOUT. */
  readonly results: ReadonlyMap<string, string>
  readonly output: string
}

async function run(files: Record<string, string>): Promise<Outcome> {
  await initMovePackageBuilder()
  const result = await testMovePackage({
    files,
    fetcher: new FrameworkFetcher(`${root}move/framework`),
    network: 'testnet',
    silenceWarnings: true,
    ansiColor: false,
  })
  const output = 'error' in result ? result.error : result.output
  const lines = output.matchAll(/^\[ (\w+) +\] \w+::(\w+::\w+)/gm)
  return {results: new Map([...lines].map(([, state = '', name = '']) => [name, state])), output}
}

function testsIn(text: string): string[] {
  const module = /^module \w+::(\w+);/m.exec(text)?.[1] ?? ''
  return [...text.matchAll(/^#\[test[^\n]*\]\nfun (\w+)/gm)].map((match) => `${module}::${match[1] ?? ''}`)
}

function failureOf(output: string, name: string): string {
  const test = name.split('::')[1] ?? ''
  const start = output.indexOf(`┌── ${test} `)
  return start < 0 ? output.slice(0, 4000) : output.slice(start, output.indexOf('└──', start))
}
