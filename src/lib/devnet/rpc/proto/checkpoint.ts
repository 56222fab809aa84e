import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {DevnetNode, LedgerCheckpoint} from '../../ledger/api.ts'
import type {ReadMask} from '../read-mask.ts'
import {executedToProto} from './executed.ts'
import {signatureToProto} from './signature.ts'
import {toTimestamp} from './values.ts'

/**
 * A checkpoint as the API writes it, with what the mask wants. It carries no validator signature: a devnet has none.
 */
export function checkpointToProto(
  node: DevnetNode,
  checkpoint: LedgerCheckpoint,
  mask: Pick<ReadMask<object>, 'wants'>,
): T.Checkpoint {
  const {sequenceNumber, digest, epoch} = checkpoint
  return T.Checkpoint.create({
    sequenceNumber,
    digest,
    ...(mask.wants('summary')
      ? {
          summary: {
            bcs: {name: 'CheckpointSummary', value: checkpoint.summaryBytes},
            digest,
            epoch,
            sequenceNumber,
            totalNetworkTransactions: checkpoint.totalTransactions,
            contentDigest: checkpoint.contentDigest,
            previousDigest: checkpoint.previousDigest,
            epochRollingGasCostSummary: {...checkpoint.epochGas},
            timestamp: toTimestamp(checkpoint.timestampMs),
            ...(checkpoint.endsEpoch
              ? {endOfEpochData: {nextEpochProtocolVersion: node.epoch().protocolVersion}}
              : {}),
          },
        }
      : {}),
    ...(mask.wants('contents')
      ? {
          contents: {
            bcs: {name: 'CheckpointContents', value: checkpoint.contentsBytes},
            digest: checkpoint.contentDigest,
            version: 1,
            transactions: checkpoint.transactions.map((transaction) => ({
              transaction: transaction.digest,
              effects: transaction.effectsDigest,
              signatures: transaction.signatures.map(signatureToProto),
            })),
          },
        }
      : {}),
    ...(mask.wants('transactions')
      ? {
          transactions: checkpoint.transactions.map((transaction, index) =>
            executedToProto(
              node,
              transaction,
              mask,
              {checkpoint: sequenceNumber, index: BigInt(index)},
              'transactions.',
            ),
          ),
        }
      : {}),
  })
}
