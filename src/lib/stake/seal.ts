import type {SealInfo} from '../contracts/reads.ts'
import {createUserSeal, createWorkerSeal} from '../contracts/transactions/seals.ts'
import {callOf} from '../contracts/upgrades.ts'
import {daasError} from '../errors/daas-error.ts'
import type {ExecuteDeps} from '../sui/execute.ts'
import {describeSeal, isoOf, sendSeal, type SentSeal} from './send-seal.ts'
import {describeSubject, subjectFlags, type Subject} from './subject.ts'
import type {TokenStore} from './token-store.ts'
import {readHolding, type Holding} from './wallet.ts'

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
export interface SealResult extends SentSeal {
  cluster: string
  node?: string
  stake: string
}

/**
 * Turns a stake into a seal token: a fresh secret stays in a 0600 file, its SHA-256 goes on chain.
 * A second run finds the live seal and changes nothing.
 * @throws STAKE_MISSING, SEAL_TOKEN_LOST and those of executeTransaction
 */
export async function seal(deps: SealDeps, options: SealOptions): Promise<SealResult> {
  const {execute, url, tokens} = deps
  const {subject} = options
  const owner = execute.signer.toSuiAddress()
  const holding = await readHolding({client: execute.client, url, owner, ...options})
  const {cluster, ticket} = holding
  const flags = subjectFlags(subject)
  if (!ticket) throw daasError('STAKE_MISSING', {address: owner, subject: describeSubject(subject), flags})

  const known = {
    cluster: cluster.id,
    stake: ticket.stake,
    ...(subject.kind === 'node' && {node: subject.name}),
  }
  if (holding.seal && isLive(holding.seal, deps.now()) && !options.renew) {
    const token = await tokens.find(holding.seal.id, holding.seal.tokenHash)
    if (!token) throw daasError('SEAL_TOKEN_LOST', {seal: holding.seal.id, flags})
    return {changed: false, ...known, ...describeSeal(holding.seal), tokenFile: token.file}
  }

  const create = subject.kind === 'node' ? createWorkerSeal : createUserSeal
  const call = {...callOf(cluster), stake: ticket.stake, ttlMs: options.ttlMs ?? cluster.maxSealTtlMs}
  const sent = await sendSeal(deps, {
    build: (tx, tokenHash) => create(tx, {...call, tokenHash}),
    ...(options.dryRun && {dryRun: true}),
  })
  return {...known, ...sent}
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
