import * as template from '@mysten/move-bytecode-template'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {ABORTS} from '../../../src/lib/contracts/generated/aborts.ts'
import {readDaasPackage, readFramework} from '../../../src/lib/contracts/package.ts'

interface Header {
  version: number
  self_module_handle_idx: number
  module_handles: {address: number; name: number}[]
  address_identifiers: string[]
  identifiers: string[]
  friend_decls: {address: number; name: number}[]
}

/** Whether a module comes before; friends are named by a handle too, and come after. */
function isUsed(module: Header, index: number, name: string, before: ReadonlySet<string>): boolean {
  const handle = module.module_handles[index]
  const isFriend = module.friend_decls.some(
    ({address, name: friend}) => address === handle?.address && friend === handle.name,
  )
  return before.has(name) || isFriend
}

const header = (bytes: Uint8Array): Header => template.deserialize(bytes) as Header

describe('contracts: readDaasPackage', () => {
  it('gives what publish takes: modules at 0x0, each after what it uses', () => {
    const {modules, dependencies, digest} = readDaasPackage()
    const seen = new Set<string>()
    for (const module of modules) {
      const it = header(Buffer.from(module, 'base64'))
      const name = (index: number): string => it.identifiers[it.module_handles[index]?.name ?? -1] ?? ''
      const address = (index: number): string =>
        it.address_identifiers[it.module_handles[index]?.address ?? -1] ?? ''
      const self = it.self_module_handle_idx
      assert.equal(address(self), '0'.repeat(64))
      for (const index of it.module_handles.keys()) {
        if (index !== self && /^0+$/.test(address(index)))
          assert.ok(isUsed(it, index, name(index), seen), name(index))
      }
      seen.add(name(self))
    }

    assert.deepEqual([...seen].sort(), [
      'administration',
      'cluster',
      'granted_seal',
      'grants',
      'heartbeat',
      'k8s_gateway',
      'listener',
      'node_registry',
      'operator_seal',
      'registry',
      'revocations',
      'seal_token',
      'sessions',
      'settings',
      'staking',
      'terms',
      'text',
      'version',
    ])
    assert.deepEqual(dependencies, [`0x${'1'.padStart(64, '0')}`, `0x${'2'.padStart(64, '0')}`])
    assert.match(digest, /^[0-9a-f]{64}$/)
    const tx = new Transaction()
    tx.publish({modules, dependencies})
    assert.equal(tx.getData().commands[0]?.$kind, 'Publish')
  })
})

describe('contracts: readFramework', () => {
  it('gives 0x1 and 0x2 at their own addresses', () => {
    const packages = readFramework()
    assert.deepEqual(
      packages.map(({address}) => BigInt(address)),
      [1n, 2n],
    )
    for (const {address, modules} of packages) {
      for (const [name, bytes] of modules) {
        const it = header(bytes)
        const self = it.module_handles[it.self_module_handle_idx]
        assert.equal(it.identifiers[self?.name ?? -1], name)
        assert.equal(`0x${it.address_identifiers[self?.address ?? -1] ?? ''}`, address)
      }
    }
  })

  it('has the modules that packages use at first', () => {
    const [std, sui] = readFramework()
    for (const name of ['vector', 'option', 'string', 'ascii', 'bcs', 'hash', 'type_name', 'u64', 'u256']) {
      assert.ok(std?.modules.has(name), name)
    }
    for (const name of [
      'object',
      'tx_context',
      'transfer',
      'event',
      'coin',
      'balance',
      'clock',
      'package',
      'table',
    ]) {
      assert.ok(sui?.modules.has(name), name)
    }
    assert.equal(std?.modules.has('unit_test'), false)
    assert.equal(sui?.modules.has('test_scenario'), false)
  })
})

describe('contracts: abortOf', () => {
  it('finds a code by its module', () => {
    const {sentence, next, ...rest} = abortOf('staking', 2n) ?? assert.fail('staking 2 is missing')
    assert.deepEqual(rest, {module: 'staking', code: 2n, name: 'E_BELOW_MINIMUM'})
    assert.ok(sentence.length > 0 && next.length > 0)
    assert.equal(abortOf('k8s_gateway', 3n)?.name, 'ERROR_NO_PERMISSION')
  })

  it('knows no others', () => {
    assert.equal(abortOf('staking', 0n), undefined)
    assert.equal(abortOf('coin', 2n), undefined)
  })

  it('has each code of a module once', () => {
    const keys = ABORTS.map(({module, code}) => `${module} ${code}`)
    assert.equal(new Set(keys).size, keys.length)
  })
})
