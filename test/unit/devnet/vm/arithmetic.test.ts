import assert from 'node:assert/strict'
import {testMovePackage, initMovePackageBuilder} from '@zktx.io/sui-move-builder/full'
import {MANIFEST, rigOf, vec, type Rig} from './harness.ts'
import type {Value} from '../../../../src/lib/devnet/vm/api.ts'

const WIDTHS = [8, 16, 32, 64, 128, 256] as const
type Width = (typeof WIDTHS)[number]
const OPERATORS = {add: '+', sub: '-', mul: '*', div: '/', mod: '%', or: '|', and: '&', xor: '^'} as const
const COMPARISONS = {lt: '<', gt: '>', le: '<=', ge: '>=', eq: '==', ne: '!='} as const

const max = (width: Width): bigint => (1n << BigInt(width)) - 1n
const edges = (width: Width): bigint[] => [0n, 1n, 3n, max(width) / 2n + 1n, max(width) - 1n, max(width)]
const valueOf = (width: Width, number: bigint): Value => (width <= 32 ? Number(number) : number)

function source(): string {
  const functions: string[] = []
  for (const width of WIDTHS) {
    const type = `u${width}`
    for (const [name, sign] of Object.entries(OPERATORS)) {
      functions.push(`public fun ${name}_${width}(a: ${type}, b: ${type}): ${type} { a ${sign} b }`)
    }
    for (const [name, sign] of Object.entries(COMPARISONS)) {
      functions.push(`public fun ${name}_${width}(a: ${type}, b: ${type}): bool { a ${sign} b }`)
    }
    functions.push(`public fun shl_${width}(a: ${type}, b: u8): ${type} { a << b }`)
    functions.push(`public fun shr_${width}(a: ${type}, b: u8): ${type} { a >> b }`)
    for (const to of WIDTHS)
      functions.push(`public fun to_${width}_${to}(a: ${type}): u${to} { (a as u${to}) }`)
  }
  functions.push('public fun down(n: u64): bool { if (n == 0) true else down(n - 1) }')
  functions.push('public fun stacked(n: u64): u64 { if (n == 0) 0 else 1 + stacked(n - 1) }')
  functions.push(
    'public fun unpack(v: vector<u64>): u64 { let mut w = v; let r = &mut w; *&mut r[1] = 2; r[0] + r[1] }',
  )
  return `module t::m;\n${functions.join('\n')}\n`
}

const VECTOR = `#[defines_primitive(vector)]
module std::vector;
#[syntax(index)] public native fun borrow<T>(v: &vector<T>, i: u64): &T;
#[syntax(index)] public native fun borrow_mut<T>(v: &mut vector<T>, i: u64): &mut T;`

interface Case {
  readonly name: string
  readonly args: readonly Value[]
  readonly text: readonly string[]
}

function* cases(): Generator<Case> {
  for (const width of WIDTHS) {
    for (const name of [...Object.keys(OPERATORS), ...Object.keys(COMPARISONS)]) {
      for (const a of edges(width)) {
        for (const b of edges(width)) {
          const text = [`${a}u${width}`, `${b}u${width}`]
          yield {name: `${name}_${width}`, args: [valueOf(width, a), valueOf(width, b)], text}
        }
      }
    }
    for (const name of ['shl', 'shr']) {
      for (const by of [0, 1, width / 2, width - 1, ...(width < 256 ? [width] : [])]) {
        for (const a of edges(width)) {
          yield {name: `${name}_${width}`, args: [valueOf(width, a), by], text: [`${a}u${width}`, `${by}u8`]}
        }
      }
    }
    for (const to of WIDTHS) {
      for (const a of [...edges(width), max(to)].filter((number) => number <= max(width))) {
        yield {name: `to_${width}_${to}`, args: [valueOf(width, a)], text: [`${a}u${width}`]}
      }
    }
  }
}

describe('vm: arithmetic', () => {
  let rig: Rig
  before(async () => {
    rig = await rigOf({m: source(), vector: VECTOR})
  })

  it('is checked at every width', () => {
    for (const width of WIDTHS) {
      const at = (number: bigint): Value => valueOf(width, number)
      const top = at(max(width))
      assert.deepEqual(rig.run(`add_${width}`, [at(max(width) - 1n), at(1n)]), [top])
      assert.equal(rig.outcome(`add_${width}`, [top, at(1n)]), 'ARITHMETIC_ERROR')
      assert.equal(rig.outcome(`sub_${width}`, [at(0n), at(1n)]), 'ARITHMETIC_ERROR')
      assert.equal(rig.outcome(`mul_${width}`, [top, at(2n)]), 'ARITHMETIC_ERROR')
      assert.equal(rig.outcome(`div_${width}`, [top, at(0n)]), 'ARITHMETIC_ERROR')
      assert.equal(rig.outcome(`mod_${width}`, [top, at(0n)]), 'ARITHMETIC_ERROR')
      assert.deepEqual(rig.run(`shl_${width}`, [top, 1]), [at(max(width) - 1n)])
      assert.deepEqual(rig.run(`shr_${width}`, [top, width - 1]), [at(1n)])
      if (width < 256) assert.equal(rig.outcome(`shl_${width}`, [top, width]), 'ARITHMETIC_ERROR')
    }
    assert.deepEqual(rig.run('to_256_8', [255n]), [255])
    assert.equal(rig.outcome('to_256_8', [256n]), 'ARITHMETIC_ERROR')
    assert.equal(rig.outcome('to_16_8', [256]), 'ARITHMETIC_ERROR')
    assert.deepEqual(rig.run('to_8_64', [255]), [255n])
  })

  it('does what the real machine does', async () => {
    const good: string[] = []
    const bad: string[] = []
    for (const {name, args, text} of cases()) {
      const call = `t::m::${name}(${text.join(', ')})`
      const outcome = rig.outcome(name, args)
      if (outcome === 'ok')
        good.push(`assert!(${call} == ${String(rig.run(name, args)[0])}, ${good.length});`)
      else {
        assert.equal(outcome, 'ARITHMETIC_ERROR', call)
        bad.push(
          `#[test, expected_failure(arithmetic_error, location = t::m)] fun bad_${bad.length}() { ${call}; }`,
        )
      }
    }
    const deepest = (name: string): number => {
      let [low, high] = [1, 4096]
      while (high - low > 1) {
        const middle = (low + high) >> 1
        if (rig.outcome(name, [BigInt(middle)]) === 'ok') low = middle
        else high = middle
      }
      return low
    }
    for (const [name, lower] of [
      ['down', 1],
      ['stacked', 0],
    ] as const) {
      // A test function is itself a frame.
      const depth = deepest(name) - lower
      good.push(`t::m::${name}(${depth});`)
      bad.push(`#[test, expected_failure] fun too_deep_${name}() { t::m::${name}(${depth + 1}); }`)
    }
    assert.equal(rig.outcome('unpack', [vec(1n)]), 'VECTOR_OPERATION_ERROR 1')
    bad.push(
      '#[test, expected_failure(vector_error, minor_status = 1, location = t::m)] ' +
        'fun bounds() { t::m::unpack(vector[1]); }',
    )
    const chunks: string[] = []
    for (let start = 0; start < good.length; start += 100) {
      chunks.push(`#[test] fun good_${start}() { ${good.slice(start, start + 100).join('\n')} }`)
    }
    await initMovePackageBuilder()
    const answer = await testMovePackage({
      files: {
        'Move.toml': MANIFEST,
        'sources/m.move': source(),
        'sources/vector.move': VECTOR,
        'sources/unit_test.move':
          'module std::unit_test; public native fun poison(); public native fun destroy<T>(x: T);',
        'tests/d.move': `#[test_only] module t::d;\n${[...chunks, ...bad].join('\n')}`,
      },
      silenceWarnings: true,
      ansiColor: false,
    })
    assert.ok(!('error' in answer), String((answer as {error?: string}).error).slice(0, 3000))
    const failures = answer.output.split('\n').filter((line) => /FAIL|error/.test(line))
    assert.ok(answer.passed, failures.slice(0, 10).join('\n'))
    assert.ok(good.length > 1500 && bad.length > 100, `${good.length} ${bad.length}`)
  }).timeout(60_000)
})
