import {createGrantedSeal, rotateGrantedSeal} from '../contracts/grants.ts'
import {listSeals, readCluster} from '../contracts/reads.ts'
import {callOf} from '../contracts/upgrades.ts'
import {daasError} from '../errors/daas-error.ts'
import {chooseSeal} from '../stake/choose-seal.ts'
import type {SealDeps, SealResult} from '../stake/seal.ts'
import {describeSeal, sendSeal} from '../stake/send-seal.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {grantsOf} from './grant.ts'

/** Which cluster's grant to seal, and how. */
export interface SealGrantOptions {
  readonly cluster: string
  /** ms; the cluster and the grant cap it. */
  readonly ttlMs?: bigint
  /** Give it a new secret although it lives. */
  readonly renew?: boolean
  readonly dryRun?: boolean
}

/**
 * Turns a grant into a seal token, as `seal` does a stake; renews the one that is there. `stake` of the result is the
 * grant.
 * @throws GRANT_MISSING, GRANT_NOT_LIVE and those of executeTransaction
 */
export async function sealGrant(deps: SealDeps, options: SealGrantOptions): Promise<SealResult> {
  const {execute, url} = deps
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
  const mine = seals.filter((each) => each.stake === grant.id)
  const {atHand, renewable} = await chooseSeal(deps, {cluster, seals: mine})
  if (atHand && !options.renew) {
    return {changed: false, ...known, ...describeSeal(atHand.seal), tokenFile: atHand.tokenFile}
  }

  const call = {...callOf(cluster), grant: grant.id, ttlMs: options.ttlMs ?? cluster.maxSealTtlMs}
  const sent = await sendSeal(deps, {
    build: (tx, tokenHash) =>
      renewable === undefined
        ? createGrantedSeal(tx, {...call, tokenHash})
        : rotateGrantedSeal(tx, {...call, tokenHash, seal: renewable}),
    ...(renewable !== undefined && {seal: renewable}),
    ...(options.dryRun && {dryRun: true}),
  })
  return {...known, ...sent}
}
