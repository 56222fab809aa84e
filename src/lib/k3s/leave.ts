import type {Signer} from '@mysten/sui/cryptography'
import {DaasError} from '../errors/daas-error.ts'
import {killall, type KillallHost} from './killall.ts'
import {leaveCluster} from './leave-cluster.ts'
import {liveProcesses, type NodeStateFile} from './node-state.ts'
import {listRemovals, type Removal, remove} from './purge.ts'
import type {ListenerClient} from './register.ts'
import {stopProcess} from './stop-process.ts'

/** The steps of leaving, in their order. */
export const LEAVE_STEPS = ['cluster', 'unit', 'agent', 'pods', 'files'] as const

/** One of {@link LEAVE_STEPS}. */
export type LeaveStep = (typeof LEAVE_STEPS)[number]

/** What became of a step. */
export interface LeaveStepResult {
  readonly step: LeaveStep
  /** `nothing`: there was nothing to do; `failed`: only with force. */
  readonly status: 'done' | 'nothing' | 'failed'
  readonly detail: string
}

/** What leaving takes from its surroundings. */
export interface LeaveDeps {
  readonly state: NodeStateFile
  /** undefined where this is no machine that k3s runs on. */
  readonly host: KillallHost | undefined
  /** Takes the node's systemd unit away. @returns its file, or undefined where there is none */
  readonly removeUnit: () => Promise<string | undefined>
  readonly now: () => number
  readonly signal: AbortSignal
  readonly onProgress: (event: {
    step: LeaveStep
    status: 'start' | 'detail' | 'done'
    detail?: string
  }) => void
}

/** Who leaves, and how. */
export interface LeaveOptions {
  readonly nodeName: string
  readonly cluster: string
  /**
   * What it shows to the listener. Throws where stake or seal are not to be had.
   */
  readonly identity: () => Promise<
    | {
        readonly client: ListenerClient
        readonly stake: string
        readonly sealToken: string
        readonly signer: Signer
      }
    | undefined
  >
  readonly purge: boolean
  /** Go on although the cluster does not answer or refuses, and whatever becomes of the pods. */
  readonly force: boolean
  /** Data in emptyDir volumes of its pods may be lost. */
  readonly deleteEmptyDirData?: boolean
  /** For draining and deleting, ms. */
  readonly timeoutMs: number
  /** For the agent to end, ms. */
  readonly graceMs: number
}

const FORCED_PATIENCE_MS = 3000

/** What leaving would remove from this machine. */
export async function planLeave(
  {state}: Pick<LeaveDeps, 'state'>,
  {purge}: Pick<LeaveOptions, 'purge'>,
): Promise<Removal[]> {
  return listRemovals(await state.read(), {nodeDir: state.dir, purge})
}

/**
 * Takes a node out of its cluster and off this machine. Each step may have been done before; what a run that was
 * interrupted left, the next one finishes.
 * @throws those of leaveCluster, unless `force`; PURGE_REFUSED
 */
export async function leave(deps: LeaveDeps, options: LeaveOptions): Promise<LeaveStepResult[]> {
  const {state, signal, onProgress} = deps
  const known = await state.read()
  const removals = await planLeave(deps, options)
  // Whoever watches over the agent must not take the node's absence for a listener that forgot it.
  if (known) await state.update({status: 'leaving'})
  const results: LeaveStepResult[] = []
  const step = async (
    name: LeaveStep,
    run: () => Promise<string | undefined>,
    none: string,
  ): Promise<void> => {
    signal.throwIfAborted()
    onProgress({step: name, status: 'start'})
    const detail = await run()
    const result = {
      step: name,
      status: detail === undefined ? 'nothing' : 'done',
      detail: detail ?? none,
    } as const
    results.push(result)
    onProgress({step: name, status: 'done', detail: result.detail})
  }

  try {
    await step('cluster', () => leaveByListener(deps, options), 'the cluster does not have it any more')
  } catch (error) {
    // It is in as before: whoever watches over it goes on doing so.
    if (known && error instanceof DaasError && error.errorName === 'LEAVE_BLOCKED') {
      await state.amend({status: known.status})
    }

    signal.throwIfAborted()
    if (!options.force || !(error instanceof DaasError)) throw error
    results.push({step: 'cluster', status: 'failed', detail: error.message})
    onProgress({step: 'cluster', status: 'done', detail: `left without it: ${error.message}`})
  }

  await step('unit', () => deps.removeUnit(), 'it has no unit')
  await step('agent', () => stopAgent(deps, options), 'it does not run')
  await step(
    'pods',
    async () => {
      // A stand-in ends its containers itself.
      if (!known || known.standIn !== false || known.rootless || !deps.host) return undefined
      const {shims, unmounted, links, rules, shared} = await killall(deps.host, known.dataDir)
      if (shims + unmounted.length + links.length + rules === 0) return undefined
      return `${shims} pods' processes, ${unmounted.length} mounts, ${links.length} links, ${rules} rules${shared ? '; another k3s runs here' : ''}`
    },
    'nothing of k3s runs on',
  )
  await step(
    'files',
    async () => {
      await remove(removals)
      return removals.length === 0 ? undefined : removals.map(({path}) => path).join(', ')
    },
    'nothing to remove',
  )
  return results
}

async function leaveByListener(deps: LeaveDeps, options: LeaveOptions): Promise<string | undefined> {
  const identity = await options.identity()
  if (!identity) return undefined
  const {client, ...who} = identity
  try {
    const left = await leaveCluster(client, {
      ...who,
      cluster: options.cluster,
      nodeName: options.nodeName,
      timeoutMs: options.timeoutMs,
      drain: {force: options.force, deleteEmptyDirData: options.deleteEmptyDirData ?? false},
      // Who forces it expects that the cluster is gone.
      patienceMs: options.force ? FORCED_PATIENCE_MS : options.timeoutMs,
      now: deps.now,
      signal: deps.signal,
      onDetail: (detail) => deps.onProgress({step: 'cluster', status: 'detail', detail}),
    })
    return left ? 'drained and deleted' : undefined
  } finally {
    client.close()
  }
}

/** The `daas join` first: it ends its agent itself, and would start it again otherwise. */
async function stopAgent({state, signal}: LeaveDeps, {graceMs}: LeaveOptions): Promise<string | undefined> {
  const {keeper, agent} = await liveProcesses(await state.read())
  const ended: string[] = []
  if (keeper) ended.push(`join ${await stopProcess(keeper, {graceMs: graceMs + 5000, group: false, signal})}`)
  if (agent) {
    const outcome = await stopProcess(agent, {graceMs, group: true, signal})
    ended.push(outcome === 'gone' ? 'agent stopped' : `agent ${outcome}`)
  }

  return ended.length === 0 ? undefined : ended.join(', ')
}
