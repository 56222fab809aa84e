import type {Transaction} from '@mysten/sui/transactions'
import * as seals from '../generated/daas/seal_token.ts'
import type {ClusterCall, ObjectRef} from './call.ts'

/** A time to live and the hash of a token. */
export interface SealParams {
  /** SHA-256 of the token's text, 32 bytes. */
  readonly tokenHash: Uint8Array
  /** ms; the chain cuts it to the cluster's limit. */
  readonly ttlMs: bigint
}

/** Seals a node's stake; the seal goes to the sender. */
export function createWorkerSeal(
  tx: Transaction,
  params: ClusterCall & SealParams & {stake: ObjectRef},
): void {
  seals.createWorkerSealToken({package: params.packageId, arguments: sealArguments(params)})(tx)
}

/** Seals a user's or administrator's stake; the seal goes to the sender. */
export function createUserSeal(tx: Transaction, params: ClusterCall & SealParams & {stake: ObjectRef}): void {
  seals.createUserSealToken({package: params.packageId, arguments: sealArguments(params)})(tx)
}

/** Gives a seal a new token and a new time to live. */
export function rotateSeal(
  tx: Transaction,
  params: ClusterCall & SealParams & {seal: ObjectRef; stake: ObjectRef},
): void {
  seals.rotate({package: params.packageId, arguments: {seal: params.seal, ...sealArguments(params)}})(tx)
}

/** Ends a seal as its owner. */
export function revokeSeal(tx: Transaction, params: {packageId: string; seal: ObjectRef}): void {
  seals.revoke({package: params.packageId, arguments: {seal: params.seal}})(tx)
}

function sealArguments(params: ClusterCall & SealParams & {stake: ObjectRef}) {
  const {stake, tokenHash, ttlMs} = params
  return {cluster: params.cluster, stake, tokenHash: [...tokenHash], ttlMs}
}
