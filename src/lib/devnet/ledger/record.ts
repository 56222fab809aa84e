/** A transaction as the ledger keeps it: bytes, and no more than is asked for often. */
import {bcs} from '@mysten/sui/bcs'
import type {
  BalanceChange,
  ExecutionFailure,
  GasCosts,
  LedgerTransaction,
  MoveEvent,
  StoredObject,
  TransactionData,
  TransactionEffects,
} from './api.ts'

/** A transaction before it has a place in the history; what can be read from its bytes left out. */
export type NewTransaction = Omit<LedgerTransaction, 'sequence' | 'checkpoint' | 'data' | 'effects'>

/** One transaction. `data` and `effects` are parsed at each use: there are very many of these, and few are read. */
export class TransactionRecord implements LedgerTransaction {
  readonly digest: string
  readonly sender: string
  readonly bytes: Uint8Array
  readonly signatures: readonly Uint8Array[]
  readonly effectsBytes: Uint8Array
  readonly effectsDigest: string
  readonly gasUsed: GasCosts
  readonly failure: ExecutionFailure | undefined
  readonly events: readonly MoveEvent[]
  readonly eventsDigest: string | undefined
  readonly balanceChanges: readonly BalanceChange[]
  readonly inputObjects: readonly StoredObject[]
  readonly outputObjects: readonly StoredObject[]
  readonly timestampMs: bigint
  readonly sequence: bigint
  checkpoint: bigint | undefined

  constructor(parts: NewTransaction, sequence: bigint) {
    this.digest = parts.digest
    this.sender = parts.sender
    this.bytes = parts.bytes
    this.signatures = parts.signatures
    this.effectsBytes = parts.effectsBytes
    this.effectsDigest = parts.effectsDigest
    this.gasUsed = parts.gasUsed
    this.failure = parts.failure
    this.events = parts.events
    this.eventsDigest = parts.eventsDigest
    this.balanceChanges = parts.balanceChanges
    this.inputObjects = parts.inputObjects
    this.outputObjects = parts.outputObjects
    this.timestampMs = parts.timestampMs
    this.sequence = sequence
    this.checkpoint = undefined
  }

  get data(): TransactionData {
    return bcs.TransactionData.parse(this.bytes)
  }

  get effects(): TransactionEffects {
    return bcs.TransactionEffects.parse(this.effectsBytes)
  }
}
