import type {DevnetNode, LedgerCheckpoint, LedgerTransaction, MoveEvent} from '../../ledger/api.ts'
import type {EventPlace} from '../proto/event.ts'
import type {TransactionPlace} from '../proto/executed.ts'
import type {Predicate} from './filter.ts'
import type {Placed} from './scan.ts'

/** A transaction of a checkpoint and where it lies. */
export interface PlacedTransaction {
  readonly transaction: LedgerTransaction
  readonly place: TransactionPlace
}

/** An event of a checkpoint and where it lies. */
export interface PlacedEvent {
  readonly event: MoveEvent
  readonly place: EventPlace
}

/** The transactions of a checkpoint that pass, in order. */
export function transactionsOf(
  checkpoint: LedgerCheckpoint,
  passes: Predicate<LedgerTransaction>,
): Placed<PlacedTransaction>[] {
  const first = firstSequence(checkpoint)
  return checkpoint.transactions.flatMap((transaction, index) =>
    passes(transaction)
      ? {
          position: {checkpoint: checkpoint.sequenceNumber, transaction: first + BigInt(index), event: 0},
          item: {transaction, place: {checkpoint: checkpoint.sequenceNumber, index: BigInt(index)}},
        }
      : [],
  )
}

/** The events of a checkpoint that pass, in order. */
export function eventsOf(checkpoint: LedgerCheckpoint, passes: Predicate<MoveEvent>): Placed<PlacedEvent>[] {
  const first = firstSequence(checkpoint)
  return checkpoint.transactions.flatMap((transaction, index) =>
    transaction.events.flatMap((event, eventIndex) =>
      passes(event)
        ? {
            position: {
              checkpoint: checkpoint.sequenceNumber,
              transaction: first + BigInt(index),
              event: eventIndex,
            },
            item: {
              event,
              place: {
                checkpoint: checkpoint.sequenceNumber,
                transactionDigest: transaction.digest,
                transactionIndex: BigInt(index),
                eventIndex,
              },
            },
          }
        : [],
    ),
  )
}

/** Where a transaction lies: in which checkpoint and at which index of it. */
export function placeOf(node: DevnetNode, transaction: LedgerTransaction): TransactionPlace {
  const {checkpoint} = transaction
  const index =
    checkpoint === undefined
      ? -1
      : (node
          .checkpointBySequence(checkpoint)
          ?.transactions.findIndex((candidate) => candidate.digest === transaction.digest) ?? -1)
  return {checkpoint, index: index < 0 ? undefined : BigInt(index)}
}

/** The place of a checkpoint's first transaction in the order of the whole chain. */
function firstSequence(checkpoint: LedgerCheckpoint): bigint {
  return checkpoint.totalTransactions - BigInt(checkpoint.transactions.length)
}
