/** Makes Move programs by chance: each a function without parameters whose result is a sum over all it has done. */
import type {Random} from '../../unit/devnet/fuzz/random.ts'
import {SCENE_PRELUDE, SCENES, WIDTHS, type Width} from './generate-scenes.ts'

const NAMES = Object.keys(WIDTHS) as Width[]
const OPERATORS = ['+', '-', '*', '/', '%', '&', '|', '^'] as const
const COMPARISONS = ['<', '<=', '>', '>=', '==', '!='] as const
const MOST_DEPTH = 3

/** What each module has besides its programs. */
const PRELUDE = `
public struct Pair has copy, drop { a: u64, b: u8, v: vector<u64> }
public struct Box<T> has copy, drop { x: T, n: u16 }
public enum Shape has copy, drop { Dot, Line { x: u64 }, Area(u8, vector<u64>) }
fun mix(acc: u256, x: u256): u256 {
    ((acc * 31) ^ (x % 0x100000000000000000000000000000000)) % 0x100000000000000000000000000000000
}
fun fib(n: u8): u64 { if (n < 2) { n as u64 } else { fib(n - 1) + fib(n - 2) } }
fun depth(n: u16): u16 { if (n == 0) { 0 } else { depth(n - 1) + 1 } }
fun wrap<T>(x: T, n: u16): Box<T> { Box { x, n } }
fun unwrap<T>(b: Box<T>): T { let Box { x, n: _ } = b; x }
fun choose<T: drop>(first: bool, a: T, b: T): T { if (first) { a } else { b } }
fun bump(x: &mut u64, by: u64): u64 { let old = *x; *x = old + by; old }
fun size(s: &Shape): u64 {
    match (s) { Shape::Dot => 0, Shape::Line { x } => *x, Shape::Area(k, v) => (*k as u64) + v.length() }
}
fun grow(s: &mut Shape, by: u64) {
    match (s) { Shape::Line { x } => { *x = *x + by }, Shape::Area(_, v) => { v.push_back(by) }, _ => () }
}
fun total(v: &vector<u64>): u64 { let mut i = 0; let mut t = 0; while (i < v.length()) { t = t + v[i]; i = i + 1 }; t }
`

const KINDS = Object.keys(SCENES)

/**
 * A module of programs named p0, p1, …; it needs the module `DEEP` beside it.
 * @param first number of the first program among all that are made: one scene after the other has its turn
 */
export function generateModule(name: string, programs: number, random: Random, first = 0): string {
  const functions = Array.from({length: programs}, (_, index) =>
    new Program(random).text(`p${index}`, KINDS[(first + index) % KINDS.length]!),
  )
  return `module t::${name};\n${PRELUDE}${SCENE_PRELUDE}\n${functions.join('\n')}\n`
}

/** One program while it is written. */
class Program {
  readonly #random: Random
  readonly #variables: {name: string; width: Width}[] = []
  #count = 0

  constructor(random: Random) {
    this.#random = random
  }

  text(name: string, kind: string): string {
    const lines = [
      'let mut acc: u256 = 7;',
      ...NAMES.map((width) => this.#declare(width)),
      `let mut list: vector<u64> = vector[${this.#literal('u64')}, 2, 3];`,
      `let mut pair = Pair { a: ${this.#literal('u64')}, b: ${this.#literal('u8')}, v: vector[1] };`,
      `let mut shape = ${this.#shape()};`,
    ]
    lines.push(this.#scene(kind))
    for (let count = 1 + this.#random.below(5); count > 0; count--) lines.push(this.#statement(0))
    for (const {name: variable} of this.#variables) lines.push(`acc = mix(acc, ${variable} as u256);`)
    lines.push(
      'acc = mix(acc, total(&list) as u256);',
      'acc = mix(acc, (pair.a as u256) + (pair.b as u256) + (total(&pair.v) as u256));',
      'acc = mix(acc, size(&shape) as u256);',
      'if (shape == Shape::Dot) { acc = acc + 1 };',
    )
    return `public fun ${name}(): u256 {\n    ${lines.join('\n    ')}\n    acc\n}`
  }

  #scene(kind: string): string {
    return SCENES[kind]!({
      random: this.#random,
      number: (width) => (this.#random.below(5) === 0 ? this.#number(width, 2) : this.#harmless(width)),
      name: () => `y${this.#count++}`,
    })
  }

  /** A number that is always there: what fails too early hides what comes behind it. */
  #harmless(width: Width): string {
    const operator = this.#random.pick(['&', '|', '^'])
    return `(${this.#variable(width)} ${operator} ${this.#literal(width)})`
  }

  #declare(width: Width): string {
    const name = `x${this.#count++}`
    const line = `let mut ${name}: ${width} = ${this.#literal(width)};`
    this.#variables.push({name, width})
    return line
  }

  /** Small numbers, so that not everything overflows, and the edges. */
  #literal(width: Width): string {
    const random = this.#random
    const most = (1n << BigInt(WIDTHS[width])) - 1n
    const value = random.pick([
      0n,
      1n,
      2n,
      BigInt(random.below(100)),
      BigInt(random.below(100)),
      BigInt(random.below(2 ** 31)) & most,
      most >> 1n,
      most,
    ])
    return `${value}${width}`
  }

  #variable(width: Width): string {
    return this.#random.pick(this.#variables.filter((each) => each.width === width)).name
  }

  #number(width: Width, depth: number): string {
    const random = this.#random
    if (depth >= MOST_DEPTH) return random.below(2) === 0 ? this.#literal(width) : this.#variable(width)
    const inner = (): string => this.#number(width, depth + 1)
    switch (random.below(12)) {
      case 0:
      case 1:
        return this.#literal(width)
      case 2:
      case 3:
        return this.#variable(width)
      case 4:
        return `(${inner()} << (${this.#number('u8', depth + 1)} % ${this.#shift(width)}))`
      case 5:
        return `(${inner()} >> (${this.#number('u8', depth + 1)} % ${this.#shift(width)}))`
      case 6:
        return `(${this.#number(random.pick(NAMES), depth + 1)} as ${width})`
      case 7:
        return `choose<${width}>(${this.#truth(depth + 1)}, ${inner()}, ${inner()})`
      case 8:
        return `unwrap(wrap<${width}>(${inner()}, 3))`
      case 9:
        return width === 'u64' ? this.#word(depth) : inner()
      default:
        return `(${inner()} ${random.pick(OPERATORS)} ${inner()})`
    }
  }

  /** Mostly within the width; one time in eight it may be beyond, which is an error at run time. */
  #shift(width: Width): string {
    return width === 'u256' ? '255' : String(WIDTHS[width] + (this.#random.below(8) === 0 ? 2 : 0))
  }

  /** A u64 out of something that is no number. */
  #word(depth: number): string {
    return this.#random.pick([
      'list.length()',
      'total(&list)',
      'size(&shape)',
      'pair.a',
      `fib(${this.#variable('u8')} % 12)`,
      `(depth(${this.#variable('u16')} % 40) as u64)`,
      `list[${this.#number('u64', depth + 1)} % 4]`,
    ])
  }

  #truth(depth: number): string {
    const random = this.#random
    const width = random.pick(NAMES)
    switch (depth >= MOST_DEPTH ? 0 : random.below(5)) {
      case 1:
        return `(${this.#truth(depth + 1)} && ${this.#truth(depth + 1)})`
      case 2:
        return `(${this.#truth(depth + 1)} || ${this.#truth(depth + 1)})`
      case 3:
        return `!(${this.#truth(depth + 1)})`
      case 4:
        return random.pick(['(pair.v == list)', '(shape == Shape::Dot)', '(wrap(1u8, 2) == wrap(pair.b, 2))'])
      default:
        // Never of literals alone: the compiler (1.71) panics at some code that constants make unreachable.
        return `(${this.#variable(width)} ${random.pick(COMPARISONS)} ${this.#number(width, depth + 1)})`
    }
  }

  #shape(): string {
    return this.#random.pick([
      'Shape::Dot',
      `Shape::Line { x: ${this.#literal('u64')} }`,
      `Shape::Area(${this.#literal('u8')}, vector[1, 2])`,
    ])
  }

  #block(depth: number): string {
    return Array.from({length: 1 + this.#random.below(2)}, () => this.#statement(depth + 1)).join(' ')
  }

  #statement(depth: number): string {
    const random = this.#random
    const width = random.pick(NAMES)
    switch (random.below(depth >= 2 ? 12 : 15)) {
      case 0:
      case 1:
      case 2:
        return this.#assign(width)
      case 3:
        return `{ let n = ${this.#number('u64', 1)}; list.push_back(n); };`
      case 4:
        return `acc = mix(acc, list.pop_back() as u256);`
      case 5:
        return `{ let n = ${this.#number('u64', 2)}; let i = ${this.#number('u64', 1)} % (list.length() + ${random.below(8) === 0 ? 1 : 0}); *&mut list[i] = n; };`
      case 6:
        return `{ let r = &mut ${this.#variable(width)}; *r = *r ${random.pick(OPERATORS)} ${this.#literal(width)}; };`
      case 7:
        return `{ let n = ${this.#number('u64', 2)}; acc = mix(acc, bump(&mut ${random.pick(['pair.a', this.#variable('u64')])}, n) as u256); };`
      case 8:
        return random.pick([`{ let n = ${this.#number('u64', 1)}; grow(&mut shape, n); };`, `shape = ${this.#shape()};`])
      case 9:
        return random.pick(['pair.v = list;', 'let copied = pair; list = copied.v;', 'list.reverse();'])
      case 10:
        return `if (${this.#truth(1)} && list.length() > ${random.below(6)}) { abort ${random.below(1000)} };`
      case 11:
        return this.#scene(random.pick(KINDS))
      case 12:
        return `if (${this.#truth(0)}) { ${this.#block(depth)} } else { ${this.#block(depth)} };`
      default:
        return this.#loop(depth)
    }
  }

  /** Never `x = x`: the compiler (1.71) panics where nothing is left of a branch behind a loop. */
  #assign(width: Width): string {
    const [to, value] = [this.#variable(width), this.#number(width, 0)]
    return `${to} = ${to === value ? `${value} & ${this.#literal(width)}` : value};`
  }

  #loop(depth: number): string {
    const counter = `i${this.#count++}`
    const leave = this.#random.below(2) === 0 ? `if (${this.#truth(1)}) break; ` : ''
    return `{ let mut ${counter} = 0u8; while (${counter} < ${1 + this.#random.below(6)}) { ${counter} = ${counter} + 1; ${leave}${this.#block(depth)} }; };`
  }
}
