import {Transaction} from '@mysten/sui/transactions'
import {GRANTED_SEAL} from '../contracts/grants.ts'
import {listSeals, readCluster, type SealInfo} from '../contracts/reads.ts'
import {OPERATOR_SEAL, revokeSeal} from '../contracts/transactions/seals.ts'
import {callOf} from '../contracts/upgrades.ts'
import {dryRunTransaction, executeTransaction} from '../sui/execute.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import type {SealDeps} from './seal.ts'
import type {Subject} from './subject.ts'
import {readHolding} from './wallet.ts'

/** Whose seals to end: of a stake, of a node's operator, of grants. */
export type SealsOf = Subject | {readonly kind: 'operator'; readonly name: string} | {readonly kind: 'grant'}

/** Which seals to end. */
export interface UnsealOptions {
  readonly cluster: string
  readonly of: SealsOf
  readonly dryRun?: boolean
}

/** What ended. Amounts in MIST; the gas is negative where the deposits are more. */
export interface UnsealResult {
  changed: boolean
  cluster: string
  seals: readonly string[]
  digest?: string
  gasMist?: bigint
  budgetMist?: bigint
  dryRun?: boolean
}

/**
 * Ends seals as their owner: nothing is done with them from then on, their deposits come back, their tokens are removed
 * from this machine. A second run changes nothing.
 * @throws those of executeTransaction
 */
export async function unseal(
  {execute, url, tokens}: Omit<SealDeps, 'now'>,
  {cluster: id, of, dryRun}: UnsealOptions,
): Promise<UnsealResult> {
  const {client} = execute
  const owner = execute.signer.toSuiAddress()
  const cluster = await withRpcErrors(url, () => readCluster(client, id))
  const [owned, stake] = await Promise.all([
    withRpcErrors(url, () => listSeals(client, cluster.packageId, owner)),
    of.kind === 'grant' ? undefined : stakeOf({client, url, owner, cluster: id}, of),
  ])
  const isMeant = (seal: SealInfo): boolean => {
    if (of.kind === 'grant') return seal.cluster === cluster.id && seal.kind === GRANTED_SEAL
    return seal.stake === stake && (seal.kind === OPERATOR_SEAL) === (of.kind === 'operator')
  }
  const seals = owned.filter(isMeant).map((seal) => seal.id)
  const known = {cluster: cluster.id, seals}
  if (seals.length === 0) return {changed: false, ...known}
  const tx = new Transaction()
  for (const seal of seals) revokeSeal(tx, {packageId: callOf(cluster).packageId, seal})
  if (dryRun) return {changed: false, dryRun: true, ...known, ...(await dryRunTransaction(execute, tx))}
  const {digest, gasMist, budgetMist} = await executeTransaction(execute, tx)
  await Promise.all(seals.map((seal) => tokens.forget(seal)))
  return {changed: true, ...known, digest, gasMist, budgetMist}
}

async function stakeOf(
  query: Omit<Parameters<typeof readHolding>[0], 'subject'>,
  of: Exclude<SealsOf, {kind: 'grant'}>,
): Promise<string | undefined> {
  const subject: Subject = of.kind === 'user' ? of : {kind: 'node', name: of.name}
  return (await readHolding({...query, subject})).ticket?.stake
}
