import {join} from 'node:path'
import {listSeals, readCluster, readSeal, type SealInfo} from '../contracts/reads.ts'
import {daasError} from '../errors/daas-error.ts'
import {isLive} from '../stake/seal.ts'
import {sealFlags} from '../stake/seal-flags.ts'
import type {TokenStore} from '../stake/token-store.ts'
import type {ExecuteDeps} from '../sui/execute.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {createGatewayChain} from './chain.ts'
import {submitInTurn} from './in-turn.ts'
import {processRuns} from './process-runs.ts'
import {createGateway, type Gateway, type GatewayDeps, type GatewayOptions} from './gateway.ts'

/** Whose gateway, to which cluster. */
export interface UserGatewayOptions {
  /** The user's key signs the requests. */
  readonly execute: ExecuteDeps
  readonly url: string
  readonly cluster: string
  /** Use this seal; without it the wallet's live one with the most permissions. */
  readonly seal: string | undefined
  readonly tokens: TokenStore
  readonly cacheDir: string
  readonly signal: AbortSignal
  /** Unix time, ms. */
  readonly now?: () => number
  readonly onTransaction?: GatewayDeps['onTransaction']
  readonly onUnexpected?: GatewayDeps['onUnexpected']
  /** Priority, port and whatever else is not left to its default. */
  readonly gateway?: Omit<GatewayOptions, 'cacheDir' | 'signal'>
}

/** A gateway, and for whom and to what it is. */
export interface UserGateway extends Gateway {
  readonly cluster: {readonly id: string; readonly name: string}
  readonly seal: {readonly id: string; readonly owner: string; readonly expiresAtMs: number}
}

/**
 * Opens a gateway for the user of a wallet: finds cluster and seal, then starts it.
 * @throws SEAL_MISSING, SEAL_EXPIRED, SEAL_OF_ANOTHER, SEAL_TOKEN_LOST, OBJECT_MISSING, OBJECT_WRONG_TYPE and those of
 *   createGateway
 */
export async function openUserGateway(options: UserGatewayOptions): Promise<UserGateway> {
  const {execute, url, tokens, signal} = options
  const now = options.now ?? Date.now
  const owner = execute.signer.toSuiAddress()
  const {cluster, seal} = await withRpcErrors(url, async () => {
    const info = await readCluster(execute.client, options.cluster)
    return {cluster: info, seal: await findSeal(options, info, owner, now())}
  })
  const gateway = await createGateway(
    {
      chain: submitInTurn(createGatewayChain({execute, url, cluster, seal, first: {cluster, seal}, now}), {
        lockFile: join(options.cacheDir, 'turns', owner),
        pid: process.pid,
        isAlive: processRuns,
      }),
      sealToken: async () => {
        const found = await tokens.find(seal.id, seal.tokenHash)
        if (!found) throw daasError('SEAL_TOKEN_LOST', {seal: seal.id, flags: sealFlags(seal)})
        return found.token
      },
      now,
      ...(options.onTransaction && {onTransaction: options.onTransaction}),
      ...(options.onUnexpected && {onUnexpected: options.onUnexpected}),
    },
    {...options.gateway, cacheDir: options.cacheDir, signal},
  )
  return {
    ...gateway,
    cluster: {id: cluster.id, name: cluster.name},
    seal: {id: seal.id, owner: seal.owner, expiresAtMs: Number(seal.expiresAtMs)},
  }
}

async function findSeal(
  {execute, seal}: UserGatewayOptions,
  cluster: {readonly id: string; readonly packageId: string},
  owner: string,
  nowMs: number,
): Promise<SealInfo> {
  if (seal !== undefined) {
    const info = await readSeal(execute.client, seal)
    if (info.owner !== owner) throw daasError('SEAL_OF_ANOTHER', {seal, owner: info.owner, address: owner})
    if (!isLive(info, nowMs)) throw expired(info)
    return info
  }

  const seals = (await listSeals(execute.client, cluster.packageId, owner)).filter(
    (each) => each.cluster === cluster.id,
  )
  const live = seals
    .filter((each) => isLive(each, nowMs))
    // A user's seal before a worker's, then the larger stake, then the newer one.
    .sort(
      (a, b) =>
        Number(b.kind > 0) - Number(a.kind > 0) ||
        compare(b.stakeAmount, a.stakeAmount) ||
        compare(b.createdAtMs, a.createdAtMs),
    )
  if (live[0]) return live[0]
  const newest = seals.sort((a, b) => compare(b.createdAtMs, a.createdAtMs))[0]
  if (newest) throw expired(newest)
  throw daasError('SEAL_MISSING', {address: owner, subject: 'a user', flags: '--user'})
}

function expired(seal: SealInfo): Error {
  const expiredAt = new Date(Number(seal.expiresAtMs)).toISOString()
  return daasError('SEAL_EXPIRED', {seal: seal.id, expiredAt, flags: sealFlags(seal)})
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
