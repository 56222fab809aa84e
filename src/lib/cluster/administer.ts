import {Transaction} from '@mysten/sui/transactions'
import type {AdminCall} from '../contracts/administration.ts'
import {callOf, openCluster, type OpenCluster} from '../contracts/upgrades.ts'
import {dryRunTransaction, executeTransaction, type ExecuteDeps, type ExecutedTx} from '../sui/execute.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {ownedCap} from './caps.ts'

/** What acts of an administrator need. */
export interface AdminDeps {
  /** The signer holds the AdminCap. */
  readonly execute: ExecuteDeps
  /** The node's URL, for errors. */
  readonly url: string
}

/** How an act of an administrator went. */
export interface Administered {
  changed: boolean
  cluster: string
  digest?: string
  gasMist?: bigint
  budgetMist?: bigint
  dryRun?: boolean
}

/**
 * Carries out an act of a cluster's administrator, in one transaction.
 * @returns how it went, the cluster as it was, and the transaction unless it was a dry run
 * @throws CAP_MISSING when the signer does not hold the cluster's AdminCap, and those of executeTransaction
 */
export async function administer(
  {execute, url}: AdminDeps,
  options: {readonly cluster: string; readonly dryRun?: boolean},
  build: (tx: Transaction, call: AdminCall, cluster: OpenCluster) => void,
): Promise<{done: Administered; before: OpenCluster; tx?: ExecutedTx}> {
  const {client, signer} = execute
  const {before, cap} = await withRpcErrors(url, async () => {
    const info = await openCluster(client, options.cluster)
    const owner = signer.toSuiAddress()
    return {before: info, cap: await ownedCap({client, owner, cluster: info, cap: 'AdminCap'})}
  })
  const tx = new Transaction()
  build(tx, {...callOf(before), cap}, before)
  if (options.dryRun) {
    const run = await dryRunTransaction(execute, tx)
    return {done: {changed: false, dryRun: true, cluster: before.id, ...run}, before}
  }

  const executed = await executeTransaction(execute, tx)
  const {digest, gasMist, budgetMist} = executed
  return {done: {changed: true, cluster: before.id, digest, gasMist, budgetMist}, before, tx: executed}
}
