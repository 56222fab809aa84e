/** Instructions per second of the VM: `node test/bench/vm.ts`. */
import {rigOf} from '../unit/devnet/vm/harness.ts'

const SOURCE = `
module t::m;
public struct P has copy, drop { x: u64, y: u64 }
public fun count(n: u32): u32 { let mut i = 0; while (i < n) { i = i + 1 }; i }
public fun count64(n: u64): u64 { let mut i = 0; while (i < n) { i = i + 1 }; i }
public fun id<T>(x: T): T { x }
public fun calls(n: u64): u64 { let mut i = 0; while (i < n) { i = id(i) + 1 }; i }
public fun fields(n: u64): u64 { let mut p = P { x: 0, y: 1 }; while (p.x < n) { p.x = p.x + p.y }; p.x }
`
const rig = await rigOf({m: SOURCE})
for (const [name, argument] of [
  ['count', 300_000],
  ['count64', 300_000n],
  ['calls', 200_000n],
  ['fields', 200_000n],
] as const) {
  rig.run(name, [argument])
  const before = rig.charged
  const started = performance.now()
  rig.run(name, [argument])
  rig.run(name, [argument])
  const seconds = (performance.now() - started) / 1000
  console.log(`${name}: ${((rig.charged - before) / seconds / 1e6).toFixed(1)} million instructions/s`)
}
