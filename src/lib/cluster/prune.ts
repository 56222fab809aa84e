import {Transaction} from '@mysten/sui/transactions'
import {
  discardGrantTicket,
  grantInfo,
  listGrantTickets,
  pruneGrant,
  type GrantInfo,
} from '../contracts/grants.ts'
import {requestInfo, type RequestInfo} from '../contracts/infos.ts'
import {readObjects} from '../contracts/objects.ts'
import {readCluster} from '../contracts/reads.ts'
import {pruneRequest} from '../contracts/transactions/requests.ts'
import {callOf} from '../contracts/upgrades.ts'
import {dryRunTransaction, executeTransaction, type ExecuteDeps} from '../sui/execute.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {checkedId} from './parse-settings.ts'

/** What pruning needs. */
export interface PruneDeps {
  readonly execute: ExecuteDeps
  /** The node's URL, for errors. */
  readonly url: string
  /** Now, in ms. */
  readonly now: () => number
}

/** What to look at. */
export interface PruneOptions {
  readonly cluster: string
  /** Requests and grants, whoever's, beside one's own grants. */
  readonly ids: readonly string[]
  readonly dryRun?: boolean
}

/** What is deleted. Amounts in MIST; the gas is negative where the deposits are more. */
export interface PruneResult {
  changed: boolean
  cluster: string
  requests: readonly string[]
  grants: readonly string[]
  tickets: readonly string[]
  digest?: string
  gasMist?: bigint
  budgetMist?: bigint
  dryRun?: boolean
}

/**
 * Deletes what is over: the requests and grants that are named, and one's own grants with their tickets. The deposits go
 * to the sender. What still lives or is gone already is passed over: a second run changes nothing.
 * @throws OBJECT_ID_INVALID, and those of executeTransaction
 */
export async function prune({execute, url, now}: PruneDeps, options: PruneOptions): Promise<PruneResult> {
  const {client} = execute
  const ids = [...new Set(options.ids.map(checkedId))]
  const owner = execute.signer.toSuiAddress()
  const {cluster, tickets, requests, grants} = await withRpcErrors(url, async () => {
    const info = await readCluster(client, options.cluster)
    const own = await listGrantTickets(client, info.packageId, owner)
    const mine = own.filter((ticket) => ticket.cluster === info.id)
    const [asked, given] = await Promise.all([
      readObjects(client, ids, 'k8s_gateway::KubectlRequest'),
      readObjects(client, [...new Set([...ids, ...mine.map(({grant}) => grant)])], 'grants::UserPermission'),
    ])
    return {
      cluster: info,
      tickets: mine,
      requests: asked.flatMap((object) => (object ? requestInfo(object) : [])),
      grants: given.flatMap((object) => (object ? grantInfo(object) : [])),
    }
  })
  const nowMs = BigInt(now())
  const isOver = (each: RequestInfo | GrantInfo): boolean =>
    each.cluster === cluster.id && endOf(each) <= nowMs
  const living = new Set(grants.filter((each) => !isOver(each)).map(({id}) => id))
  const what = {
    requests: requests.filter(isOver).map(({id}) => id),
    grants: grants.filter(isOver).map(({id}) => id),
    tickets: tickets.filter(({grant}) => !living.has(grant)).map(({id}) => id),
  }
  const known = {cluster: cluster.id, ...what}
  if (Object.values(what).every((each) => each.length === 0)) return {changed: false, ...known}
  const tx = new Transaction()
  const {packageId} = callOf(cluster)
  for (const request of what.requests) pruneRequest(tx, {packageId, request})
  for (const grant of what.grants) pruneGrant(tx, {packageId, grant})
  for (const ticket of what.tickets) discardGrantTicket(tx, {packageId, ticket})
  if (options.dryRun)
    return {changed: false, dryRun: true, ...known, ...(await dryRunTransaction(execute, tx))}
  const {digest, gasMist, budgetMist} = await executeTransaction(execute, tx)
  return {changed: true, ...known, digest, gasMist, budgetMist}
}

/** When it may be deleted, ms since 1970. */
function endOf(each: RequestInfo | GrantInfo): bigint {
  return 'answered' in each && each.answered ? each.responseExpiresAtMs : each.expiresAtMs
}
