import {SimulationError, type SuiClientTypes} from '@mysten/sui/client'
import type {Signer} from '@mysten/sui/cryptography'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {TransactionDataBuilder, type Transaction} from '@mysten/sui/transactions'
import {daasError, type DaasError} from '../errors/daas-error.ts'
import {findRpcError, toRpcError} from './rpc-errors.ts'

/** What the meaning of a Move abort is, from the package's own table. */
export interface AbortMeaning {
  readonly name: string
  readonly sentence: string
  readonly next: string
}

/** Whose transactions they are; that is enough to simulate one. */
export type Sender = Pick<Signer, 'toSuiAddress'>

/** What executing needs; simulating does with a sender. */
export interface ExecuteDeps<By extends Sender = Signer> {
  readonly client: SuiGrpcClient
  readonly signer: By
  /** The node's URL, for error messages. */
  readonly url?: string
  readonly signal?: AbortSignal
  /** Looks an abort up in the table generated from the Move source. */
  readonly describeAbort?: (module: string, code: bigint) => AbortMeaning | undefined
}

/** A transaction that was executed, in what callers ask for. Amounts in MIST. */
export interface ExecutedTx {
  readonly digest: string
  /** What it cost: computation + storage − rebate; negative when more came back. */
  readonly gasMist: bigint
  /** The budget it was sent with. */
  readonly budgetMist: bigint
  readonly events: readonly {readonly type: string; readonly bcs: Uint8Array; readonly sender: string}[]
  readonly created: readonly {readonly objectId: string; readonly type: string}[]
}

/** What a transaction would do. Amounts in MIST. */
export interface DryRun {
  readonly gasMist: bigint
  readonly budgetMist: bigint
}

const SIX_FIFTHS = {numerator: 6n, denominator: 5n}
const EXECUTE_DEADLINE_MS = 60_000

/**
 * Simulates a transaction and says what it would cost.
 * @throws SIMULATION_FAILED, MOVE_ABORT, BALANCE_TOO_LOW, RPC_UNREACHABLE
 */
export async function dryRunTransaction(deps: ExecuteDeps<Sender>, tx: Transaction): Promise<DryRun> {
  tx.setSenderIfNotSet(deps.signer.toSuiAddress())
  try {
    const result = await deps.client.simulateTransaction({
      transaction: tx,
      include: {effects: true},
      doGasSelection: true,
      ...(deps.signal && {signal: deps.signal}),
    })
    if (result.$kind === 'FailedTransaction') {
      throw failure('SIMULATION_FAILED', result.FailedTransaction.status, '', deps)
    }

    const gas = gasOf(result.Transaction.effects.gasUsed)
    const floor = gas.computation > gas.net ? gas.computation : gas.net
    // Never a constant: what the simulation used, and a fifth more for what may change until it is executed.
    return {gasMist: gas.net, budgetMist: (floor * SIX_FIFTHS.numerator) / SIX_FIFTHS.denominator}
  } catch (error) {
    throw await translate(error, deps)
  }
}

/**
 * Simulates, sets the budget to 1.2 × the simulated use, signs and executes; returns when the transaction is final.
 * @throws SIMULATION_FAILED or MOVE_ABORT before anything is signed, TRANSACTION_FAILED after, BALANCE_TOO_LOW,
 *   RPC_UNREACHABLE, TRANSACTION_TIMEOUT
 * @example const {digest, gasMist} = await executeTransaction({client, signer}, tx)
 */
export async function executeTransaction(deps: ExecuteDeps, tx: Transaction): Promise<ExecutedTx> {
  const {budgetMist} = await dryRunTransaction(deps, tx)
  tx.setGasBudget(budgetMist)
  try {
    const bytes = await tx.build({client: deps.client})
    const {signature} = await deps.signer.signTransaction(bytes)
    return {...(await sendTransaction(deps, bytes, [signature])), budgetMist}
  } catch (error) {
    throw await translate(error, deps)
  }
}

/**
 * Sends a transaction that is signed, and returns when it is final.
 * @param bytes BCS of the TransactionData
 * @param signatures serialised signatures, a multisig's combined
 * @throws TRANSACTION_FAILED, MOVE_ABORT, RPC_UNREACHABLE, RPC_FAILED, TRANSACTION_TIMEOUT
 */
export async function sendTransaction(
  deps: ExecuteDeps<Sender>,
  bytes: Uint8Array,
  signatures: string[],
): Promise<Omit<ExecutedTx, 'budgetMist'>> {
  try {
    const digest = TransactionDataBuilder.getDigestFromBytes(bytes)
    const result = await deps.client.executeTransaction({
      transaction: bytes,
      signatures,
      include: {effects: true, events: true, objectTypes: true},
      signal: withDeadline(deps.signal),
    })
    if (result.$kind === 'FailedTransaction') {
      throw failure(
        'TRANSACTION_FAILED',
        result.FailedTransaction.status,
        result.FailedTransaction.digest,
        deps,
      )
    }

    const {effects, events, objectTypes} = result.Transaction
    // Executed is final; waiting until it is indexed lets the next read see it.
    await waitUntilSeen(deps, digest)
    return {
      digest,
      gasMist: gasOf(effects.gasUsed).net,
      events: events.map((event) => ({type: event.eventType, bcs: event.bcs, sender: event.sender})),
      created: effects.changedObjects
        .filter((change) => change.idOperation === 'Created')
        .map((change) => ({objectId: change.objectId, type: objectTypes[change.objectId] ?? 'package'})),
    }
  } catch (error) {
    throw await translate(error, deps)
  }
}

async function waitUntilSeen(deps: ExecuteDeps<Sender>, digest: string): Promise<void> {
  try {
    await deps.client.waitForTransaction({
      digest,
      timeout: EXECUTE_DEADLINE_MS,
      signal: withDeadline(deps.signal),
    })
  } catch (error) {
    deps.signal?.throwIfAborted()
    throw daasError('TRANSACTION_TIMEOUT', {digest, seconds: EXECUTE_DEADLINE_MS / 1000}, {cause: error})
  }
}

function withDeadline(signal: AbortSignal | undefined): AbortSignal {
  const deadline = AbortSignal.timeout(EXECUTE_DEADLINE_MS)
  return signal ? AbortSignal.any([signal, deadline]) : deadline
}

function gasOf(used: {computationCost: string; storageCost: string; storageRebate: string}): {
  computation: bigint
  net: bigint
} {
  const computation = BigInt(used.computationCost)
  return {computation, net: computation + BigInt(used.storageCost) - BigInt(used.storageRebate)}
}

async function translate(error: unknown, deps: ExecuteDeps<Sender>): Promise<unknown> {
  if (error instanceof SimulationError && error.executionError) {
    return failure('SIMULATION_FAILED', {success: false, error: error.executionError}, '', deps, error)
  }

  const rpc = findRpcError(error)
  if (rpc && /insufficient.*balance|InsufficientGas|GasBalanceTooLow/i.test(rpc.message)) {
    const address = deps.signer.toSuiAddress()
    const {balance} = await deps.client.getBalance({owner: address})
    const places = {address, balance: balance.balance, needed: 'more for the amount and its gas'}
    return daasError('BALANCE_TOO_LOW', places, {cause: error})
  }

  return toRpcError(error, deps.url ?? 'the RPC node')
}

function failure(
  name: 'SIMULATION_FAILED' | 'TRANSACTION_FAILED',
  status: SuiClientTypes.ExecutionStatus,
  digest: string,
  deps: ExecuteDeps<Sender>,
  cause?: unknown,
): DaasError {
  const error = status.error
  const details = {...(digest && {digest}), failure: error?.$kind, command: error?.command}
  if (error?.$kind === 'MoveAbort') {
    const module = error.MoveAbort.location?.module ?? 'unknown'
    const code = error.MoveAbort.abortCode
    const meaning = deps.describeAbort?.(module, BigInt(code))
    if (meaning) {
      return daasError(
        'MOVE_ABORT',
        {module, name: meaning.name, sentence: meaning.sentence, next: meaning.next},
        {cause, details: {...details, module, abort: meaning.name, abortCode: code}},
      )
    }
  }

  return daasError(name, {digest, reason: error?.message ?? 'no reason given'}, {cause, details})
}
