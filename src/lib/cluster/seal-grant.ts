import {Transaction} from '@mysten/sui/transactions'
import {createGrantedSeal} from '../contracts/grants.ts'
import {listSeals, readCluster, readSeal, type SealInfo} from '../contracts/reads.ts'
import {callOf} from '../contracts/upgrades.ts'
import {daasError} from '../errors/daas-error.ts'
import {isLive, sealIdOf, type SealDeps, type SealResult} from '../stake/seal.ts'
import {dryRunTransaction, executeTransaction} from '../sui/execute.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {grantsOf} from './grant.ts'

/** Which cluster's grant to seal, and how. */
export interface SealGrantOptions {
  readonly cluster: string
  /** ms; the cluster and the grant cap it. */
  readonly ttlMs?: bigint
  /** Make a new one although a live one is there. */
  readonly renew?: boolean
  readonly dryRun?: boolean
}

/**
 * Turns a grant into a seal token, as `seal` does a stake. `stake` of the result is the grant.
 * @throws GRANT_MISSING, GRANT_NOT_LIVE and those of executeTransaction
 */
export async function sealGrant(deps: SealDeps, options: SealGrantOptions): Promise<SealResult> {
  const {execute, url, tokens} = deps
  const {client} = execute
  const owner = execute.signer.toSuiAddress()
  const {cluster, grants, seals} = await withRpcErrors(url, async () => {
    const info = await readCluster(client, options.cluster)
    const [given, owned] = await Promise.all([
      grantsOf(client, info.id, owner),
      listSeals(client, info.packageId, owner),
    ])
    return {cluster: info, grants: given, seals: owned}
  })
  if (grants.length === 0) throw daasError('GRANT_MISSING', {address: owner, cluster: cluster.id})
  const grant = grants.find(({revoked, expiresAtMs}) => !revoked && expiresAtMs > BigInt(deps.now()))
  if (!grant) throw daasError('GRANT_NOT_LIVE', {address: owner, cluster: cluster.id})
  const known = {cluster: cluster.id, stake: grant.id}
  if (!options.renew) {
    for (const each of seals) {
      if (each.stake !== grant.id || !isLive(each, deps.now())) continue
      const found = await tokens.find(each.id, each.tokenHash)
      if (found) return {changed: false, ...known, ...describe(each), tokenFile: found.file}
    }
  }

  const {token, hash} = await tokens.prepare()
  const tx = new Transaction()
  const ttlMs = options.ttlMs ?? cluster.maxSealTtlMs
  createGrantedSeal(tx, {...callOf(cluster), grant: grant.id, tokenHash: hash, ttlMs})
  if (options.dryRun) {
    try {
      return {changed: false, dryRun: true, ...known, ...(await dryRunTransaction(execute, tx))}
    } finally {
      await tokens.discard(token)
    }
  }

  // Where this fails the token stays: the chain may have its hash, and the next run finds it by that.
  const {digest, gasMist, budgetMist, created} = await executeTransaction(execute, tx)
  const id = sealIdOf(created)
  const tokenFile = await tokens.settle(token, id)
  const made = await readSeal(client, id)
  return {changed: true, ...known, ...describe(made), tokenFile, digest, gasMist, budgetMist}
}

function describe(info: SealInfo): Pick<SealResult, 'seal' | 'permissions' | 'expiresAt'> {
  const expiresAt = new Date(Number(info.expiresAtMs)).toISOString()
  return {seal: info.id, permissions: info.permissions, expiresAt}
}
