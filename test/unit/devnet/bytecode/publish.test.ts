import assert from 'node:assert/strict'
import type {PackageBytecode} from '../../../../src/lib/devnet/vm/api.ts'
import {deserializeModule} from '../../../../src/lib/devnet/bytecode/module.ts'
import {createVm} from '../../../../src/lib/devnet/vm/vm.ts'
import {parseTypeName} from '../../../../src/lib/devnet/vm/types.ts'
import {datatypeOf, readEditable, writeEditable, type EditableModule} from './editable.ts'
import {compileMove, packageOf, packagesOf, SELF, TestHost} from '../vm/harness.ts'
import * as template from '@mysten/move-bytecode-template'

const LIBRARY = `module std::lib;
public struct S has copy, drop, store { n: u64 }
public fun make(n: u64): S { S { n } }
public fun value(s: &S): u64 { s.n }
public fun one(): u64 { 1 }`
const USER = `module t::m;
public struct W has copy, drop, store { s: std::lib::S }
public fun go(): u64 { std::lib::value(&std::lib::make(5)) + std::lib::one() }
public fun wrap(): W { W { s: std::lib::make(7) } }`

const id = (digit: string) => `0x${digit.padStart(64, '0')}`

async function compiled(sources: Record<string, string>): Promise<{lib: PackageBytecode; own: Uint8Array[]}> {
  const packages = packagesOf(await compileMove(sources))
  return {lib: packages.get(id('1'))!, own: [...packages.get(SELF)!.modules.values()]}
}

/** The same module with another address in the place of one. */
function readdress(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const raw = deserializeModule(bytes)
  const addresses = raw.address_identifiers.map((address) =>
    `0x${address}` === from ? to.slice(2) : address,
  )
  return template.serialize({...raw, address_identifiers: addresses})
}

describe('bytecode: publishing and linking', () => {
  let lib: PackageBytecode
  let own: Uint8Array[]
  before(async () => {
    ;({lib, own} = await compiled({lib: LIBRARY, m: USER}))
  })
  const verify = (modules: readonly Uint8Array[], ...packages: PackageBytecode[]) => {
    const store = new Map(packages.map((pkg) => [pkg.storageId, pkg]))
    createVm({getPackage: (packageId) => store.get(packageId)}).verifyForPublish(modules, new Map())
  }

  it('accepts what links', () => {
    verify(own, lib)
  })

  it('refuses what does not', async () => {
    assert.throws(() => verify(own), {kind: 'MODULE_NOT_FOUND'})
    assert.throws(() => verify([]), {kind: 'MALFORMED_VALUE'})
    assert.throws(() => verify([own[0]!, own[0]!], lib), {kind: 'MALFORMED_VALUE'})
    assert.throws(() => verify([own[0]!.subarray(0, 40)], lib), {kind: 'MALFORMED_VALUE'})
    const smaller = await compiled({
      lib: 'module std::lib; public fun one(): u64 { 1 }',
      m: 'module t::m; fun f() {}',
    })
    assert.throws(() => verify(own, smaller.lib), {kind: 'TYPE_MISMATCH', message: /lib::S/})
    const changed = LIBRARY.replace('one(): u64 { 1 }', 'one(): u8 { 1 }')
    const other = await compiled({lib: changed, m: 'module t::m; fun f() {}'})
    assert.throws(() => verify(own, other.lib), {kind: 'TYPE_MISMATCH', message: /lib::one/})
    const hidden = await compiled({
      lib: LIBRARY.replace('public fun one', 'fun one'),
      m: 'module t::m; fun f() {}',
    })
    assert.throws(() => verify(own, hidden.lib), {kind: 'FUNCTION_NOT_FOUND', message: /private/})
  })

  it('refuses handles that say more than there is', () => {
    const changed = (change: (module: EditableModule) => void): Uint8Array[] => {
      const module = readEditable(own[0]!)
      change(module)
      return [writeEditable(module)]
    }
    const s = (module: EditableModule) => module.datatype_handles[datatypeOf(module, 'S')]!
    const lesser = changed((module) => {
      for (const name of ['S', 'W']) module.datatype_handles[datatypeOf(module, name)]!.abilities &= ~1
    })
    verify(lesser, lib)
    const able = changed((module) => void (s(module).abilities |= 8))
    assert.throws(() => verify(able, lib), {kind: 'TYPE_MISMATCH', message: /lib::S/})
    const make = (module: EditableModule) =>
      module.function_handles.find((handle) => module.identifiers[handle.name] === 'one')!
    const generic = changed((module) => void make(module).type_parameters.push(0))
    assert.throws(() => verify(generic, lib), {
      kind: 'BYTECODE_REFUSED',
      status: 'GENERIC_MEMBER_OPCODE_MISMATCH',
    })
  })

  it('keeps what is private from modules of the same name, and what is for friends from others', async () => {
    const library = (body: string) => `module std::m; ${body}`
    const user = 'module t::m; public fun f(): u64 { std::m::secret() }'
    const open = await compiled({lib: library('public fun secret(): u64 { 1 }'), m: user})
    for (const visibility of ['', 'public(package)']) {
      const closed = await compiled({
        lib: library(`${visibility} fun secret(): u64 { 1 }`),
        m: 'module t::m; fun f() {}',
      })
      assert.throws(() => verify(open.own, closed.lib), {kind: 'FUNCTION_NOT_FOUND', message: /secret/})
    }
    const {own: friends} = await compiled({
      a: 'module t::a; public(package) fun g() {}',
      b: 'module t::b; public fun h() { t::a::g() }',
    })
    verify(friends)
    const strangers = friends.map((bytes) => {
      const module = readEditable(bytes)
      module.friend_decls = []
      return writeEditable(module)
    })
    assert.throws(() => verify(strangers), {kind: 'FUNCTION_NOT_FOUND', message: /a::g/})
  })

  it('refuses modules that use each other in a circle', async () => {
    const {own: modules} = await compiled({
      a: 'module t::a; public fun g() {}',
      b: 'module t::b; public fun h() { t::a::g() }',
    })
    const circle = modules.map((bytes) => {
      const module = readEditable(bytes)
      if (module.module_handles.length > 1) return bytes
      module.identifiers.push('b')
      module.module_handles.push({address: 0, name: module.identifiers.length - 1})
      return writeEditable(module)
    })
    assert.throws(() => verify(circle), {kind: 'BYTECODE_REFUSED', status: 'CYCLIC_MODULE_DEPENDENCY'})
  })

  it('refuses natives it lacks, by name', async () => {
    const {own: modules} = await compiled({m: 'module t::m; public native fun mystery(): u64;', lib: LIBRARY})
    assert.throws(() => verify(modules, lib), {kind: 'UNSUPPORTED', message: 'native m::mystery'})
  })

  it('links through the root package and names types by their defining package', () => {
    const v2: PackageBytecode = packageOf(id('c2'), new Map(lib.modules), {
      originalId: id('1'),
      version: 2n,
      typeOrigins: new Map([['lib::S', id('1')]]),
    })
    const user = packageOf(id('d1'), new Map([['m', readdress(own[0]!, SELF, id('d1'))]]), {
      linkage: new Map([[id('1'), id('c2')]]),
    })
    const store = new Map([lib, v2, user].map((pkg) => [pkg.storageId, pkg]))
    const used: string[] = []
    const vm = createVm({
      getPackage: (packageId) => {
        used.push(packageId)
        return store.get(packageId)
      },
    })
    const call = (name: string) =>
      vm.call({
        package: id('d1'),
        module: 'm',
        function: name,
        args: [],
        typeArgs: [],
        host: new TestHost(),
        meter: {charge: () => undefined},
      })
    assert.deepEqual(call('go'), [6n])
    assert.ok(used.includes(id('c2')) && !used.includes(id('1')))
    assert.deepEqual(
      vm.datatypeInfo(id('d1'), 'm', 'W').variants[0]!.fields[0]!.type,
      parseTypeName('0x1::lib::S'),
    )
    const type = parseTypeName(`${id('d1')}::m::W`)
    assert.deepEqual(vm.toJson(type, call('wrap')[0]!), {s: {n: '7'}})
    assert.equal(vm.datatypeInfo(id('c2'), 'lib', 'S').definingId, id('1'))
    store.delete(id('d1'))
    assert.throws(() => call('go'), {kind: 'MODULE_NOT_FOUND'})
  })
})
