/** A module with something for each rule of the verifier to be broken at. */
export const RULES_SOURCE = `module t::rules;
public struct Plain has copy, drop, store { n: u64, on: bool }
public struct Pair has copy, drop, store { first: Plain, second: Plain }
public struct Hot { n: u64 }
public struct Kept has store { n: u64 }
public struct Box<T: copy> has copy, drop, store { x: T }
public struct Tagged<phantom T> has copy, drop, store { n: u64 }
public struct Both<phantom T, U> has drop { u: U, t: Tagged<T> }
public struct Item has key, store { id: UID, n: u64 }
public enum Shape has copy, drop, store { Dot, Line { x: u64 }, Area { w: u64, h: u64 } }
public enum Tri has drop { A, B, C }
public enum Opt<T> has copy, drop, store { None, Some { x: T } }
const CODE: u64 = 42;
const BYTES: vector<u8> = b"abc";
const NUMBERS: vector<u64> = vector[1, 2, 3];
const HOME: address = @0x7;

public fun add(a: u64, b: u64): u64 { a + b }
public fun both(a: bool, b: bool): bool { a && b }
public fun flip(a: bool): bool { !a }
public fun shifted(a: u64, by: u8): u64 { a << by }
public fun wide(a: u8): u64 { a as u64 }
public fun same(a: u64, b: u64): bool { a == b }
public fun less(a: u64, b: u64): bool { a < b }
public fun code(): u64 { CODE + NUMBERS[0] }
public fun bytes(): vector<u8> { BYTES }
public fun home(): address { HOME }
public fun pick(on: bool): u64 { let x; if (on) { x = 1 } else { x = 2 }; x }
public fun loops(mut n: u64): u64 { let mut t = 0; while (n > 0) { n = n - 1; t = t + n }; t }
public fun fail(): u64 { abort 7 }
public fun quit(n: u64) { assert!(n > 3, 9) }
public fun heat(n: u64): Hot { Hot { n } }
public fun cool(h: Hot): u64 { let Hot { n } = h; n }
public fun pass(h: Hot): Hot { h }
public fun swap(a: u64, b: u64): (u64, u64) { (b, a) }
public fun swapped(): u64 { let (a, b) = swap(1, 2); a * 10 + b }
public fun make(n: u64): Plain { Plain { n, on: n > 3 } }
public fun take(p: Plain): u64 { let Plain { n, on: _ } = p; n }
public fun n_of(p: &Plain): u64 { p.n }
public fun set(p: &mut Plain, n: u64) { p.n = n }
public fun bump(x: &mut u64) { *x = *x + 1 }
public fun read(x: &u64): u64 { *x }
public fun field(p: &mut Pair): &mut u64 { &mut p.second.n }
public fun first(p: &Pair): &Plain { &p.first }
public fun touch(): u64 { let mut p = Pair { first: make(1), second: make(2) }; *field(&mut p) = 9; bump(&mut p.first.n); p.first.n + p.second.n }
public fun boxed<T: copy>(x: T): Box<T> { Box { x } }
public fun unboxed<T: copy + drop>(b: Box<T>): T { let Box { x } = b; x }
public fun tagged<T>(n: u64): Tagged<T> { Tagged { n } }
public fun twice<T: copy + drop>(x: T): Box<Box<T>> { boxed(boxed(x)) }
public fun inner<T: copy>(b: &mut Box<T>): &mut T { &mut b.x }
public fun uses(): u64 { let mut b = boxed(5u64); *inner(&mut b) = 6; unboxed(b) + unboxed(unboxed(twice(1u64))) }
public fun shape(k: u8): Shape { if (k == 0) { Shape::Dot } else if (k == 1) { Shape::Line { x: 4 } } else { Shape::Area { w: 2, h: 3 } } }
public fun size(s: &Shape): u64 { match (s) { Shape::Dot => 0, Shape::Line { x } => *x, Shape::Area { w, h } => *w * *h } }
public fun grow(s: &mut Shape) { match (s) { Shape::Line { x } => *x = *x + 1, _ => () } }
public fun open(s: Shape): u64 { match (s) { Shape::Dot => 0, Shape::Line { x } => x, Shape::Area { w, h } => w + h } }
public fun some<T>(x: T): Opt<T> { Opt::Some { x } }
public fun or<T: drop>(o: Opt<T>, other: T): T { match (o) { Opt::None => other, Opt::Some { x } => x } }
public fun list(n: u64): vector<u64> { vector[n, 2, 3] }
public fun sum(v: &vector<u64>): u64 { let mut i = 0; let mut t = 0; while (i < v.length()) { t = t + v[i]; i = i + 1 }; t }
public fun change(v: &mut vector<u64>): u64 { v.push_back(8); v.swap(0, 1); *&mut v[0] = 5; v.pop_back() }
public fun nested(): u64 { let mut v = vector[list(1), list(2)]; v[0].push_back(4); sum(&v[0]) + sum(&v[1]) }
public fun new(ctx: &mut TxContext): Item { let id = object::new(ctx); Item { id, n: 1 } }
public fun end(i: Item): u64 { let Item { id, n } = i; id.delete(); n }
public(package) fun family() {}
fun kept(n: u64): Kept { Kept { n } }
public fun give(): u64 { let Kept { n } = kept(3); n }
public fun choose<T: drop>(on: bool, a: T, b: T): T { if (on) { a } else { b } }
public fun bound(x: &u64, y: &u64, on: bool): u64 { let r = choose_ref(x, y, on); *r }
fun choose_ref(x: &u64, y: &u64, on: bool): &u64 { if (on) { x } else { y } }
fun ping<T>(n: u64) { if (n > 0) pong<T>(n - 1) }
fun pong<T>(n: u64) { if (n > 0) ping<T>(n - 1) }
public fun rally() { ping<u64>(3) }
`
