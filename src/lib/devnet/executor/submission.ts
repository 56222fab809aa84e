/** A transaction as it is handed in. */
import {BcsReader} from '@mysten/bcs'
import {bcs} from '@mysten/sui/bcs'
import {TransactionRejected, type StoredObject, type TransactionData} from '../ledger/api.ts'
import {digestOf} from '../ledger/digest.ts'
import type {LoadedInputs, Programmable} from './inputs.ts'
import {readCommonTransaction} from './read-transaction.ts'

/** A transaction that can be read, and no more is known of it. */
export interface Submission {
  readonly data: TransactionData
  readonly bytes: Uint8Array
  /** Base58. */
  readonly digest: string
  readonly program: Programmable
}

/**
 * Reads a transaction.
 * @param digest where it is known already
 * @throws TransactionRejected for what is none, or is one of the system
 */
export function readSubmission(bytes: Uint8Array, digest?: string): Submission {
  const data = readCommonTransaction(bytes) ?? parse(bytes)
  const program = data.V1.kind.ProgrammableTransaction
  if (program === undefined) {
    throw new TransactionRejected('INVALID_ARGUMENT', 'Only programmable transactions are supported')
  }
  return {data, bytes, digest: digest ?? digestOf('TransactionData', bytes), program}
}

function malformed(error: unknown): TransactionRejected {
  const reason = error instanceof Error ? error.message : String(error)
  return new TransactionRejected('INVALID_ARGUMENT', `invalid transaction bcs: ${reason}`)
}

function parse(bytes: Uint8Array): TransactionData {
  let reader: BcsReader
  let data: TransactionData
  try {
    reader = new BcsReader(bytes)
    data = bcs.TransactionData.read(reader)
  } catch (error) {
    throw malformed(error)
  }
  if (!isAtEnd(reader)) {
    throw new TransactionRejected('INVALID_ARGUMENT', 'invalid transaction bcs: remaining input')
  }
  return data
}

/** Is nothing left to read? The reader does not say where it stands. */
function isAtEnd(reader: BcsReader): boolean {
  try {
    reader.read8()
    return false
  } catch (error) {
    if (error instanceof RangeError) return true
    throw error
  }
}

/** Writes a transaction and reads it again, so that addresses are in full. Throws TransactionRejected. */
export function resubmit(data: TransactionData): Submission {
  let bytes: Uint8Array
  try {
    bytes = bcs.TransactionData.serialize(data).toBytes()
  } catch (error) {
    throw malformed(error)
  }
  return readSubmission(bytes)
}

/** The inputs with other versions of what the system writes (Clock, Random), where these are among them. */
export function withCurrent(
  loaded: LoadedInputs,
  ...written: readonly (StoredObject | undefined)[]
): LoadedInputs {
  const current = new Map(written.flatMap((object) => (object === undefined ? [] : [[object.id, object]])))
  if (current.size === 0) return loaded
  const inputs = loaded.inputs.map((input) => {
    const object = input.kind === 'object' ? current.get(input.object.id) : undefined
    return object === undefined || input.kind !== 'object' ? input : {...input, object}
  })
  return {...loaded, inputs}
}
