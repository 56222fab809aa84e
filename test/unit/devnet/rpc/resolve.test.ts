import assert from 'node:assert/strict'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {FunctionInfo, SignatureType} from '../../../../src/lib/devnet/vm/api.ts'
import {readDraft} from '../../../../src/lib/devnet/rpc/resolve/draft.ts'
import {resolveInputs} from '../../../../src/lib/devnet/rpc/resolve/objects.ts'
import {addressOf, fakeCoin, fakeNode, fakeObject} from './fake-node.ts'

const input = (index: number): T.Argument => ({kind: T.Argument_ArgumentKind.INPUT, input: index})
const datatype = (address: string, module: string, name: string): SignatureType => ({
  kind: 'datatype',
  address: addressOf(address),
  module,
  name,
  typeArgs: [],
})
const cluster = datatype('0xda', 'cluster', 'Cluster')

/** A node that has one function with these parameters, and one object of each kind of owner. */
function nodeWith(parameters: SignatureType[]): ReturnType<typeof fakeNode> {
  const info: FunctionInfo = {
    name: 'f',
    visibility: 'public',
    isEntry: false,
    typeParameters: [],
    parameters,
    returns: [],
  }
  const node = fakeNode({functionInfo: () => info})
  for (const object of [
    fakeCoin('0xc', '0xa', 5n),
    fakeObject('0x5a', {kind: 'shared', initialSharedVersion: 2n}, '0xda::cluster::Cluster'),
    fakeObject('0xf0', {kind: 'immutable'}, '0xda::cluster::Cluster'),
    fakeObject('0xb', {kind: 'object', parent: addressOf('0x5a')}, '0xda::cluster::Cluster'),
  ]) {
    node.objects.set(object.id, object)
  }
  return node
}

function draftOf(inputs: Partial<T.Input>[], command?: T.Command['command']): ReturnType<typeof readDraft> {
  const call: T.Command['command'] = {
    oneofKind: 'moveCall',
    moveCall: {
      package: '0xda',
      module: 'm',
      function: 'f',
      typeArguments: [],
      arguments: inputs.map((_, index) => input(index)),
    },
  }
  return readDraft(
    T.Transaction.create({
      sender: '0xa',
      kind: {
        data: {
          oneofKind: 'programmableTransaction',
          programmableTransaction: {
            inputs: inputs.map((one) => T.Input.create(one)),
            commands: [{command: command ?? call}],
          },
        },
      },
    }),
  )
}

describe('devnet rpc: resolution of inputs', () => {
  it('lets a shared object be changed as its parameter says', () => {
    const parameters: [SignatureType, boolean][] = [
      [{kind: 'ref', mutable: false, to: cluster}, false],
      [{kind: 'ref', mutable: true, to: cluster}, true],
      [cluster, true],
    ]
    for (const [parameter, mutable] of parameters) {
      const [resolved] = resolveInputs(nodeWith([parameter]), draftOf([{objectId: '0x5a'}]))
      assert.deepEqual(resolved, {
        Object: {SharedObject: {objectId: addressOf('0x5a'), initialSharedVersion: '2', mutable}},
      })
    }
  })

  it('heeds what the client says of mutability', () => {
    const node = nodeWith([{kind: 'ref', mutable: false, to: cluster}])
    const [resolved] = resolveInputs(node, draftOf([{objectId: '0x5a', mutable: true}]))
    assert.deepEqual(resolved, {
      Object: {SharedObject: {objectId: addressOf('0x5a'), initialSharedVersion: '2', mutable: true}},
    })
  })

  it('takes owned and immutable objects at their live version, and receives what is to be received', () => {
    const ref = (node: ReturnType<typeof fakeNode>, id: string): object => {
      const object = node.getObject(addressOf(id)) ?? assert.fail()
      return {objectId: object.id, version: '3', digest: object.digest}
    }
    const plain = nodeWith([cluster, {kind: 'ref', mutable: false, to: cluster}])
    assert.deepEqual(resolveInputs(plain, draftOf([{objectId: '0xc'}, {objectId: '0xf0'}])), [
      {Object: {ImmOrOwnedObject: ref(plain, '0xc')}},
      {Object: {ImmOrOwnedObject: ref(plain, '0xf0')}},
    ])
    const receiving = nodeWith([datatype('0x2', 'transfer', 'Receiving')])
    assert.deepEqual(resolveInputs(receiving, draftOf([{objectId: '0xc'}])), [
      {Object: {Receiving: ref(receiving, '0xc')}},
    ])
  })

  it('uses commands that are no calls by value', () => {
    const command: T.Command['command'] = {
      oneofKind: 'makeMoveVector',
      makeMoveVector: {elements: [input(0)]},
    }
    const [resolved] = resolveInputs(nodeWith([]), draftOf([{objectId: '0x5a'}], command))
    assert.deepEqual(resolved, {
      Object: {SharedObject: {objectId: addressOf('0x5a'), initialSharedVersion: '2', mutable: true}},
    })
  })

  it('refuses what is not there, child objects, other versions and digests', () => {
    const resolve = (one: Partial<T.Input>): unknown => resolveInputs(nodeWith([cluster]), draftOf([one]))
    assert.throws(() => resolve({objectId: '0xdead'}), {status: 'NOT_FOUND'})
    assert.throws(() => resolve({objectId: '0xb'}), {status: 'INVALID_ARGUMENT'})
    assert.throws(() => resolve({objectId: '0xc', version: 2n}), {status: 'INVALID_ARGUMENT'})
    assert.throws(() => resolve({objectId: '0xc', digest: 'other'}), {status: 'INVALID_ARGUMENT'})
    assert.throws(() => resolve({literal: {kind: {oneofKind: 'boolValue', boolValue: true}}}), {
      status: 'INVALID_ARGUMENT',
    })
    assert.throws(() => readDraft(T.Transaction.create({sender: '0xa'})), {status: 'INVALID_ARGUMENT'})
  })
})
