import {timingSafeEqual} from 'node:crypto'
import {daasError} from '../errors/daas-error.ts'
import {verifyLeave} from '../seal/leave.ts'
import type {LeaveRequest} from '../seal/leave.ts'
import {verifyRegistration} from '../seal/registration.ts'
import type {RegistrationBody, RegistrationRequest} from '../seal/registration.ts'
import {hashSealToken} from '../seal/token.ts'
import type {WorkerRecord} from './journal-workers.ts'
import type {ListenerChain, ListenerCluster, ListenerSeal, ListenerStake} from './chain-port.ts'

/** How far the clock of a worker may be off, ms; a nonce is remembered for twice as long. */
export const CLOCK_WINDOW_MS = 60_000

/** What the chain says of a registration that may be. */
export interface Admission {
  cluster: ListenerCluster
  seal: ListenerSeal
  stake: ListenerStake
}

/**
 * What can be judged without asking anybody, cheapest first: time, signature, token.
 * @param token the seal token of the header; secret
 * @throws REGISTRATION_STALE, REGISTRATION_CLUSTER_WRONG, REGISTRATION_TOKEN_WRONG, REGISTRATION_SIGNATURE_INVALID
 */
export async function checkMessage(
  {body, signature}: RegistrationRequest,
  token: string,
  clusterId: string,
  nowMs: number,
): Promise<void> {
  checkFrame(body, token, clusterId, nowMs)
  await verifyRegistration(body, signature)
}

function checkFrame(
  body: Pick<RegistrationBody, 'timestampMs' | 'cluster' | 'tokenHash'>,
  token: string,
  clusterId: string,
  nowMs: number,
): void {
  const offMs = Math.abs(nowMs - body.timestampMs)
  if (offMs > CLOCK_WINDOW_MS) throw daasError('REGISTRATION_STALE', {seconds: Math.round(offMs / 1000)})
  if (body.cluster !== clusterId) throw daasError('REGISTRATION_CLUSTER_WRONG', {cluster: body.cluster})
  if (!sameBytes(Buffer.from(body.tokenHash, 'hex'), hashSealToken(token))) {
    throw daasError('REGISTRATION_TOKEN_WRONG', {})
  }
}

/**
 * What can be judged of a leave: time, cluster, that it is for this very worker, signed by its owner.
 * @throws REGISTRATION_STALE, REGISTRATION_CLUSTER_WRONG, REGISTRATION_TOKEN_WRONG, REGISTRATION_STAKE_UNFIT,
 *   REGISTRATION_SIGNATURE_INVALID
 */
export async function checkLeave(
  {body, signature}: LeaveRequest,
  token: string,
  {clusterId, nowMs, worker}: {clusterId: string; nowMs: number; worker: WorkerRecord},
): Promise<void> {
  checkFrame(body, token, clusterId, nowMs)
  const unfit = (reason: string): Error => daasError('REGISTRATION_STAKE_UNFIT', {stake: body.stake, reason})
  if (body.nodeName !== worker.nodeName || body.stake !== worker.stake) {
    throw unfit(`it is not the one of node ${worker.nodeName}`)
  }

  if (body.address !== worker.owner) throw unfit('it belongs to another address')
  await verifyLeave(body, signature)
}

/**
 * What the chain must say: the seal is the one of this token, alive, of this owner and stake; the stake is active,
 * large enough, and for this very node name.
 * @throws REGISTRATION_CLUSTER_PAUSED, REGISTRATION_SEAL_UNFIT, REGISTRATION_SEAL_EXPIRED,
 *   REGISTRATION_TOKEN_WRONG, REGISTRATION_STAKE_UNFIT
 */
export async function checkChain(
  chain: ListenerChain,
  body: RegistrationBody,
  nowMs: number,
  signal: AbortSignal,
): Promise<Admission> {
  const [cluster, seal, stake] = await Promise.all([
    chain.readCluster(signal),
    chain.readSeal(body.seal, signal),
    chain.readStake(body.stake, signal),
  ])
  if (cluster.paused) throw daasError('REGISTRATION_CLUSTER_PAUSED', {cluster: cluster.name})
  const sealUnfit = (reason: string): Error => daasError('REGISTRATION_SEAL_UNFIT', {seal: body.seal, reason})
  if (seal === undefined) throw sealUnfit('there is none on chain; it may have been revoked')
  if (seal.cluster !== body.cluster) throw sealUnfit('it is of another cluster')
  if (seal.kind !== 'worker') throw sealUnfit(`it is for a ${seal.kind}, not for a worker`)
  if (seal.owner !== body.address) throw sealUnfit('it belongs to another address')
  if (seal.stake !== body.stake) throw sealUnfit('it was made for another stake')
  if (!sameBytes(seal.tokenHash, Buffer.from(body.tokenHash, 'hex'))) {
    throw daasError('REGISTRATION_TOKEN_WRONG', {})
  }

  if (seal.revoked) throw sealUnfit('the administrator revoked it')
  if (seal.expiresAtMs <= nowMs) {
    const expiredAt = new Date(seal.expiresAtMs).toISOString()
    throw daasError('REGISTRATION_SEAL_EXPIRED', {seal: seal.id, expiredAt})
  }

  checkStake(cluster, stake, body)
  return {cluster, seal, stake: stake as ListenerStake}
}

function checkStake(
  cluster: ListenerCluster,
  stake: ListenerStake | undefined,
  body: RegistrationBody,
): void {
  const unfit = (reason: string): Error => daasError('REGISTRATION_STAKE_UNFIT', {stake: body.stake, reason})
  if (stake === undefined) throw unfit('there is none on chain; it may have been withdrawn')
  if (stake.cluster !== body.cluster) throw unfit('it is of another cluster')
  if (stake.type !== 'node') throw unfit(`it is for a ${stake.type}, not for a node`)
  if (stake.staker !== body.address) throw unfit('it belongs to another address')
  if (stake.status !== 'active') throw unfit(`it is ${stake.status}`)
  if (stake.amountMist < cluster.minNodeStakeMist) {
    throw unfit(`it holds ${stake.amountMist} MIST, the cluster asks for ${cluster.minNodeStakeMist}`)
  }

  if (stake.nodeId !== body.nodeName) throw unfit(`it is for node ${stake.nodeId}, not for ${body.nodeName}`)
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
