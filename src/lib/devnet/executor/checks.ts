/** What is checked before a transaction is executed: signatures, gas, expiration. */
import {TransactionRejected, type EpochInfo, type StoredObject, type TransactionData} from '../ledger/api.ts'
import {coinBalance, GAS_COIN_TYPE} from '../ledger/object.ts'
import type {ObjectReader} from '../ledger/store.ts'
import {formatType} from '../vm/types.ts'
import {MAX_GAS_BUDGET, MAX_GAS_COINS, MAX_GAS_PRICE, MIN_COMPUTATION_UNITS} from './gas.ts'
import {inputError, loadReference, type Programmable} from './inputs.ts'
import type {SignatureVerifier} from './signatures.ts'

const GAS_COIN_NAME = formatType(GAS_COIN_TYPE)

/** Limits of the real network (its protocol configuration): bytes, and counts. */
const MAX_TRANSACTION_BYTES = 128 * 1024
const MAX_PURE_BYTES = 16 * 1024
const MAX_COMMANDS = 1_024
const MAX_INPUTS = 2_048
const MAX_ARGUMENTS = 512

function rejected(message: string): TransactionRejected {
  return new TransactionRejected('INVALID_ARGUMENT', message)
}

function badSignature(message: string): TransactionRejected {
  return rejected(`Invalid user signature: ${message}`)
}

/**
 * Verifies that sender and gas owner, and nobody else, have signed.
 * @param bytes BCS of TransactionData
 * @throws TransactionRejected
 */
export async function checkSignatures(
  verifier: SignatureVerifier,
  data: TransactionData,
  bytes: Uint8Array,
  signatures: readonly Uint8Array[],
): Promise<void> {
  const {sender, gasData} = data.V1
  const required = new Set([sender, gasData.owner])
  if (signatures.length !== required.size) {
    throw badSignature(`Expect ${required.size} signer signatures but got ${signatures.length}`)
  }
  const signers = new Set<string>()
  for (const signature of signatures) {
    try {
      signers.add(await verifier.signerOf(bytes, signature))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw badSignature(`Signature is not valid: ${reason}`)
    }
  }
  for (const address of required) {
    if (signers.has(address)) continue
    const found = [...signers].map((signer) => JSON.stringify(signer)).join(', ')
    throw badSignature(`Required Signature from ${address} is absent [${found}]`)
  }
}

/** Refuses a transaction that is not valid in this epoch, at this time, or on this chain. */
export function checkExpiration(
  data: TransactionData,
  epoch: EpochInfo,
  chainId: string,
  nowMs: bigint,
): void {
  const {expiration} = data.V1
  if (expiration.Epoch !== undefined && expiration.Epoch !== null && BigInt(expiration.Epoch) < epoch.epoch) {
    throw rejected('Transaction Expired')
  }
  const during = expiration.ValidDuring ?? expiration.Validity
  if (during === undefined) return
  if (during.chain !== chainId) {
    throw inputError(
      'INVALID_ARGUMENT',
      `Transaction chain ID ${during.chain} does not match network chain ID ${chainId}.`,
    )
  }
  const within = (value: bigint, min: string | null, max: string | null): boolean =>
    (min === null || value >= BigInt(min)) && (max === null || value <= BigInt(max))
  const valid =
    within(epoch.epoch, during.minEpoch, during.maxEpoch) &&
    within(nowMs, during.minTimestamp, during.maxTimestamp)
  if (!valid) throw rejected('Transaction Expired')
}

/** Refuses prices and budgets that Sui does not accept. */
export function checkGasTerms(data: TransactionData, referencePrice: bigint): void {
  const price = BigInt(data.V1.gasData.price)
  const budget = BigInt(data.V1.gasData.budget)
  if (price < referencePrice) {
    throw inputError(
      'INVALID_ARGUMENT',
      `Gas price ${price} under reference gas price (RGP) ${referencePrice}`,
    )
  }
  if (price >= MAX_GAS_PRICE) {
    throw inputError('INVALID_ARGUMENT', `Gas price cannot exceed ${MAX_GAS_PRICE} mist`)
  }
  if (budget > MAX_GAS_BUDGET) {
    throw inputError('INVALID_ARGUMENT', `Gas budget: ${budget} is higher than max: ${MAX_GAS_BUDGET}`)
  }
  const least = MIN_COMPUTATION_UNITS * price
  if (budget < least) {
    throw inputError('INVALID_ARGUMENT', `Gas budget: ${budget} is lower than min: ${least}`)
  }
}

/** An owner that is no address, as Sui's messages have it. */
function debugOwner(owner: StoredObject['owner']): string {
  if (owner.kind === 'object') return `ObjectOwner(${owner.parent})`
  if (owner.kind !== 'shared') return 'Immutable'
  return `Shared { initial_shared_version: SequenceNumber(${owner.initialSharedVersion}) }`
}

/**
 * The coins that pay. With checks, they must be live Coin<SUI> of the gas owner and cover the budget.
 * @throws TransactionRejected
 */
export function loadGas(reader: ObjectReader, data: TransactionData, checks: boolean): StoredObject[] {
  const {payment, owner, budget} = data.V1.gasData
  if (payment.length === 0) throw inputError('INVALID_ARGUMENT', 'Transaction gas payment missing')
  if (payment.length > MAX_GAS_COINS) {
    throw inputError(
      'INVALID_ARGUMENT',
      `Size limit exceeded: maximum number of gas payment objects is ${MAX_GAS_COINS}`,
    )
  }
  if (new Set(payment.map((ref) => ref.objectId)).size !== payment.length) {
    throw inputError('INVALID_ARGUMENT', "The transaction inputs contain duplicated ObjectRef's")
  }
  const coins = payment.map((ref) => loadReference(reader, ref, checks))
  let balance = 0n
  for (const coin of coins) {
    if (coin.typeName !== GAS_COIN_NAME) {
      throw inputError('INVALID_ARGUMENT', `Object ${coin.id} is not a gas object`)
    }
    if (coin.owner.kind !== 'address') {
      throw inputError(
        'INVALID_ARGUMENT',
        `Gas object is not an owned object with owner: ${debugOwner(coin.owner)}`,
      )
    }
    if (checks && coin.owner.address !== owner) {
      throw inputError(
        'INVALID_ARGUMENT',
        `Transaction was not signed by the correct sender: Object ${coin.id} is owned by account address ` +
          `${coin.owner.address}, but given owner/signer address is ${owner}`,
      )
    }
    balance += coinBalance(coin.contents)
  }
  if (checks && balance < BigInt(budget)) {
    throw inputError(
      'INVALID_ARGUMENT',
      `Balance of gas object ${balance} is lower than the needed amount: ${budget}`,
    )
  }
  return coins
}

/** Refuses transactions that are larger than the real network takes. */
export function checkSize(program: Programmable, bytes: Uint8Array): void {
  const within = (value: number, max: number, what: string): void => {
    if (value > max) throw inputError('INVALID_ARGUMENT', `Size limit exceeded: ${what} is ${max}`)
  }
  within(bytes.length, MAX_TRANSACTION_BYTES, 'serialized transaction size exceeded maximum which')
  within(program.commands.length, MAX_COMMANDS, 'maximum commands in a programmable transaction')
  within(program.inputs.length, MAX_INPUTS, 'maximum input objects in a transaction')
  for (const {Pure: pure} of program.inputs) {
    if (pure !== undefined)
      within(Buffer.byteLength(pure.bytes, 'base64'), MAX_PURE_BYTES, 'maximum pure argument size')
  }
  for (const {MoveCall: call} of program.commands) {
    if (call !== undefined) within(call.arguments.length, MAX_ARGUMENTS, 'maximum arguments in a move call')
  }
}
