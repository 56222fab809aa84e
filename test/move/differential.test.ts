import {dumpMovePackage, initMovePackageBuilder, testMovePackage} from '@zktx.io/sui-move-builder/full'
import assert from 'node:assert/strict'
import {fileURLToPath} from 'node:url'
import {FrameworkFetcher} from '../../scripts/move/compile.ts'
import {shippedFramework} from '../../src/lib/devnet/executor/framework.ts'
import {VmAbort, VmError, type VmHost} from '../../src/lib/devnet/vm/api.ts'
import {createVm} from '../../src/lib/devnet/vm/vm.ts'
import {createRandom} from '../unit/devnet/fuzz/random.ts'
import {packageOf, packagesOf, SELF} from '../unit/devnet/vm/harness.ts'
import {generateModule} from './support/generate-programs.ts'

const MODULES = Number(process.env.DAAS_DIFF_MODULES ?? 30)
const PROGRAMS = 10
const seed = Number(process.env.DAAS_DIFF_SEED ?? 1)
const root = fileURLToPath(new URL('../../', import.meta.url))
const MANIFEST = '[package]\nname = "t"\nedition = "2024"\n[addresses]\nt = "0x0"\n'
const OPTIONS = {network: 'testnet', silenceWarnings: true, ansiColor: false} as const

/** What a program does on our machine, as a unit test that the real machine is to pass. */
function unitTest(module: string, program: string, run: () => unknown): string {
  const name = `${module}_${program}`
  const failure = (kind: string): string =>
    `#[test, expected_failure(${kind}, location = t::${module})]\nfun ${name}() { t::${module}::${program}(); }`
  try {
    return `#[test]\nfun ${name}() { assert!(t::${module}::${program}() == ${String(run())}u256, 0); }`
  } catch (error) {
    if (error instanceof VmAbort) return failure(`abort_code = ${error.code}`)
    if (!(error instanceof VmError)) throw error
    if (error.kind === 'ARITHMETIC_ERROR') return failure('arithmetic_error')
    if (error.kind === 'VECTOR_OPERATION_ERROR') {
      return failure(`vector_error, minor_status = ${error.subStatus}`)
    }
    throw error
  }
}

describe('programs made by chance', function () {
  this.timeout(180_000)

  it(`do on our machine what they do on the real one (${MODULES * PROGRAMS}, seed ${seed})`, async () => {
    await initMovePackageBuilder()
    const files: Record<string, string> = {'Move.toml': MANIFEST}
    for (let index = 0; index < MODULES; index++) {
      const random = createRandom(seed * 1_000_003 + index)
      files[`sources/m${index}.move`] = generateModule(`m${index}`, PROGRAMS, random)
    }
    const fetcher = new FrameworkFetcher(`${root}move/framework`)
    const built = await dumpMovePackage({...OPTIONS, files, fetcher})
    if ('error' in built) assert.fail(built.error.slice(0, 4000))
    const own = packagesOf(built.modules.map((module) => new Uint8Array(Buffer.from(module, 'base64'))))
    const framework = shippedFramework()
    const linkage = new Map(framework.map(({storageId}) => [storageId, storageId]))
    const packages = new Map(framework.map((each) => [each.storageId, each]))
    packages.set(SELF, packageOf(SELF, own.get(SELF)!.modules, {linkage}))
    const vm = createVm({getPackage: (id) => packages.get(id)})
    // These programs touch no objects, so they need no host.
    const host = {} as VmHost
    const tests: string[] = []
    const kinds = new Map<string, number>()
    for (let index = 0; index < MODULES; index++) {
      for (let program = 0; program < PROGRAMS; program++) {
        const names = {module: `m${index}`, function: `p${program}`}
        const call = {package: SELF, ...names, args: [], typeArgs: [], host, meter: {charge: () => undefined}}
        const test = unitTest(names.module, names.function, () => vm.call(call)[0])
        tests.push(test)
        const kind = /expected_failure\((\w+)/.exec(test)?.[1] ?? 'value'
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      }
    }
    files['sources/expected.move'] = `#[test_only]\nmodule t::expected;\n${tests.join('\n')}\n`
    const result = await testMovePackage({...OPTIONS, files, fetcher})
    const output = 'error' in result ? result.error : result.output
    const failed = [...output.matchAll(/^\[ FAIL +\] (\S+)/gm)].map(([, name]) => name)
    const passed = [...output.matchAll(/^\[ PASS +\]/gm)].length
    assert.deepEqual(failed, [], output.slice(-6000))
    assert.equal(passed, tests.length, output.slice(-4000))
    for (const kind of ['value', 'abort_code', 'arithmetic_error', 'vector_error']) {
      assert.ok((kinds.get(kind) ?? 0) > 0, `no program ended in ${kind}`)
    }
  })
})
