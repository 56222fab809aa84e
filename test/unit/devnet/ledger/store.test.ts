import {bcs} from '@mysten/sui/bcs'
import assert from 'node:assert/strict'
import type {ObjectOwner, StoredObject} from '../../../../src/lib/devnet/ledger/api.ts'
import {
  coinBalance,
  coinContents,
  coinType,
  finishObject,
  GAS_COIN_TYPE,
  objectSize,
  type ObjectDraft,
} from '../../../../src/lib/devnet/ledger/object.ts'
import {ObjectStore} from '../../../../src/lib/devnet/ledger/store.ts'
import {parseTypeName} from '../../../../src/lib/devnet/vm/types.ts'

const address = (digit: string): string => `0x${digit.repeat(64)}`
const PREVIOUS = '1'.repeat(32)

function draft(id: string, owner: ObjectOwner, type = GAS_COIN_TYPE): ObjectDraft {
  return {id, owner, type, hasPublicTransfer: true, contents: coinContents(id, 7n), package: undefined}
}

function object(id: string, version: bigint, owner: ObjectOwner): StoredObject {
  return finishObject(draft(id, owner), version, PREVIOUS, 988_000n)
}

describe('objects of the ledger', () => {
  it('counts the bytes that storage is paid for', () => {
    const owner = {kind: 'address', address: address('a')} as const
    assert.equal(objectSize(draft(address('1'), owner)), 130)
    const tag = 1 + 32 + 1 + 1 + 1 + 1 + 1 // struct, address, module m, name T, no arguments
    assert.equal(objectSize(draft(address('1'), owner, coinType(parseTypeName('0x5::m::T')))), 130 + tag)
    assert.equal(objectSize(draft(address('1'), owner, parseTypeName('0x5::m::T'))), 130 + tag - 1)
  })

  it('writes every kind of owner and type as the SDK reads it', () => {
    const owners: ObjectOwner[] = [
      {kind: 'address', address: address('a')},
      {kind: 'object', parent: address('b')},
      {kind: 'shared', initialSharedVersion: 3n},
      {kind: 'immutable'},
    ]
    for (const type of [
      GAS_COIN_TYPE,
      coinType(parseTypeName('0x5::m::T')),
      parseTypeName('0x5::m::T<u8>'),
    ]) {
      for (const owner of owners) {
        const made = finishObject(draft(address('1'), owner, type), 9n, PREVIOUS, 5n)
        const parsed = bcs.Object.parse(made.bcs)
        assert.deepEqual(bcs.Object.serialize(parsed).toBytes(), made.bcs)
        assert.equal(parsed.data.Move?.version, '9')
        assert.equal(parsed.storageRebate, '5')
      }
    }
    const shared = bcs.Object.parse(object(address('1'), 1n, owners[2]!).bcs).owner
    assert.deepEqual(shared, {$kind: 'Shared', Shared: {initialSharedVersion: '3'}})
    assert.equal(coinBalance(object(address('1'), 1n, owners[0]!).contents), 7n)
  })

  it('follows owners and keeps versions', () => {
    const store = new ObjectStore()
    const [alice, bob] = [address('a'), address('b')]
    const first = object(address('1'), 1n, {kind: 'address', address: alice})
    const other = object(address('0'), 1n, {kind: 'address', address: alice})
    store.write(first)
    store.write(other)
    assert.deepEqual(store.ownedBy(alice), [other, first])
    const second = object(first.id, 2n, {kind: 'address', address: bob})
    store.write(second)
    assert.deepEqual([store.ownedBy(alice), store.ownedBy(bob)], [[other], [second]])
    const child = object(first.id, 3n, {kind: 'object', parent: bob})
    store.write(child)
    assert.deepEqual([store.ownedBy(bob), store.childrenOf(bob)], [[], [child]])
    store.remove(first.id)
    assert.deepEqual([store.get(first.id), store.childrenOf(bob)], [undefined, []])
    assert.deepEqual(
      [1n, 2n, 3n, 4n].map((version) => store.getVersion(first.id, version)),
      [first, second, child, undefined],
    )
  })
})
