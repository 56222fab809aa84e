/** Parts of programs that each work with one side of the language; they add to `acc` what they have done. */
import type {Random} from '../../unit/devnet/fuzz/random.ts'

export type Width = 'u8' | 'u16' | 'u32' | 'u64' | 'u128' | 'u256'
export const WIDTHS: Readonly<Record<Width, number>> = {u8: 8, u16: 16, u32: 32, u64: 64, u128: 128, u256: 256}
const NAMES = Object.keys(WIDTHS) as Width[]

/** What a program lends to a scene. */
export interface Parts {
  readonly random: Random
  /** An expression; it may fail when it is evaluated. */
  number(width: Width): string
  /** A name that no other part of the program has. */
  name(): string
}

export type Scene = (parts: Parts) => string

/** Helpers of another module, where aborts and errors happen too. */
export const DEEP = `module t::deep;
#[error] const EDeep: vector<u8> = b"deep down";
public fun climb(n: u64): u64 { if (n == 0) { fall(0) } else { climb(n - 1) + 1 } }
fun fall(n: u64): u64 { if (n < 3) { abort 41 }; n }
public fun risky(n: u64, list: &vector<u64>): u64 {
    match (n % 24) { 0 => climb(3), 1 => list[list.length()], 2 => n / (n - n), 3 => n - 1000, 4 => clever(n), 5 => (n as u8) as u64, k => k }
}
fun clever(n: u64): u64 { assert!(n > 100, EDeep); n }
public fun unnamed(n: u64): u64 { assert!(n % 5 != 2); n }
public(package) fun pop(v: &mut vector<u64>): u64 { v.pop_back() + v.pop_back() }
`

/** What each module with scenes has besides its programs. */
export const SCENE_PRELUDE = `
public enum Tree<T> has copy, drop { Leaf, One(T), Two { l: T, r: T } }
public enum Pick<A, B> has copy, drop { First(A), Second { b: B }, Both(A, B) }
public struct Cell has copy, drop { n: u64, tags: vector<u8> }
public struct Row has copy, drop { cells: vector<Cell>, sum: u64 }
public struct Grid has copy, drop { rows: vector<Row>, top: Cell }
public struct Red has drop {}
public struct Blue {}
public struct Money<phantom C> { v: u64 }
public struct Mark<phantom C, T> has copy, drop, store { x: T }
#[error] const ETooBig: vector<u8> = b"too big";
#[error] const ENumber: u64 = 5;
const EPlain: u64 = 17;
const C_BOOL: bool = true;
const C_U8: u8 = 255;
const C_U16: u16 = 0xfffe;
const C_U32: u32 = 1 << 31;
const C_U64: u64 = (C_U32 as u64) * 2 - 1;
const C_U128: u128 = 340282366920938463463374607431768211455;
const C_U256: u256 = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff;
const C_HOME: address = @0xcafe;
const C_BYTES: vector<u8> = x"00ff80";
const C_TEXT: vector<vector<u8>> = vector[b"one", b"", x"7f"];
const C_NUMBERS: vector<u64> = vector[1, 2, 3];
const C_HOMES: vector<address> = vector[@0x0, @0x1];
const C_BOOLS: vector<bool> = vector[true, false];
const C_WIDE: vector<u256> = vector[0, 1, 115792089237316195423570985008687907853269984665640564039457584007913129639935];
fun same<T>(x: T): T { x }
fun tree(n: u64): Tree<u64> {
    if (n % 3 == 0) { Tree::Leaf } else if (n % 3 == 1) { Tree::One(n % 9) } else { Tree::Two { l: n % 5, r: n % 7 } }
}
fun pick_of(k: u64, t: Tree<u64>, b: u8): Pick<Tree<u64>, u8> {
    if (k % 3 == 0) { Pick::First(t) } else if (k % 3 == 1) { Pick::Second { b } } else { Pick::Both(t, b) }
}
fun leaves<T>(t: &Tree<T>): u64 { match (t) { Tree::Leaf => 0, Tree::One(_) => 1, Tree::Two { .. } => 2 } }
fun weigh(p: &Pick<Tree<u64>, u8>): u64 {
    match (p) {
        Pick::First(Tree::One(x)) if (*x > 4) => *x + 100,
        Pick::First(Tree::Two { l, r: 3 }) => *l + 200,
        Pick::Second { b: 0 | 1 | 255 } => 7,
        Pick::Second { b } => (*b as u64) + 300,
        Pick::Both(Tree::Leaf, 255) => 11,
        Pick::Both(t, b) => leaves(t) * 1000 + (*b as u64),
        _ => 1,
    }
}
fun stretch(p: &mut Pick<Tree<u64>, u8>, by: u64) {
    match (p) {
        Pick::First(Tree::One(x)) => *x = *x + by % 11,
        Pick::First(Tree::Two { l, r }) => { *l = *r; *r = by % 13 },
        Pick::Both(t, b) => { *t = Tree::Two { l: *b as u64, r: 3 }; *b = 1 },
        _ => (),
    }
}
fun collapse<B: drop>(p: Pick<Tree<u64>, B>): u64 {
    match (p) {
        Pick::First(Tree::Two { l, r }) => l * r,
        Pick::Both(Tree::One(x), _) => x,
        Pick::First(t) | Pick::Both(t, _) => leaves(&t),
        Pick::Second { .. } => 5,
    }
}
fun grid(w: u64, h: u64): Grid {
    let rows = vector::tabulate!(h, |y| Row { cells: vector::tabulate!(w, |x| Cell { n: x + y, tags: vector[x as u8] }), sum: y });
    Grid { rows, top: Cell { n: 1, tags: vector[] } }
}
fun cell_mut(g: &mut Grid, y: u64, x: u64): &mut Cell { &mut g.rows[y].cells[x] }
fun parts_mut(g: &mut Grid): (&mut u64, &mut vector<u8>, &mut Row) { let Grid { rows, top } = g; (&mut top.n, &mut top.tags, &mut rows[0]) }
fun larger(a: &mut Cell, b: &mut Cell): &mut u64 { if (a.n > b.n) { &mut a.n } else { &mut b.n } }
fun weight(g: &Grid): u64 {
    let mut t = g.top.n;
    g.rows.do_ref!(|row| { t = t * 3 + row.sum; row.cells.do_ref!(|c| t = (t + c.n * 7 + c.tags.length()) % 1000003) });
    t
}
fun divmod(a: u64, b: u64): (u64, u64) { (a / b, a % b) }
fun triple<T>(a: T, b: u128, c: bool): (bool, T, u128) { (!c, a, b / 2) }
fun halves<T: copy + drop>(v: &vector<T>, at: u64): (vector<T>, vector<T>, u64) { (v.take_copy(at), v.skip_copy(at), at) }
use fun take_copy as vector.take_copy;
use fun skip_copy as vector.skip_copy;
fun take_copy<T: copy + drop>(v: &vector<T>, n: u64): vector<T> { (*v).take(n) }
fun skip_copy<T: copy + drop>(v: &vector<T>, n: u64): vector<T> { (*v).skip(n) }
fun mint<C>(v: u64): Money<C> { Money { v } }
fun burn<C>(m: Money<C>): u64 { let Money { v } = m; v }
fun part<C>(m: &mut Money<C>, v: u64): Money<C> { m.v = m.v - v; Money { v } }
fun join<C>(m: &mut Money<C>, other: Money<C>) { let Money { v } = other; m.v = m.v + v }
fun mark<C, T>(x: T): Mark<C, T> { Mark { x } }
macro fun twice($x: u64, $f: |u64| -> u64): u64 { let y = $f($x); $f(y) }
macro fun until<$A>($start: $A, $done: |&$A| -> bool, $f: |$A| -> $A): $A { let mut a = $start; while (!$done(&a)) { a = $f(a) }; a }
fun bytes_sum(v: &vector<u8>): u64 { let mut t = 1; v.do_ref!(|b| t = (t * 31 + (*b as u64)) % 1000003); t }
`

const OPERATORS = ['+', '-', '*', '/', '%', '&', '|', '^'] as const

/** A number at or beside the edge of some width. */
function edge(random: Random, width: Width): string {
  const most = (1n << BigInt(WIDTHS[width])) - 1n
  const near = (1n << BigInt(random.pick([8, 16, 32, 64, 128, 255]))) + BigInt(random.below(3) - 1)
  return `${random.pick([near <= most ? near : most, most, most - 1n, most / 2n + 1n, 1n, 0n])}${width}`
}

const mix = (expression: string): string => `acc = mix(acc, ${expression} as u256);`

/** Every side of the language, by name. */
export const SCENES: Readonly<Record<string, Scene>> = {
  enums: ({number}) =>
    `{ let mut p = pick_of(${number('u64')}, tree(${number('u64')}), ${number('u8')}); ${mix('weigh(&p)')} stretch(&mut p, ${number('u64')}); ${mix('weigh(&p)')} ` +
    `if (p == pick_of(1, Tree::Leaf, 1)) { acc = acc + 3 }; ${mix('collapse(p)')} };`,
  references: ({number, random}) =>
    `{ let mut g = grid(${number('u64')} % 3 + 1, ${number('u64')} % 3 + ${random.below(8) === 0 ? 1 : 2}); let mut h = g; ` +
    `{ let c = cell_mut(&mut g, ${number('u64')} % ${2 + random.below(2)}, 0); c.n = c.n + 5; c.tags.push_back(${number('u8')}); let n = &mut c.n; *n = *n * 2; }; ` +
    `{ let (top, tags, row) = parts_mut(&mut g); *top = *top + row.sum; tags.push_back(3); row.cells.push_back(Cell { n: *top, tags: *tags }); row.sum = 9; }; ` +
    `{ let n = larger(&mut g.top, &mut h.top); *n = *n + ${number('u64')} % 100; }; ${mix('weight(&g)')} ${mix('weight(&h)')} };`,
  returns: ({number, random}) =>
    `{ let (q, r) = divmod(${number('u64')}, ${number('u64')} % ${random.below(4) === 0 ? 3 : 97} ${random.below(3) === 0 ? '' : '+ 1'}); let (no, a, b) = triple(${number('u16')}, ${number('u128')}, q > r); ` +
    `let (front, back, at) = halves(&list, q % 3); ${mix('(r % 1000)')} ${mix('a')} ${mix('b')} if (no) { acc = acc + 1 }; ${mix('(total(&front) % 7919 + at)')} ${mix('back.length()')} };`,
  edges: ({number, random}) =>
    `{ let e = same(${edge(random, 'u256')}); let f = same(${edge(random, 'u256')}); let s = same(${edge(random, 'u8')}); ` +
    `acc = mix(acc, (e ${random.pick(OPERATORS)} f) ^ ${number('u256')}); acc = mix(acc, (e << s) | (f >> s)); if (e > f) { acc = acc + 1 } else if (e == f) { acc = acc + 2 }; };`,
  casts: ({number, random}) =>
    Array.from({length: 3}, () => {
      const [from, to] = [random.pick(NAMES), random.pick(NAMES)]
      const value = random.below(2) === 0 ? number(from) : `same(${edge(random, from)})`
      // Every second one is brought into the width first, so that it does not fail.
      const most = (1n << BigInt(Math.min(WIDTHS[from], WIDTHS[to]))) - 1n
      const within = random.below(4) > 0 ? `(${value} & ${most}${from})` : value
      return mix(`(${within} as ${to})`)
    }).join(' '),
  phantoms: ({number, random}) =>
    `{ let mut a = mint<Red>(${number('u64')} % 50 + 20); let b = part(&mut a, ${number('u64')} % ${random.pick([20, 60])}); let c = mint<Blue>(burn(b)); join(&mut a, mint(3)); ${mix('(burn(a) + burn(c))')} ` +
    `let m = mark<Blue, ${random.pick(['u64', 'u32'])}>(${random.below(50)}); let n = m; if (m == n) { ${mix('m.x')} }; let d: Mark<Red, vector<u64>> = mark(list); ${mix('d.x.length()')} };`,
  macros: ({number, name, random}) => {
    const k = name()
    return (
      `{ let ${k} = ${number('u64')} % 9; ${mix(`twice!(${k}, |x| x * 3 + ${k})`)} let squares = vector::tabulate!(${k}, |i| i * i); ` +
      `${mix(`squares.map!(|x| x + 1).filter!(|x| *x % 2 == 0).fold!(0, |a, b| a * 3 + b)`)} ${k}.do!(|i| acc = mix(acc, i as u256)); ` +
      `if (squares.any!(|x| *x == ${random.pick([4, 49])})) { acc = acc + 1 }; ${mix(`squares.find_index!(|x| *x > 10).destroy_or!(99)`)} ` +
      `${mix(`until!(${k}, |x| *x > 100, |x| x * 2 + 1)`)} let mut both = 0; squares.zip_do!(list.take_copy(${random.pick(['0', `${k} % 3`])}), |x, y| both = both + x % 10 * (y % 10)); ${mix('both')} };`
    )
  },
  strings: ({number, random}) =>
    `{ let mut s = std::string::utf8(${random.pick(['b"hello"', 'x"68c3a96c6cc3b6"', 'x"e282ac31"', 'x"ff"'])}); s.append_utf8(b"-end"); let i = ${number('u64')} % ${random.pick([3, 6])}; ` +
    `${mix('s.index_of(&std::string::utf8(b"l"))')} let t = s.substring(i, s.length()); ${mix('bytes_sum(t.as_bytes())')} s.insert(0, t); ${mix('s.length()')} ` +
    `let mut a = std::ascii::string(${random.pick(['b"Move Is"', 'b"abcABC"', 'x"80"'])}); a.push_char(std::ascii::char(${number('u8')} % ${random.pick([128, 140])})); ` +
    `${mix('bytes_sum(a.to_uppercase().as_bytes())')} ${mix('a.substring(1, i + 1).length()')} if (a.all_characters_printable()) { acc = acc + 1 }; };`,
  library: ({number, random}) =>
    `{ let mut v = vector[${number('u64')}, 5, 6, 7]; let i = ${number('u64')} % ${random.pick([4, 5])}; v.insert(9, i); ${mix('(v.remove(i) % 1000)')} ${mix('(v.swap_remove(i) % 1000)')} ` +
    `let (found, at) = v.index_of(&6); if (found) { ${mix('at')} }; v.append(list); v.reverse(); ${mix('v.length()')} if (v.contains(&7)) { acc = acc + 1 }; ` +
    `${mix('bytes_sum(&std::bcs::to_bytes(&pair))')} ${mix('bytes_sum(&std::bcs::to_bytes(&shape))')} ${mix('bytes_sum(&std::bcs::to_bytes(&v))')} ${mix('bytes_sum(&std::bcs::to_bytes(&option::some(acc)))')} ` +
    `let mut b = sui::bcs::new(std::bcs::to_bytes(&wrap(${number('u128')}, 7))); ${mix('b.peel_u128()')} ${mix(random.pick(['b.peel_u16()', 'b.peel_u32()', 'b.peel_u8()']))} ${mix('bytes_sum(&b.into_remainder_bytes())')} ` +
    `${mix(`bytes_sum(&std::hash::sha3_256(std::bcs::to_bytes(&v)))`)} let mut o = option::some(${number('u32')}); ${mix('o.extract()')} ${mix(random.pick(['o.get_with_default(8)', '*o.borrow_with_default(&3)', 'o.destroy_some()']))} };`,
  labels: ({number, name, random}) => {
    const [n, i] = [name(), name()]
    return (
      `{ let ${n} = ${number('u64')} % 6; let mut ${i} = 0u64; let r = 'rows: loop { ${i} = ${i} + 1; let mut j = 0; 'cells: while (j < 5) { j = j + 1; ` +
      `if (j == ${n}) continue 'cells; if (${i} * j > ${5 + random.below(20)}) break 'rows ${i} * 10 + j; if (j == ${1 + random.below(5)}) continue 'rows; acc = mix(acc, j as u256); }; if (${i} > 20) break 77 }; ` +
      `${mix('r')} let x = 'block: { if (r > ${10 + random.below(40)}) return 'block 1; if (${n} == 2) { return 'block r }; 3 }; ${mix('x')} };`
    )
  },
  deep: ({number, random}) =>
    random.pick([
      mix(`t::deep::risky(${number('u64')}, &list)`),
      mix(`t::deep::unnamed(${number('u64')})`),
      mix(`(t::deep::pop(&mut list) % 1000)`),
      `if (${number('u64')} % 4 == 0) { ${mix('t::deep::climb(2)')} };`,
    ]),
  constants: ({number}) =>
    `${mix('C_U8')} ${mix('C_U16')} ${mix('C_U32')} ${mix('C_U64')} ${mix('C_U128')} acc = mix(acc, C_U256); if (C_BOOL) { acc = acc + 1 }; ` +
    `${mix('bytes_sum(&C_BYTES)')} C_TEXT.do_ref!(|t| ${mix('bytes_sum(t)').slice(0, -1)}); if (list == C_NUMBERS) { acc = acc + 2 }; ${mix('bytes_sum(&std::bcs::to_bytes(&C_HOMES))')} ` +
    `${mix('bytes_sum(&C_HOME.to_bytes())')} ${mix('bytes_sum(&std::bcs::to_bytes(&C_BOOLS))')} acc = mix(acc, C_WIDE[${number('u64')} % 3]);`,
  asserts: ({number, random}) =>
    random.pick([
      `assert!(${number('u64')} % 4 != 1, ETooBig);`,
      `assert!(${number('u64')} % 4 != 1, ENumber);`,
      `assert!(${number('u64')} % 4 != 1, EPlain);`,
      `assert!(${number('u64')} % 4 != 1);`,
      `if (${number('u64')} % 4 == 1) { abort ETooBig };`,
      `if (${number('u64')} % 4 == 1) { abort };`,
    ]),
}
