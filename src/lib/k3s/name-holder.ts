import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {type ClusterInfo, EVICTED, findWorker} from '../contracts/reads.ts'
import {readHolding} from '../stake/wallet.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'

/** Whose a node's name is on chain. */
export interface NameHolder {
  /** Address of the stake's owner. */
  readonly owner: string
  /** Whether it belongs to the stake that asks; undefined where nobody has said who asks. */
  readonly mine: boolean | undefined
  readonly evicted: boolean
}

/**
 * Looks the name up in the registry of the cluster: once a stake's node was registered under it, it stays that
 * stake's, withdrawn or not, until an administrator frees it (move/daas, registry.move).
 * @returns undefined where the name is free
 * @throws RPC_UNREACHABLE
 */
export async function findNameHolder(
  {client, url, owner}: {readonly client: SuiGrpcClient; readonly url: string; readonly owner?: string},
  {cluster, nodeName}: {readonly cluster: ClusterInfo; readonly nodeName: string},
): Promise<NameHolder | undefined> {
  return withRpcErrors(url, async () => {
    const worker = await findWorker(client, cluster, nodeName)
    if (!worker) return undefined
    const holding =
      owner === undefined
        ? undefined
        : await readHolding({
            client,
            url,
            owner,
            cluster: cluster.id,
            subject: {kind: 'node', name: nodeName},
          })
    return {
      owner: worker.owner,
      mine: holding && holding.ticket?.stake === worker.stake,
      evicted: worker.status === EVICTED,
    }
  })
}

/** Who asks, where a key is at hand. */
export function signedBy({
  execute: {client, signer},
  url,
}: {
  readonly execute: {readonly client: SuiGrpcClient; readonly signer: {toSuiAddress(): string}}
  readonly url: string
}): {readonly client: SuiGrpcClient; readonly url: string; readonly owner: string} {
  return {client, url, owner: signer.toSuiAddress()}
}
