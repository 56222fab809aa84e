import {randomBytes} from 'node:crypto'
import {Transaction} from '@mysten/sui/transactions'
import {assertTerms, seenTerms} from '../contracts/terms.ts'
import {createWorkerSeal} from '../contracts/transactions/seals.ts'
import {stakeAndSeal} from '../contracts/transactions/staking.ts'
import {callOf} from '../contracts/upgrades.ts'
import {dryRunTransaction} from '../sui/execute.ts'
import type {EnrollOptions} from './enroll.ts'
import {isLive, type SealDeps} from './seal.ts'
import {checkStakable} from './stake.ts'
import {nodeIdOf, STAKE_TYPE} from './subject.ts'
import {readHolding} from './wallet.ts'

/** What enrolling would do. Amounts in MIST. */
export interface EnrollPlan {
  /** Nothing where stake, seal and token are all there. */
  readonly sends: 'nothing' | 'seal' | 'stake and seal'
  readonly stake?: string
  readonly seal?: string
  readonly stakeMist?: bigint
  /** Simulated. */
  readonly gasMist?: bigint
  readonly budgetMist?: bigint
}

/**
 * Says what {@link enroll} would send, and simulates it. Nothing is written or sent.
 * @throws those of enroll
 */
export async function planEnroll(deps: SealDeps, options: EnrollOptions): Promise<EnrollPlan> {
  const {execute, url, tokens} = deps
  const owner = execute.signer.toSuiAddress()
  const holding = await readHolding({
    client: execute.client,
    url,
    owner,
    cluster: options.cluster,
    subject: options.subject,
  })
  const {cluster, ticket, seal} = holding
  if (ticket && seal && isLive(seal, deps.now()) && (await tokens.find(seal.id, seal.tokenHash))) {
    return {sends: 'nothing', stake: ticket.stake, seal: seal.id}
  }

  const tx = new Transaction()
  const call = {
    ...callOf(cluster),
    // Of no token: what is simulated is thrown away.
    tokenHash: randomBytes(32),
    ttlMs: cluster.maxSealTtlMs,
  }
  if (ticket) {
    createWorkerSeal(tx, {...call, stake: ticket.stake})
    return {sends: 'seal', stake: ticket.stake, ...(await dryRunTransaction(execute, tx))}
  }

  const amount = options.amount ?? cluster.minStake[0] ?? 0n
  await checkStakable(execute, holding, {amount, subject: options.subject})
  assertTerms(tx, {...call, ...seenTerms(cluster, STAKE_TYPE.node)})
  stakeAndSeal(tx, {...call, amount, nodeId: nodeIdOf(options.subject)})
  return {sends: 'stake and seal', stakeMist: amount, ...(await dryRunTransaction(execute, tx))}
}
