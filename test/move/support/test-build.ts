/** Move unit tests as ordinary functions: our own machine has no test mode, and the compiler keeps its own to itself. */
import assert from 'node:assert/strict'
import {fileURLToPath} from 'node:url'
import {dumpMovePackage, initMovePackageBuilder} from '@zktx.io/sui-move-builder'
import {readTexts} from '../../../scripts/move/files.ts'
import type {PackageBytecode} from '../../../src/lib/devnet/vm/api.ts'
import {packagesOf} from '../../unit/devnet/vm/harness.ts'

/** How a test must end. */
export type Ending =
  | {readonly kind: 'ok'}
  /** Any failure: the test does not say which. */
  | {readonly kind: 'failure'}
  | {readonly kind: 'abort'; readonly code: bigint; readonly module: string}
  | {readonly kind: 'arithmetic'; readonly module: string}

/** One `#[test]` of a source. */
export interface MoveTest {
  readonly module: string
  readonly name: string
  readonly expected: Ending
}

const MOVE = fileURLToPath(new URL('../../../move/', import.meta.url))
const FOLDERS = ['framework/move-stdlib', 'framework/sui-framework', 'framework/tests', 'daas']
const MANIFEST = `[package]
name = "tests"
edition = "2024"
implicit-dependencies = false
[addresses]
tests = "0x0"
daas = "0x0"
framework_tests = "0x0"
std = "0x1"
sui = "0x2"
`

/** The compiler wants to know every function of `sui::transfer` by name, so its test-only ones stay out. */
const TRANSFER = 'framework/sui-framework/sources/transfer.move'
const SCENARIO = 'framework/sui-framework/sources/test/test_scenario.move'

/** All tests in move/, as they are written. */
export function readTests(): MoveTest[] {
  const sources = [...readSources().values()]
  const codes = constantsOf(sources)
  return sources.flatMap((text) => testsOf(text, codes))
}

/** Compiles everything in move/ in one unit: the framework, the contracts and the tests of both. */
export async function buildTests(): Promise<Map<string, PackageBytecode>> {
  const files: Record<string, string> = {'Move.toml': MANIFEST}
  for (const [path, text] of readSources()) files[`sources/${path.replaceAll('/', '-')}`] = asOrdinary(path, text)
  await initMovePackageBuilder()
  const built = await dumpMovePackage({files, silenceWarnings: true, ansiColor: false})
  if ('error' in built) throw new Error(String(built.error))
  return packagesOf(built.modules.map((module) => new Uint8Array(Buffer.from(module, 'base64'))))
}

/** Move sources by their path below move/. */
function readSources(): Map<string, string> {
  const sources = new Map<string, string>()
  for (const folder of FOLDERS) {
    for (const [path, text] of Object.entries(readTexts(`${MOVE}${folder}`))) {
      if (path.endsWith('.move')) sources.set(`${folder}/${path}`, text)
    }
  }
  return sources
}

function asOrdinary(path: string, text: string): string {
  if (path === TRANSFER) return text
  const plain = text
    .replaceAll(/#\[test_only\]\s*/g, '')
    .replaceAll(/#\[test(?:, expected_failure(?:\([^\]]*\))?)?\]\s*/g, '')
  if (path !== SCENARIO) return plain
  return plain
    .replace('sui::transfer::make_receiver(', 'make_receiver(')
    .replace('ticket.receiving_id()', 'ticket.receiving_object_id()')
    .replace(
      'native fun end_transaction',
      'native fun make_receiver<T: key>(id: ID, version: u64): Receiving<T>;\nnative fun end_transaction',
    )
}

/** Constants that are numbers, by `module::NAME`. */
function constantsOf(texts: readonly string[]): ReadonlyMap<string, bigint> {
  const constants = new Map<string, bigint>()
  for (const text of texts) {
    for (const [, name, value] of text.matchAll(/^const (\w+): u64 = (\w+);/gm)) {
      constants.set(`${moduleOf(text)}::${name}`, BigInt(value!.replaceAll('_', '')))
    }
  }
  return constants
}

function testsOf(text: string, codes: ReadonlyMap<string, bigint>): MoveTest[] {
  const module = moduleOf(text)
  const tests = text.matchAll(/^#\[test(?:, (expected_failure)(?:\(([^\]]*)\))?)?\]\n(?:fun|public fun) (\w+)/gm)
  return [...tests].map(([, fails, how = '', name = '']) => ({
    module,
    name,
    expected: fails === undefined ? {kind: 'ok'} : endingOf(how, codes),
  }))
}

function endingOf(how: string, codes: ReadonlyMap<string, bigint>): Ending {
  if (how === '') return {kind: 'failure'}
  const location = /location = (?:\w+::)?(\w+)/.exec(how)?.[1]
  if (how.startsWith('arithmetic_error')) return {kind: 'arithmetic', module: location ?? assert.fail(how)}
  const written = /abort_code = ([\w:]+)/.exec(how)?.[1] ?? assert.fail(`an expectation of another kind: ${how}`)
  if (/^\d/.test(written)) return {kind: 'abort', code: BigInt(written), module: location ?? assert.fail(how)}
  const constant = written.split('::').slice(-2).join('::')
  const code = codes.get(constant) ?? assert.fail(`no constant ${constant}`)
  return {kind: 'abort', code, module: location ?? constant.split('::')[0]!}
}

function moduleOf(text: string): string {
  return /^module \w+::(\w+);/m.exec(text)?.[1] ?? assert.fail('a source without a module')
}
