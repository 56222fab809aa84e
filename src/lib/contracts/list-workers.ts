import {bcs} from '@mysten/sui/bcs'
import type {ClientWithCoreApi} from '@mysten/sui/client'
import {type ClusterInfo, findNodeRegistry, type StakeInfo, type WorkerInfo} from './reads.ts'
import {stakeInfo, workerInfo} from './infos.ts'
import {readObjects} from './objects.ts'

/** A worker and the stake that vouches for it. */
export interface WorkerOnChain {
  readonly worker: WorkerInfo
  /** Undefined where it was withdrawn. */
  readonly stake: StakeInfo | undefined
}

/** An entry of the table of names: `dynamic_field::Field<String, ID>`. */
const NameEntry = bcs.struct('Field', {id: bcs.Address, name: bcs.string(), value: bcs.Address})
const PAGE = 50

/**
 * All workers that have a name in a cluster, evicted or not, with their stakes.
 * @returns in the order of their names
 * @throws OBJECT_MISSING, OBJECT_WRONG_TYPE
 */
export async function listWorkers(
  client: ClientWithCoreApi,
  cluster: Pick<ClusterInfo, 'registry'>,
  signal: AbortSignal,
): Promise<WorkerOnChain[]> {
  const {names} = await findNodeRegistry(client, cluster, signal)
  const ids = await listTable(client, names, signal)
  const found = await readObjects(client, ids, 'node_registry::WorkerNode', signal)
  const workers = found.filter((each) => each !== undefined).map((each) => workerInfo(each))
  const stakes = await readObjects(
    client,
    workers.map(({stake}) => stake),
    'staking::Stake',
    signal,
  )
  return workers
    .map((worker, at): WorkerOnChain => {
      const stake = stakes[at]
      return {worker, stake: stake && stakeInfo(stake)}
    })
    .sort((a, b) => (a.worker.name < b.worker.name ? -1 : 1))
}

/** The values of a table from names to ids. */
async function listTable(client: ClientWithCoreApi, table: string, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof client.core.listDynamicFields>> =
      await client.core.listDynamicFields({parentId: table, limit: PAGE, cursor, signal})
    const objectIds = page.dynamicFields.map(({fieldId}) => fieldId)
    const {objects} =
      objectIds.length === 0
        ? {objects: []}
        : await client.core.getObjects({objectIds, include: {content: true}, signal})
    for (const object of objects) {
      // A name that was released between the two reads.
      if (object instanceof Error) continue
      ids.push(NameEntry.parse(object.content).value)
    }

    cursor = page.hasNextPage ? page.cursor : null
  } while (cursor !== null)
  return ids
}
