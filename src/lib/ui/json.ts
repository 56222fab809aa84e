/**
 * Readies a result for JSON: bigint as decimal string, bytes as hex, Date as RFC 3339, absent left out.
 * @example toJson({amountMist: 1n, at: undefined}) // {amountMist: '1'}
 */
export function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map((each) => toJson(each))
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined)
    return Object.fromEntries(entries.map(([key, each]) => [key, toJson(each)]))
  }

  return value
}
