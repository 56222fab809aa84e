import type {Transaction} from '@mysten/sui/transactions'
import * as operatorSeals from '../generated/daas/operator_seal.ts'
import * as seals from '../generated/daas/seal_token.ts'
import type {ClusterCall, ObjectRef} from './call.ts'

/** The kind of a seal of a node's operator (operator_seal.move). */
export const OPERATOR_SEAL = 4

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

/** Seals a registered node's stake for its operator, for an hour at most; the seal goes to the sender. */
export function createOperatorSeal(
  tx: Transaction,
  params: ClusterCall & SealParams & {stake: ObjectRef; worker: ObjectRef},
): void {
  const call = {worker: params.worker, ...sealArguments(params)}
  operatorSeals.createOperatorSealToken({package: params.packageId, arguments: call})(tx)
}

/** Gives an operator's seal a new token, an hour at most, and the permissions of stake and score as they are now. */
export function rotateOperatorSeal(
  tx: Transaction,
  params: ClusterCall & SealParams & {seal: ObjectRef; stake: ObjectRef; worker: ObjectRef},
): void {
  const call = {seal: params.seal, worker: params.worker, ...sealArguments(params)}
  operatorSeals.rotate({package: params.packageId, arguments: call})(tx)
}

/** Ends a seal as its owner. */
export function revokeSeal(tx: Transaction, params: {packageId: string; seal: ObjectRef}): void {
  seals.revoke({package: params.packageId, arguments: {seal: params.seal}})(tx)
}

function sealArguments(params: ClusterCall & SealParams & {stake: ObjectRef}) {
  const {stake, tokenHash, ttlMs} = params
  return {cluster: params.cluster, stake, tokenHash: [...tokenHash], ttlMs}
}
