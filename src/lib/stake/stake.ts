import {Transaction} from '@mysten/sui/transactions'
import type {StakeInfo} from '../contracts/reads.ts'
import {assertTerms, seenTerms} from '../contracts/terms.ts'
import {addStake, stakeForNode, stakeForUser} from '../contracts/transactions/staking.ts'
import {callOf} from '../contracts/upgrades.ts'
import {daasError} from '../errors/daas-error.ts'
import {formatSui} from '../sui/amount.ts'
import {dryRunTransaction, executeTransaction, type ExecuteDeps} from '../sui/execute.ts'
import {describeSubject, nodeIdOf, STAKE_TYPE, subjectFlags, type Subject} from './subject.ts'
import {readHolding, type Holding} from './wallet.ts'

/** What staking needs. */
export interface StakeDeps {
  readonly execute: ExecuteDeps
  /** The node's URL, for errors. */
  readonly url: string
}

/** What to stake. */
export interface StakeOptions {
  readonly cluster: string
  readonly subject: Subject
  /** MIST. */
  readonly amount: bigint
  /** Add it to the stake that is there, each time again. */
  readonly add?: boolean
  /** Simulate only. */
  readonly dryRun?: boolean
}

/** What came of it. Amounts in MIST. */
export interface StakeResult {
  /** false: it was staked before, or it was a dry run. */
  changed: boolean
  cluster: string
  node?: string
  /** Absent after a dry run. */
  stake?: string
  /** All that is staked. */
  amountMist: bigint
  /** What was added to a stake that was there before. */
  addedMist?: bigint
  digest?: string
  gasMist?: bigint
  budgetMist?: bigint
  dryRun?: boolean
}

/**
 * Stakes SUI for a node or a user: one transaction that splits the coin, stakes it and shares the stake. A second run
 * finds the first one's stake and changes nothing, unless it is to add.
 * @throws STAKE_MISSING where there is nothing to add to, those of checkStakable and
 * those of executeTransaction
 * @example await stake({execute, url}, {cluster, subject: {kind: 'node', name: 'worker-1'}, amount: 1_000_000_000n})
 */
export async function stake(deps: StakeDeps, options: StakeOptions): Promise<StakeResult> {
  const {execute, url} = deps
  const owner = execute.signer.toSuiAddress()
  const holding = await readHolding({client: execute.client, url, owner, ...options})
  const known = {
    cluster: holding.cluster.id,
    ...(options.subject.kind === 'node' && {node: options.subject.name}),
  }
  if (holding.ticket) {
    const {readStake} = await import('../contracts/reads.ts')
    const existing = await readStake(execute.client, holding.ticket.stake)
    if (options.add) return {...known, ...(await addTo(existing, holding, deps, options))}
    return {changed: false, ...known, stake: existing.id, amountMist: existing.balance}
  }

  if (options.add) {
    const [subject, flags] = [describeSubject(options.subject), subjectFlags(options.subject)]
    throw daasError('STAKE_MISSING', {address: owner, subject, flags})
  }

  await checkStakable(execute, holding, options)
  const tx = new Transaction()
  const call = {...callOf(holding.cluster), amount: options.amount}
  assertTerms(tx, {...call, ...seenTerms(holding.cluster, STAKE_TYPE[options.subject.kind])})
  if (options.subject.kind === 'node') stakeForNode(tx, {...call, nodeId: nodeIdOf(options.subject)})
  else stakeForUser(tx, call)
  if (options.dryRun) {
    const run = await dryRunTransaction(execute, tx)
    return {changed: false, dryRun: true, ...known, amountMist: options.amount, ...run}
  }

  const {digest, gasMist, budgetMist, created} = await executeTransaction(execute, tx)
  const id = created.find(({type}) => type.endsWith('::staking::Stake'))?.objectId
  return {
    changed: true,
    ...known,
    ...(id !== undefined && {stake: id}),
    amountMist: options.amount,
    digest,
    gasMist,
    budgetMist,
  }
}

async function addTo(
  {id, balance}: StakeInfo,
  {cluster}: Holding,
  {execute}: StakeDeps,
  {amount, dryRun}: StakeOptions,
): Promise<Omit<StakeResult, 'cluster'>> {
  if (cluster.paused) throw daasError('STAKING_PAUSED', {cluster: cluster.id})
  await checkBalance(execute, amount)
  const tx = new Transaction()
  addStake(tx, {...callOf(cluster), stake: id, amount})
  const known = {stake: id, amountMist: balance + amount, addedMist: amount}
  if (dryRun) return {changed: false, dryRun: true, ...known, ...(await dryRunTransaction(execute, tx))}
  const {digest, gasMist, budgetMist} = await executeTransaction(execute, tx)
  return {changed: true, ...known, digest, gasMist, budgetMist}
}

/**
 * Says before anything is sent what the chain would refuse, now or when the node registers. For wallets that have no
 * stake for the subject.
 * @throws STAKING_PAUSED, STAKE_BELOW_MINIMUM, BALANCE_TOO_LOW, NODE_NAME_BOUND
 */
export async function checkStakable(
  execute: ExecuteDeps,
  {cluster}: Pick<Holding, 'cluster'>,
  {amount, subject}: Pick<StakeOptions, 'amount' | 'subject'>,
): Promise<void> {
  if (cluster.paused) throw daasError('STAKING_PAUSED', {cluster: cluster.id})
  const minimum = cluster.minStake[STAKE_TYPE[subject.kind]] ?? 0n
  if (amount < minimum) {
    throw daasError('STAKE_BELOW_MINIMUM', {amount: formatSui(amount), minimum: formatSui(minimum)})
  }

  if (subject.kind === 'node') await checkNameFree(execute, cluster, subject.name)
  await checkBalance(execute, amount)
}

async function checkBalance(execute: ExecuteDeps, amount: bigint): Promise<void> {
  const address = execute.signer.toSuiAddress()
  const {balance} = await execute.client.getBalance({owner: address})
  if (BigInt(balance.balance) <= amount) {
    throw daasError('BALANCE_TOO_LOW', {address, balance: balance.balance, needed: `${amount} MIST and gas`})
  }
}

/** A name stays with the stake it was first registered with: coins staked for it anew would be locked for nothing. */
async function checkNameFree(
  {client}: ExecuteDeps,
  cluster: Holding['cluster'],
  node: string,
): Promise<void> {
  const {findWorker} = await import('../contracts/reads.ts')
  const worker = await findWorker(client, cluster, node)
  if (worker) throw daasError('NODE_NAME_BOUND', {node, stake: worker.stake, owner: worker.owner})
}
