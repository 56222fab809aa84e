import {Transaction} from '@mysten/sui/transactions'
import {readStake} from '../contracts/reads.ts'
import {withdrawStake} from '../contracts/transactions.ts'
import {daasError} from '../errors/daas-error.ts'
import {dryRunTransaction, executeTransaction} from '../sui/execute.ts'
import type {StakeDeps} from './stake.ts'
import {describeSubject, subjectFlags, type Subject} from './subject.ts'
import {readHolding} from './wallet.ts'

/** Which stake to withdraw. */
export interface UnstakeOptions {
  readonly cluster: string
  readonly subject: Subject
  readonly dryRun?: boolean
}

/** What came back. Amounts in MIST. */
export interface UnstakeResult {
  changed: boolean
  cluster: string
  node?: string
  stake: string
  amountMist: bigint
  digest?: string
  gasMist?: bigint
  budgetMist?: bigint
  dryRun?: boolean
}

/**
 * Withdraws what is left of a stake, once its lock is over; the seal that it backs dies with it.
 * @throws STAKE_MISSING, STAKE_LOCKED and those of executeTransaction
 */
export async function unstake(
  deps: StakeDeps & {readonly now: () => number},
  options: UnstakeOptions,
): Promise<UnstakeResult> {
  const {execute, url} = deps
  const owner = execute.signer.toSuiAddress()
  const {cluster, ticket} = await readHolding({client: execute.client, url, owner, ...options})
  if (!ticket) {
    const subject = describeSubject(options.subject)
    throw daasError('STAKE_MISSING', {address: owner, subject, flags: subjectFlags(options.subject)})
  }

  const stake = await readStake(execute.client, ticket.stake)
  if (stake.lockedUntilMs > BigInt(deps.now())) {
    throw daasError('STAKE_LOCKED', {until: new Date(Number(stake.lockedUntilMs)).toISOString()})
  }

  const tx = new Transaction()
  withdrawStake(tx, {
    packageId: cluster.packageId,
    cluster: cluster.id,
    stake: ticket.stake,
    ticket: ticket.id,
    recipient: owner,
  })
  const known = {
    cluster: cluster.id,
    ...(options.subject.kind === 'node' && {node: options.subject.name}),
    stake: stake.id,
    amountMist: stake.balance,
  }
  if (options.dryRun)
    return {changed: false, dryRun: true, ...known, ...(await dryRunTransaction(execute, tx))}
  const {digest, gasMist, budgetMist} = await executeTransaction(execute, tx)
  return {changed: true, ...known, digest, gasMist, budgetMist}
}
