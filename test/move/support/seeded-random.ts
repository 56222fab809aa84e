/** Random choices that a seed repeats. */
export interface Random {
  /** 0 to n - 1. */
  readonly below: (n: number) => number
  /** One of the items; undefined where there are none. */
  readonly pick: <T extends readonly unknown[]>(items: T) => T[number]
}

/** Random numbers of a seed (mulberry32); not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (n: number): number => Math.floor(next() * n)
  return {below, pick: (items) => items[below(items.length)]}
}
