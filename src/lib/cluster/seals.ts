import {forgetSeal, revokeSealByAdmin, revokeSealsBefore} from '../contracts/administration.ts'
import {readCluster} from '../contracts/reads.ts'
import {daasError} from '../errors/daas-error.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {administer, type AdminDeps, type Administered} from './administer.ts'
import {checkedId} from './parse-settings.ts'

/** What to do with which seals. */
export interface RevokeSealsOptions {
  readonly cluster: string
  readonly seals: readonly string[]
  /** Revoke all that were made before this, ms since 1970. */
  readonly beforeMs?: bigint
  /** Take them off the list instead: for seals that are expired by now, the list holds 256. */
  readonly forget?: boolean
  readonly dryRun?: boolean
}

/** What was done; `seals` are those that it changed something for. */
export interface RevokeSealsResult extends Administered {
  seals: readonly string[]
  before?: string
  forgotten?: boolean
}

/**
 * Revokes seals of a cluster, or forgets that they were: one transaction. A second run changes nothing.
 * @throws SEAL_UNNAMED, OBJECT_ID_INVALID, and those of administer
 */
export async function revokeSeals(deps: AdminDeps, options: RevokeSealsOptions): Promise<RevokeSealsResult> {
  const {beforeMs, forget = false} = options
  const named = options.seals.map(checkedId)
  if (named.length === 0 && beforeMs === undefined) throw daasError('SEAL_UNNAMED', {})
  const {client} = deps.execute
  const known = await withRpcErrors(deps.url, () => readCluster(client, options.cluster))
  const seals = [...new Set(named)].filter((seal) => known.revokedSeals.includes(seal) === forget)
  const isOlder = beforeMs !== undefined && beforeMs > known.sealsValidFromMs
  const result = {
    seals,
    ...(beforeMs !== undefined && {before: new Date(Number(beforeMs)).toISOString()}),
    ...(forget && {forgotten: true}),
  }
  if (seals.length === 0 && !isOlder) return {changed: false, cluster: known.id, ...result}
  const {done} = await administer(deps, options, (tx, call) => {
    for (const seal of seals) (forget ? forgetSeal : revokeSealByAdmin)(tx, {...call, seal})
    if (isOlder) revokeSealsBefore(tx, {...call, atMs: beforeMs})
  })
  return {...done, ...result}
}
