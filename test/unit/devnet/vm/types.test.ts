import assert from 'node:assert/strict'
import {TypeTagSerializer, bcs} from '@mysten/sui/bcs'
import {ByteReader, ByteWriter} from '../../../../src/lib/devnet/vm/bytes.ts'
import type {MoveType, Value} from '../../../../src/lib/devnet/vm/api.ts'
import {
  bytesValue,
  copyValue,
  formatType,
  parseTypeName,
  primitive,
  signatureToConcrete,
  typeTagBytes,
} from '../../../../src/lib/devnet/vm/types.ts'
import {frameworkSources, rigOf, SELF, struct, vec, type Rig} from './harness.ts'

const SOURCE = `
module t::m;
use std::string::String;
public struct All has copy, drop, store { a: bool, b: u8, c: u16, d: u32, e: u64, f: u128, g: u256, h: address, i: vector<u8>, j: vector<u64>, k: String, l: Option<u64>, m: Option<u8> }
public struct Empty has copy, drop, store {}
public struct Key<phantom T> has key { id: UID, money: sui::balance::Balance<T> }
public struct Plain<T> has copy, drop, store { value: T }
public enum Choice has copy, drop, store { No, Yes(u64), Both { x: u8, y: ID } }
public(package) fun inner<T: copy + drop, P: drop>(_: &mut T, _: &Plain<T>, _: vector<P>): u64 { abort 1 }
entry fun start(_: u8) {}
`

const LONG = (digit: string) => `0x${digit.padStart(64, '0')}`
const own = (name: string, ...typeArgs: MoveType[]): MoveType => ({
  kind: 'datatype',
  address: SELF,
  module: 'm',
  name,
  typeArgs,
})

describe('vm: types and bytes', () => {
  let rig: Rig
  before(async () => {
    rig = await rigOf({m: SOURCE, ...(await frameworkSources())})
  })

  it('reads and writes type names', () => {
    for (const name of [
      'u8',
      'vector<vector<address>>',
      `${LONG('2')}::coin::Coin<${LONG('a')}::m::T<u8,bool>>`,
    ]) {
      assert.equal(formatType(parseTypeName(name)), name)
    }
    assert.equal(
      formatType(parseTypeName('0x2::table::Table< u8 , 0x1::a::B >')),
      `${LONG('2')}::table::Table<u8,${LONG('1')}::a::B>`,
    )
    for (const wrong of [
      '',
      'u9',
      'vector',
      'vector<u8',
      '0x2::a',
      '0x2::a::B<>',
      'u8 u8',
      '0xzz::a::B',
      '::a::B',
    ]) {
      assert.throws(() => parseTypeName(wrong), {kind: 'MALFORMED_VALUE'}, wrong)
    }
  })

  it('writes type tags as the SDK does', () => {
    for (const name of [
      'bool',
      'u8',
      'u16',
      'u32',
      'u64',
      'u128',
      'u256',
      'address',
      'signer',
      'vector<u8>',
      '0x2::coin::Coin<0x2::sui::SUI>',
    ]) {
      const expected = bcs.TypeTag.serialize(TypeTagSerializer.parseFromStr(name, true)).toBytes()
      assert.deepEqual(typeTagBytes(parseTypeName(name)), expected, name)
    }
  })

  it('replaces type parameters', () => {
    const type = {kind: 'vector', element: {kind: 'typeParameter', index: 1}} as const
    assert.deepEqual(signatureToConcrete(type, [primitive.u8, primitive.bool]), {
      kind: 'vector',
      element: {kind: 'bool'},
    })
    assert.throws(() => signatureToConcrete(type, []), {kind: 'TYPE_MISMATCH'})
  })

  it('copies deep', () => {
    const value = struct(vec(struct(1n), struct(2n)), {tag: 1, fields: [vec(3)]})
    const copy = copyValue(value)
    assert.deepEqual(copy, value)
    ;(copy as {fields: [{elements: [{fields: Value[]}]}]}).fields[0].elements[0].fields[0] = 9n
    assert.deepEqual(value, struct(vec(struct(1n), struct(2n)), {tag: 1, fields: [vec(3)]}))
  })

  it('round-trips every kind of value as the BCS of the SDK', () => {
    const schema = bcs.struct('All', {
      a: bcs.bool(),
      b: bcs.u8(),
      c: bcs.u16(),
      d: bcs.u32(),
      e: bcs.u64(),
      f: bcs.u128(),
      g: bcs.u256(),
      h: bcs.Address,
      i: bcs.vector(bcs.u8()),
      j: bcs.vector(bcs.u64()),
      k: bcs.string(),
      l: bcs.option(bcs.u64()),
      m: bcs.option(bcs.u8()),
    })
    const big = 2n ** 64n - 1n
    const value = struct(
      true,
      255,
      65535,
      0xffff_ffff,
      big,
      2n ** 128n - 2n,
      2n ** 255n + 1n,
      LONG('abc'),
      vec(1, 2),
      vec(3n, big),
      struct(bytesValue(new TextEncoder().encode('grüß'))),
      struct(vec()),
      struct(vec(9)),
    )
    const expected = schema
      .serialize({
        a: true,
        b: 255,
        c: 65535,
        d: 0xffff_ffff,
        e: big,
        f: 2n ** 128n - 2n,
        g: 2n ** 255n + 1n,
        h: LONG('abc'),
        i: [1, 2],
        j: [3n, big],
        k: 'grüß',
        l: null,
        m: 9,
      })
      .toBytes()
    assert.deepEqual(rig.vm.serialize(own('All'), value), expected)
    assert.deepEqual(rig.vm.deserialize(own('All'), expected), value)
    assert.deepEqual(rig.vm.toJson(own('All'), value), {
      a: true,
      b: 255,
      c: 65535,
      d: 0xffff_ffff,
      e: String(big),
      f: String(2n ** 128n - 2n),
      g: String(2n ** 255n + 1n),
      h: LONG('abc'),
      i: 'AQI=',
      j: ['3', String(big)],
      k: 'grüß',
      l: null,
      m: 9,
    })
  })

  it('shows enums, ids and balances in JSON', () => {
    const choice = {tag: 2, fields: [5, struct(LONG('7'))]}
    assert.deepEqual(rig.vm.serialize(own('Choice'), choice).slice(0, 2), new Uint8Array([2, 5]))
    assert.deepEqual(rig.vm.deserialize(own('Choice'), rig.vm.serialize(own('Choice'), choice)), choice)
    assert.deepEqual(rig.vm.toJson(own('Choice'), choice), {'@variant': 'Both', x: 5, y: LONG('7')})
    assert.deepEqual(rig.vm.toJson(own('Choice'), {tag: 1, fields: [4n]}), {'@variant': 'Yes', pos0: '4'})
    const key = struct(struct(struct(LONG('9'))), struct(12n))
    assert.deepEqual(rig.vm.toJson(own('Key', parseTypeName('0x2::sui::SUI')), key), {
      id: LONG('9'),
      money: '12',
    })
    assert.deepEqual(rig.vm.deserialize(own('Empty'), new Uint8Array([0])), struct(false))
  })

  it('refuses malformed bytes', () => {
    const option = (element: MoveType): MoveType =>
      ({...parseTypeName('0x1::option::Option<u8>'), typeArgs: [element]}) as MoveType
    for (const [type, bytes] of [
      [primitive.bool, [2]],
      [primitive.u64, [1, 2]],
      [primitive.u8, [1, 2]],
      [{kind: 'vector', element: primitive.u8}, [0x80, 0]],
      [{kind: 'vector', element: primitive.u64}, [0xff, 0xff, 0xff, 0xff, 0x0f]],
      [{kind: 'vector', element: primitive.u8}, [0xff, 0xff, 0xff, 0xff, 0x1f]],
      [parseTypeName('0x1::string::String'), [1, 0xff]],
      [parseTypeName('0x1::ascii::String'), [1, 0x80]],
      [option(primitive.u8), [2, 1, 1]],
      [own('Choice'), [3]],
    ] as const) {
      assert.throws(
        () => rig.vm.deserialize(type, Uint8Array.from(bytes)),
        {kind: 'MALFORMED_VALUE'},
        formatType(type),
      )
    }
  })

  it('keeps ULEB128 lengths canonical', () => {
    for (const length of [0, 1, 127, 128, 16383, 16384, 0xffff_ffff]) {
      const writer = new ByteWriter()
      writer.length(length)
      assert.equal(new ByteReader(writer.take()).length(), length)
    }
  })

  it('knows abilities under type arguments', () => {
    const abilities = (type: MoveType) => [...rig.vm.abilitiesOf(type)]
    const key = own('Key', primitive.u8)
    assert.deepEqual(abilities(key), ['key'])
    assert.deepEqual(abilities(own('Plain', primitive.u8)), ['copy', 'drop', 'store'])
    assert.deepEqual(abilities(own('Plain', key)), [])
    assert.deepEqual(abilities({kind: 'vector', element: key}), [])
    assert.deepEqual(abilities(parseTypeName('0x2::coin::Coin<0x2::sui::SUI>')), ['store', 'key'])
    assert.deepEqual(abilities(own('Plain', parseTypeName('0x2::coin::Coin<0x2::sui::SUI>'))), ['store'])
  })

  it('describes functions and datatypes', () => {
    const inner = rig.vm.functionInfo(SELF, 'm', 'inner')
    const t = {kind: 'typeParameter', index: 0} as const
    assert.deepEqual(inner, {
      name: 'inner',
      visibility: 'friend',
      isEntry: false,
      typeParameters: [{constraints: ['copy', 'drop']}, {constraints: ['drop']}],
      parameters: [
        {kind: 'ref', mutable: true, to: t},
        {kind: 'ref', mutable: false, to: own('Plain', t as never)},
        {kind: 'vector', element: {kind: 'typeParameter', index: 1}},
      ],
      returns: [{kind: 'u64'}],
    })
    assert.equal(rig.vm.functionInfo(SELF, 'm', 'start').isEntry, true)
    const key = rig.vm.datatypeInfo(SELF, 'm', 'Key')
    assert.deepEqual(key.typeParameters, [{constraints: [], phantom: true}])
    assert.deepEqual(
      key.variants[0]!.fields.map(({name}) => name),
      ['id', 'money'],
    )
    const kinds = rig.vm.moduleDatatypes(SELF, 'm').map(({name, kind}) => `${name}:${kind}`)
    assert.deepEqual(kinds, ['All:struct', 'Empty:struct', 'Key:struct', 'Plain:struct', 'Choice:enum'])
    assert.throws(() => rig.vm.datatypeInfo(SELF, 'm', 'Nope'), {kind: 'TYPE_MISMATCH'})
  })
})
