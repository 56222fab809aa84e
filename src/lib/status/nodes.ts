import type {V1Node} from '@kubernetes/client-node'
import type {WorkerOnChain} from '../contracts/list-workers.ts'
import {isNodeReady, isQuarantined} from '../kube/node-ready.ts'
import {isWorker} from '../kube/worker-marks.ts'
import {NODE_STATES} from './node-section.ts'

const STAKE_STATES = ['active', 'unbonding', 'slashed'] as const

/** A node as the chain has it. */
export interface NodeOnChain {
  /** Object id of the WorkerNode. */
  worker: string
  status: (typeof NODE_STATES)[number] | 'unknown'
  owner: string
  stake: string
  stakeStatus: (typeof STAKE_STATES)[number] | 'withdrawn' | 'unknown'
  stakedMist: bigint
  score: bigint
  /** RFC 3339, UTC. */
  registeredAt: string
}

/** A node as Kubernetes has it. */
export interface NodeInKubernetes {
  ready: boolean
  /** Cordoned otherwise. */
  schedulable: boolean
  /** The listener has not verified it yet. */
  quarantined: boolean
  /** Of the kubelet. */
  version: string
  /** RFC 3339, UTC. */
  createdAt: string
}

/** A node, chain and Kubernetes side by side. */
export interface ListedNode {
  node: string
  /** Absent where no worker has that name. */
  chain?: NodeOnChain
  /** Absent where there is no such Node, or Kubernetes was not asked. */
  kubernetes?: NodeInKubernetes
  state: 'ok' | 'warning' | 'error'
  /** What the two do not agree on, or what else is wrong. */
  message?: string
}

/** What both say. */
export interface NodeSources {
  readonly workers: readonly WorkerOnChain[]
  /** Undefined where Kubernetes was not asked. */
  readonly nodes: readonly V1Node[] | undefined
}

/**
 * Puts the nodes of chain and Kubernetes side by side, by name.
 * @returns in the order of their names; who is out on both sides is left out
 */
export function compareNodes({workers, nodes}: NodeSources): ListedNode[] {
  const onChain = new Map(workers.map((each) => [each.worker.name, each]))
  const inKubernetes = new Map((nodes ?? []).map((each) => [each.metadata?.name ?? '', each]))
  const names = [...new Set([...onChain.keys(), ...inKubernetes.keys()])].sort()
  return names.flatMap((node): ListedNode[] => {
    const found = onChain.get(node)
    const object = inKubernetes.get(node)
    const chain = found && nodeOnChain(found)
    if (chain?.status === 'evicted' && object === undefined) return []
    const [state, message] = judge(chain, object, nodes !== undefined)
    return [
      {
        node,
        ...(chain && {chain}),
        ...(object && {kubernetes: nodeInKubernetes(object)}),
        state,
        ...(message !== undefined && {message}),
      },
    ]
  })
}

type Judgement = readonly [state: ListedNode['state'], message?: string]

function judge(chain: NodeOnChain | undefined, node: V1Node | undefined, asked: boolean): Judgement {
  if (!chain) {
    // The cluster's own: a server, or a node that was there before daas.
    return node && isWorker(node) ? ['warning', 'not on chain (yet)'] : ['ok']
  }

  if (chain.status === 'evicted') return ['error', 'evicted, and its Node is there']
  if (chain.stakeStatus !== 'active') return ['error', `its stake is ${chain.stakeStatus}`]
  if (!asked) return chain.status === 'offline' ? ['warning', 'offline'] : ['ok']
  if (!node)
    return chain.status === 'offline'
      ? ['warning', 'has left, or its Node was deleted']
      : ['error', 'it has no Node']
  if (!isNodeReady(node)) return ['error', 'its kubelet does not answer']
  if (isQuarantined(node)) return ['warning', 'in quarantine: the listener has not verified it yet']
  if (chain.status === 'offline') return ['warning', 'Ready, but offline on chain (yet)']
  return ['ok']
}

function nodeOnChain({worker, stake}: WorkerOnChain): NodeOnChain {
  return {
    worker: worker.id,
    status: NODE_STATES[worker.status] ?? 'unknown',
    owner: worker.owner,
    stake: worker.stake,
    stakeStatus: stake === undefined ? 'withdrawn' : (STAKE_STATES[stake.status] ?? 'unknown'),
    stakedMist: stake?.balance ?? 0n,
    score: worker.score,
    registeredAt: new Date(Number(worker.registeredAtMs)).toISOString(),
  }
}

function nodeInKubernetes(node: V1Node): NodeInKubernetes {
  return {
    ready: isNodeReady(node),
    schedulable: node.spec?.unschedulable !== true,
    quarantined: isQuarantined(node),
    version: node.status?.nodeInfo?.kubeletVersion ?? '',
    createdAt: new Date(node.metadata?.creationTimestamp ?? 0).toISOString(),
  }
}
