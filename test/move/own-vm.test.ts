import assert from 'node:assert/strict'
import {VmAbort, VmError, type PackageBytecode, type Vm} from '../../src/lib/devnet/vm/api.ts'
import {createVm} from '../../src/lib/devnet/vm/vm.ts'
import {SELF} from '../unit/devnet/vm/harness.ts'
import {ScenarioHost} from './support/scenario-host.ts'
import {buildTests, readTests, type Ending, type MoveTest} from './support/test-build.ts'
import {testNatives} from './support/test-natives.ts'

/**
 * daas.test.ts and framework.test.ts show that each Move test ends in the real VM as it says. Here they run on ours:
 * the same outcome, the same abort code, the same module.
 */
describe('the Move tests on our own machine', function () {
  this.timeout(180_000)
  let packages: Map<string, PackageBytecode>
  let vm: Vm

  before(async () => {
    packages = await buildTests()
    vm = createVm({getPackage: (id) => packages.get(id)}, {natives: testNatives})
  })

  it('has every native that they call', () => {
    for (const {modules} of packages.values()) vm.verifyForPublish([...modules.values()], new Map())
  })

  for (const test of readTests()) {
    it(`${test.module}::${test.name}`, () => {
      const ending = run(vm, test)
      if (test.expected.kind === 'failure') assert.notEqual(ending.kind, 'ok')
      else assert.deepEqual(ending, test.expected)
    })
  }
})

function run(vm: Vm, {module, name}: MoveTest): Ending {
  const host = new ScenarioHost(vm)
  const call = {package: SELF, module, function: name, args: [], typeArgs: [], host, meter: {charge: () => undefined}}
  try {
    vm.call(call)
    return {kind: 'ok'}
  } catch (error) {
    const where = error instanceof VmAbort || error instanceof VmError ? error.location?.module : undefined
    if (error instanceof VmAbort) return {kind: 'abort', code: error.code, module: where ?? ''}
    if (error instanceof VmError && error.kind === 'ARITHMETIC_ERROR') return {kind: 'arithmetic', module: where ?? ''}
    throw error
  }
}
