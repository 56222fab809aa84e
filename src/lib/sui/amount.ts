import {daasError} from '../errors/daas-error.ts'

/** MIST in one SUI. */
export const MIST_PER_SUI = 1_000_000_000n

const SHAPE = /^(?<whole>\d+)(?:\.(?<fraction>\d{1,9}))?\s*(?<unit>sui|mist)?$/i

/**
 * Reads an amount as people write it: `1`, `1.5`, `1.5sui`, `1500000000mist`. Without a unit it is SUI.
 * @returns MIST
 * @throws AMOUNT_INVALID when it is no number of SUI or MIST, AMOUNT_NOT_POSITIVE when it is zero or negative
 * @example parseAmount('1.5sui') // 1_500_000_000n
 */
export function parseAmount(text: string): bigint {
  const trimmed = text.trim()
  if (trimmed.startsWith('-') && SHAPE.test(trimmed.slice(1))) {
    throw daasError('AMOUNT_NOT_POSITIVE', {amount: text})
  }

  const groups = SHAPE.exec(trimmed)?.groups
  if (!groups) throw daasError('AMOUNT_INVALID', {amount: text})
  const isMist = groups.unit?.toLowerCase() === 'mist'
  if (isMist && groups.fraction !== undefined) throw daasError('AMOUNT_INVALID', {amount: text})
  const whole = BigInt(groups.whole ?? '0')
  const mist = isMist ? whole : whole * MIST_PER_SUI + BigInt((groups.fraction ?? '').padEnd(9, '0'))
  if (mist === 0n) throw daasError('AMOUNT_NOT_POSITIVE', {amount: text})
  if (mist >= 1n << 64n) throw daasError('AMOUNT_INVALID', {amount: text})
  return mist
}

/**
 * Writes MIST as SUI with no digit lost.
 * @example formatSui(1_500_000_000n) // '1.5 SUI'
 */
export function formatSui(mist: bigint): string {
  const sign = mist < 0n ? '-' : ''
  const absolute = mist < 0n ? -mist : mist
  const fraction = (absolute % MIST_PER_SUI).toString().padStart(9, '0').replace(/0+$/, '')
  return `${sign}${absolute / MIST_PER_SUI}${fraction ? `.${fraction}` : ''} SUI`
}
