import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {Transaction} from '@mysten/sui/transactions'
import {normalizeSuiAddress} from '@mysten/sui/utils'
import {DaasError} from '../errors/daas-error.ts'
import {findRpcError} from '../sui/rpc-errors.ts'
import {assertVersion} from './generated/daas/cluster.ts'
import {readCluster, type ClusterInfo} from './reads.ts'

/** One published version of a package. */
export interface PackageVersion {
  readonly packageId: string
  /** 1 is the first. */
  readonly version: bigint
}

/**
 * A Cluster object that can be called: `packageId` defines its types and events and never changes, `callPackage` is the
 * newest version of that package that the cluster takes.
 */
export type OpenCluster = ClusterInfo & {readonly callPackage: string}

/** What every call names: the package to call, and the cluster. */
export interface CallTarget {
  readonly packageId: string
  readonly cluster: string
}

/** Keeps the package to call over upgrades. */
export interface UpgradeFollower {
  /**
   * Does work that calls the package; where the chain answers that the cluster is of another version of it, looks which
   * one, and does it once more. (What aborts has changed nothing.)
   */
  run<T>(work: (call: CallTarget) => Promise<T>, signal?: AbortSignal): Promise<T>
}

const NO_VERSIONS = new Set(['UNIMPLEMENTED', 'NOT_FOUND'])

/**
 * Reads a Cluster, and which package to call for it.
 * @throws OBJECT_MISSING, OBJECT_WRONG_TYPE
 */
export async function openCluster(
  client: SuiGrpcClient,
  id: string,
  signal?: AbortSignal,
): Promise<OpenCluster> {
  const cluster = await readCluster(client, id, signal)
  return {...cluster, callPackage: await findCallPackage(client, cluster, signal)}
}

/** What a call of the contracts names for this cluster. */
export function callOf(cluster: Pick<OpenCluster, 'id' | 'callPackage'>): CallTarget {
  return {packageId: cluster.callPackage, cluster: cluster.id}
}

/**
 * The newest version of a cluster's package that the cluster takes. The chain itself is asked: each version knows only
 * by its code which clusters it may use, so `cluster::assert_version` of the newest is simulated, then of the one
 * before, and so on. Where there was no upgrade nothing is simulated. Where the node keeps no list of versions, it is the
 * package of the cluster's last migration, which the Cluster itself names.
 * @returns the newest one where none fits: calling it says why
 */
export async function findCallPackage(
  client: SuiGrpcClient,
  cluster: Pick<ClusterInfo, 'id' | 'packageId'> & {readonly versionPackageId?: string},
  signal?: AbortSignal,
): Promise<string> {
  const ids = (await listVersions(client, cluster.packageId, signal))
    .map(({packageId}) => packageId)
    .reverse()
  const [newest = cluster.packageId] = ids
  if (ids.length <= 1) return cluster.versionPackageId ?? newest
  for (const packageId of ids) {
    if (await takes(client, packageId, cluster.id, signal)) return packageId
  }

  return newest
}

/**
 * All versions of a package, the first one first; the one that was asked for alone where the node keeps no list.
 * @param packageId any of them
 */
export async function listVersions(
  client: Pick<SuiGrpcClient, 'movePackageService'>,
  packageId: string,
  signal?: AbortSignal,
): Promise<PackageVersion[]> {
  const found: PackageVersion[] = []
  let pageToken: Uint8Array | undefined
  try {
    do {
      const {response} = await client.movePackageService.listPackageVersions(
        {packageId, ...(pageToken && {pageToken})},
        {...(signal && {abort: signal})},
      )
      for (const {packageId: id, version = 1n} of response.versions) {
        if (id !== undefined) found.push({packageId: normalizeSuiAddress(id), version})
      }
      pageToken = response.nextPageToken
    } while (pageToken !== undefined && pageToken.length > 0)
  } catch (error) {
    const code = findRpcError(error)?.code
    if (code === undefined || !NO_VERSIONS.has(code)) throw error
    return [{packageId, version: 1n}]
  }

  return found.sort((a, b) => (a.version < b.version ? -1 : 1))
}

/** Whether a version of the package may use a cluster. */
export async function takes(
  client: SuiGrpcClient,
  packageId: string,
  cluster: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const tx = new Transaction()
  tx.setSender(normalizeSuiAddress('0x0'))
  assertVersion({package: packageId, arguments: {cluster}})(tx)
  const result = await client.simulateTransaction({
    transaction: tx,
    include: {effects: true},
    checksEnabled: false,
    doGasSelection: false,
    ...(signal && {signal}),
  })
  return result.$kind === 'Transaction'
}

/** Follows a cluster over upgrades of its package, for whoever runs for long. */
export function followUpgrades(
  client: SuiGrpcClient,
  cluster: Pick<ClusterInfo, 'id' | 'packageId'> & {readonly callPackage?: string},
): UpgradeFollower {
  let packageId = cluster.callPackage ?? cluster.packageId
  return {
    async run(work, signal) {
      const called = packageId
      try {
        return await work({packageId: called, cluster: cluster.id})
      } catch (error) {
        if (!isWrongVersion(error)) throw error
        packageId = await findCallPackage(client, cluster, signal)
        if (packageId === called) throw error
        return work({packageId, cluster: cluster.id})
      }
    },
  }
}

/** Whether a transaction was refused because its cluster is of another version of the package. */
export function isWrongVersion(error: unknown): boolean {
  return error instanceof DaasError && error.details?.abort === 'E_WRONG_VERSION'
}
