import type {Transaction} from '@mysten/sui/transactions'
import {
  setKeyOverlap,
  setMinimums,
  setSlashBps,
  setTiers,
  setTreasury,
  setTtls,
  setUnbonding,
  setVerbMinimum,
  type AdminCall,
} from '../contracts/administration.ts'
import type {ClusterInfo, TierInfo} from '../contracts/reads.ts'
import {setPaused} from '../contracts/transactions/cluster.ts'
import {daasError} from '../errors/daas-error.ts'
import {parseAmount} from '../sui/amount.ts'
import {administer, type AdminDeps, type Administered} from './administer.ts'
import {checkedAddress} from './grant.ts'
import type {ByKind} from './parse-settings.ts'

/** What the chain sets in one call. */
const LIMITS = ['requestTtlMs', 'responseTtlMs', 'maxSealTtlMs', 'maxEnvelopeBytes'] as const

/** What to set; what is left out stays. Amounts in MIST, times in ms. */
export interface ClusterSettings {
  readonly minStake?: ByKind
  /** How long new stakes are locked. */
  readonly lockMs?: ByKind
  /** What commands that write need. */
  readonly writeMinStake?: bigint
  /** What single verbs need; 0 takes a verb's back. */
  readonly verbMinStake?: ReadonlyMap<string, bigint>
  readonly unbondingMs?: bigint
  /** In 1/10000. */
  readonly slashBps?: bigint
  readonly treasury?: string
  /** Replace those before. */
  readonly tiers?: readonly TierInfo[]
  /** By priority 0 to 3. */
  readonly requestTtlMs?: readonly bigint[]
  /** By priority 0 to 3. */
  readonly responseTtlMs?: readonly bigint[]
  readonly maxSealTtlMs?: bigint
  readonly maxEnvelopeBytes?: bigint
  readonly keyOverlapMs?: bigint
  readonly paused?: boolean
}

/** The settings that were given, and how it went. */
export interface SetClusterResult extends Administered {
  set: readonly string[]
}

/**
 * Changes the settings of a cluster, all in one transaction.
 * @throws SETTING_MISSING where nothing is to be set, and those of administer
 */
export async function setCluster(
  deps: AdminDeps,
  options: {readonly cluster: string; readonly dryRun?: boolean; readonly settings: ClusterSettings},
): Promise<SetClusterResult> {
  const {settings} = options
  const set = Object.keys(settings).filter((name) => settings[name as keyof ClusterSettings] !== undefined)
  if (set.length === 0) throw daasError('SETTING_MISSING', {})
  const {done} = await administer(deps, options, (tx, call, before) => build(tx, call, before, settings))
  return {...done, set}
}

/**
 * Reads minimums of verbs: `delete=5sui`, or `delete=0`.
 * @throws VERB_MINIMUM_INVALID, AMOUNT_INVALID
 */
export function parseVerbMinimums(texts: readonly string[]): Map<string, bigint> {
  return new Map(
    texts.map((text) => {
      const [, verb = '', amount = ''] = /^([a-z]{1,32})=(.+)$/.exec(text) ?? []
      if (verb === '') throw daasError('VERB_MINIMUM_INVALID', {text})
      return [verb, amount === '0' ? 0n : parseAmount(amount)] as const
    }),
  )
}

function build(tx: Transaction, call: AdminCall, before: ClusterInfo, settings: ClusterSettings): void {
  const {minStake, lockMs, writeMinStake, verbMinStake, unbondingMs, slashBps, treasury, paused} = settings
  const {tiers, keyOverlapMs} = settings
  if (minStake !== undefined || lockMs !== undefined || writeMinStake !== undefined) {
    setMinimums(tx, {
      ...call,
      minStake: over(before.minStake, minStake),
      lockMs: over(before.lockMs, lockMs),
      writeMinStake: writeMinStake ?? before.writeMinStake,
    })
  }
  const {requestTtlMs, responseTtlMs, maxSealTtlMs, maxEnvelopeBytes} = {...before, ...settings}
  if (LIMITS.some((name) => settings[name] !== undefined)) {
    setTtls(tx, {...call, requestTtlMs, responseTtlMs, maxSealTtlMs, maxEnvelopeBytes})
  }
  if (tiers !== undefined) setTiers(tx, {...call, tiers})
  if (keyOverlapMs !== undefined) setKeyOverlap(tx, {...call, keyOverlapMs})
  for (const [verb, least] of verbMinStake ?? []) setVerbMinimum(tx, {...call, verb, minStake: least})
  if (unbondingMs !== undefined) setUnbonding(tx, {...call, unbondingMs})
  if (slashBps !== undefined) setSlashBps(tx, {...call, slashBps})
  if (treasury !== undefined) setTreasury(tx, {...call, treasury: checkedAddress(treasury)})
  if (paused !== undefined) setPaused(tx, {...call, paused})
}

/** The values that are set in place of those before, by kind: node, user, admin. */
function over(before: readonly bigint[], {node, user, admin}: ByKind = {}): bigint[] {
  return [node, user, admin].map((value, kind) => value ?? before[kind] ?? 0n)
}
