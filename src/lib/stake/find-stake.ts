import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {findWorker, readCluster} from '../contracts/reads.ts'
import {daasError} from '../errors/daas-error.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'

/**
 * The stake behind a node of a cluster.
 * @param query.node the node's name, or already the id of a stake
 * @throws NODE_UNKNOWN, OBJECT_MISSING, OBJECT_WRONG_TYPE, RPC_UNREACHABLE
 */
export async function findStakeOf(query: {
  readonly client: SuiGrpcClient
  readonly url: string
  readonly cluster: string
  readonly node: string
}): Promise<string> {
  const {client, url, node} = query
  if (/^0x[0-9a-f]{64}$/.test(node)) return node
  return withRpcErrors(url, async () => {
    const cluster = await readCluster(client, query.cluster)
    const worker = await findWorker(client, cluster, node)
    if (!worker) throw daasError('NODE_UNKNOWN', {node, cluster: cluster.id})
    return worker.stake
  })
}
