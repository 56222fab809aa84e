import {Transaction} from '@mysten/sui/transactions'
import {readDaasPackage} from '../contracts/package.ts'
import {createCluster as addCreateCluster, createListenerCap} from '../contracts/transactions/cluster.ts'
import {listVersions} from '../contracts/upgrades.ts'
import {executeTransaction, type ExecuteDeps, type ExecutedTx} from '../sui/execute.ts'

/** What a new cluster is to be. */
export interface CreateClusterOptions {
  readonly name: string
  /** The k3s release that its nodes run, for example v1.34.1+k3s1. */
  readonly k3sVersion: string
  /** Use this published package; without it the package that ships with daas is published first. */
  readonly packageId?: string
  /** Who runs the listener; default the signer. */
  readonly listener?: string
}

/** What came of it. Amounts in MIST. */
export interface CreateClusterResult {
  changed: true
  cluster: string
  name: string
  package: string
  adminCap: string
  listenerCap: string
  listener: string
  /** One digest per transaction, in order. */
  digests: string[]
  gasMist: bigint
}

/**
 * Publishes the contracts where they are not yet, makes the Cluster object, keeps its AdminCap and gives the listener
 * its ListenerCap.
 * @throws those of executeTransaction
 */
export async function createCluster(
  execute: ExecuteDeps,
  options: CreateClusterOptions,
): Promise<CreateClusterResult> {
  const owner = execute.signer.toSuiAddress()
  const listener = options.listener ?? owner
  const done: ExecutedTx[] = []
  let versions: string[]
  if (options.packageId === undefined) {
    const published = await publish(execute)
    done.push(published)
    versions = [objectOf(published, 'package')]
  } else {
    versions = (await listVersions(execute.client, options.packageId)).map((each) => each.packageId)
  }

  // The first version defines the types, the newest one is called.
  const [types = '', packageId = ''] = [versions[0], versions.at(-1)]
  const tx = new Transaction()
  addCreateCluster(tx, {packageId, name: options.name, k3sVersion: options.k3sVersion, recipient: owner})
  const made = await executeTransaction(execute, tx)
  done.push(made)
  const cluster = objectOf(made, `${types}::cluster::Cluster`)
  const adminCap = objectOf(made, `${types}::cluster::AdminCap`)
  const grant = new Transaction()
  createListenerCap(grant, {packageId, cluster, cap: adminCap, recipient: listener})
  const granted = await executeTransaction(execute, grant)
  done.push(granted)
  return {
    changed: true,
    cluster,
    name: options.name,
    package: types,
    adminCap,
    listenerCap: objectOf(granted, `${types}::cluster::ListenerCap`),
    listener,
    digests: done.map(({digest}) => digest),
    gasMist: done.reduce((sum, {gasMist}) => sum + gasMist, 0n),
  }
}

async function publish(execute: ExecuteDeps): Promise<ExecutedTx> {
  const {modules, dependencies} = readDaasPackage()
  const tx = new Transaction()
  const cap = tx.publish({modules, dependencies})
  tx.transferObjects([cap], execute.signer.toSuiAddress())
  return executeTransaction(execute, tx)
}

function objectOf(tx: ExecutedTx, type: string): string {
  const found = tx.created.find((each) => each.type === type)
  if (!found) throw new Error(`transaction ${tx.digest} made no ${type}`)
  return found.objectId
}
