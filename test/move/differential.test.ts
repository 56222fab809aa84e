import {dumpMovePackage, initMovePackageBuilder, testMovePackage} from '@zktx.io/sui-move-builder/full'
import assert from 'node:assert/strict'
import {fileURLToPath} from 'node:url'
import {FrameworkFetcher} from '../../scripts/move/compile.ts'
import {shippedFramework} from '../../src/lib/devnet/executor/framework.ts'
import type {PackageStore, VmHost} from '../../src/lib/devnet/vm/api.ts'
import {createVm} from '../../src/lib/devnet/vm/vm.ts'
import {createRandom} from '../unit/devnet/fuzz/random.ts'
import {packageOf, packagesOf, SELF} from '../unit/devnet/vm/harness.ts'
import {checkOutput, expectedTest, type ExpectedTest} from './support/expected-tests.ts'
import {generateModule} from './support/generate-programs.ts'
import {DEEP} from './support/generate-scenes.ts'

const MODULES = Number(process.env.DAAS_DIFF_MODULES ?? 5)
const PROGRAMS = 60
const seed = Number(process.env.DAAS_DIFF_SEED ?? 1)
const root = fileURLToPath(new URL('../../', import.meta.url))
const MANIFEST = '[package]\nname = "t"\nedition = "2024"\n[addresses]\nt = "0x0"\n'
const OPTIONS = {network: 'testnet', silenceWarnings: true, ansiColor: false} as const

describe('programs made by chance', function () {
  this.timeout(300_000)

  it(`do on our machine what they do on the real one (${MODULES * PROGRAMS}, seed ${seed})`, async () => {
    await initMovePackageBuilder()
    const files: Record<string, string> = {'Move.toml': MANIFEST, 'sources/deep.move': DEEP}
    for (let index = 0; index < MODULES; index++) {
      const random = createRandom(seed * 1_000_003 + index)
      files[`sources/m${index}.move`] = generateModule(`m${index}`, PROGRAMS, random, index * PROGRAMS)
    }
    const fetcher = new FrameworkFetcher(`${root}move/framework`)
    const built = await dumpMovePackage({...OPTIONS, files, fetcher})
    if ('error' in built) assert.fail(built.error.slice(0, 4000))
    const own = packagesOf(built.modules.map((module) => new Uint8Array(Buffer.from(module, 'base64'))))
    const framework = shippedFramework()
    const linkage = new Map(framework.map(({storageId}) => [storageId, storageId]))
    const packages = new Map(framework.map((each) => [each.storageId, each]))
    packages.set(SELF, packageOf(SELF, own.get(SELF)!.modules, {linkage}))
    const store: PackageStore = {getPackage: (id) => packages.get(id)}
    const vm = createVm(store)
    // What the real compiler makes, our verifier accepts.
    vm.verifyForPublish([...own.get(SELF)!.modules.values()], linkage)
    // These programs touch no objects, so they need no host.
    const host = {} as VmHost
    const tests: ExpectedTest[] = []
    for (let index = 0; index < MODULES; index++) {
      for (let program = 0; program < PROGRAMS; program++) {
        const names = {module: `m${index}`, function: `p${program}`}
        const call = {package: SELF, ...names, args: [], typeArgs: [], host, meter: {charge: () => undefined}}
        tests.push(expectedTest(store, names.module, names.function, () => vm.call(call)[0]))
      }
    }
    const texts = tests.map(({text}) => text)
    files['sources/expected.move'] = `#[test_only]\nmodule t::expected;\n${texts.join('\n')}\n`
    const result = await testMovePackage({...OPTIONS, files, fetcher})
    checkOutput(tests, 'error' in result ? result.error : result.output)
    for (const kind of ['value', 'abort', 'clever', 'arithmetic', 'vector']) {
      assert.ok(
        tests.some((test) => test.kind === kind),
        `no program ended in ${kind}`,
      )
    }
    if (process.env.DAAS_DIFF_SEED !== undefined) {
      const counts = Object.groupBy(tests, ({kind}) => kind)
      console.log(Object.fromEntries(Object.entries(counts).map(([kind, some]) => [kind, some.length])))
    }
  })
})
