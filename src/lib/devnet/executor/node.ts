/** The node of a devnet: ledger, executor and time behind one interface. */
import {randomBytes} from 'node:crypto'
import {bcs} from '@mysten/sui/bcs'
import {
  TransactionRejected,
  type DevnetNode,
  type EpochInfo,
  type LedgerCheckpoint,
  type LedgerTransaction,
  type NodeOptions,
  type SimulateOptions,
  type Simulation,
  type StoredObject,
  type TransactionData,
} from '../ledger/api.ts'
import {Chain} from '../ledger/chain.ts'
import {blake2b256, digestOf} from '../ledger/digest.ts'
import {ObjectStore} from '../ledger/store.ts'
import type {DatatypeInfo, FunctionInfo, Vm} from '../vm/api.ts'
import {normalizeMoveAddress} from '../vm/types.ts'
import {createVm} from '../vm/vm.ts'
import {checkExpiration, checkGasTerms, checkSignatures, checkSize, loadGas} from './checks.ts'
import {CheckpointClock} from './checkpoint-clock.ts'
import {executeProgram, type ExecutionOutcome} from './execute.ts'
import {Faucet} from './faucet.ts'
import {shippedFramework} from './framework.ts'
import {MAX_GAS_BUDGET, REFERENCE_GAS_PRICE} from './gas.ts'
import {CLOCK_ID, loadInputs, type LoadedInputs, type Programmable} from './inputs.ts'
import {mockGasCoin} from './mock-gas.ts'
import {PackageStage} from './packages.ts'
import {clockPrologue, clockTime, genesis, type SystemTransaction} from './system.ts'

const EPOCH = 0n
const EPOCH_DURATION_MS = 24n * 60n * 60n * 1_000n
/** The protocol version the devnet speaks for (facts/sui.md 1.1: what the SDK announces). */
const PROTOCOL_VERSION = 138n
const DEFAULT_CHECKPOINT_MS = 250
/** A transaction waits at most so long for the Clock to follow: as often as consensus commits. */
const COMMIT_MS = 50n
const FAUCET_BALANCE = 5_000_000_000_000_000_000n

/** The 32 bytes of a seed. */
function seedBytes(seed: string | undefined): Uint8Array {
  return seed === undefined ? randomBytes(32) : blake2b256(new TextEncoder().encode(seed))
}

/** A devnet in memory. Executions are synchronous, hence one after the other. */
class MemoryNode implements DevnetNode {
  readonly vm: Vm
  readonly chainId: string
  readonly #store = new ObjectStore()
  readonly #packages = new PackageStage(this.#store)
  readonly #chain = new Chain(EPOCH)
  readonly #epoch: EpochInfo
  readonly #now: () => number
  readonly #faucet: Faucet
  readonly #perTransaction: boolean
  readonly #timer: CheckpointClock
  #advanced = 0n
  #lastMs = 0n
  /** The Clock must follow before the next transaction, however little time has passed. */
  #commitDue = true

  constructor(options: NodeOptions, framework: Parameters<typeof genesis>[0]['framework']) {
    this.#now = options.now ?? Date.now
    const seed = seedBytes(options.seed)
    this.#faucet = new Faucet(seed)
    this.vm = createVm(this.#packages)
    const accounts = (options.genesisAccounts ?? []).map(({address, balance}) => {
      return {address: normalizeMoveAddress(address), balance}
    })
    const faucet = {address: this.#faucet.address, balance: FAUCET_BALANCE}
    this.#commit(genesis({seed, epoch: EPOCH, framework, accounts: [faucet, ...accounts]}))
    this.chainId = this.#chain.seal(0n).digest
    this.#epoch = {
      epoch: EPOCH,
      startTimestampMs: this.#time(),
      durationMs: EPOCH_DURATION_MS,
      referenceGasPrice: REFERENCE_GAS_PRICE,
      protocolVersion: PROTOCOL_VERSION,
    }
    const interval = options.checkpointIntervalMs ?? DEFAULT_CHECKPOINT_MS
    this.#perTransaction = interval === 0
    this.#timer = new CheckpointClock({
      intervalMs: interval,
      pending: () => this.#chain.pending > 0,
      seal: () => this.#seal(),
    })
  }

  epoch(): EpochInfo {
    return this.#epoch
  }

  getObject(id: string, version?: bigint): StoredObject | undefined {
    const live = this.#store.get(id)
    if (version === undefined || live?.version === version) return live
    return this.#store.getVersion(id, version)
  }

  objectsOwnedBy(address: string): StoredObject[] {
    return this.#store.ownedBy(address)
  }

  childrenOf(parent: string): StoredObject[] {
    return this.#store.childrenOf(parent)
  }

  getTransaction(digest: string): LedgerTransaction | undefined {
    return this.#chain.getTransaction(digest)
  }

  transactions(from: bigint, to: bigint): LedgerTransaction[] {
    return this.#chain.transactions(from, to)
  }

  checkpointBySequence(sequence: bigint): LedgerCheckpoint | undefined {
    return this.#chain.checkpointBySequence(sequence)
  }

  checkpointByDigest(digest: string): LedgerCheckpoint | undefined {
    return this.#chain.checkpointByDigest(digest)
  }

  tip(): LedgerCheckpoint {
    return this.#chain.tip()
  }

  onCheckpoint(listener: (checkpoint: LedgerCheckpoint) => void): () => void {
    return this.#chain.onCheckpoint(listener)
  }

  async execute(bytes: Uint8Array, signatures: readonly Uint8Array[]): Promise<LedgerTransaction> {
    const digest = digestOf('TransactionData', bytes)
    const stored = this.#chain.getTransaction(digest)
    if (stored !== undefined) return stored
    const data = parseData(bytes)
    checkSize(programOf(data), bytes)
    await checkSignatures(data, bytes, signatures)
    // From here on nothing is asynchronous: what is checked is what is executed.
    return this.#chain.getTransaction(digest) ?? this.#executeVerified(data, bytes, signatures)
  }

  #executeVerified(
    data: TransactionData,
    bytes: Uint8Array,
    signatures: readonly Uint8Array[],
  ): LedgerTransaction {
    const digest = digestOf('TransactionData', bytes)
    const program = programOf(data)
    checkExpiration(data, this.#epoch, this.chainId, this.#time())
    checkGasTerms(data, REFERENCE_GAS_PRICE)
    const loaded = this.#load(data, program, loadGas(this.#store, data, true), true)
    const prologue = this.#clockStep(COMMIT_MS)
    if (prologue !== undefined) this.#commit(prologue)
    const current = withClock(loaded, this.#store.get(CLOCK_ID))
    const outcome = this.#run(data, digest, program, current, false)
    this.#write(outcome)
    const transaction = this.#chain.append({
      ...this.#record(outcome, data, bytes, digest),
      signatures: signatures.map((signature) => Uint8Array.from(signature)),
    })
    if (this.#perTransaction) this.#seal()
    return transaction
  }

  // Async so that a refusal is a rejection; nothing in it waits.
  async simulate(given: TransactionData, {checks, mockGas}: SimulateOptions): Promise<Simulation> {
    const bytes = bcs.TransactionData.serialize(given).toBytes()
    // Parsed again, so that addresses are written in full.
    const data = parseData(bytes)
    const program = programOf(data)
    const digest = digestOf('TransactionData', bytes)
    const {payment, owner} = data.V1.gasData
    const mock = mockGas ?? (payment.length === 0 && !checks ? MAX_GAS_BUDGET : undefined)
    if (checks) {
      checkSize(program, bytes)
      checkExpiration(data, this.#epoch, this.chainId, this.#time())
      checkGasTerms(data, REFERENCE_GAS_PRICE)
    }
    const gas = mock === undefined ? loadGas(this.#store, data, checks) : [mockGasCoin(owner, mock)]
    const loaded = this.#load(data, program, gas, checks)
    const clock = this.#clockStep(COMMIT_MS)?.changes[0]?.after
    const outcome = this.#run(data, digest, program, withClock(loaded, clock), !checks)
    return {
      transaction: {...this.#record(outcome, data, bytes, digest), signatures: []},
      commandOutputs: outcome.commandOutputs,
    }
  }

  #load(
    data: TransactionData,
    program: Programmable,
    gas: readonly StoredObject[],
    checks: boolean,
  ): LoadedInputs {
    return loadInputs(this.#store, data.V1.sender, program, gas, checks)
  }

  #run(
    data: TransactionData,
    digest: string,
    program: Programmable,
    loaded: LoadedInputs,
    permissive: boolean,
  ): ExecutionOutcome {
    const environment = {vm: this.vm, reader: this.#store, packages: this.#packages, epoch: this.#epoch}
    return executeProgram(environment, {data, digest, program, loaded, permissive})
  }

  #record(outcome: ExecutionOutcome, data: TransactionData, bytes: Uint8Array, digest: string) {
    const {effects, effectsBytes, effectsDigest, eventsDigest} = outcome
    const {failure, events, balanceChanges, inputObjects, outputObjects} = outcome
    return {
      digest,
      data,
      bytes,
      effects,
      effectsBytes,
      effectsDigest,
      failure,
      events,
      eventsDigest,
      balanceChanges,
      inputObjects,
      outputObjects,
      timestampMs: this.#time(),
    }
  }

  #write({changes}: Pick<ExecutionOutcome, 'changes'>): void {
    for (const {id, after} of changes) {
      if (after === undefined) this.#store.remove(id)
      else this.#store.write(after)
    }
  }

  #commit(system: SystemTransaction): void {
    this.#write(system)
    this.#chain.append(system.transaction)
    this.#commitDue = false
  }

  /** Devnet's time in ms: never goes back. */
  #time(): bigint {
    const now = BigInt(Math.floor(this.#now())) + this.#advanced
    if (now > this.#lastMs) this.#lastMs = now
    return this.#lastMs
  }

  /** The prologue that sets the Clock, when it is at least so many ms behind or a commit is due. */
  #clockStep(behindMs: bigint): SystemTransaction | undefined {
    const clock = this.#store.get(CLOCK_ID)
    if (clock === undefined) return undefined
    const timestampMs = this.#time()
    const behind = timestampMs - clockTime(clock)
    if (behind <= 0n || (behind < behindMs && !this.#commitDue)) return undefined
    const round = BigInt(this.#chain.tip().sequenceNumber) + 1n
    return clockPrologue(clock, {round, epoch: EPOCH, timestampMs})
  }

  advanceClock(ms: bigint): Promise<void> {
    this.#advanced += ms
    this.#commitDue = true
    return Promise.resolve()
  }

  sealCheckpoint(): Promise<LedgerCheckpoint> {
    return Promise.resolve(this.#seal())
  }

  #seal(): LedgerCheckpoint {
    // The Clock is set before transactions; a checkpoint without any shows the time all the same.
    const prologue = this.#chain.pending === 0 ? this.#clockStep(1n) : undefined
    if (prologue !== undefined) this.#commit(prologue)
    this.#commitDue = true
    this.#timer.sealed()
    return this.#chain.seal(this.#time())
  }

  async fund(recipient: string, amountMist: bigint): Promise<{coinId: string; digest: string}> {
    const [coin] = this.objectsOwnedBy(this.#faucet.address)
    if (coin === undefined)
      throw new TransactionRejected('FAILED_PRECONDITION', 'the faucet has no coin left')
    const {bytes, signature} = this.#faucet.give(coin, normalizeMoveAddress(recipient), amountMist)
    const transaction = this.#executeVerified(parseData(bytes), bytes, [signature])
    const {failure, digest, outputObjects} = transaction
    const given = outputObjects.find((object) => object.id !== coin.id)
    if (failure !== undefined || given === undefined) {
      throw new TransactionRejected('FAILED_PRECONDITION', failure?.description ?? 'the faucet gave nothing')
    }
    return {coinId: given.id, digest}
  }

  functionInfo(packageId: string, module: string, name: string): FunctionInfo {
    return this.vm.functionInfo(packageId, module, name)
  }

  datatypeInfo(packageId: string, module: string, name: string): DatatypeInfo {
    return this.vm.datatypeInfo(packageId, module, name)
  }

  close(): Promise<void> {
    this.#timer.stop()
    if (this.#chain.pending > 0) this.#seal()
    return Promise.resolve()
  }
}

/** The inputs with another version of the Clock, if it is one of them. */
function withClock(loaded: LoadedInputs, clock: StoredObject | undefined): LoadedInputs {
  if (clock === undefined) return loaded
  const inputs = loaded.inputs.map((input) =>
    input.kind === 'object' && input.object.id === CLOCK_ID ? {...input, object: clock} : input,
  )
  return {...loaded, inputs}
}

function parseData(bytes: Uint8Array): TransactionData {
  try {
    return bcs.TransactionData.parse(bytes)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new TransactionRejected('INVALID_ARGUMENT', `invalid transaction bcs: ${reason}`)
  }
}

function programOf(data: TransactionData): Programmable {
  const program = data.V1.kind.ProgrammableTransaction
  if (program === undefined) {
    throw new TransactionRejected('INVALID_ARGUMENT', 'Only programmable transactions are supported')
  }
  return program
}

/**
 * Starts a devnet.
 * @param options see NodeOptions
 */
export function createNode(options: NodeOptions): Promise<DevnetNode> {
  return Promise.resolve(new MemoryNode(options, options.framework ?? shippedFramework()))
}
