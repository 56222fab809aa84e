/** BCS types that the SDK does not export: events and checkpoints (sui-types, facts/sui.md 4). */
import {bcs} from '@mysten/sui/bcs'
import {ByteWriter} from '../vm/bytes.ts'
import {typeTagBytes} from '../vm/types.ts'
import type {MoveEvent} from './api.ts'
import {writeDigest} from './object.ts'

const encoder = new TextEncoder()

const GasCostSummary = bcs.struct('GasCostSummary', {
  computationCost: bcs.u64(),
  storageCost: bcs.u64(),
  storageRebate: bcs.u64(),
  nonRefundableStorageFee: bcs.u64(),
})

/**
 * BCS of `TransactionEvents`; its digest stands in the effects. An event is package id, module, sender, struct tag,
 * contents.
 */
export function eventsBytes(events: readonly MoveEvent[]): Uint8Array {
  const writer = new ByteWriter()
  writer.length(events.length)
  for (const event of events) {
    const module = encoder.encode(event.module)
    writer.address(event.packageId)
    writer.length(module.length)
    writer.bytes(module)
    writer.address(event.sender)
    // A type tag of a datatype is a byte and the struct tag.
    writer.bytes(typeTagBytes(event.type).subarray(1))
    writer.length(event.contents.length)
    writer.bytes(event.contents)
  }
  return writer.take()
}

/** Head of a checkpoint. A devnet has neither commitments nor a committee, so these stay empty. */
export const CheckpointSummaryBcs = bcs.struct('CheckpointSummary', {
  epoch: bcs.u64(),
  sequenceNumber: bcs.u64(),
  networkTotalTransactions: bcs.u64(),
  contentDigest: bcs.ObjectDigest,
  previousDigest: bcs.option(bcs.ObjectDigest),
  epochRollingGasCostSummary: GasCostSummary,
  timestampMs: bcs.u64(),
  checkpointCommitments: bcs.vector(bcs.u8()),
  endOfEpochData: bcs.option(
    bcs.struct('EndOfEpochData', {
      nextEpochCommittee: bcs.vector(bcs.u8()),
      nextEpochProtocolVersion: bcs.u64(),
      epochCommitments: bcs.vector(bcs.u8()),
    }),
  ),
  versionSpecificData: bcs.byteVector(),
})

/** BCS of `CheckpointContents` V1: digests of transactions and effects, then the signatures of each transaction. */
export function checkpointContentsBytes(
  transactions: readonly {
    readonly digest: string
    readonly effectsDigest: string
    readonly signatures: readonly Uint8Array[]
  }[],
): Uint8Array {
  const writer = new ByteWriter()
  writer.u8(0)
  writer.length(transactions.length)
  for (const {digest, effectsDigest} of transactions) {
    writeDigest(writer, digest)
    writeDigest(writer, effectsDigest)
  }
  writer.length(transactions.length)
  for (const {signatures} of transactions) {
    writer.length(signatures.length)
    for (const signature of signatures) {
      writer.length(signature.length)
      writer.bytes(signature)
    }
  }
  return writer.take()
}
