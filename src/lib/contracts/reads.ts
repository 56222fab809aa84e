import {bcs} from '@mysten/sui/bcs'
import type {ClientWithCoreApi} from '@mysten/sui/client'
import {DaasError} from '../errors/daas-error.ts'
import {clusterInfo, type ClusterInfo} from './cluster-info.ts'
import {
  registryInfo,
  requestInfo,
  sealInfo,
  stakeInfo,
  stakeTicketInfo,
  workerInfo,
  type RegistryInfo,
  type RequestInfo,
  type SealInfo,
  type StakeInfo,
  type StakeTicketInfo,
  type WorkerInfo,
} from './infos.ts'
import {isMissing, listObjects, readObject} from './objects.ts'

/** The status of a worker that was evicted (node_registry.move). */
export const EVICTED = 3

export type {ClusterInfo, TierInfo} from './cluster-info.ts'
export type {RegistryInfo, RequestInfo, SealInfo, StakeInfo, StakeTicketInfo, WorkerInfo} from './infos.ts'

/**
 * Reads a Cluster. `packageId` of what it returns is the package that defines it.
 * @throws OBJECT_MISSING, OBJECT_WRONG_TYPE
 */
export async function readCluster(
  client: ClientWithCoreApi,
  id: string,
  signal?: AbortSignal,
): Promise<ClusterInfo> {
  return clusterInfo(await readObject(client, id, 'cluster::Cluster', signal))
}

/** Reads a Stake. @throws OBJECT_MISSING, OBJECT_WRONG_TYPE */
export async function readStake(
  client: ClientWithCoreApi,
  id: string,
  signal?: AbortSignal,
): Promise<StakeInfo> {
  return stakeInfo(await readObject(client, id, 'staking::Stake', signal))
}

/** Reads a SealToken. @throws OBJECT_MISSING, OBJECT_WRONG_TYPE */
export async function readSeal(
  client: ClientWithCoreApi,
  id: string,
  signal?: AbortSignal,
): Promise<SealInfo> {
  return sealInfo(await readObject(client, id, 'seal_token::SealToken', signal))
}

/** Reads a WorkerNode. @throws OBJECT_MISSING, OBJECT_WRONG_TYPE */
export async function readWorker(
  client: ClientWithCoreApi,
  id: string,
  signal?: AbortSignal,
): Promise<WorkerInfo> {
  return workerInfo(await readObject(client, id, 'node_registry::WorkerNode', signal))
}

/** Reads a KubectlRequest. @throws OBJECT_MISSING, OBJECT_WRONG_TYPE */
export async function readRequest(
  client: ClientWithCoreApi,
  id: string,
  signal?: AbortSignal,
): Promise<RequestInfo> {
  return requestInfo(await readObject(client, id, 'k8s_gateway::KubectlRequest', signal))
}

/** Reads the NodeRegistry of a cluster. @throws OBJECT_MISSING, OBJECT_WRONG_TYPE */
export async function findNodeRegistry(
  client: ClientWithCoreApi,
  cluster: Pick<ClusterInfo, 'registry'>,
  signal?: AbortSignal,
): Promise<RegistryInfo> {
  return registryInfo(await readObject(client, cluster.registry, 'registry::NodeRegistry', signal))
}

/** The SealTokens of an address, of all clusters of the package. */
export async function listSeals(
  client: ClientWithCoreApi,
  packageId: string,
  owner: string,
  signal?: AbortSignal,
): Promise<SealInfo[]> {
  return (await listObjects(client, owner, `${packageId}::seal_token::SealToken`, signal)).map(sealInfo)
}

/** Whether the administrator revoked a seal, alone or with all that are as old. */
export function isRevoked(
  seal: Pick<SealInfo, 'id' | 'createdAtMs'>,
  cluster: Pick<ClusterInfo, 'revokedSeals' | 'sealsValidFromMs'>,
): boolean {
  return cluster.revokedSeals.includes(seal.id) || seal.createdAtMs < cluster.sealsValidFromMs
}

/** The StakeTickets of an address, of all clusters of the package. */
export async function listStakeTickets(
  client: ClientWithCoreApi,
  packageId: string,
  owner: string,
  signal?: AbortSignal,
): Promise<StakeTicketInfo[]> {
  return (await listObjects(client, owner, `${packageId}::staking::StakeTicket`, signal)).map(stakeTicketInfo)
}

/**
 * The worker that has a name in a cluster, evicted or not.
 * @returns undefined where the name is free
 */
export async function findWorker(
  client: ClientWithCoreApi,
  cluster: Pick<ClusterInfo, 'registry'>,
  name: string,
  signal?: AbortSignal,
): Promise<WorkerInfo | undefined> {
  const {names} = await findNodeRegistry(client, cluster, signal)
  const key = {type: '0x1::string::String', bcs: bcs.string().serialize(name).toBytes()}
  const id = await readTable(client, names, key, signal)
  return id === undefined ? undefined : workerIfThere(client, id, signal)
}

/**
 * The worker of a stake in a cluster, evicted or not. One whose name was released is gone; it was evicted before.
 * @returns undefined where the stake was never registered
 */
export async function findWorkerByStake(
  client: ClientWithCoreApi,
  cluster: Pick<ClusterInfo, 'registry'>,
  stake: string,
  signal?: AbortSignal,
): Promise<WorkerInfo | Pick<WorkerInfo, 'id' | 'status'> | undefined> {
  const {stakes} = await findNodeRegistry(client, cluster, signal)
  const key = {type: '0x2::object::ID', bcs: bcs.Address.serialize(stake).toBytes()}
  const id = await readTable(client, stakes, key, signal)
  if (id === undefined) return undefined
  return (await workerIfThere(client, id, signal)) ?? {id, status: EVICTED}
}

/** Undefined for one that is deleted: since its name was read, or long ago. */
async function workerIfThere(
  client: ClientWithCoreApi,
  id: string,
  signal?: AbortSignal,
): Promise<WorkerInfo | undefined> {
  try {
    return await readWorker(client, id, signal)
  } catch (error) {
    if (error instanceof DaasError && error.errorName === 'OBJECT_MISSING') return undefined
    throw error
  }
}

async function readTable(
  client: ClientWithCoreApi,
  table: string,
  key: {type: string; bcs: Uint8Array},
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const {dynamicField} = await client.core.getDynamicField({
      parentId: table,
      name: key,
      ...(signal && {signal}),
    })
    return bcs.Address.parse(dynamicField.value.bcs)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
