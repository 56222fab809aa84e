import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {DevnetNode} from '../../ledger/api.ts'
import {type HandlerTable, stream} from '../dispatch.ts'
import {checkpointToProto} from '../proto/checkpoint.ts'
import {eventToProto} from '../proto/event.ts'
import {executedToProto} from '../proto/executed.ts'
import {eventFilter, transactionFilter} from '../query/filter.ts'
import {eventsOf, transactionsOf} from '../query/items.ts'
import {scan, startOf} from '../query/scan.ts'
import {readMask} from '../read-mask.ts'
import {transactionMask} from './ledger.ts'

const service = 'sui.rpc.v2.LedgerService'

/** The lists of LedgerService: checkpoints, transactions and events between two places of the ledger. */
export function ledgerListHandlers(node: DevnetNode): HandlerTable {
  return {
    [`${service}/ListCheckpoints`]: stream(async function* (
      request: T.ListCheckpointsRequest,
    ): AsyncGenerator<T.ListCheckpointsResponse> {
      const mask = readMask(T.Checkpoint, request.readMask, 'sequence_number,digest')
      const passes = transactionFilter(request.filter)
      const limits = {lane: 'checkpoints', defaultLimit: 10, maxLimit: 100} as const
      const frames = scan(node, request, limits, (checkpoint) =>
        request.filter === undefined || checkpoint.transactions.some(passes)
          ? [{position: startOf(node, checkpoint.sequenceNumber), item: checkpoint}]
          : [],
      )
      for await (const {item, ...frame} of frames) {
        yield item === undefined
          ? frame
          : {...frame, checkpoint: mask.prune(checkpointToProto(node, item, mask))}
      }
    }),
    [`${service}/ListTransactions`]: stream(async function* (
      request: T.ListTransactionsRequest,
    ): AsyncGenerator<T.ListTransactionsResponse> {
      const mask = transactionMask(request.readMask)
      const passes = transactionFilter(request.filter)
      const limits = {lane: 'transactions', defaultLimit: 50, maxLimit: 500} as const
      for await (const {item, ...frame} of scan(node, request, limits, (one) =>
        transactionsOf(one, passes),
      )) {
        yield item === undefined
          ? frame
          : {...frame, transaction: mask.prune(executedToProto(node, item.transaction, mask, item.place))}
      }
    }),
    [`${service}/ListEvents`]: stream(async function* (
      request: T.ListEventsRequest,
    ): AsyncGenerator<T.ListEventsResponse> {
      const mask = readMask(T.Event, request.readMask, 'event_type')
      const passes = eventFilter(request.filter)
      const limits = {lane: 'events', defaultLimit: 50, maxLimit: 1000} as const
      for await (const {item, ...frame} of scan(node, request, limits, (one) => eventsOf(one, passes))) {
        yield item === undefined
          ? frame
          : {...frame, event: mask.prune(eventToProto(node.vm, item.event, mask, '', item.place))}
      }
    }),
  }
}
