import type {V1Node} from '@kubernetes/client-node'
import {slashStake} from '../../../src/lib/contracts/transactions/staking.ts'
import type {JoinWorld} from './join-world.ts'

/** A Node, as far as it matters here. */
export type Node = V1Node & {metadata: {uid: string; labels: Record<string, string>}}

/** What tests of nodes look at, and what they do to them. */
export interface NodeView {
  isGone(name: string): Promise<boolean>
  readNode(name: string): Promise<Node>
  /** The names of the Secrets that the listener made and has not deleted. */
  daasSecrets(): Promise<string[]>
  /** @param of object id of a Stake */
  slash(of: string): Promise<unknown>
  /** The most real agent that this machine can run. */
  partner(): 'kubelet' | 'embedded'
}

/** Looks at a world that may not have begun yet. */
export function viewNodes(world: () => JoinWorld): NodeView {
  const nodePath = (name: string): string => `/api/v1/nodes/${name}`
  const isGone = async (name: string): Promise<boolean> =>
    (await world().admin.call({method: 'GET', path: nodePath(name)})).status === 404
  const readNode = (name: string): Promise<Node> =>
    world().admin.json<Node>({method: 'GET', path: nodePath(name)})
  const daasSecrets = async (): Promise<string[]> => {
    const {items} = await world().admin.json<{items: {metadata: {name: string}}[]}>({
      method: 'GET',
      path: '/api/v1/namespaces/kube-system/secrets?labelSelector=app.kubernetes.io/managed-by=daas',
    })
    return items.map(({metadata}) => metadata.name)
  }
  const slash = (of: string): Promise<unknown> =>
    world().execute('admin', (tx) =>
      slashStake(tx, {
        packageId: world().cluster.packageId,
        cluster: world().cluster.id,
        cap: world().world.cluster.adminCap,
        stake: of,
        reason: 'tested',
      }),
    )
  const partner = (): 'kubelet' | 'embedded' =>
    world().world.kubernetes?.joinPartner?.kind === 'kubelet' ? 'kubelet' : 'embedded'
  return {isGone, readNode, daasSecrets, slash, partner}
}
