import {GrpcTypes as T} from '@mysten/sui/grpc'
import {isValidTransactionDigest} from '@mysten/sui/utils'
import type {DevnetNode, StoredObject} from '../../ledger/api.ts'
import {type HandlerTable, unary} from '../dispatch.ts'
import {checkpointToProto} from '../proto/checkpoint.ts'
import {executedToProto} from '../proto/executed.ts'
import {objectToProto} from '../proto/object.ts'
import {statusToProto} from '../proto/status-details.ts'
import {requireAddress} from '../proto/types.ts'
import {toTimestamp} from '../proto/values.ts'
import {placeOf} from '../query/items.ts'
import {type ReadMask, readMask} from '../read-mask.ts'
import {invalidArgument, invalidField, missingField, notFound, toFailure} from '../status.ts'
import {epochToProto} from './epoch.ts'

const service = 'sui.rpc.v2.LedgerService'
const EPOCH_DEFAULT =
  'epoch,first_checkpoint,last_checkpoint,start,end,reference_gas_price,protocol_config.protocol_version'
const maxBatch = 1000
const maxTransactionBatch = 200

/** What the services say the server is. */
export const serverName = 'daas-devnet'

/** The lookups of LedgerService; its lists are in ledger-lists.ts. */
export function ledgerHandlers(node: DevnetNode): HandlerTable {
  function object({id, version}: ObjectKey, mask: ReadMask<T.Object>): T.Object {
    const found = node.getObject(id, version)
    if (found === undefined) throw notFound(objectMissing(id, version))
    return mask.prune(objectToProto(node, found, mask))
  }

  function transaction(digest: string, mask: ReadMask<T.ExecutedTransaction>): T.ExecutedTransaction {
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
      const mask = objectMask(request.readMask)
      return {object: object(objectKey(request, 0), mask)}
    }),
    [`${service}/BatchGetObjects`]: unary((request: T.BatchGetObjectsRequest): T.BatchGetObjectsResponse => {
      const mask = objectMask(request.readMask)
      checkBatch(request.requests.length, maxBatch)
      return {
        objects: request.requests.map(objectKey).map((key) =>
          settle<T.GetObjectResult>(
            () => ({result: {oneofKind: 'object', object: object(key, mask)}}),
            (error) => ({result: {oneofKind: 'error', error}}),
          ),
        ),
      }
    }),
    [`${service}/GetTransaction`]: unary((request: T.GetTransactionRequest): T.GetTransactionResponse => {
      if (request.digest === undefined) throw missingField('digest')
      const digest = requireDigest(request.digest, 'digest')
      return {transaction: transaction(digest, transactionMask(request.readMask))}
    }),
    [`${service}/BatchGetTransactions`]: unary(
      (request: T.BatchGetTransactionsRequest): T.BatchGetTransactionsResponse => {
        const mask = transactionMask(request.readMask)
        checkBatch(request.digests.length, maxTransactionBatch)
        return {
          transactions: request.digests.map((text, index) =>
            settle<T.GetTransactionResult>(
              () => {
                const digest = requireDigest(text, `digests[${index}]`, 'digest')
                return {result: {oneofKind: 'transaction', transaction: transaction(digest, mask)}}
              },
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
      if (id.oneofKind === 'digest') found = node.checkpointByDigest(requireDigest(id.digest, 'digest'))
      if (found === undefined) {
        const name =
          id.oneofKind === 'digest' ? id.digest : id.oneofKind === undefined ? '' : id.sequenceNumber
        throw notFound(`Checkpoint ${name} not found`)
      }
      return {checkpoint: mask.prune(checkpointToProto(node, found, mask))}
    }),
    [`${service}/GetEpoch`]: unary((request: T.GetEpochRequest): T.GetEpochResponse => {
      const mask = readMask(T.Epoch, request.readMask, EPOCH_DEFAULT)
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

interface ObjectKey {
  readonly id: string
  readonly version: bigint | undefined
}

/** Real nodes name the fields of a single request as those of the first of a batch. */
function objectKey({objectId, version}: T.GetObjectRequest, index: number): ObjectKey {
  return {id: requireAddress(objectId, `requests[${index}].object_id`), version}
}

function requireDigest(text: string, field: string, name = field): string {
  if (isValidTransactionDigest(text)) return text
  throw invalidField(field, `invalid ${name}: Unable to parse Digest (must be Base58 string of length 32)`)
}

function settle<Result>(
  run: () => Result,
  onError: (status: ReturnType<typeof statusToProto>) => Result,
): Result {
  try {
    return run()
  } catch (error) {
    return onError(statusToProto(toFailure(error)))
  }
}
