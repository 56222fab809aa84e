import {Transaction} from '@mysten/sui/transactions'
import {readStake} from '../contracts/reads.ts'
import {requestUnstake, withdrawStake} from '../contracts/transactions/staking.ts'
import {callOf} from '../contracts/upgrades.ts'
import {daasError} from '../errors/daas-error.ts'
import {dryRunTransaction, executeTransaction} from '../sui/execute.ts'
import type {StakeDeps} from './stake.ts'
import {describeSubject, subjectFlags, type Subject} from './subject.ts'
import {readHolding} from './wallet.ts'

/** The status of a stake that is neither unbonding nor slashed (staking.move). */
const ACTIVE = 0

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
  /** When it can be withdrawn, where the cluster wants stakes to unbond and this run began that; nothing came back yet. */
  unbondingUntil?: string
  digest?: string
  gasMist?: bigint
  budgetMist?: bigint
  dryRun?: boolean
}

/**
 * Withdraws what is left of a stake, once its lock is over; the seal that it backs dies with it. Where the cluster wants
 * stakes to unbond, the first run begins that and the next one after it withdraws.
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
  const unbonds = stake.status === ACTIVE && cluster.unbondingMs > 0n
  const until = stake.lockedUntilMs > stake.unbondingUntilMs ? stake.lockedUntilMs : stake.unbondingUntilMs
  if (!unbonds && until > BigInt(deps.now())) throw daasError('STAKE_LOCKED', {until: isoOf(until)})

  const tx = new Transaction()
  const call = {...callOf(cluster), stake: ticket.stake}
  if (unbonds) requestUnstake(tx, call)
  else withdrawStake(tx, {...call, ticket: ticket.id, recipient: owner})
  const known = {
    cluster: cluster.id,
    ...(options.subject.kind === 'node' && {node: options.subject.name}),
    stake: stake.id,
    amountMist: stake.balance,
  }
  if (options.dryRun)
    return {changed: false, dryRun: true, ...known, ...(await dryRunTransaction(execute, tx))}
  const {digest, gasMist, budgetMist} = await executeTransaction(execute, tx)
  const sent = {digest, gasMist, budgetMist}
  if (!unbonds) return {changed: true, ...known, ...sent}
  const {unbondingUntilMs} = await readStake(execute.client, stake.id)
  return {changed: true, ...known, unbondingUntil: isoOf(unbondingUntilMs), ...sent}
}

function isoOf(ms: bigint): string {
  return new Date(Number(ms)).toISOString()
}
