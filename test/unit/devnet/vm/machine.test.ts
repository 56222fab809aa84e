import assert from 'node:assert/strict'
import {VmAbort, VmError} from '../../../../src/lib/devnet/vm/api.ts'
import {primitive} from '../../../../src/lib/devnet/vm/types.ts'
import {rigOf, SELF, struct, vec, type Rig} from './harness.ts'

const SOURCE = `
module t::m;

public struct Pair<A, B> has copy, drop, store { a: A, b: B }
public struct Point has copy, drop, store { x: u64, y: u64 }
public struct Line has copy, drop, store { from: Point, to: Point, tags: vector<u8> }
public enum Shape has copy, drop, store { Dot, Circle(u64), Box { w: u64, h: u64 } }
public enum Maybe<T> has copy, drop, store { None, Some(T) }

const NAMES: vector<vector<u8>> = vector[b"one", b"two"];
const BIG: u64 = 18446744073709551615;

public fun sum_to(n: u64): u64 { let mut i = 0; let mut s = 0; while (i < n) { i = i + 1; s = s + i }; s }
public fun fib(n: u64): u64 { if (n < 2) n else fib(n - 1) + fib(n - 2) }
public fun depth(n: u64): u64 { if (n == 0) 0 else 1 + depth(n - 1) }
public fun even(n: u64): bool { if (n == 0) true else odd(n - 1) }
public fun odd(n: u64): bool { if (n == 0) false else even(n - 1) }
public fun names(): vector<vector<u8>> { let mut n = NAMES; n[0].push_back(33); n }
public fun big(): u64 { BIG }
public fun huge(): u256 { 115792089237316195423570985008687907853269984665640564039457584007913129639935 }
public fun u128max(): u128 { 340282366920938463463374607431768211455 }

fun bump(p: &mut Point) { p.x = p.x + 1 }
public fun through(): u64 { let mut p = Point { x: 1, y: 2 }; let q = p; bump(&mut p); bump(&mut p); p.x * 100 + q.x * 10 + q.y }
public fun nested(): (u64, u64, vector<u8>) {
    let mut l = Line { from: Point { x: 1, y: 2 }, to: Point { x: 3, y: 4 }, tags: b"ab" };
    let old = l;
    l.to.y = 40;
    let t = &mut l.tags;
    t.push_back(99);
    *&mut l.from = Point { x: 10, y: 20 };
    (l.to.y + l.from.x, old.to.y, l.tags)
}
public fun swap_pair<A, B>(p: Pair<A, B>): Pair<B, A> { let Pair { a, b } = p; Pair { a: b, b: a } }
public fun twice_swapped<A: copy + drop, B: copy + drop>(a: A, b: B): Pair<A, B> { swap_pair(swap_pair(Pair { a, b })) }
public fun pair_of_pairs(): Pair<Pair<u8, bool>, vector<u64>> { swap_pair(Pair { a: vector[1, 2], b: swap_pair(Pair { a: true, b: 7u8 }) }) }
public fun replace<T: drop>(cell: &mut T, with: T) { *cell = with }
public fun set_x(p: &mut Point, x: u64): u64 { p.x = x; p.x + p.y }
public fun same<T: drop>(a: T, b: T): bool { a == b }
public fun differ<T: drop>(a: &T, b: &T): bool { a != b }

public fun area(s: &Shape): u64 { match (s) { Shape::Dot => 0, Shape::Circle(r) => *r * *r * 3, Shape::Box { w, h } => *w * *h } }
public fun widen(s: &mut Shape) { match (s) { Shape::Dot => (), Shape::Circle(r) => *r = *r + 1, Shape::Box { w, h: _ } => *w = *w + 10 } }
public fun shapes(): vector<u64> {
    let mut v = vector[Shape::Dot, Shape::Circle(2), Shape::Box { w: 3, h: 4 }];
    let mut i = 0;
    while (i < 3) { widen(&mut v[i]); i = i + 1 };
    vector[area(&v[0]), area(&v[1]), area(&v[2])]
}
public fun circle(r: u64): Shape { Shape::Circle(r) }
public fun unwrap<T>(m: Maybe<T>): T { match (m) { Maybe::Some(x) => x, Maybe::None => abort 77 } }
public fun wrap_unwrap<T>(x: T): T { unwrap(Maybe::Some(x)) }
public fun none(): u64 { unwrap(Maybe::None) }

public fun at(v: vector<u64>, i: u64): u64 { v[i] }
public fun pop(mut v: vector<u64>): u64 { v.pop_back() }
public fun unpack2(v: vector<u64>): u64 { let mut v = v; v.pop_back() + v.pop_back() }
public fun swap(mut v: vector<u64>, i: u64, j: u64): vector<u64> { v.swap(i, j); v }
public fun len<T: drop>(v: vector<T>): u64 { v.length() }
public fun reverse<T>(mut v: vector<T>): vector<T> { let mut r = vector[]; while (!v.is_empty()) r.push_back(v.pop_back()); v.destroy_empty(); r }
public fun matrix(): vector<vector<u64>> { let mut m = vector[vector[1, 2], vector[3]]; let copied = m; *&mut m[0][1] = 20; m[1].push_back(copied[0][1]); m }

public fun deep_abort(n: u64): u64 { if (n == 3) abort 42; deep_abort(n + 1) }
public fun forever() { loop {} }
public fun logic(a: bool, b: bool): vector<bool> { vector[a && b, a || b, !a, a == b, a != b] }
public fun freeze_it(p: &mut Point): &u64 { &p.y }
`

const STD = `
#[defines_primitive(vector)]
module std::vector;
public native fun empty<T>(): vector<T>;
public native fun length<T>(v: &vector<T>): u64;
#[syntax(index)] public native fun borrow<T>(v: &vector<T>, i: u64): &T;
#[syntax(index)] public native fun borrow_mut<T>(v: &mut vector<T>, i: u64): &mut T;
public native fun push_back<T>(v: &mut vector<T>, e: T);
public native fun pop_back<T>(v: &mut vector<T>): T;
public native fun destroy_empty<T>(v: vector<T>);
public native fun swap<T>(v: &mut vector<T>, i: u64, j: u64);
public fun is_empty<T>(v: &vector<T>): bool { v.length() == 0 }
`

describe('vm: machine', () => {
  let rig: Rig
  before(async () => {
    rig = await rigOf({m: SOURCE, vector: STD})
  })

  it('runs loops and recursion', () => {
    assert.deepEqual(rig.run('sum_to', [100n]), [5050n])
    assert.deepEqual(rig.run('fib', [15n]), [610n])
    assert.deepEqual(rig.run('even', [10n]), [true])
    assert.deepEqual(rig.run('odd', [10n]), [false])
  })

  it('reads literals at full precision, and constants anew each time', () => {
    assert.deepEqual(rig.run('big'), [2n ** 64n - 1n])
    assert.deepEqual(rig.run('huge'), [2n ** 256n - 1n])
    assert.deepEqual(rig.run('u128max'), [2n ** 128n - 1n])
    const names = [vec(vec(111, 110, 101, 33), vec(116, 119, 111))]
    assert.deepEqual(rig.run('names'), names)
    assert.deepEqual(rig.run('names'), names)
  })

  it('writes through references and copies what is copied', () => {
    assert.deepEqual(rig.run('through'), [312n])
    assert.deepEqual(rig.run('nested'), [50n, 4n, vec(97, 98, 99)])
    assert.deepEqual(rig.run('matrix'), [vec(vec(1n, 20n), vec(3n, 2n))])
  })

  it('writes to the cells of the host', () => {
    const cell = {value: struct(1n, 2n)}
    assert.deepEqual(rig.run('set_x', [{cell}, 9n]), [11n])
    assert.deepEqual(cell.value, struct(9n, 2n))
    const point = {kind: 'datatype', address: SELF, module: 'm', name: 'Point', typeArgs: []} as const
    rig.run('replace', [{cell}, struct(5n, 6n)], [point])
    assert.deepEqual(cell.value, struct(5n, 6n))
    assert.deepEqual(rig.run('freeze_it', [{cell}]), [6n])
  })

  it('runs generics inside generics', () => {
    assert.deepEqual(
      rig.run('twice_swapped', [1, vec(true)], [primitive.u8, {kind: 'vector', element: primitive.bool}]),
      [struct(1, vec(true))],
    )
    assert.deepEqual(rig.run('pair_of_pairs'), [struct(struct(7, true), vec(1n, 2n))])
    assert.deepEqual(rig.run('wrap_unwrap', [5n], [primitive.u64]), [5n])
    assert.deepEqual(rig.run('reverse', [vec(1, 2, 3)], [primitive.u8]), [vec(3, 2, 1)])
  })

  it('compares deep', () => {
    const lists = {kind: 'vector', element: {kind: 'vector', element: primitive.u64}} as const
    assert.deepEqual(rig.run('same', [vec(vec(1n)), vec(vec(1n))], [lists]), [true])
    assert.deepEqual(rig.run('same', [vec(vec(1n)), vec(vec(2n))], [lists]), [false])
    assert.deepEqual(rig.run('differ', [{cell: {value: 1n}}, {cell: {value: 2n}}], [primitive.u64]), [true])
    assert.deepEqual(rig.run('logic', [true, false]), [vec(false, true, false, false, true)])
  })

  it('switches on enums and changes them in place', () => {
    assert.deepEqual(rig.run('shapes'), [vec(0n, 27n, 52n)])
    assert.deepEqual(rig.run('circle', [3n]), [{tag: 1, fields: [3n]}])
    assert.equal(rig.outcome('none'), 'abort 77')
  })

  it('fails vectors with sub statuses', () => {
    assert.equal(rig.outcome('at', [vec(1n), 1n]), 'VECTOR_OPERATION_ERROR 1')
    assert.equal(rig.outcome('at', [vec(1n), 2n ** 64n - 1n]), 'VECTOR_OPERATION_ERROR 1')
    assert.equal(rig.outcome('pop', [vec()]), 'VECTOR_OPERATION_ERROR 2')
    assert.equal(rig.outcome('swap', [vec(1n, 2n), 0n, 2n]), 'VECTOR_OPERATION_ERROR 1')
    assert.deepEqual(rig.run('swap', [vec(1n, 2n), 0n, 1n]), [vec(2n, 1n)])
    assert.deepEqual(rig.run('len', [vec(1, 2)], [primitive.u8]), [2n])
  })

  it('says where it aborted', () => {
    try {
      rig.run('deep_abort', [0n])
      assert.fail('it did not abort')
    } catch (error) {
      assert(error instanceof VmAbort)
      assert.equal(error.code, 42n)
      const {instruction, functionIndex, ...place} = error.location!
      assert.deepEqual(place, {package: SELF, storageId: SELF, module: 'm', functionName: 'deep_abort'})
      const functions = rig.vm.moduleFunctions(SELF, 'm')
      assert.equal(functions[functionIndex]!.name, 'deep_abort')
      assert.ok(instruction > 0)
    }
  })

  it('stops at the depth of calls', () => {
    assert.deepEqual(rig.run('depth', [1000n]), [1000n])
    assert.equal(rig.outcome('even', [2000n]), 'CALL_STACK_OVERFLOW')
    assert.equal(rig.outcome('depth', [2000n]), 'EXECUTION_STACK_OVERFLOW')
  })

  it('charges for every instruction and lets the meter stop it', () => {
    const before = rig.charged
    rig.run('sum_to', [1000n])
    const spent = rig.charged - before
    assert.ok(spent > 10_000 && spent < 20_000, String(spent))
    let left = 50_000
    assert.throws(
      () =>
        rig.vm.call({
          package: SELF,
          module: 'm',
          function: 'forever',
          args: [],
          typeArgs: [],
          host: rig.host,
          meter: {
            charge: (units) => {
              left -= units
              if (left < 0) throw new VmError('OUT_OF_GAS', 'spent')
            },
          },
        }),
      (error) =>
        error instanceof VmError && error.kind === 'OUT_OF_GAS' && error.location?.functionName === 'forever',
    )
  })

  it('names what is not there', () => {
    assert.equal(rig.outcome('nothing'), 'FUNCTION_NOT_FOUND')
    assert.throws(() => rig.run('sum_to', [1n], [], 'no_module'), {kind: 'MODULE_NOT_FOUND'})
    assert.throws(() => rig.vm.functionInfo(`0x${'9'.repeat(64)}`, 'm', 'f'), {kind: 'MODULE_NOT_FOUND'})
  })
})
