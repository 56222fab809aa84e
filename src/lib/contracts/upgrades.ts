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

/** What a call of the contracts names for this cluster: the version of the package that it was migrated to last. */
export function callOf(cluster: Pick<ClusterInfo, 'id' | 'versionPackageId'>): CallTarget {
  return {packageId: cluster.versionPackageId, cluster: cluster.id}
}

/** Follows a cluster over upgrades of its package, for whoever runs for long. */
export function followUpgrades(
  client: SuiGrpcClient,
  cluster: Pick<ClusterInfo, 'id' | 'versionPackageId'>,
): UpgradeFollower {
  let call = callOf(cluster)
  return {
    async run(work, signal) {
      const called = call
      try {
        return await work(called)
      } catch (error) {
        if (!isWrongVersion(error)) throw error
        call = callOf(await readCluster(client, cluster.id, signal))
        if (call.packageId === called.packageId) throw error
        return work(call)
      }
    },
  }
}

/** Whether a transaction was refused because its cluster is of another version of the package. */
export function isWrongVersion(error: unknown): boolean {
  return error instanceof DaasError && error.details?.abort === 'E_WRONG_VERSION'
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

/** Whether a version of the package may use a cluster; its code alone knows, so a check by it is simulated. */
export async function mayUse(client: SuiGrpcClient, packageId: string, cluster: string): Promise<boolean> {
  const tx = new Transaction()
  tx.setSender(normalizeSuiAddress('0x0'))
  assertVersion({package: packageId, arguments: {cluster}})(tx)
  const result = await client.simulateTransaction({
    transaction: tx,
    include: {effects: true},
    checksEnabled: false,
    doGasSelection: false,
  })
  return result.$kind === 'Transaction'
}
