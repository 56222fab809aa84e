import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {
  listSeals,
  listStakeTickets,
  readCluster,
  type ClusterInfo,
  type SealInfo,
  type StakeTicketInfo,
} from '../contracts/reads.ts'
import {OPERATOR_SEAL} from '../contracts/transactions/seals.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {nodeIdOf, STAKE_TYPE, type Subject} from './subject.ts'

/** What a wallet has in one cluster for one subject. */
export interface Holding {
  readonly cluster: ClusterInfo
  readonly ticket: StakeTicketInfo | undefined
  /** Its newest seal for that stake, live or not; none of an operator's, which joins no node. */
  readonly seal: SealInfo | undefined
}

/** Where to look. */
export interface HoldingQuery {
  readonly client: SuiGrpcClient
  /** The node's URL, for errors. */
  readonly url: string
  readonly cluster: string
  readonly owner: string
  readonly subject: Subject
}

/**
 * Finds the stake and the seal of a wallet, by the objects it owns.
 * @throws OBJECT_MISSING, OBJECT_WRONG_TYPE, RPC_UNREACHABLE
 */
export async function readHolding(query: HoldingQuery): Promise<Holding> {
  const {client, url, owner, subject} = query
  return withRpcErrors(url, async () => {
    const cluster = await readCluster(client, query.cluster)
    const [tickets, seals] = await Promise.all([
      listStakeTickets(client, cluster.packageId, owner),
      listSeals(client, cluster.packageId, owner),
    ])
    const wantsNode = subject.kind === 'node'
    const ticket = tickets.find(
      (each) =>
        each.cluster === cluster.id &&
        (each.stakeType === STAKE_TYPE.node) === wantsNode &&
        each.nodeId === nodeIdOf(subject),
    )
    const seal = seals
      .filter((each) => each.stake === ticket?.stake && each.kind !== OPERATOR_SEAL)
      .sort((a, b) => Number(b.createdAtMs - a.createdAtMs))[0]
    return {cluster, ticket, seal}
  })
}
