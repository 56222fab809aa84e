import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import type {Value} from '../../../../src/lib/devnet/vm/api.ts'
import {formatType} from '../../../../src/lib/devnet/vm/types.ts'
import {createVm} from '../../../../src/lib/devnet/vm/vm.ts'
import {bytesValue} from '../../../../src/lib/devnet/vm/types.ts'
import {compileFunction} from '../../../../src/lib/devnet/vm/compile.ts'
import {Linker} from '../../../../src/lib/devnet/bytecode/link.ts'
import type {FunctionTable} from '../../../../src/lib/devnet/vm/functions.ts'
import {packagesOf, SELF, struct, TestHost} from './harness.ts'

const BUILD = new URL('../../../../move/build/', import.meta.url)

async function built(): Promise<Uint8Array[]> {
  const files = await readdir(BUILD, {recursive: true})
  const modules = files.filter((file) => file.endsWith('.mv'))
  return Promise.all(modules.map(async (file) => new Uint8Array(await readFile(new URL(file, BUILD)))))
}

describe('vm: the contracts as they are built', () => {
  let packages: ReturnType<typeof packagesOf>
  before(async () => {
    packages = packagesOf(await built())
  })

  it('may be published', () => {
    const vm = createVm({getPackage: (id) => packages.get(id)})
    for (const pkg of packages.values()) vm.verifyForPublish([...pkg.modules.values()], new Map())
  })

  it('compile, every function of them', () => {
    const linker = new Linker({getPackage: (id) => packages.get(id)})
    let functions = 0
    for (const [id, pkg] of packages) {
      for (const name of pkg.modules.keys()) {
        const module = linker.context(id).module(id, name)
        module.raw.function_defs.forEach(({code}, index) => {
          if (code === undefined) return
          compileFunction(module, index, undefined as unknown as FunctionTable)
          functions++
        })
      }
    }
    assert.ok(functions > 200, String(functions))
  })

  it('create a cluster', () => {
    const host = new TestHost()
    const vm = createVm({getPackage: (id) => packages.get(id)})
    const text = (value: string): Value => struct(bytesValue(new TextEncoder().encode(value)))
    const clock = {value: struct(struct(struct(`0x${'6'.padStart(64, '0')}`)), 1234n)}
    const context = {value: struct(host.tx.sender, bytesValue(host.tx.digest), 0n, 0n, 0n)}
    let units = 0
    const results = vm.call({
      package: SELF,
      module: 'cluster',
      function: 'create',
      args: [text('c1'), text('v1.34.1'), {cell: clock}, {cell: context}],
      typeArgs: [],
      host,
      meter: {charge: (count) => void (units += count)},
    })
    assert.equal(results.length, 1)
    const shared = host.transfers.filter(({target}) => target.kind === 'shared')
    const cluster = shared.find(({type}) => formatType(type) === `${SELF}::cluster::Cluster`)!
    const shown = vm.toJson(cluster.type, cluster.value) as Record<string, unknown>
    assert.equal(shown.name, 'c1')
    assert.equal(shown.created_at_ms, '1234')
    const again = vm.deserialize(cluster.type, vm.serialize(cluster.type, cluster.value))
    assert.deepEqual(again, cluster.value)
    assert.ok(host.events.some(({type}) => formatType(type) === `${SELF}::cluster::ClusterCreated`))
    assert.ok(units > 100)
  })
})
