import {bcs} from '@mysten/sui/bcs'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import type {ClusterInfo} from '../contracts/reads.ts'
import {daasError} from '../errors/daas-error.ts'

/** What a capability is of. */
export type Cap = 'AdminCap' | 'ListenerCap'

/** The two capabilities: `has key, store {id: UID, cluster: ID}` (cluster.move). */
const CapObject = bcs.struct('Cap', {id: bcs.Address, cluster: bcs.Address})

/**
 * Finds the capability of a cluster that an address holds.
 * @returns its object id
 * @throws CAP_MISSING
 */
export async function ownedCap(query: {
  readonly client: SuiGrpcClient
  readonly owner: string
  readonly cluster: Pick<ClusterInfo, 'id' | 'packageId'>
  readonly cap: Cap
}): Promise<string> {
  const {client, owner, cluster, cap} = query
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof client.listOwnedObjects<{content: true}>>> =
      await client.listOwnedObjects({
        owner,
        type: `${cluster.packageId}::cluster::${cap}`,
        include: {content: true},
        cursor,
      })
    const found = page.objects.find(({content}) => CapObject.parse(content).cluster === cluster.id)
    if (found) return found.objectId
    cursor = page.hasNextPage ? page.cursor : null
  } while (cursor !== null)

  throw daasError('CAP_MISSING', {address: owner, cap, cluster: cluster.id})
}
