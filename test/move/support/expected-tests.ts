/** What programs do on our machine, as unit tests for the real one. */
import assert from 'node:assert/strict'
import {cleverError} from '../../../src/lib/devnet/executor/clever-error.ts'
import {VmAbort, VmError, type CodeLocation, type PackageStore} from '../../../src/lib/devnet/vm/api.ts'
import {STD, SUI} from '../../../src/lib/devnet/vm/well-known.ts'
import {SELF} from '../../unit/devnet/vm/harness.ts'

/** How a test names the packages in which something may fail. */
const PACKAGES: Readonly<Record<string, string>> = {[SELF]: 't', [STD]: 'std', [SUI]: 'sui'}

/** A test, and how the real machine is to run it. */
export interface ExpectedTest {
  readonly name: string
  readonly text: string
  readonly kind: 'value' | 'abort' | 'clever' | 'arithmetic' | 'vector'
  /** Where a clever error is to be reported: no test can say that it expects one, so the test fails. */
  readonly report?: string
}

/** Runs a program on our machine; the test that the real machine is to pass, or to fail as the report says. */
export function expectedTest(
  packages: PackageStore,
  module: string,
  program: string,
  run: () => unknown,
): ExpectedTest {
  const name = `${module}_${program}`
  const call = `t::${module}::${program}()`
  const failing = (kind: ExpectedTest['kind'], expected: string, place: CodeLocation | undefined): ExpectedTest => {
    const location = `${PACKAGES[place?.package ?? '']}::${place?.module}`
    const attribute = `#[test, expected_failure(${expected}, location = ${location})]`
    return {name, kind, text: `${attribute}\nfun ${name}() { ${call}; }`}
  }
  try {
    return {name, kind: 'value', text: `#[test]\nfun ${name}() { assert!(${call} == ${String(run())}u256, 0); }`}
  } catch (error) {
    if (!(error instanceof VmError) && !(error instanceof VmAbort)) throw error
    const {location} = error
    if (error instanceof VmAbort) {
      const {storageId = '', module: place = ''} = location ?? {}
      const clever = cleverError(packages, storageId, place, error.code)
      if (clever === undefined) return failing('abort', `abort_code = ${error.code}`, location)
      const report = `${place}:${clever.line} ${clever.constantName ?? ''}`
      return {name, kind: 'clever', report, text: `#[test]\nfun ${name}() { ${call}; }`}
    }
    if (error.kind === 'ARITHMETIC_ERROR') return failing('arithmetic', 'arithmetic_error', location)
    if (error.kind === 'VECTOR_OPERATION_ERROR') {
      return failing('vector', `vector_error, minor_status = ${error.subStatus}`, location)
    }
    throw error
  }
}

/** Holds what the real machine printed to what was expected of each test. */
export function checkOutput(tests: readonly ExpectedTest[], output: string): void {
  const named = (state: string): string[] =>
    [...output.matchAll(new RegExp(`^\\[ ${state} +\\] t::expected::(\\S+)`, 'gm'))].map(([, name = '']) => name)
  const clever = tests.filter(({report}) => report !== undefined)
  const others = tests.filter(({report}) => report === undefined)
  const failed = named('FAIL')
  const unexpected = failed.filter((name) => !clever.some((test) => test.name === name))
  assert.deepEqual(unexpected, [], unexpected.map((name) => sectionOf(output, name)).join('\n') || output.slice(0, 4000))
  assert.equal(named('PASS').length, others.length, output.slice(-4000))
  for (const {name, report} of clever) {
    const section = sectionOf(output, name)
    const [, file, line] = /┌─ \S*\b(\w+)\.move:(\d+):/.exec(section) ?? []
    const [, constant = ''] = /error constant '(\w+)'/.exec(section) ?? []
    assert.equal(`${file}:${line} ${constant}`, report, section)
  }
}

/** What is said of a test that failed. */
function sectionOf(output: string, name: string): string {
  const start = output.indexOf(`┌── ${name} `)
  return start < 0 ? '' : output.slice(start, output.indexOf('└──', start))
}
