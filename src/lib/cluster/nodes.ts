import {setWorkerScore} from '../contracts/administration.ts'
import {findWorker, readCluster, type ClusterInfo, type WorkerInfo} from '../contracts/reads.ts'
import {releaseName as callRelease} from '../contracts/transactions/nodes.ts'
import {daasError} from '../errors/daas-error.ts'
import {checkedNodeName} from '../stake/subject.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {administer, type AdminDeps, type Administered} from './administer.ts'

/** Which node of which cluster. */
export interface NodeOptions {
  readonly cluster: string
  readonly node: string
  readonly dryRun?: boolean
}

/** Which name was freed; `worker` is the object that is gone. */
export interface NameReleased extends Administered {
  node: string
  worker?: string
}

/** How a node is scored from now on. */
export interface NodeScored extends Administered {
  node: string
  worker: string
  score: bigint
}

/**
 * Frees the name of an evicted node, and deletes its worker; the stake stays barred. A second run changes nothing.
 * @throws NODE_NAME_INVALID, MOVE_ABORT (E_NOT_EVICTED) for a node that is not evicted, and those of administer
 */
export async function releaseName(deps: AdminDeps, options: NodeOptions): Promise<NameReleased> {
  const {cluster, worker} = await workerOf(deps, options)
  const {node} = options
  if (!worker) return {changed: false, cluster: cluster.id, node}
  const {done} = await administer(deps, options, (tx, call, {registry}) =>
    callRelease(tx, {...call, registry, worker: worker.id}),
  )
  return {...done, node, worker: worker.id}
}

/**
 * Scores a node: below 500 its stake counts for less in seals of its operator. With the ListenerCap, as it is the
 * listener who sees how a node does. A second run changes nothing.
 * @param options.score 0 to 1000
 * @throws NODE_NAME_INVALID, NODE_UNKNOWN, CAP_MISSING when the sender does not hold the ListenerCap, MOVE_ABORT
 *   (E_EVICTED), and those of administer
 */
export async function scoreNode(
  deps: AdminDeps,
  options: NodeOptions & {readonly score: bigint},
): Promise<NodeScored> {
  const {cluster, worker} = await workerOf(deps, options)
  const {node, score} = options
  if (!worker) throw daasError('NODE_UNKNOWN', {node, cluster: cluster.id})
  const known = {node, worker: worker.id, score}
  if (worker.score === score) return {changed: false, cluster: cluster.id, ...known}
  const {done} = await administer(deps, {...options, cap: 'ListenerCap'}, (tx, call) =>
    setWorkerScore(tx, {...call, worker: worker.id, score}),
  )
  return {...done, ...known}
}

async function workerOf(
  {execute: {client}, url}: AdminDeps,
  options: NodeOptions,
): Promise<{cluster: ClusterInfo; worker: WorkerInfo | undefined}> {
  const name = checkedNodeName(options.node)
  return withRpcErrors(url, async () => {
    const cluster = await readCluster(client, options.cluster)
    return {cluster, worker: await findWorker(client, cluster, name)}
  })
}
