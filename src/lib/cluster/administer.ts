import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {Transaction} from '@mysten/sui/transactions'
import type {AdminCall} from '../contracts/administration.ts'
import {readCluster, type ClusterInfo} from '../contracts/reads.ts'
import {callOf} from '../contracts/upgrades.ts'
import {
  dryRunTransaction,
  executeTransaction,
  type ExecuteDeps,
  type ExecutedTx,
  type Sender,
} from '../sui/execute.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {buildUnsigned} from '../sui/unsigned.ts'
import {ownedCap, type Cap} from './caps.ts'

/** What acts of an administrator need: a key, or only whose transaction it is, where others sign it. */
export type AdminDeps = {
  /** The node's URL, for errors. */
  readonly url: string
} & (
  | {readonly execute: ExecuteDeps; readonly unsigned?: false}
  | {readonly execute: ExecuteDeps<Sender>; readonly unsigned: true}
)

/** How an act of an administrator went. Amounts in MIST. */
export interface Administered {
  changed: boolean
  cluster: string
  digest?: string
  gasMist?: bigint
  budgetMist?: bigint
  dryRun?: boolean
  /** The transaction to be signed by `sender` elsewhere, base64; nothing was sent. */
  transaction?: string
  sender?: string
}

/** Which cluster, and whether only to simulate. */
export interface AdminOptions {
  readonly cluster: string
  readonly dryRun?: boolean
  /** The capability that it takes; the AdminCap where nothing is said. */
  readonly cap?: Cap
}

/**
 * Carries out an act of a cluster's administrator, in one transaction; or makes it, for others to sign.
 * @returns how it went, the cluster as it was, and the transaction where one was executed
 * @throws CAP_MISSING when the sender does not hold the cluster's capability, and those of executeTransaction
 */
export async function administer(
  deps: AdminDeps,
  options: AdminOptions,
  build: (tx: Transaction, call: AdminCall, cluster: ClusterInfo) => void,
): Promise<{done: Administered; before: ClusterInfo; tx?: ExecutedTx}> {
  const {client, signer} = deps.execute
  const {before, cap} = await withRpcErrors(deps.url, () => readCap(client, signer, options))
  const tx = new Transaction()
  build(tx, {...callOf(before), cap}, before)
  const {done, tx: executed} = await sendOrShow(deps, tx, options)
  return {done: {...done, cluster: before.id}, before, ...(executed && {tx: executed})}
}

/** Simulates a transaction, makes it for others to sign, or executes it: as was asked for. */
export async function sendOrShow(
  deps: AdminDeps,
  tx: Transaction,
  {dryRun}: {readonly dryRun?: boolean},
): Promise<{done: Omit<Administered, 'cluster'>; tx?: ExecutedTx}> {
  if (dryRun) return {done: {changed: false, dryRun: true, ...(await dryRunTransaction(deps.execute, tx))}}
  if (deps.unsigned) return {done: {changed: false, ...(await buildUnsigned(deps.execute, tx))}}
  const executed = await executeTransaction(deps.execute, tx)
  const {digest, gasMist, budgetMist} = executed
  return {done: {changed: true, digest, gasMist, budgetMist}, tx: executed}
}

async function readCap(
  client: SuiGrpcClient,
  signer: Sender,
  options: AdminOptions,
): Promise<{before: ClusterInfo; cap: string}> {
  const before = await readCluster(client, options.cluster)
  const owner = signer.toSuiAddress()
  return {before, cap: await ownedCap({client, owner, cluster: before, cap: options.cap ?? 'AdminCap'})}
}
