/**
 * The seam between the ledger and executor below and the RPC services above: what the node of a devnet knows and does.
 * Ids and addresses are `0x` and 64 lower-case hex digits; digests are base58; amounts are MIST as bigint.
 */
import type {bcs} from '@mysten/sui/bcs'
import type {DataDir} from './data-dir.ts'
import type {MoveType, PackageBytecode, Vm} from '../vm/api.ts'

/** `TransactionData` as the SDK's BCS parses it. */
export type TransactionData = typeof bcs.TransactionData.$inferType
/** `TransactionEffects` (V2) as the SDK's BCS parses it. */
export type TransactionEffects = typeof bcs.TransactionEffects.$inferType

export type ObjectOwner =
  | {readonly kind: 'address'; readonly address: string}
  | {readonly kind: 'object'; readonly parent: string}
  | {readonly kind: 'shared'; readonly initialSharedVersion: bigint}
  | {readonly kind: 'immutable'}

/** One version of one object. */
export interface StoredObject {
  readonly id: string
  readonly version: bigint
  readonly digest: string
  readonly owner: ObjectOwner
  /** Undefined for a package. */
  readonly type: MoveType | undefined
  /** Undefined for a package; `0x…::m::T<…>` else. */
  readonly typeName: string | undefined
  readonly hasPublicTransfer: boolean
  /** BCS of the Move value; empty for a package. */
  readonly contents: Uint8Array
  readonly package: PackageBytecode | undefined
  /** Digest of the transaction that wrote this version. */
  readonly previousTransaction: string
  readonly storageRebate: bigint
  /** BCS of the whole `Object`. */
  readonly bcs: Uint8Array
}

export interface MoveEvent {
  readonly packageId: string
  readonly module: string
  readonly sender: string
  readonly type: MoveType
  /** `0x…::m::T<…>` with the defining package. */
  readonly typeName: string
  readonly contents: Uint8Array
}

export interface BalanceChange {
  readonly address: string
  readonly coinType: string
  readonly amount: bigint
}

/** What an abort code of an `#[error]` constant, or of an `assert!` without a code, tells. */
export interface CleverError {
  /** Line of the source. */
  readonly line: number
  /** The `code` of the attribute, where it has one. */
  readonly errorCode?: number
  readonly constantName?: string
  /** The value of the constant as text; `raw` (its BCS) where it has none. */
  readonly rendered?: string
  readonly raw?: Uint8Array
}

/** Why a transaction failed, in parts that the RPC can show. */
export interface ExecutionFailure {
  /** As in the effects' BCS (`MoveAbort`, `InsufficientGas`, …). */
  readonly kind: string
  /** The command, counted from 0, if it was in one. */
  readonly command: number | undefined
  readonly description: string
  readonly abort?: {
    readonly code: bigint
    readonly package: string
    readonly module: string
    readonly functionIndex: number
    readonly functionName: string | undefined
    readonly instruction: number
    readonly clever?: CleverError
  }
}

/** What a transaction paid, in MIST. */
export interface GasCosts {
  readonly computationCost: bigint
  readonly storageCost: bigint
  readonly storageRebate: bigint
  readonly nonRefundableStorageFee: bigint
}

/** A transaction that was executed and is final. */
export interface LedgerTransaction {
  readonly digest: string
  readonly sender: string
  readonly data: TransactionData
  /** BCS of TransactionData. */
  readonly bytes: Uint8Array
  readonly signatures: readonly Uint8Array[]
  readonly effects: TransactionEffects
  readonly effectsBytes: Uint8Array
  readonly effectsDigest: string
  readonly gasUsed: GasCosts
  readonly failure: ExecutionFailure | undefined
  readonly events: readonly MoveEvent[]
  readonly eventsDigest: string | undefined
  readonly balanceChanges: readonly BalanceChange[]
  /** Objects as they were read and as they were written. */
  readonly inputObjects: readonly StoredObject[]
  readonly outputObjects: readonly StoredObject[]
  readonly timestampMs: bigint
  /** Undefined until it is in a checkpoint. */
  checkpoint: bigint | undefined
  /** Its place in the order of the whole chain. */
  readonly sequence: bigint
}

export interface LedgerCheckpoint {
  readonly sequenceNumber: bigint
  readonly digest: string
  readonly previousDigest: string | undefined
  readonly contentDigest: string
  readonly timestampMs: bigint
  readonly epoch: bigint
  readonly transactions: readonly LedgerTransaction[]
  /** Transactions of the chain up to and with this one. */
  readonly totalTransactions: bigint
  /** What the transactions of the epoch have paid, up to and with this checkpoint. */
  readonly epochGas: GasCosts
  /** Is it the last one of its epoch? */
  readonly endsEpoch: boolean
  readonly summaryBytes: Uint8Array
  readonly contentsBytes: Uint8Array
}

/** A transaction that is refused before it is executed. `code` is the gRPC status. */
export class TransactionRejected extends Error {
  readonly code: 'INVALID_ARGUMENT' | 'NOT_FOUND' | 'FAILED_PRECONDITION' | 'ABORTED' | 'ALREADY_EXISTS'
  constructor(code: TransactionRejected['code'], message: string) {
    super(message)
    this.name = 'TransactionRejected'
    this.code = code
  }
}

/** What a simulation says: as a transaction, but nothing was written; and what each command returned. */
export interface Simulation {
  readonly transaction: Omit<LedgerTransaction, 'sequence' | 'checkpoint'>
  readonly commandOutputs: readonly {
    readonly returnValues: readonly {readonly type: MoveType; readonly bcs: Uint8Array}[]
    readonly mutatedByRef: readonly {
      readonly argument: unknown
      readonly type: MoveType
      readonly bcs: Uint8Array
    }[]
  }[]
}

export interface SimulateOptions {
  /** false: as `checks: DISABLED` of the RPC, nothing is checked but what execution needs. */
  readonly checks: boolean
  /** true: pay with a coin that does not exist, of this many MIST. */
  readonly mockGas?: bigint
}

/** Where an epoch lies in the history. */
export interface EpochSpan {
  readonly epoch: bigint
  readonly startTimestampMs: bigint
  readonly firstCheckpoint: bigint
  /** Undefined while it lasts. */
  readonly last: LedgerCheckpoint | undefined
}

export interface EpochInfo {
  readonly epoch: bigint
  readonly startTimestampMs: bigint
  readonly durationMs: bigint
  readonly referenceGasPrice: bigint
  readonly protocolVersion: bigint
}

/** The node: state, execution, time. */
export interface DevnetNode {
  readonly vm: Vm
  /** Base58 digest of the genesis checkpoint. */
  readonly chainId: string
  /** The epoch of now. */
  epoch(): EpochInfo
  /** An epoch that has begun; undefined for later ones. */
  epochSpan(epoch: bigint): EpochSpan | undefined
  /** The live version, or the named one if it is still kept; undefined when there is none or it is deleted. */
  getObject(id: string, version?: bigint): StoredObject | undefined
  /** Live objects owned by an address, ordered by id. */
  objectsOwnedBy(address: string): StoredObject[]
  /** Dynamic fields: live objects owned by an object, ordered by id. */
  childrenOf(parent: string): StoredObject[]
  /** Live objects of one of the types that tell of coins (`CoinMetadata<T>`, `TreasuryCap<T>`), by its full text. */
  objectsOfType(typeName: string): StoredObject[]
  /** Every version of a package by its original id, the oldest first. */
  packageVersions(originalId: string): readonly StoredObject[]
  getTransaction(digest: string): LedgerTransaction | undefined
  /** Transactions of checkpoint `from` to `to` (inclusive), in order. */
  transactions(from: bigint, to: bigint): LedgerTransaction[]
  checkpointBySequence(sequence: bigint): LedgerCheckpoint | undefined
  checkpointByDigest(digest: string): LedgerCheckpoint | undefined
  tip(): LedgerCheckpoint
  /** Called for each checkpoint after it is stored; returns how to stop. */
  onCheckpoint(listener: (checkpoint: LedgerCheckpoint) => void): () => void
  /**
   * Verifies and executes; the result is final. A digest executed before gives the stored result.
   * @param bytes BCS of TransactionData
   * @param signatures serialised Sui signatures (flag, signature, public key)
   * @throws TransactionRejected
   */
  execute(bytes: Uint8Array, signatures: readonly Uint8Array[]): Promise<LedgerTransaction>
  /** @throws TransactionRejected */
  simulate(data: TransactionData, options: SimulateOptions): Promise<Simulation>
  /** Moves the clock on (the Clock object follows with the next checkpoint). */
  advanceClock(ms: bigint): Promise<void>
  /** Seals a checkpoint now, empty or not. */
  sealCheckpoint(): Promise<LedgerCheckpoint>
  /** The faucet: a new coin for the address; returns what was sent. */
  fund(recipient: string, amountMist: bigint): Promise<{coinId: string; digest: string}>
  /** Seals what is open and releases timers and files. */
  close(): Promise<void>
}

/** How a devnet is made: `createNode(options)` in executor/node.ts. */
export interface NodeOptions {
  /** 32 bytes or a text: same seed, same genesis. Default: random. */
  readonly seed?: string
  /** ms between checkpoints; 0: one per transaction. Default 250. */
  readonly checkpointIntervalMs?: number
  /** ms that an epoch lasts. Default a day. */
  readonly epochDurationMs?: number
  /** Addresses to fund at genesis, in MIST. */
  readonly genesisAccounts?: readonly {readonly address: string; readonly balance: bigint}[]
  /** Now in ms; default Date.now. */
  readonly now?: () => number
  /** Framework bytecode; default: move/build of this package. */
  readonly framework?: readonly PackageBytecode[]
  /** Keeps the chain, and goes on with the one that is there; then its seed is the one that counts. Closed by the node. */
  readonly data?: DataDir
}
