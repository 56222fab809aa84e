import {Transaction} from '@mysten/sui/transactions'
import {readCluster, readStake} from '../contracts/reads.ts'
import {slashStake} from '../contracts/transactions.ts'
import {ownedCap} from '../cluster/caps.ts'
import {dryRunTransaction, executeTransaction} from '../sui/execute.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import type {StakeDeps} from './stake.ts'

/** Which stake to slash, and why. */
export interface SlashOptions {
  readonly cluster: string
  readonly stake: string
  /** Public: it stands in the event. */
  readonly reason: string
  readonly dryRun?: boolean
}

/** What it took. Amounts in MIST. */
export interface SlashResult {
  changed: boolean
  cluster: string
  stake: string
  node?: string
  remainingMist: bigint
  slashedMist: bigint
  digest?: string
  gasMist?: bigint
  budgetMist?: bigint
  dryRun?: boolean
}

/**
 * Slashes a stake by the cluster's share; its node is evicted by the listener.
 * @throws CAP_MISSING when the signer does not hold the cluster's AdminCap, and those of executeTransaction
 */
export async function slash(deps: StakeDeps, options: SlashOptions): Promise<SlashResult> {
  const {execute, url} = deps
  const {client} = execute
  const {cluster, before, cap} = await withRpcErrors(url, async () => {
    const info = await readCluster(client, options.cluster)
    const [stake, adminCap] = await Promise.all([
      readStake(client, options.stake),
      ownedCap({client, owner: execute.signer.toSuiAddress(), cluster: info, cap: 'AdminCap'}),
    ])
    return {cluster: info, before: stake, cap: adminCap}
  })
  const tx = new Transaction()
  slashStake(tx, {
    packageId: cluster.packageId,
    cluster: cluster.id,
    cap,
    stake: before.id,
    reason: options.reason,
  })
  const known = {cluster: cluster.id, stake: before.id, ...(before.nodeId !== '' && {node: before.nodeId})}
  if (options.dryRun) {
    const run = await dryRunTransaction(execute, tx)
    return {changed: false, dryRun: true, ...known, remainingMist: before.balance, slashedMist: 0n, ...run}
  }

  const {digest, gasMist, budgetMist} = await executeTransaction(execute, tx)
  const after = await readStake(client, before.id)
  return {
    changed: true,
    ...known,
    remainingMist: after.balance,
    slashedMist: before.balance - after.balance,
    digest,
    gasMist,
    budgetMist,
  }
}
