import type {Transaction} from '@mysten/sui/transactions'
import type {SettingsInfo} from './cluster-info.ts'
import * as terms from './generated/daas/terms.ts'
import type {ClusterCall} from './transactions/call.ts'

/** The terms of a stake that its sender has seen and accepts. */
export interface SeenTerms {
  /** 0 node, 1 user, 2 admin. */
  readonly stakeType: number
  /** ms. */
  readonly lockMs: bigint
  /** ms. */
  readonly unbondingMs: bigint
  /** In 1/10000. */
  readonly slashBps: bigint
}

/**
 * Ends the transaction where the cluster's terms became worse than these; to be put before a stake. An administrator
 * may change them while the transaction is under way, and a lock is for good.
 * @example assertTerms(tx, {packageId, cluster, stakeType: 0, lockMs: 0n, unbondingMs: 0n, slashBps: 1000n})
 */
export function assertTerms(tx: Transaction, params: ClusterCall & SeenTerms): void {
  terms.assertTerms({
    package: params.packageId,
    arguments: {
      cluster: params.cluster,
      stakeType: params.stakeType,
      maxLockMs: params.lockMs,
      maxUnbondingMs: params.unbondingMs,
      maxSlashBps: params.slashBps,
    },
  })(tx)
}

/**
 * The terms that a cluster shows now, for stakes of a type.
 * @param stakeType 0 node, 1 user, 2 admin
 */
export function seenTerms(
  cluster: Pick<SettingsInfo, 'lockMs' | 'unbondingMs' | 'slashBps'>,
  stakeType: number,
): SeenTerms {
  const {lockMs, unbondingMs, slashBps} = cluster
  return {stakeType, lockMs: lockMs[stakeType] ?? 0n, unbondingMs, slashBps}
}
