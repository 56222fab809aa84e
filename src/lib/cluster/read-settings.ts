import {parseAmount} from '../sui/amount.ts'
import {parseByKind, parseDuration, parsePriorities, parseTiers} from './parse-settings.ts'
import {parseVerbMinimums, type ClusterSettings} from './set-cluster.ts'

const HOUR_MS = 3_600_000n

/** Settings as they are written on the command line of `daas cluster set`. */
export interface WrittenSettings {
  readonly 'min-stake'?: readonly string[] | undefined
  readonly lock?: readonly string[] | undefined
  readonly 'write-min-stake'?: string | undefined
  readonly 'verb-minimum'?: readonly string[] | undefined
  readonly tier?: readonly string[] | undefined
  readonly 'request-ttl'?: string | undefined
  readonly 'response-ttl'?: string | undefined
  readonly 'max-seal-ttl'?: string | undefined
  readonly 'max-envelope-bytes'?: number | undefined
  readonly 'key-overlap'?: string | undefined
  readonly 'unbonding-hours'?: number | undefined
  readonly 'slash-bps'?: number | undefined
  readonly treasury?: string | undefined
  readonly paused?: boolean | undefined
}

/**
 * Reads the settings of a command line; what is not written is not in the result.
 * @throws AMOUNT_INVALID, DURATION_INVALID, KIND_INVALID, TIER_INVALID, PERMISSION_INVALID, PRIORITIES_INVALID,
 *   VERB_MINIMUM_INVALID
 */
export function readSettings(written: WrittenSettings): ClusterSettings {
  const stakes = {
    minStake: given(written['min-stake'], (texts) => parseByKind(texts, parseAmount)),
    lockMs: given(written.lock, (texts) => parseByKind(texts, parseDuration)),
    writeMinStake: given(written['write-min-stake'], parseAmount),
    verbMinStake: given(written['verb-minimum'], parseVerbMinimums),
    tiers: given(written.tier, parseTiers),
    unbondingMs: given(written['unbonding-hours'], (hours) => BigInt(hours) * HOUR_MS),
    slashBps: given(written['slash-bps'], BigInt),
  }
  const limits = {
    requestTtlMs: given(written['request-ttl'], parsePriorities),
    responseTtlMs: given(written['response-ttl'], parsePriorities),
    maxSealTtlMs: given(written['max-seal-ttl'], parseDuration),
    maxEnvelopeBytes: given(written['max-envelope-bytes'], BigInt),
    keyOverlapMs: given(written['key-overlap'], parseDuration),
  }
  const {treasury, paused} = written
  const all = Object.entries({...stakes, ...limits, treasury, paused})
  return Object.fromEntries(all.filter(([, value]) => value !== undefined))
}

function given<In, Out>(value: In | undefined, read: (value: In) => Out): Out | undefined {
  return value === undefined ? undefined : read(value)
}
