import {Transaction, TransactionDataBuilder} from '@mysten/sui/transactions'
import {fromBase64, toBase64} from '@mysten/sui/utils'
import {daasError} from '../errors/daas-error.ts'
import {findRpcError} from './rpc-errors.ts'
import {
  dryRunTransaction,
  sendTransaction,
  type DryRun,
  type ExecuteDeps,
  type ExecutedTx,
  type Sender,
} from './execute.ts'

/** A transaction to be signed elsewhere, by a multisig or a machine without a network. Amounts in MIST. */
export interface UnsignedTx extends DryRun {
  /** Base64 of the BCS of the TransactionData, as `sui client --serialize-unsigned-transaction` prints it. */
  readonly transaction: string
  readonly sender: string
  readonly digest: string
}

/**
 * Simulates a transaction and makes the bytes to sign, gas coins and budget (1.2 × the simulated use) in it. They are
 * good until one of the objects in them changes.
 * @throws as dryRunTransaction
 */
export async function buildUnsigned(deps: ExecuteDeps<Sender>, tx: Transaction): Promise<UnsignedTx> {
  const run = await dryRunTransaction(deps, tx)
  tx.setGasBudget(run.budgetMist)
  const bytes = await tx.build({client: deps.client})
  return {
    ...run,
    transaction: toBase64(bytes),
    sender: deps.signer.toSuiAddress(),
    digest: TransactionDataBuilder.getDigestFromBytes(bytes),
  }
}

/**
 * Sends what was signed elsewhere.
 * @param signed.transaction base64, as buildUnsigned made it
 * @param signed.signatures base64; the combined one of a multisig
 * @throws TRANSACTION_UNREADABLE, SIGNATURE_REFUSED, and those of sendTransaction
 */
export async function executeSigned(
  deps: Omit<ExecuteDeps, 'signer'>,
  signed: {readonly transaction: string; readonly signatures: readonly string[]},
): Promise<ExecutedTx & {readonly sender: string}> {
  const {bytes, sender, budget} = readTransaction(signed.transaction)
  const signatures = signed.signatures.map((each) => each.trim())
  try {
    const by = {toSuiAddress: () => sender}
    return {...(await sendTransaction({...deps, signer: by}, bytes, signatures)), budgetMist: budget, sender}
  } catch (error) {
    const rpc = findRpcError(error)
    if (rpc?.code !== 'INVALID_ARGUMENT') throw error
    throw daasError('SIGNATURE_REFUSED', {reason: rpc.message, sender}, {cause: error})
  }
}

function readTransaction(text: string): {bytes: Uint8Array; sender: string; budget: bigint} {
  try {
    const bytes = fromBase64(text.trim())
    const {sender, gasData} = Transaction.from(bytes).getData()
    if (typeof sender !== 'string') throw new TypeError('it names no sender')
    return {bytes, sender, budget: BigInt(gasData.budget ?? 0)}
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw daasError('TRANSACTION_UNREADABLE', {reason}, {cause: error})
  }
}
