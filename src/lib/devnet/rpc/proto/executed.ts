import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {DevnetNode, LedgerTransaction, StoredObject} from '../../ledger/api.ts'
import type {ReadMask} from '../read-mask.ts'
import {effectsToProto} from './effects.ts'
import {eventsToProto} from './event.ts'
import {objectToProto} from './object.ts'
import {signatureToProto} from './signature.ts'
import {transactionToProto} from './transaction.ts'
import {toTimestamp} from './values.ts'

/** What is known of a transaction whether it was executed or simulated. */
export type ExecutedParts = Omit<LedgerTransaction, 'sequence' | 'checkpoint'>

/** Where a transaction lies in the ledger. */
export interface TransactionPlace {
  readonly checkpoint: bigint | undefined
  /** Its index in its checkpoint. */
  readonly index: bigint | undefined
}

/**
 * An executed or simulated transaction as the API writes it, with what the mask wants.
 * @param place undefined for a simulation
 * @param prefix where the transaction lies in the mask, with a dot at its end
 */
export function executedToProto(
  node: DevnetNode,
  parts: ExecutedParts,
  mask: Pick<ReadMask<object>, 'wants'>,
  place: TransactionPlace | undefined,
  prefix = '',
): T.ExecutedTransaction {
  const wants = (path: string): boolean => mask.wants(prefix + path)
  return T.ExecutedTransaction.create({
    digest: parts.digest,
    ...(wants('transaction') ? {transaction: transactionToProto(parts.data, parts.bytes)} : {}),
    signatures: parts.signatures.map(signatureToProto),
    ...(wants('effects') ? {effects: effectsToProto(parts, (field) => wants(`effects.${field}`))} : {}),
    ...(wants('events') && parts.events.length > 0
      ? {events: eventsToProto(node.vm, parts.events, parts.eventsDigest, mask, `${prefix}events.`)}
      : {}),
    ...(place === undefined
      ? {}
      : {
          checkpoint: place.checkpoint,
          transactionIndex: place.index,
          timestamp: toTimestamp(parts.timestampMs),
        }),
    balanceChanges: parts.balanceChanges.map((change) => ({...change, amount: String(change.amount)})),
    ...(wants('objects')
      ? {
          objects: {
            objects: objectsOf(parts).map((object) =>
              objectToProto(node, object, mask, `${prefix}objects.objects.`),
            ),
          },
        }
      : {}),
  })
}

function objectsOf(parts: ExecutedParts): StoredObject[] {
  const byVersion = new Map<string, StoredObject>()
  for (const object of [...parts.inputObjects, ...parts.outputObjects]) {
    byVersion.set(`${object.id}@${object.version}`, object)
  }
  return [...byVersion.values()]
}
