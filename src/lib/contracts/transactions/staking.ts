import type {Transaction, TransactionResult} from '@mysten/sui/transactions'
import * as staking from '../generated/daas/staking.ts'
import type {ClusterCall, ObjectRef} from './call.ts'
import {createUserSeal, createWorkerSeal, type SealParams} from './seals.ts'

/** Stakes `amount` MIST of the gas coin for a node and shares the stake; the sender gets the ticket. */
export function stakeForNode(tx: Transaction, params: ClusterCall & {amount: bigint; nodeId: string}): void {
  share(tx, params.packageId, nodeStake(tx, params))
}

/** Stakes `amount` MIST of the gas coin for a user and shares the stake; the sender gets the ticket. */
export function stakeForUser(tx: Transaction, params: ClusterCall & {amount: bigint}): void {
  share(tx, params.packageId, userStake(tx, params))
}

/** Stakes for a node, seals the stake and shares it, all in one. Ticket and seal go to the sender. */
export function stakeAndSeal(
  tx: Transaction,
  params: ClusterCall & SealParams & {amount: bigint; nodeId: string},
): void {
  const stake = nodeStake(tx, params)
  createWorkerSeal(tx, {...params, stake})
  share(tx, params.packageId, stake)
}

/** As `stakeAndSeal`, for a user. */
export function stakeAndSealForUser(
  tx: Transaction,
  params: ClusterCall & SealParams & {amount: bigint},
): void {
  const stake = userStake(tx, params)
  createUserSeal(tx, {...params, stake})
  share(tx, params.packageId, stake)
}

/** Adds `amount` MIST of the gas coin to an active stake. */
export function addStake(tx: Transaction, params: ClusterCall & {stake: ObjectRef; amount: bigint}): void {
  staking.addStake({
    package: params.packageId,
    arguments: {cluster: params.cluster, stake: params.stake, payment: payment(tx, params.amount)},
  })(tx)
}

/** Says that a stake is to be withdrawn. */
export function requestUnstake(tx: Transaction, params: ClusterCall & {stake: ObjectRef}): void {
  staking.requestUnstake({
    package: params.packageId,
    arguments: {cluster: params.cluster, stake: params.stake},
  })(tx)
}

/** Withdraws what is left of a stake to `recipient`; ends stake and ticket. */
export function withdrawStake(
  tx: Transaction,
  params: ClusterCall & {stake: ObjectRef; ticket: ObjectRef; recipient: string},
): void {
  const call = staking.withdrawStake({
    package: params.packageId,
    arguments: {cluster: params.cluster, stake: params.stake, ticket: params.ticket},
  })
  tx.transferObjects([call(tx)], params.recipient)
}

/** Slashes a stake by the cluster's share, or by `amount` MIST. */
export function slashStake(
  tx: Transaction,
  params: ClusterCall & {cap: ObjectRef; stake: ObjectRef; reason: string; amount?: bigint},
): void {
  const {packageId, amount} = params
  const args = {cluster: params.cluster, cap: params.cap, stake: params.stake, reason: params.reason}
  if (amount === undefined) staking.slashStake({package: packageId, arguments: args})(tx)
  else staking.slashStakeAmount({package: packageId, arguments: {...args, amount}})(tx)
}

function nodeStake(
  tx: Transaction,
  params: ClusterCall & {amount: bigint; nodeId: string},
): TransactionResult {
  return staking.stakeForNode({
    package: params.packageId,
    arguments: {cluster: params.cluster, payment: payment(tx, params.amount), nodeId: params.nodeId},
  })(tx)
}

function userStake(tx: Transaction, params: ClusterCall & {amount: bigint}): TransactionResult {
  return staking.stakeForUser({
    package: params.packageId,
    arguments: {cluster: params.cluster, payment: payment(tx, params.amount)},
  })(tx)
}

function payment(tx: Transaction, amount: bigint): TransactionResult {
  return tx.splitCoins(tx.gas, [amount])
}

function share(tx: Transaction, packageId: string, stake: TransactionResult): void {
  staking.shareStake({package: packageId, arguments: {stake}})(tx)
}
