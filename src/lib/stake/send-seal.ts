import {Transaction} from '@mysten/sui/transactions'
import {readSeal, type SealInfo} from '../contracts/reads.ts'
import {dryRunTransaction, executeTransaction, type ExecuteDeps} from '../sui/execute.ts'
import type {TokenStore} from './token-store.ts'

// After these the chain has no seal with our hash; after anything else it may have one.
const REFUSALS = new Set(['SIMULATION_FAILED', 'MOVE_ABORT', 'TRANSACTION_FAILED', 'BALANCE_TOO_LOW'])

/** How a transaction that makes or renews a seal is made. */
export interface SealToSend {
  /** Adds the call that puts the token's hash on chain. */
  readonly build: (tx: Transaction, tokenHash: Uint8Array) => void
  /** The seal that is renewed; absent where one is made. */
  readonly seal?: string
  readonly dryRun?: boolean
}

/** What came of it. Amounts in MIST. */
export interface SentSeal {
  changed: boolean
  dryRun?: boolean
  seal?: string
  permissions?: readonly string[]
  expiresAt?: string
  tokenFile?: string
  digest?: string
  gasMist?: bigint
  budgetMist?: bigint
}

/**
 * Draws a token, puts its hash on chain, and keeps it under its seal. The token is on disk before anything is sent: where
 * it is not known how that ended it stays there, and the next run finds it by its hash.
 * @throws those of executeTransaction
 */
export async function sendSeal(
  {execute, tokens}: {readonly execute: ExecuteDeps; readonly tokens: TokenStore},
  {build, seal, dryRun}: SealToSend,
): Promise<SentSeal> {
  const {token, hash} = await tokens.prepare()
  try {
    const tx = new Transaction()
    build(tx, hash)
    if (dryRun) {
      const run = await dryRunTransaction(execute, tx)
      await tokens.discard(token)
      return {changed: false, dryRun: true, ...run}
    }

    const {digest, gasMist, budgetMist, created} = await executeTransaction(execute, tx)
    const id = seal ?? sealIdOf(created)
    const tokenFile = await tokens.settle(token, id)
    const info = await readSeal(execute.client, id)
    return {changed: true, ...describeSeal(info), tokenFile, digest, gasMist, budgetMist}
  } catch (error) {
    if (dryRun === true || wasRefused(error)) await tokens.discard(token)
    throw error
  }
}

/** The id of the seal among what a transaction created. */
export function sealIdOf(created: readonly {objectId: string; type: string}[]): string {
  const id = created.find(({type}) => type.endsWith('::seal_token::SealToken'))?.objectId
  if (id === undefined) throw new Error('the transaction made no seal')
  return id
}

/** What a person wants to know of a seal. */
export function describeSeal(info: SealInfo): Pick<SentSeal, 'seal' | 'permissions' | 'expiresAt'> {
  return {seal: info.id, permissions: info.permissions, expiresAt: isoOf(info.expiresAtMs)}
}

/** ms since 1970 as RFC 3339. */
export function isoOf(ms: bigint): string {
  return new Date(Number(ms)).toISOString()
}

/** Whether the chain refused a transaction, so that nothing of it can have come to be. */
export function wasRefused(error: unknown): boolean {
  const name = (error as {errorName?: string}).errorName
  return name !== undefined && REFUSALS.has(name)
}
