import {Transaction} from '@mysten/sui/transactions'
import type {SealInfo} from '../contracts/reads.ts'
import {createUserSeal, createWorkerSeal} from '../contracts/transactions/seals.ts'
import {callOf} from '../contracts/upgrades.ts'
import {daasError} from '../errors/daas-error.ts'
import {dryRunTransaction, executeTransaction, type ExecuteDeps} from '../sui/execute.ts'
import {describeSubject, subjectFlags, type Subject} from './subject.ts'
import type {TokenStore} from './token-store.ts'
import {readHolding, type Holding} from './wallet.ts'

// After these the chain has no seal with our hash; after anything else it may have one.
const REFUSALS = new Set(['SIMULATION_FAILED', 'MOVE_ABORT', 'TRANSACTION_FAILED', 'BALANCE_TOO_LOW'])

/** What sealing needs. */
export interface SealDeps {
  readonly execute: ExecuteDeps
  readonly url: string
  readonly tokens: TokenStore
  /** Now, in ms. */
  readonly now: () => number
}

/** What to seal. */
export interface SealOptions {
  readonly cluster: string
  readonly subject: Subject
  /** How long it is to live, in ms; the cluster caps it. Default: as long as the cluster allows. */
  readonly ttlMs?: bigint
  /** Make a new one although a live one is there. */
  readonly renew?: boolean
  readonly dryRun?: boolean
}

/** What came of it. The token itself is never in here, only the file that holds it. */
export interface SealResult {
  changed: boolean
  cluster: string
  node?: string
  stake: string
  seal?: string
  permissions?: readonly string[]
  expiresAt?: string
  tokenFile?: string
  digest?: string
  gasMist?: bigint
  budgetMist?: bigint
  dryRun?: boolean
}

/**
 * Turns a stake into a seal token: a fresh secret stays in a 0600 file, its SHA-256 goes on chain.
 * A second run finds the live seal and changes nothing.
 * @throws STAKE_MISSING, SEAL_TOKEN_LOST and those of executeTransaction
 */
export async function seal(deps: SealDeps, options: SealOptions): Promise<SealResult> {
  const {execute, url, tokens} = deps
  const owner = execute.signer.toSuiAddress()
  const holding = await readHolding({client: execute.client, url, owner, ...options})
  const {cluster, ticket} = holding
  const flags = subjectFlags(options.subject)
  if (!ticket) {
    throw daasError('STAKE_MISSING', {address: owner, subject: describeSubject(options.subject), flags})
  }

  const known = {
    cluster: cluster.id,
    stake: ticket.stake,
    ...(options.subject.kind === 'node' && {node: options.subject.name}),
  }
  if (holding.seal && isLive(holding.seal, deps.now()) && !options.renew) {
    const token = await tokens.find(holding.seal.id, holding.seal.tokenHash)
    if (!token) throw daasError('SEAL_TOKEN_LOST', {seal: holding.seal.id, flags})
    return {changed: false, ...known, ...describeSeal(holding.seal), tokenFile: token.file}
  }

  const {token, hash} = await tokens.prepare()
  try {
    const tx = new Transaction()
    const call = {
      ...callOf(cluster),
      stake: ticket.stake,
      tokenHash: hash,
      ttlMs: options.ttlMs ?? cluster.maxSealTtlMs,
    }
    if (options.subject.kind === 'node') createWorkerSeal(tx, call)
    else createUserSeal(tx, call)
    if (options.dryRun) {
      const run = await dryRunTransaction(execute, tx)
      await tokens.discard(token)
      return {changed: false, dryRun: true, ...known, ...run}
    }

    const {digest, gasMist, budgetMist, created} = await executeTransaction(execute, tx)
    const id = sealIdOf(created)
    const tokenFile = await tokens.settle(token, id)
    const {readSeal} = await import('../contracts/reads.ts')
    const info = await readSeal(execute.client, id)
    return {changed: true, ...known, ...describeSeal(info), tokenFile, digest, gasMist, budgetMist}
  } catch (error) {
    // Otherwise kept: the next run finds it by its hash.
    if (wasRefused(error)) await tokens.discard(token)
    throw error
  }
}

/**
 * The live seal and its token, for commands that use one.
 * @throws STAKE_MISSING, SEAL_MISSING, SEAL_EXPIRED, SEAL_TOKEN_LOST
 */
export async function liveSeal(
  holding: Holding,
  deps: Pick<SealDeps, 'tokens' | 'now'> & {readonly owner: string},
  subject: Subject,
): Promise<{seal: SealInfo; token: string; tokenFile: string}> {
  const flags = subjectFlags(subject)
  const places = {address: deps.owner, subject: describeSubject(subject), flags}
  if (!holding.ticket) throw daasError('STAKE_MISSING', places)
  if (!holding.seal) throw daasError('SEAL_MISSING', places)
  if (!isLive(holding.seal, deps.now())) {
    throw daasError('SEAL_EXPIRED', {
      seal: holding.seal.id,
      expiredAt: isoOf(holding.seal.expiresAtMs),
      flags,
    })
  }

  const found = await deps.tokens.find(holding.seal.id, holding.seal.tokenHash)
  if (!found) throw daasError('SEAL_TOKEN_LOST', {seal: holding.seal.id, flags})
  return {seal: holding.seal, token: found.token, tokenFile: found.file}
}

/** Whether a seal is not past its time. */
export function isLive(info: Pick<SealInfo, 'expiresAtMs'>, nowMs: number): boolean {
  return info.expiresAtMs > BigInt(nowMs)
}

/** The id of the seal among what a transaction created. */
export function sealIdOf(created: readonly {objectId: string; type: string}[]): string {
  const id = created.find(({type}) => type.endsWith('::seal_token::SealToken'))?.objectId
  if (id === undefined) throw new Error('the transaction made no seal')
  return id
}

function describeSeal(info: SealInfo): Pick<SealResult, 'seal' | 'permissions' | 'expiresAt'> {
  return {seal: info.id, permissions: info.permissions, expiresAt: isoOf(info.expiresAtMs)}
}

function isoOf(ms: bigint): string {
  return new Date(Number(ms)).toISOString()
}

/** Whether the chain refused a transaction, so that nothing of it can have come to be. */
export function wasRefused(error: unknown): boolean {
  const name = (error as {errorName?: string}).errorName
  return name !== undefined && REFUSALS.has(name)
}
