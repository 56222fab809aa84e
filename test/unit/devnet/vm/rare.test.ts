import assert from 'node:assert/strict'
import * as template from '@mysten/move-bytecode-template'
import {deserializeModule, type RawInstruction} from '../../../../src/lib/devnet/bytecode/module.ts'
import {instructionSet} from '../../../../src/lib/devnet/vm/compile.ts'
import {createVm} from '../../../../src/lib/devnet/vm/vm.ts'
import {compileMove, packageOf, SELF, TestHost} from './harness.ts'

/** A machine that runs `f(a: bool, b: bool): bool` with the given code. */
async function machineOf(code: readonly RawInstruction[]): Promise<(a: boolean, b: boolean) => unknown> {
  const [bytes] = await compileMove({m: 'module t::m; public fun f(a: bool, b: bool): bool { a == b }'})
  const raw = deserializeModule(bytes!)
  const [definition] = raw.function_defs
  const changed = {...raw, function_defs: [{...definition, code: {...definition!.code, code}}]}
  const pkg = packageOf(SELF, new Map([['m', template.serialize(changed)]]))
  const vm = createVm({getPackage: (id) => (id === SELF ? pkg : undefined)})
  return (a, b) =>
    vm.call({
      package: SELF,
      module: 'm',
      function: 'f',
      args: [a, b],
      typeArgs: [],
      host: new TestHost(),
      meter: {charge: () => undefined},
    })[0]
}

describe('vm: instructions that the compiler does not write', () => {
  it('Or, And, Nop', async () => {
    for (const [name, holds] of [
      ['Or', (a: boolean, b: boolean) => a || b],
      ['And', (a: boolean, b: boolean) => a && b],
    ] as const) {
      const run = await machineOf([{CopyLoc: 0}, 'Nop', {MoveLoc: 1}, name, 'Ret'])
      for (const a of [true, false]) for (const b of [true, false]) assert.equal(run(a, b), holds(a, b))
    }
  })

  it('BrTrue', async () => {
    const run = await machineOf([{MoveLoc: 0}, {BrTrue: 4}, 'LdFalse', 'Ret', {MoveLoc: 1}, 'Ret'])
    assert.deepEqual([run(true, true), run(true, false), run(false, true)], [true, false, false])
  })

  it('the set has every legal instruction and no global storage', () => {
    assert.equal(Object.keys(instructionSet).length, 76)
    for (const name of ['MoveTo', 'MoveFrom', 'Exists', 'ImmBorrowGlobal', 'MutBorrowGlobalGeneric']) {
      assert.ok(!Object.hasOwn(instructionSet, name))
    }
  })
})
