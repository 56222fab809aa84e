/** How often one address may ask. */
export interface RateLimit {
  /** How many requests at once. */
  burst: number
  /** How many more each second. */
  perSecond: number
}

/** Judges requests by where they come from. */
export interface RateLimiter {
  /** @returns 0 where the request may pass, else how long to wait, seconds */
  check(address: string, nowMs: number): number
  /** Gives back what a request took that turned out to be from somebody who may ask. */
  refund(address: string): void
}

/** More addresses than this are not remembered one by one. */
const MAX_ADDRESSES = 10_000

/** A token bucket for each address; full buckets are forgotten. */
export function createRateLimiter({burst, perSecond}: RateLimit): RateLimiter {
  const buckets = new Map<string, {tokens: number; atMs: number}>()

  function sweep(nowMs: number): void {
    for (const [address, {tokens, atMs}] of buckets) {
      if (tokens + ((nowMs - atMs) / 1000) * perSecond >= burst) buckets.delete(address)
    }
  }

  return {
    refund(address) {
      const key = buckets.has(address) ? address : ''
      const bucket = buckets.get(key)
      if (bucket) bucket.tokens = Math.min(burst, bucket.tokens + 1)
    },
    check(address, nowMs) {
      if (buckets.size >= MAX_ADDRESSES) sweep(nowMs)
      // A flood from very many addresses shares one bucket.
      const key = buckets.has(address) || buckets.size < MAX_ADDRESSES ? address : ''
      const bucket = buckets.get(key) ?? {tokens: burst, atMs: nowMs}
      const tokens = Math.min(burst, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1000) * perSecond)
      const passes = tokens >= 1
      buckets.set(key, {tokens: passes ? tokens - 1 : tokens, atMs: nowMs})
      return passes ? 0 : Math.ceil((1 - tokens) / perSecond)
    },
  }
}
