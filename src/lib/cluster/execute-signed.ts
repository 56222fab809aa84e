import {readFile} from 'node:fs/promises'
import {text} from 'node:stream/consumers'
import {daasError} from '../errors/daas-error.ts'
import type {ExecuteDeps} from '../sui/execute.ts'
import {executeSigned} from '../sui/unsigned.ts'

/** What was sent. Amounts in MIST. */
export interface ExecutedResult {
  changed: true
  digest: string
  sender: string
  gasMist: bigint
  budgetMist: bigint
  created: readonly {readonly objectId: string; readonly type: string}[]
}

/**
 * Sends a transaction of a file, signed elsewhere.
 * @param options.file `-` is standard input
 * @throws TRANSACTION_UNREADABLE, and those of executeSigned
 */
export async function executeSignedFile(
  deps: Omit<ExecuteDeps, 'signer'>,
  options: {readonly file: string; readonly signatures: readonly string[]},
): Promise<ExecutedResult> {
  const {file, signatures} = options
  let transaction: string
  try {
    transaction = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw daasError('TRANSACTION_UNREADABLE', {reason}, {cause: error})
  }

  const {digest, sender, gasMist, budgetMist, created} = await executeSigned(deps, {transaction, signatures})
  return {changed: true, digest, sender, gasMist, budgetMist, created}
}
