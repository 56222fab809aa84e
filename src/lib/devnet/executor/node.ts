/** The node of a devnet: ledger, executor and time behind one interface. */
import {randomBytes} from 'node:crypto'
import {
  TransactionRejected,
  type DevnetNode,
  type EpochInfo,
  type EpochSpan,
  type LedgerCheckpoint,
  type LedgerTransaction,
  type NodeOptions,
  type SimulateOptions,
  type Simulation,
  type TransactionData,
} from '../ledger/api.ts'
import type {DataDir} from '../ledger/data-dir.ts'
import {digestOf} from '../ledger/digest.ts'
import {blake2b256} from '../vm/blake2b.ts'
import {PROTOCOL_VERSION} from '../ledger/chain.ts'
import {Ledger} from '../ledger/ledger.ts'
import {TransactionRecord, type NewTransaction} from '../ledger/record.ts'
import type {Vm} from '../vm/api.ts'
import {normalizeMoveAddress} from '../vm/types.ts'
import {createVm} from '../vm/vm.ts'
import {CheckpointClock} from './checkpoint-clock.ts'
import {checkExpiration, checkGasTerms, checkSignatures, checkSize, loadGas} from './checks.ts'
import {DevnetTime} from './devnet-time.ts'
import {executeProgram, type ExecutionOutcome} from './execute.ts'
import {Faucet} from './faucet.ts'
import {shippedFramework} from './framework.ts'
import {MAX_GAS_BUDGET, REFERENCE_GAS_PRICE} from './gas.ts'
import {CLOCK_ID, loadInputs, RANDOM_ID, type LoadedInputs} from './inputs.ts'
import {mockGasCoin} from './mock-gas.ts'
import {PackageStage} from './packages.ts'
import {nextRound} from './randomness.ts'
import {ReadOnlyValues} from './read-only-values.ts'
import {SignatureVerifier} from './signatures.ts'
import {readSubmission, resubmit, withCurrent, type Submission} from './submission.ts'
import {changeEpoch, clockPrologue, genesis, type SystemTransaction} from './system.ts'

const EPOCH_DURATION_MS = 24 * 60 * 60 * 1_000
const DEFAULT_CHECKPOINT_MS = 250
const FAUCET_BALANCE = 5_000_000_000_000_000_000n

/** The 32 bytes of a seed. */
function seedBytes(seed: string): Uint8Array {
  return blake2b256(new TextEncoder().encode(seed))
}

/** A devnet; its state is in memory, and kept on disk where it has a directory. Executions are synchronous, hence one after the other. */
class Node extends Ledger implements DevnetNode {
  readonly vm: Vm
  readonly chainId: string
  readonly #packages = new PackageStage(this.store)
  readonly #firstEpochMs: bigint
  #epoch: EpochInfo
  readonly #time: DevnetTime
  readonly #seed: Uint8Array
  readonly #faucet: Faucet
  readonly #verifier = new SignatureVerifier()
  readonly #readOnly = new ReadOnlyValues()
  readonly #data: DataDir | undefined
  #closed = false
  readonly #perTransaction: boolean
  readonly #timer: CheckpointClock

  constructor(options: NodeOptions) {
    super(options.data)
    this.#data = options.data
    this.#time = new DevnetTime(options.now ?? Date.now)
    const kept = options.data?.facts()
    const seed = kept?.seed ?? options.seed ?? randomBytes(32).toString('hex')
    this.#seed = seedBytes(seed)
    this.#faucet = new Faucet(this.#seed)
    this.vm = createVm(this.#packages)
    let epochStartMs = kept?.epochStartMs
    if (options.data !== undefined && kept !== undefined) {
      this.#time.resume(kept.advancedMs, options.data.resume(this))
    } else {
      epochStartMs = this.#time.now()
      const genesisOf = (): void => this.#genesis(seed, options)
      if (options.data === undefined) genesisOf()
      else options.data.begin({seed, epochStartMs, advancedMs: 0n}, this, genesisOf)
    }
    this.chainId = this.checkpointBySequence(0n)!.digest
    this.#firstEpochMs = epochStartMs ?? 0n
    this.#epoch = {
      ...this.#epochNow(),
      durationMs: BigInt(options.epochDurationMs ?? EPOCH_DURATION_MS),
      referenceGasPrice: REFERENCE_GAS_PRICE,
      protocolVersion: PROTOCOL_VERSION,
    }
    const interval = options.checkpointIntervalMs ?? DEFAULT_CHECKPOINT_MS
    this.#perTransaction = interval === 0
    this.#timer = new CheckpointClock({
      intervalMs: interval,
      pending: () => this.pending > 0 || this.#epochIsOver(),
      seal: () => this.#seal(),
    })
  }

  #genesis(seed: string, options: NodeOptions): void {
    const accounts = (options.genesisAccounts ?? []).map(({address, balance}) => {
      return {address: normalizeMoveAddress(address), balance}
    })
    const faucet = {address: this.#faucet.address, balance: FAUCET_BALANCE}
    const first = genesis({
      seed: seedBytes(seed),
      epoch: 0n,
      framework: options.framework ?? shippedFramework(),
      accounts: [faucet, ...accounts],
    })
    this.commit(first.transaction, first.changes)
    this.seal(0n)
  }

  epoch(): EpochInfo {
    return this.#epoch
  }

  epochSpan(epoch: bigint): EpochSpan | undefined {
    return this.spanOfEpoch(epoch, this.#firstEpochMs)
  }

  #epochNow(): {epoch: bigint; startTimestampMs: bigint} {
    const epoch = this.currentEpoch
    return {epoch, startTimestampMs: this.epochSpan(epoch)?.startTimestampMs ?? 0n}
  }

  #epochIsOver(): boolean {
    const {startTimestampMs, durationMs} = this.#epoch
    return this.#time.now() >= startTimestampMs + durationMs
  }

  async execute(bytes: Uint8Array, signatures: readonly Uint8Array[]): Promise<LedgerTransaction> {
    const digest = digestOf('TransactionData', bytes)
    const stored = this.getTransaction(digest)
    if (stored !== undefined) return stored
    const submission = readSubmission(bytes, digest)
    checkSize(submission.program, bytes)
    await checkSignatures(this.#verifier, submission.data, bytes, signatures)
    // From here on nothing is asynchronous: what is checked is what is executed.
    return this.getTransaction(submission.digest) ?? this.#executeVerified(submission, signatures)
  }

  #executeVerified(submission: Submission, signatures: readonly Uint8Array[]): LedgerTransaction {
    const {data} = submission
    if (this.#epochIsOver()) this.#seal()
    this.#checkTerms(data)
    const loaded = this.#load(submission, loadGas(this.store, data, true), true)
    const prologue = this.#prologue((clock) => this.#time.dueBeforeTransaction(clock))
    if (prologue !== undefined) this.#setClock(prologue)
    if (loaded.inputs.some((input) => input.kind === 'object' && input.object.id === RANDOM_ID)) {
      const round = nextRound(this.store, this.#seed, {
        epoch: this.#epoch.epoch,
        timestampMs: this.#time.now(),
      })
      if (round !== undefined) this.commit(round.transaction, round.changes)
    }
    const current = withCurrent(loaded, this.store.get(CLOCK_ID), this.store.get(RANDOM_ID))
    const outcome = this.#run(submission, current, {permissive: false, keepOutputs: false})
    const kept = signatures.map((signature) => Uint8Array.from(signature))
    const transaction = this.commit(this.#record(outcome, submission, kept), outcome.changes)
    if (this.#perTransaction) this.#seal()
    return transaction
  }

  #checkTerms(data: TransactionData): void {
    checkExpiration(data, this.#epoch, this.chainId, this.#time.now())
    checkGasTerms(data, REFERENCE_GAS_PRICE)
  }

  // Async so that a refusal is a rejection; nothing in it waits.
  async simulate(given: TransactionData, {checks, mockGas}: SimulateOptions): Promise<Simulation> {
    const submission = resubmit(given)
    const {data, bytes, program} = submission
    const {payment, owner} = data.V1.gasData
    const mock = mockGas ?? (payment.length === 0 && !checks ? MAX_GAS_BUDGET : undefined)
    if (checks) {
      checkSize(program, bytes)
      this.#checkTerms(data)
    }
    const gas = mock === undefined ? loadGas(this.store, data, checks) : [mockGasCoin(owner, mock)]
    const loaded = this.#load(submission, gas, checks)
    const prologue = this.#prologue((clock) => this.#time.dueBeforeTransaction(clock))
    const outcome = this.#run(submission, withCurrent(loaded, prologue?.changes[0]?.after), {
      permissive: !checks,
      keepOutputs: true,
    })
    return {
      transaction: new TransactionRecord(this.#record(outcome, submission, []), 0n),
      commandOutputs: outcome.commandOutputs,
    }
  }

  #load({data, program}: Submission, gas: LoadedInputs['gas'], checks: boolean): LoadedInputs {
    return loadInputs(this.store, data.V1.sender, program, gas, checks)
  }

  #run(
    {data, digest, program}: Submission,
    loaded: LoadedInputs,
    how: {permissive: boolean; keepOutputs: boolean},
  ): ExecutionOutcome {
    const environment = {
      vm: this.vm,
      reader: this.store,
      packages: this.#packages,
      readOnly: this.#readOnly,
      epoch: this.#epoch,
    }
    return executeProgram(environment, {data, digest, program, loaded, ...how})
  }

  #record(
    outcome: ExecutionOutcome,
    {digest, data, bytes}: Submission,
    signatures: readonly Uint8Array[],
  ): NewTransaction {
    const {effectsBytes, effectsDigest, eventsDigest, gasUsed} = outcome
    const {failure, events, balanceChanges, inputObjects, outputObjects} = outcome
    return {
      digest,
      sender: data.V1.sender,
      bytes,
      signatures,
      effectsBytes,
      effectsDigest,
      gasUsed,
      failure,
      events,
      eventsDigest,
      balanceChanges,
      inputObjects,
      outputObjects,
      timestampMs: this.#time.now(),
    }
  }

  /** The transaction that sets the Clock to the time, if it is due. */
  #prologue(
    due: (clock: NonNullable<ReturnType<Ledger['getObject']>>) => boolean,
  ): SystemTransaction | undefined {
    const clock = this.store.get(CLOCK_ID)
    if (clock === undefined || !due(clock)) return undefined
    const round = this.tip().sequenceNumber + 1n
    return clockPrologue(clock, {round, epoch: this.#epoch.epoch, timestampMs: this.#time.now()})
  }

  #setClock({transaction, changes}: SystemTransaction): void {
    this.commit(transaction, changes)
    this.#time.clockSet()
  }

  async advanceClock(ms: bigint): Promise<void> {
    this.#time.advance(ms)
    this.#data?.setAdvanced(this.#time.advancedMs)
  }

  async sealCheckpoint(): Promise<LedgerCheckpoint> {
    return this.#seal()
  }

  #seal(): LedgerCheckpoint {
    const prologue = this.#prologue((clock) => this.#time.dueBeforeCheckpoint(clock, this.pending === 0))
    if (prologue !== undefined) this.#setClock(prologue)
    this.#time.checkpointSealed()
    this.#timer.sealed()
    if (!this.#epochIsOver()) return this.seal(this.#time.now())
    const timestampMs = this.#time.now()
    const {epoch, protocolVersion} = this.#epoch
    const end = changeEpoch({epoch, protocolVersion, gas: this.epochGas, timestampMs})
    this.commit(end.transaction, end.changes)
    const last = this.seal(timestampMs)
    this.#epoch = {...this.#epoch, ...this.#epochNow()}
    return last
  }

  async fund(recipient: string, amountMist: bigint): Promise<{coinId: string; digest: string}> {
    const [coin] = this.objectsOwnedBy(this.#faucet.address)
    if (coin === undefined) {
      throw new TransactionRejected('FAILED_PRECONDITION', 'the faucet has no coin left')
    }
    const {bytes, signature} = this.#faucet.give(coin, normalizeMoveAddress(recipient), amountMist)
    const {failure, digest, outputObjects} = this.#executeVerified(readSubmission(bytes), [signature])
    const given = outputObjects.find((object) => object.id !== coin.id)
    if (failure !== undefined || given === undefined) {
      throw new TransactionRejected('FAILED_PRECONDITION', failure?.description ?? 'the faucet gave nothing')
    }
    return {coinId: given.id, digest}
  }

  async close(): Promise<void> {
    this.#timer.stop()
    if (this.#closed) return
    this.#closed = true
    if (this.pending > 0) this.#seal()
    this.#data?.close()
  }
}

/**
 * Starts a devnet: framework, Clock, funded accounts, a faucet; and the timer that seals checkpoints.
 * @param options see NodeOptions
 * @throws DaasError DEVNET_DATA_UNREADABLE
 * @example const node = await createNode({seed: 'test', checkpointIntervalMs: 0})
 */
export async function createNode(options: NodeOptions): Promise<DevnetNode> {
  try {
    return new Node(options)
  } catch (error) {
    options.data?.close()
    throw error
  }
}
