import {findWorker, listSeals} from '../contracts/reads.ts'
import {createOperatorSeal, OPERATOR_SEAL, rotateOperatorSeal} from '../contracts/transactions/seals.ts'
import {callOf} from '../contracts/upgrades.ts'
import {daasError} from '../errors/daas-error.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {chooseSeal} from './choose-seal.ts'
import type {SealDeps, SealResult} from './seal.ts'
import {describeSeal, sendSeal} from './send-seal.ts'
import {describeSubject, subjectFlags, type Subject} from './subject.ts'
import {readHolding} from './wallet.ts'

/** Which node's operator is to have a seal. */
export interface SealOperatorOptions {
  readonly cluster: string
  readonly subject: Subject & {readonly kind: 'node'}
  /** ms; the chain cuts it to an hour. */
  readonly ttlMs?: bigint
  /** Give it a new secret although it lives. */
  readonly renew?: boolean
  readonly dryRun?: boolean
}

/**
 * Makes a seal for commands of the stake of a registered node of one's own, weighed by the node's score; renews the one
 * that is there.
 * @throws STAKE_MISSING, NODE_UNKNOWN where the stake's node has not joined, MOVE_ABORT (E_EVICTED) and the others of
 *   executeTransaction
 */
export async function sealOperator(deps: SealDeps, options: SealOperatorOptions): Promise<SealResult> {
  const {execute, url} = deps
  const {client} = execute
  const {subject} = options
  const owner = execute.signer.toSuiAddress()
  const {cluster, ticket} = await readHolding({client, url, owner, ...options})
  if (!ticket) {
    const flags = subjectFlags(subject)
    throw daasError('STAKE_MISSING', {address: owner, subject: describeSubject(subject), flags})
  }

  const {stake} = ticket
  const [worker, seals] = await withRpcErrors(url, () =>
    Promise.all([findWorker(client, cluster, subject.name), listSeals(client, cluster.packageId, owner)]),
  )
  if (worker?.stake !== stake) throw daasError('NODE_UNKNOWN', {node: subject.name, cluster: cluster.id})
  const known = {cluster: cluster.id, stake, node: subject.name}
  const mine = seals.filter((each) => each.stake === stake && each.kind === OPERATOR_SEAL)
  const {atHand, renewable} = await chooseSeal(deps, {cluster, seals: mine})
  if (atHand && !options.renew) {
    return {changed: false, ...known, ...describeSeal(atHand.seal), tokenFile: atHand.tokenFile}
  }

  const ttlMs = options.ttlMs ?? cluster.maxSealTtlMs
  const call = {...callOf(cluster), stake, worker: worker.id, ttlMs}
  const sent = await sendSeal(deps, {
    build: (tx, tokenHash) =>
      renewable === undefined
        ? createOperatorSeal(tx, {...call, tokenHash})
        : rotateOperatorSeal(tx, {...call, tokenHash, seal: renewable}),
    ...(renewable !== undefined && {seal: renewable}),
    ...(options.dryRun && {dryRun: true}),
  })
  return {...known, ...sent}
}
