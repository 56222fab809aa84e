import {administer, type AdminDeps, type Administered} from '../cluster/administer.ts'
import {readStake} from '../contracts/reads.ts'
import {slashStake} from '../contracts/transactions/staking.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'

/** Which stake to slash, and why. */
export interface SlashOptions {
  readonly cluster: string
  readonly stake: string
  /** Public: it stands in the event. */
  readonly reason: string
  /** MIST; default the cluster's share. */
  readonly amount?: bigint
  readonly dryRun?: boolean
}

/** What it took. Amounts in MIST. */
export interface SlashResult extends Administered {
  stake: string
  node?: string
  remainingMist: bigint
  slashedMist: bigint
}

/**
 * Slashes a stake by the cluster's share, or by an amount; its node is evicted by the listener.
 * @throws those of administer
 */
export async function slash(deps: AdminDeps, options: SlashOptions): Promise<SlashResult> {
  const {client} = deps.execute
  const before = await withRpcErrors(deps.url, () => readStake(client, options.stake))
  const {reason, amount} = options
  const what = {reason, ...(amount !== undefined && {amount})}
  const {done} = await administer(deps, options, (tx, call) =>
    slashStake(tx, {...call, ...what, stake: before.id}),
  )
  const after = done.changed ? await readStake(client, before.id) : before
  return {
    ...done,
    stake: before.id,
    ...(before.nodeId !== '' && {node: before.nodeId}),
    remainingMist: after.balance,
    slashedMist: before.balance - after.balance,
  }
}
