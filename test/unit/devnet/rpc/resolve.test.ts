import assert from 'node:assert/strict'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {FunctionInfo, PackageBytecode, SignatureType, Vm} from '../../../../src/lib/devnet/vm/api.ts'
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
  const node = fakeNode({vm: {moduleFunctions: () => [info]} as unknown as Vm})
  const code = {modules: new Map([['m', new Uint8Array()]])} as unknown as PackageBytecode
  for (const object of [
    {...fakeObject('0xda', {kind: 'immutable'}, '0xda::m::P'), package: code},
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

  it('does not heed what the client says of mutability', () => {
    const node = nodeWith([{kind: 'ref', mutable: false, to: cluster}])
    for (const said of [
      {objectId: '0x5a', mutable: true},
      {kind: T.Input_InputKind.SHARED, objectId: '0x5a', version: 9n, mutable: true},
    ]) {
      const [resolved] = resolveInputs(node, draftOf([said]))
      assert.deepEqual(resolved, {
        Object: {SharedObject: {objectId: addressOf('0x5a'), initialSharedVersion: '2', mutable: false}},
      })
    }
  })

  it('leaves a shared object that is only transferred, or goes where anything may, as it is', () => {
    const command: T.Command['command'] = {
      oneofKind: 'transferObjects',
      transferObjects: {objects: [input(0)], address: input(0)},
    }
    const anything: SignatureType = {kind: 'typeParameter', index: 0}
    for (const draft of [draftOf([{objectId: '0x5a'}], command), draftOf([{objectId: '0x5a'}])]) {
      const [resolved] = resolveInputs(nodeWith([anything]), draft)
      assert.deepEqual(resolved, {
        Object: {SharedObject: {objectId: addressOf('0x5a'), initialSharedVersion: '2', mutable: false}},
      })
    }
  })

  it('takes a transaction that leaves nothing open as it is', () => {
    const shared = {kind: T.Input_InputKind.SHARED, objectId: '0xdead', version: 9n, mutable: true}
    const draft = {...draftOf([shared]), complete: true}
    assert.deepEqual(resolveInputs(nodeWith([]), draft), [
      {Object: {SharedObject: {objectId: addressOf('0xdead'), initialSharedVersion: '9', mutable: true}}},
    ])
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
    assert.throws(() => resolve({objectId: '0xdead', kind: T.Input_InputKind.SHARED}), {status: 'NOT_FOUND'})
    const kinds = T.Input_InputKind
    for (const [objectId, kind, message] of [
      ['0x5a', kinds.IMMUTABLE_OR_OWNED, `object ${addressOf('0x5a')} is not Immutable or AddressOwned`],
      ['0x5a', kinds.RECEIVING, `object ${addressOf('0x5a')} is not Immutable or AddressOwned`],
      ['0xc', kinds.SHARED, `object ${addressOf('0xc')} is not a shared or consensus object`],
    ] as const) {
      assert.throws(() => resolve({objectId, kind}), {status: 'INVALID_ARGUMENT', message})
    }
    const call = {package: '0xda', module: 'm', function: 'g', typeArguments: [], arguments: [input(0)]}
    for (const [moveCall, failure] of [
      [call, {status: 'INVALID_ARGUMENT', message: `unable to find function ${addressOf('0xda')}::m::g`}],
      [
        {...call, package: '0xdead'},
        {status: 'NOT_FOUND', message: `Object ${addressOf('0xdead')} not found`},
      ],
      [{...call, package: '0x5a'}, {status: 'INVALID_ARGUMENT'}],
      [{...call, function: 'f', arguments: [input(1), input(0)]}, {message: 'invalid input parameter'}],
    ] satisfies [object, object][]) {
      const draft = draftOf([{objectId: '0xc'}], {
        oneofKind: 'moveCall',
        moveCall: T.MoveCall.create(moveCall),
      })
      assert.throws(() => resolveInputs(nodeWith([cluster]), draft), failure)
    }
    assert.throws(() => resolve({objectId: '0xb'}), {status: 'INVALID_ARGUMENT'})
    assert.throws(() => resolve({objectId: '0xc', version: 2n}), {status: 'INVALID_ARGUMENT'})
    assert.throws(() => resolve({objectId: '0xc', digest: 'other'}), {status: 'INVALID_ARGUMENT'})
    assert.throws(() => resolve({literal: {kind: {oneofKind: 'boolValue', boolValue: true}}}), {
      status: 'INVALID_ARGUMENT',
    })
    assert.throws(() => readDraft(T.Transaction.create({sender: '0xa'})), {status: 'INVALID_ARGUMENT'})
  })
})
