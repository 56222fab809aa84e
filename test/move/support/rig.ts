import type {Signer} from '@mysten/sui/cryptography'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {decodeEvent, type DaasEvent} from '../../../src/lib/contracts/events.ts'
import {readDaasPackage} from '../../../src/lib/contracts/package.ts'
import {readCluster, type ClusterInfo} from '../../../src/lib/contracts/reads.ts'
import * as clusterCalls from '../../../src/lib/contracts/transactions/cluster.ts'
import {startDevnet, type Devnet, type DevnetOptions} from '../../../src/lib/devnet/devnet.ts'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {executeTransaction, type ExecutedTx} from '../../../src/lib/sui/execute.ts'

/** A devnet with the contracts and one cluster. Close it in the end. */
export interface Rig {
  readonly devnet: Devnet
  readonly client: SuiGrpcClient
  /** The first administrates and listens. */
  readonly signers: readonly Signer[]
  readonly packageId: string
  readonly upgradeCap: string
  readonly cluster: ClusterInfo
  readonly adminCap: string
  readonly listenerCap: string
  readonly run: (signer: Signer, build: (tx: Transaction) => void) => Promise<ExecutedTx>
  /** Events of all transactions that `run` has executed, in order. */
  readonly events: DaasEvent[]
  readonly close: () => Promise<void>
}

/** The id of the one object of a type that a transaction made. */
export function made(tx: ExecutedTx, type: string): string {
  return tx.created.find((object) => object.type.endsWith(type))?.objectId ?? assert.fail(`no ${type}`)
}

/** The name of the abort with which something fails; '' where it does not. */
export async function abortNameOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error === undefined) return ''
  assert.ok(error instanceof DaasError, String(error))
  return String(error.details?.abort ?? error.errorName)
}

/** Starts it all. */
export async function startRig(options: DevnetOptions): Promise<Rig> {
  const devnet = await startDevnet({checkpointIntervalMs: 0, accounts: 4, ...options})
  const client = createSuiClient({url: devnet.url})
  const signers = devnet.accounts.map(({secretKey}) => Ed25519Keypair.fromSecretKey(secretKey))
  const admin = signers[0]!
  const events: DaasEvent[] = []
  const run = async (signer: Signer, build: (tx: Transaction) => void): Promise<ExecutedTx> => {
    const tx = new Transaction()
    build(tx)
    const executed = await executeTransaction({client, signer, describeAbort: abortOf}, tx)
    for (const event of executed.events) events.push(decodeEvent(event) ?? assert.fail(event.type))
    return executed
  }
  const recipient = admin.toSuiAddress()
  const published = await run(admin, (tx) => {
    const {modules, dependencies} = readDaasPackage()
    tx.transferObjects([tx.publish({modules, dependencies})], recipient)
  })
  const packageId = made(published, 'package')
  const created = await run(admin, (tx) =>
    clusterCalls.createCluster(tx, {packageId, name: 'c', k3sVersion: 'v1.34.1+k3s1', recipient}),
  )
  const adminCap = made(created, '::cluster::AdminCap')
  const cluster = made(created, '::cluster::Cluster')
  const granted = await run(admin, (tx) =>
    clusterCalls.createListenerCap(tx, {packageId, cluster, cap: adminCap, recipient}),
  )
  return {
    devnet,
    client,
    signers,
    packageId,
    upgradeCap: made(published, '::package::UpgradeCap'),
    cluster: await readCluster(client, cluster),
    adminCap,
    listenerCap: made(granted, '::cluster::ListenerCap'),
    run,
    events,
    close: () => devnet.close(),
  }
}
