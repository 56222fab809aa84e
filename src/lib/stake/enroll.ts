import {Transaction} from '@mysten/sui/transactions'
import {assertTerms, seenTerms} from '../contracts/terms.ts'
import {stakeAndSeal} from '../contracts/transactions/staking.ts'
import {callOf} from '../contracts/upgrades.ts'
import {executeTransaction} from '../sui/execute.ts'
import {isLive, liveSeal, seal, type SealDeps} from './seal.ts'
import {sealIdOf} from './send-seal.ts'
import {checkStakable} from './stake.ts'
import {nodeIdOf, STAKE_TYPE, type Subject} from './subject.ts'
import {readHolding} from './wallet.ts'

/** Who is to be enrolled. */
export interface EnrollOptions {
  readonly cluster: string
  readonly subject: Subject & {readonly kind: 'node'}
  /** MIST to stake where nothing is staked yet; default the cluster's minimum. */
  readonly amount?: bigint
}

/** A stake, a live seal of it, and the token on this machine. */
export interface Enrolled {
  readonly changed: boolean
  readonly stake: string
  readonly seal: string
  /** Secret: for the token file and the registration only. */
  readonly token: string
  readonly tokenFile: string
  readonly digest?: string
  readonly gasMist?: bigint
}

/**
 * Sees to it that a node has stake and seal: both in one atomic transaction where neither is there, the seal alone where
 * only it is missing or dead, nothing where both are live.
 * @throws those of stake and seal
 */
export async function enroll(deps: SealDeps, options: EnrollOptions): Promise<Enrolled> {
  const {execute, url, tokens} = deps
  const owner = execute.signer.toSuiAddress()
  const query = {client: execute.client, url, owner, cluster: options.cluster, subject: options.subject}
  const holding = await readHolding(query)
  if (holding.ticket) {
    const usable = holding.seal && isLive(holding.seal, deps.now())
    const token = usable && (await tokens.find(holding.seal!.id, holding.seal!.tokenHash))
    const made = token ? undefined : await seal(deps, {...options, renew: true})
    const after = made ? await readHolding(query) : holding
    const live = await liveSeal(after, {...deps, owner}, options.subject)
    return {
      changed: made !== undefined,
      stake: holding.ticket.stake,
      seal: live.seal.id,
      token: live.token,
      tokenFile: live.tokenFile,
      ...(made?.digest !== undefined && {digest: made.digest}),
      ...(made?.gasMist !== undefined && {gasMist: made.gasMist}),
    }
  }

  const {cluster} = holding
  const amount = options.amount ?? cluster.minStake[0] ?? 0n
  await checkStakable(execute, holding, {amount, subject: options.subject})
  const {token, hash} = await tokens.prepare()
  const tx = new Transaction()
  assertTerms(tx, {...callOf(cluster), ...seenTerms(cluster, STAKE_TYPE.node)})
  stakeAndSeal(tx, {
    ...callOf(cluster),
    amount,
    nodeId: nodeIdOf(options.subject),
    tokenHash: hash,
    ttlMs: cluster.maxSealTtlMs,
  })
  const {digest, gasMist, created} = await executeTransaction(execute, tx)
  const stake = created.find(({type}) => type.endsWith('::staking::Stake'))
  if (!stake) throw new Error('the transaction made no stake')
  const sealId = sealIdOf(created)
  const tokenFile = await tokens.settle(token, sealId)
  return {changed: true, stake: stake.objectId, seal: sealId, token, tokenFile, digest, gasMist}
}
