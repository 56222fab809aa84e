import {daasError} from '../errors/daas-error.ts'

const UNIT_MS = {m: 60_000n, h: 3_600_000n, d: 86_400_000n}

/**
 * Reads when something ends: a time to live (`30m`, `8h`, `30d`) or a date (ISO 8601).
 * @returns ms since 1970
 * @throws EXPIRY_INVALID when it is neither, or not in the future
 */
export function parseExpiry(text: string, nowMs: number): bigint {
  const live = /^(\d{1,6})([mhd])$/.exec(text.trim())
  const at = live
    ? BigInt(nowMs) + BigInt(live[1] ?? '0') * UNIT_MS[live[2] as keyof typeof UNIT_MS]
    : dateOf(text.trim())
  if (at === undefined || at <= BigInt(nowMs)) throw daasError('EXPIRY_INVALID', {expires: text})
  return at
}

/**
 * Reads a date (ISO 8601).
 * @returns ms since 1970
 * @throws DATE_INVALID
 */
export function parseDate(text: string): bigint {
  const at = dateOf(text.trim())
  if (at === undefined) throw daasError('DATE_INVALID', {text})
  return at
}

function dateOf(text: string): bigint | undefined {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : BigInt(ms)
}
