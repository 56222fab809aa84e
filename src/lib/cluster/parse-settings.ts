import {normalizeSuiObjectId, isValidSuiObjectId} from '@mysten/sui/utils'
import type {EndpointInfo, TierInfo} from '../contracts/cluster-info.ts'
import {daasError} from '../errors/daas-error.ts'
import {parseAmount} from '../sui/amount.ts'
import {PERMISSION} from './permission.ts'

const UNIT_MS = {s: 1000n, m: 60_000n, h: 3_600_000n, d: 86_400_000n}
const KINDS = ['node', 'user', 'admin'] as const

/** A value for some kinds of stakes. */
export type ByKind = Partial<Record<(typeof KINDS)[number], bigint>>

/**
 * Reads a length of time: `90s`, `10m`, `8h`, `30d`, or `0`.
 * @returns ms
 * @throws DURATION_INVALID
 */
export function parseDuration(text: string): bigint {
  if (text.trim() === '0') return 0n
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text.trim()) ?? []
  if (count === undefined) throw daasError('DURATION_INVALID', {text})
  return BigInt(count) * UNIT_MS[unit as keyof typeof UNIT_MS]
}

/**
 * Reads values for kinds of stakes: `2sui` for all of them, `node=2sui` for one.
 * @param parse reads one value
 * @throws KIND_INVALID, and what `parse` throws
 */
export function parseByKind(texts: readonly string[], parse: (text: string) => bigint): ByKind {
  const found: ByKind = {}
  for (const text of texts) {
    const [, kind, value] = /^([^=]*)=(.*)$/.exec(text) ?? []
    const kinds = kind === undefined ? KINDS : KINDS.filter((each) => each === kind)
    if (kinds.length === 0) throw daasError('KIND_INVALID', {text})
    for (const each of kinds) found[each] = parse(value ?? text)
  }

  return found
}

/**
 * Reads four times, one for each priority: `60s,2m,5m,10m`.
 * @returns ms
 * @throws PRIORITIES_INVALID, DURATION_INVALID
 */
export function parsePriorities(text: string): bigint[] {
  const times = text.split(',').map(parseDuration)
  if (times.length !== 4) throw daasError('PRIORITIES_INVALID', {text})
  return times
}

/**
 * Reads tiers: `5sui=*:nodes,*:pods`. They come out in ascending order, as the chain wants them.
 * @throws TIER_INVALID, PERMISSION_INVALID, AMOUNT_INVALID
 */
export function parseTiers(texts: readonly string[]): TierInfo[] {
  const tiers = texts.map((text) => {
    const [minStake, permissions] = splitAtAmount(text, 'TIER_INVALID')
    const wrong = permissions.find((each) => !PERMISSION.test(each))
    if (wrong !== undefined) throw daasError('PERMISSION_INVALID', {permission: wrong})
    return {minStake, permissions}
  })
  return tiers.sort(byMinimum)
}

/**
 * Reads endpoints: `10sui=https://a.example:8443,https://b.example:8443`, in ascending order as parseTiers.
 * @throws ENDPOINT_INVALID, AMOUNT_INVALID
 */
export function parseEndpoints(texts: readonly string[]): EndpointInfo[] {
  const endpoints = texts.map((text) => {
    const [minStake, urls] = splitAtAmount(text, 'ENDPOINT_INVALID')
    if (!urls.every((url) => URL.canParse(url) && new URL(url).protocol === 'https:')) {
      throw daasError('ENDPOINT_INVALID', {text})
    }

    return {minStake, urls}
  })
  return endpoints.sort(byMinimum)
}

/** @throws OBJECT_ID_INVALID */
export function checkedId(text: string): string {
  const id = normalizeSuiObjectId(text)
  if (!text.startsWith('0x') || !isValidSuiObjectId(id)) throw daasError('OBJECT_ID_INVALID', {text})
  return id
}

function splitAtAmount(text: string, error: 'TIER_INVALID' | 'ENDPOINT_INVALID'): [bigint, string[]] {
  const [, amount, rest] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (amount === undefined || rest === undefined) throw daasError(error, {text})
  return [amount === '0' ? 0n : parseAmount(amount), rest.split(',')]
}

function byMinimum(a: {readonly minStake: bigint}, b: {readonly minStake: bigint}): number {
  return a.minStake < b.minStake ? -1 : a.minStake > b.minStake ? 1 : 0
}
