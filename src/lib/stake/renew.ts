import {setTimeout as delay} from 'node:timers/promises'
import {Transaction} from '@mysten/sui/transactions'
import type {Logger} from 'pino'
import {readSeal, type ClusterInfo} from '../contracts/reads.ts'
import {rotateSeal} from '../contracts/transactions/seals.ts'
import {followUpgrades} from '../contracts/upgrades.ts'
import {executeTransaction} from '../sui/execute.ts'
import type {Loss} from './loss.ts'
import type {SealDeps} from './seal.ts'
import {wasRefused} from './send-seal.ts'

/** A seal that got a new token and a new time to live; its id stays. */
export interface RenewedSeal {
  /** Secret. */
  readonly token: string
  readonly tokenFile: string
  /** Unix time, ms. */
  readonly expiresAtMs: number
  readonly digest: string
  readonly gasMist: bigint
}

/** Which seal, of which stake. */
export interface RenewOptions {
  readonly cluster: Pick<ClusterInfo, 'id' | 'versionPackageId' | 'maxSealTtlMs'>
  readonly stake: string
  readonly seal: string
  /** ms; default as long as the cluster allows. */
  readonly ttlMs?: bigint
}

/**
 * Rotates a seal: a new secret into its file, the hash of it on chain under the same seal.
 * @throws those of executeTransaction
 */
export async function renewSeal(deps: SealDeps, options: RenewOptions): Promise<RenewedSeal> {
  const {execute, tokens} = deps
  const {cluster, stake, seal} = options
  const {token, hash} = await tokens.prepare()
  try {
    const {digest, gasMist} = await followUpgrades(execute.client, cluster).run((call) => {
      const tx = new Transaction()
      const ttlMs = options.ttlMs ?? cluster.maxSealTtlMs
      rotateSeal(tx, {...call, stake, seal, tokenHash: hash, ttlMs})
      return executeTransaction(execute, tx)
    }, execute.signal)
    const tokenFile = await tokens.settle(token, seal)
    const {expiresAtMs} = await readSeal(execute.client, seal)
    return {token, tokenFile, expiresAtMs: Number(expiresAtMs), digest, gasMist}
  } catch (error) {
    // Otherwise kept: the next run finds it by its hash.
    if (wasRefused(error)) await tokens.discard(token)
    throw error
  }
}

/** What keeping a seal alive takes. */
export interface KeepSealOptions extends RenewOptions {
  /** Unix time, ms. */
  readonly expiresAtMs: number
  /** False: it only watches the end. */
  readonly renew: boolean
  readonly onRenewed: (seal: RenewedSeal) => void | Promise<void>
  /** Does the transaction when no other of this key is on its way. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
  readonly logger: Pick<Logger, 'warn'>
  readonly signal: AbortSignal
}

/** What setTimeout can count, ms. */
const MAX_DELAY_MS = 2 ** 31 - 1
const RETRY_MS = 60_000

/**
 * Renews a seal when two thirds of its time are over, and again and again where that fails, until it ends.
 * @returns the loss when it ended all the same; until then it waits
 * @throws the signal's reason
 */
export async function keepSeal(deps: SealDeps, options: KeepSealOptions): Promise<Loss> {
  const {signal, logger} = options
  let {expiresAtMs} = options
  let renewAtMs = nextRenewal(deps.now(), expiresAtMs)
  for (;;) {
    const untilMs = options.renew ? Math.min(renewAtMs, expiresAtMs) : expiresAtMs
    await delay(Math.min(Math.max(untilMs - deps.now(), 0), MAX_DELAY_MS), undefined, {signal})
    const now = deps.now()
    if (now >= expiresAtMs) {
      return {kind: 'seal-ended', message: `the seal expired at ${new Date(expiresAtMs).toISOString()}`}
    }

    if (!options.renew || now < renewAtMs) continue
    try {
      const renewed = await options.inTurn(() => renewSeal(deps, options))
      expiresAtMs = renewed.expiresAtMs
      renewAtMs = nextRenewal(deps.now(), expiresAtMs)
      await options.onRenewed(renewed)
    } catch (error) {
      signal.throwIfAborted()
      logger.warn(
        {err: error, expiresAt: new Date(expiresAtMs).toISOString()},
        'the seal could not be renewed yet',
      )
      renewAtMs = deps.now() + Math.min(RETRY_MS, Math.max((expiresAtMs - deps.now()) / 10, 1000))
    }
  }
}

function nextRenewal(nowMs: number, expiresAtMs: number): number {
  return nowMs + ((expiresAtMs - nowMs) * 2) / 3
}
