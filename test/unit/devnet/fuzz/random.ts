/** Repeatable randomness: the same seed, the same case. */
export interface Random {
  /** 0 <= result < limit. */
  below(limit: number): number
  pick<T>(items: readonly T[]): T
  bytes(count: number): Uint8Array
}

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => next() % limit
  return {
    below,
    pick: (items) => items[below(items.length)]!,
    bytes: (count) => Uint8Array.from({length: count}, () => below(256)),
  }
}

const EDGES = [0, 1, 0x7f, 0x80, 0xff]

/** A few changes to some bytes: flips, edges, cuts, doublings, insertions. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let result = [...bytes]
  for (let count = 1 + random.below(4); count > 0; count--) {
    const at = random.below(Math.max(result.length, 1))
    const length = 1 + random.below(8)
    switch (random.below(7)) {
      case 0:
        result[at] = (result[at] ?? 0) ^ (1 << random.below(8))
        break
      case 1:
        result[at] = random.pick(EDGES)
        break
      case 2:
        result[at] = random.below(256)
        break
      case 3:
        result.splice(at, length)
        break
      case 4:
        result.splice(at, 0, ...random.bytes(length))
        break
      case 5:
        result.splice(at, 0, ...result.slice(at, at + length))
        break
      default:
        result = random.below(8) === 0 ? result.slice(0, at) : result
    }
  }
  return Uint8Array.from(result, (byte) => byte & 0xff)
}

/** How many cases a run has, and from which seed: 10,000 of seed 1, or for DAAS_FUZZ_MINUTES from a random one. */
export function fuzzPlan(): {seed: number; minutes: number; goesOn(done: number): boolean} {
  const minutes = Number(process.env.DAAS_FUZZ_MINUTES ?? 0)
  const seed = Number(process.env.DAAS_FUZZ_SEED ?? (minutes > 0 ? Date.now() % 1_000_000_000 : 1))
  // From the first case on: another suite may have had its minutes before.
  let end: number | undefined
  const inTime = (): boolean => Date.now() < (end ??= Date.now() + minutes * 60_000)
  return {seed, minutes, goesOn: (done) => (minutes > 0 ? inTime() : done < 10_000)}
}
