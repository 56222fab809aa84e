import assert from 'node:assert/strict'
import {ed25519} from '@noble/curves/ed25519.js'
import {blake2b} from '@noble/hashes/blake2.js'
import {sha256} from '@noble/hashes/sha2.js'
import {keccak_256, sha3_256} from '@noble/hashes/sha3.js'
import {deriveDynamicFieldID} from '@mysten/sui/utils'
import {bcs} from '@mysten/sui/bcs'
import {bytesValue, parseTypeName, primitive, valueBytes} from '../../../../src/lib/devnet/vm/types.ts'
import {frameworkSources, rigOf, SELF, struct, vec, type Rig} from './harness.ts'

const SOURCE = `
module t::m;
use std::string::{Self, String};
use std::type_name;
use sui::dynamic_field as df;
use sui::event;
use sui::types;

public struct M has drop {}
public struct Thing has key, store { id: UID, n: u64, label: String }
public struct Happened has copy, drop { what: String, n: u64 }
public struct Box<phantom T> has drop {}

public fun sha2(b: vector<u8>): vector<u8> { std::hash::sha2_256(b) }
public fun sha3(b: vector<u8>): vector<u8> { std::hash::sha3_256(b) }
public fun blake(b: vector<u8>): vector<u8> { sui::hash::blake2b256(&b) }
public fun keccak(b: vector<u8>): vector<u8> { sui::hash::keccak256(&b) }
public fun ed(s: vector<u8>, k: vector<u8>, m: vector<u8>): bool { sui::ed25519::ed25519_verify(&s, &k, &m) }
public fun text(b: vector<u8>): String { string::utf8(b) }
public fun sub(b: vector<u8>, i: u64, j: u64): String { string::utf8(b).substring(i, j) }
public fun index(b: vector<u8>, c: vector<u8>): u64 { string::utf8(b).index_of(&string::utf8(c)) }
public fun bytes_of(t: &Happened): vector<u8> { std::bcs::to_bytes(t) }
public fun name<T>(): std::ascii::String { type_name::with_defining_ids<T>().into_string() }
public fun original<T>(): std::ascii::String { type_name::with_original_ids<T>().into_string() }
public fun address_of(b: vector<u8>): address { sui::address::from_bytes(b) }
public fun number(a: address): (u256, address) { let n = sui::address::to_u256(a); (n, sui::address::from_u256(n)) }
public fun witness(m: M): vector<bool> { vector[types::is_one_time_witness(&m), types::is_one_time_witness(&Box<u8> {})] }
public fun say(n: u64) { event::emit(Happened { what: b"ok".to_string(), n }) }
public fun who(ctx: &TxContext): (address, u64, u64) { (ctx.sender(), ctx.epoch(), ctx.epoch_timestamp_ms()) }
public fun make(n: u64, ctx: &mut TxContext): Thing { Thing { id: object::new(ctx), n, label: b"thing".to_string() } }
public fun destroy(t: Thing) { let Thing { id, n: _, label: _ } = t; id.delete() }
public fun send(t: Thing, to: address) { transfer::public_transfer(t, to) }
public fun share(t: Thing) { transfer::public_share_object(t) }
public fun freeze_thing(t: Thing) { transfer::public_freeze_object(t) }
public fun put(t: &mut Thing, k: u64, v: u64) { df::add(&mut t.id, k, v) }
public fun bump(t: &mut Thing, k: u64) { let v: &mut u64 = df::borrow_mut(&mut t.id, k); *v = *v + 1 }
public fun get(t: &Thing, k: u64): u64 { *df::borrow<u64, u64>(&t.id, k) }
public fun take(t: &mut Thing, k: u64): u64 { df::remove(&mut t.id, k) }
public fun has(t: &Thing, k: u64): bool { df::exists_(&t.id, k) }
public fun log_it(n: u64) { std::debug::print(&n) }
public fun opt(n: u64): Option<u64> { if (n == 0) option::none() else option::some(n) }
`

const bytes = (text: string) => bytesValue(new TextEncoder().encode(text))
const asText = (value: unknown) => Buffer.from(valueBytes((value as {fields: [never]}).fields[0])).toString()

describe('vm: natives, on our framework', () => {
  let rig: Rig
  const txContext = {value: struct(SELF, bytesValue(new Uint8Array(32).fill(7)), 3n, 1000n, 0n)}
  before(async () => {
    rig = await rigOf({m: SOURCE, ...(await frameworkSources())})
  })

  it('hashes', () => {
    const input = new TextEncoder().encode('abc')
    for (const [name, expected] of [
      ['sha2', sha256(input)],
      ['sha3', sha3_256(input)],
      ['blake', blake2b(input, {dkLen: 32})],
      ['keccak', keccak_256(input)],
    ] as const) {
      assert.deepEqual(rig.run(name, [bytes('abc')]), [bytesValue(expected)], name)
    }
  })

  it('checks ed25519 signatures and answers false for malformed ones', () => {
    const secret = ed25519.utils.randomSecretKey()
    const key = bytesValue(ed25519.getPublicKey(secret))
    const signature = bytesValue(ed25519.sign(new TextEncoder().encode('hi'), secret))
    assert.deepEqual(rig.run('ed', [signature, key, bytes('hi')]), [true])
    assert.deepEqual(rig.run('ed', [signature, key, bytes('ho')]), [false])
    assert.deepEqual(rig.run('ed', [bytes('x'), key, bytes('hi')]), [false])
    assert.deepEqual(rig.run('ed', [signature, bytes('k'), bytes('hi')]), [false])
  })

  it('works on text', () => {
    assert.equal(asText(rig.run('text', [bytes('grüß')])[0]), 'grüß')
    assert.equal(rig.outcome('text', [vec(0xff)]), 'abort 1')
    assert.equal(asText(rig.run('sub', [bytes('hello'), 1n, 3n])[0]), 'el')
    assert.equal(rig.outcome('sub', [bytes('ü'), 1n, 2n]), 'abort 2')
    assert.deepEqual(rig.run('index', [bytes('hello'), bytes('lo')]), [3n])
    assert.deepEqual(rig.run('index', [bytes('hello'), bytes('x')]), [5n])
  })

  it('names types', () => {
    const type = parseTypeName('0x2::coin::Coin<vector<0x2::sui::SUI>>')
    const two = '2'.padStart(64, '0')
    const expected = `${two}::coin::Coin<vector<${two}::sui::SUI>>`
    assert.equal(asText(rig.run('name', [], [type])[0]), expected)
    assert.equal(asText(rig.run('original', [], [type])[0]), expected)
  })

  it('converts addresses, knows witnesses', () => {
    assert.deepEqual(rig.run('address_of', [bytesValue(new Uint8Array(32).fill(1))]), [
      `0x${'01'.repeat(32)}`,
    ])
    assert.equal(rig.outcome('address_of', [vec(1)]), 'abort 0')
    assert.deepEqual(rig.run('number', [`0x${'0'.repeat(62)}1f`]), [31n, `0x${'0'.repeat(62)}1f`])
    assert.deepEqual(rig.run('witness', [struct(true)]), [vec(true, false)])
  })

  it('serialises and emits', () => {
    const value = struct(struct(bytes('ok')), 5n)
    assert.deepEqual(rig.run('bytes_of', [{cell: {value}}]), [vec(2, 111, 107, 5, 0, 0, 0, 0, 0, 0, 0)])
    rig.run('say', [5n])
    assert.deepEqual(rig.host.events, [{type: parseTypeName(`${SELF}::m::Happened`), value}])
  })

  it('makes, moves and ends objects', () => {
    assert.deepEqual(rig.run('who', [{cell: txContext}]), [rig.host.tx.sender, 3n, 1000n])
    const [thing] = rig.run('make', [4n, {cell: txContext}])
    const id = (thing as {fields: [{fields: [{fields: [string]}]}]}).fields[0].fields[0].fields[0]
    const type = parseTypeName(`${SELF}::m::Thing`)
    assert.deepEqual(rig.vm.toJson(type, thing!), {id, n: '4', label: 'thing'})
    rig.run('send', [thing!, SELF])
    rig.run('share', [thing!])
    rig.run('freeze_thing', [thing!])
    assert.deepEqual(
      rig.host.transfers.map(({target}) => target),
      [{kind: 'address', address: SELF}, {kind: 'shared'}, {kind: 'immutable'}],
    )
    rig.run('destroy', [thing!])
    assert.deepEqual(rig.host.deleted, [id])
  })

  it('keeps dynamic fields under the ids of the chain', () => {
    const [thing] = rig.run('make', [4n, {cell: txContext}])
    const cell = {value: thing!}
    const id = (thing as {fields: [{fields: [{fields: [string]}]}]}).fields[0].fields[0].fields[0]
    rig.run('put', [{cell}, 9n, 41n])
    rig.run('bump', [{cell}, 9n])
    assert.deepEqual(rig.run('get', [{cell}, 9n]), [42n])
    const field = deriveDynamicFieldID(id, 'u64', bcs.u64().serialize(9n).toBytes())
    assert.deepEqual([...rig.host.children.keys()], [`${id}/${field}`])
    assert.equal(rig.outcome('put', [{cell}, 9n, 1n]), 'abort 0')
    assert.equal(rig.outcome('get', [{cell}, 8n]), 'abort 1')
    assert.deepEqual(rig.run('take', [{cell}, 9n]), [42n])
    assert.deepEqual(rig.run('has', [{cell}, 9n]), [false])
  })

  it('runs functions of the framework itself', () => {
    assert.deepEqual(rig.run('opt', [0n]), [struct(vec())])
    assert.deepEqual(rig.run('opt', [3n]), [struct(vec(3n))])
    assert.equal(rig.outcome('log_it', [1n]), 'ok')
    assert.deepEqual([...rig.vm.abilitiesOf(primitive.signer)], ['drop'])
  })
})
