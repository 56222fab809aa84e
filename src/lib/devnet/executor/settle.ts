/** Who pays: the gas of a transaction, and what becomes of one that cannot pay (sui-adapter gas_charger). */
import {objectSize} from '../ledger/object.ts'
import type {Change} from './changes.ts'
import {ExecutionError, plainFailure} from './failure.ts'
import {gasUsed, storageCost, type GasUsed} from './gas.ts'

/** What is written, what it costs, and why it failed if it did. */
export interface Settled {
  readonly changes: readonly Change[]
  readonly gas: GasUsed
  /** The storage rebate of an object that is written, MIST. */
  readonly rebateOf: (change: Change) => bigint
  readonly failure: ExecutionError | undefined
}

function storageOf({after}: Change): bigint {
  return after === undefined ? 0n : storageCost(objectSize(after))
}

/** The gas of these changes; undefined when the budget does not cover it. */
function charge(changes: readonly Change[], computation: bigint, budget: bigint): GasUsed | undefined {
  let storage = 0n
  let rebates = 0n
  for (const change of changes) {
    storage += storageOf(change)
    rebates += change.before?.storageRebate ?? 0n
  }
  const gas = gasUsed(computation, storage, rebates)
  const extra = gas.storageCost - gas.storageRebate
  return computation + (extra > 0n ? extra : 0n) > budget ? undefined : gas
}

/**
 * Charges gas. Changes that the budget does not cover fail, and then only what failure writes is paid for.
 * @param attempt the changes, or why there are none
 * @param failed what is written when the transaction fails
 * @param computation cost of the computation, MIST
 * @param budget MIST
 */
export function settle(
  attempt: readonly Change[] | ExecutionError,
  failed: readonly Change[],
  computation: bigint,
  budget: bigint,
): Settled {
  if (!(attempt instanceof ExecutionError)) {
    const gas = charge(attempt, computation, budget)
    if (gas !== undefined) return {changes: attempt, gas, rebateOf: storageOf, failure: undefined}
  }
  const failure = attempt instanceof ExecutionError ? attempt : plainFailure('InsufficientGas')
  const gas = charge(failed, computation, budget)
  if (gas !== undefined) return {changes: failed, gas, rebateOf: storageOf, failure}
  // Not even the inputs' storage can be paid for: the budget goes, storage stays as it is paid.
  const kept = ({before}: Change): bigint => before?.storageRebate ?? 0n
  return {changes: failed, gas: gasUsed(budget, 0n, 0n), rebateOf: kept, failure}
}
