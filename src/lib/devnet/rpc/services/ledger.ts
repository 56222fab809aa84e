import {GrpcTypes as T} from '@mysten/sui/grpc'
import {isValidTransactionDigest} from '@mysten/sui/utils'
import type {DevnetNode, StoredObject} from '../../ledger/api.ts'
import {type HandlerTable, unary} from '../dispatch.ts'
import {checkpointToProto} from '../proto/checkpoint.ts'
import {executedToProto} from '../proto/executed.ts'
import {objectToProto} from '../proto/object.ts'
import {requireAddress} from '../proto/types.ts'
import {toTimestamp} from '../proto/values.ts'
import {placeOf} from '../query/items.ts'
import {type ReadMask, readMask} from '../read-mask.ts'
import {type RpcFailure, invalidArgument, notFound, toFailure} from '../status.ts'
import {epochToProto} from './epoch.ts'

const service = 'sui.rpc.v2.LedgerService'
const maxBatch = 1000
const maxTransactionBatch = 200

/** What the services say the server is. */
export const serverName = 'daas-devnet'

/** The lookups of LedgerService; its lists are in ledger-lists.ts. */
export function ledgerHandlers(node: DevnetNode): HandlerTable {
  function object(request: T.GetObjectRequest, mask: ReadMask<T.Object>): T.Object {
    const id = requireAddress(request.objectId, 'object_id')
    const found = node.getObject(id, request.version)
    if (found === undefined) throw notFound(objectMissing(id, request.version))
    return mask.prune(objectToProto(node, found, mask))
  }

  function transaction(
    digest: string | undefined,
    mask: ReadMask<T.ExecutedTransaction>,
  ): T.ExecutedTransaction {
    if (digest === undefined || !isValidTransactionDigest(digest)) {
      throw invalidArgument(`invalid digest: ${digest ?? ''}`)
    }
    const found = node.getTransaction(digest)
    if (found === undefined) throw notFound(`Transaction ${digest} not found`)
    return mask.prune(executedToProto(node, found, mask, placeOf(node, found)))
  }

  return {
    [`${service}/GetServiceInfo`]: unary((): T.GetServiceInfoResponse => {
      const tip = node.tip()
      return {
        chainId: node.chainId,
        chain: 'unknown',
        epoch: node.epoch().epoch,
        checkpointHeight: tip.sequenceNumber,
        timestamp: toTimestamp(tip.timestampMs),
        lowestAvailableCheckpoint: 0n,
        lowestAvailableCheckpointObjects: 0n,
        server: serverName,
      }
    }),
    [`${service}/GetObject`]: unary((request: T.GetObjectRequest): T.GetObjectResponse => {
      return {object: object(request, objectMask(request.readMask))}
    }),
    [`${service}/BatchGetObjects`]: unary((request: T.BatchGetObjectsRequest): T.BatchGetObjectsResponse => {
      const mask = objectMask(request.readMask)
      checkBatch(request.requests.length, maxBatch)
      return {
        objects: request.requests.map((single) =>
          settle<T.GetObjectResult>(
            () => ({result: {oneofKind: 'object', object: object(single, mask)}}),
            (error) => ({result: {oneofKind: 'error', error}}),
          ),
        ),
      }
    }),
    [`${service}/GetTransaction`]: unary((request: T.GetTransactionRequest): T.GetTransactionResponse => {
      return {transaction: transaction(request.digest, transactionMask(request.readMask))}
    }),
    [`${service}/BatchGetTransactions`]: unary(
      (request: T.BatchGetTransactionsRequest): T.BatchGetTransactionsResponse => {
        const mask = transactionMask(request.readMask)
        checkBatch(request.digests.length, maxTransactionBatch)
        return {
          transactions: request.digests.map((digest) =>
            settle<T.GetTransactionResult>(
              () => ({result: {oneofKind: 'transaction', transaction: transaction(digest, mask)}}),
              (error) => ({result: {oneofKind: 'error', error}}),
            ),
          ),
        }
      },
    ),
    [`${service}/GetCheckpoint`]: unary((request: T.GetCheckpointRequest): T.GetCheckpointResponse => {
      const mask = readMask(T.Checkpoint, request.readMask, 'sequence_number,digest')
      const id = request.checkpointId
      let found = node.tip() as ReturnType<DevnetNode['checkpointByDigest']>
      if (id.oneofKind === 'sequenceNumber') found = node.checkpointBySequence(id.sequenceNumber)
      if (id.oneofKind === 'digest') found = node.checkpointByDigest(id.digest)
      if (found === undefined) {
        const name =
          id.oneofKind === 'digest' ? id.digest : id.oneofKind === undefined ? '' : id.sequenceNumber
        throw notFound(`Checkpoint ${name} not found`)
      }
      return {checkpoint: mask.prune(checkpointToProto(node, found, mask))}
    }),
    [`${service}/GetEpoch`]: unary((request: T.GetEpochRequest): T.GetEpochResponse => {
      const mask = readMask(T.Epoch, request.readMask, 'epoch,first_checkpoint,last_checkpoint')
      const span = node.epochSpan(request.epoch ?? node.epoch().epoch)
      if (span === undefined) throw notFound(`Epoch ${request.epoch} not found`)
      return {epoch: mask.prune(epochToProto(node, span))}
    }),
  }
}

/** The mask over an object, with the default of the API. */
export function objectMask(mask: T.GetObjectRequest['readMask']): ReadMask<T.Object> {
  return readMask(T.Object, mask, 'object_id,version,digest')
}

/** The mask over a transaction, with the default of lookups and lists. */
export function transactionMask(mask: T.GetTransactionRequest['readMask']): ReadMask<T.ExecutedTransaction> {
  return readMask(T.ExecutedTransaction, mask, 'digest')
}

/** The sentence for an object that is not there. */
export function objectMissing(id: string, version?: StoredObject['version']): string {
  return version === undefined ? `Object ${id} not found` : `Object ${id} with version ${version} not found`
}

function checkBatch(length: number, most: number): void {
  if (length > most) throw invalidArgument(`number of batch requests exceed limit of ${most}`)
}

function settle<Result>(
  run: () => Result,
  onError: (status: {code: number; message: string; details: never[]}) => Result,
): Result {
  try {
    return run()
  } catch (error) {
    const failure: RpcFailure = toFailure(error)
    return onError({code: failure.code, message: failure.message, details: []})
  }
}
