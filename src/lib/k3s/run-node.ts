import type {Enrolled} from '../stake/enroll.ts'
import {ALL_PHASES} from './join-phases.ts'
import type {JoinOptions} from './join-types.ts'
import {joinClusterFor, joinClusterNow} from './join-cluster.ts'
import {findNameHolder, signedBy} from './name-holder.ts'
import {liveAsNode} from './node-life.ts'
import {nodeIdentity, redrawToken} from './node-identity.ts'
import {prepareJoin} from './prepare-join.ts'
import {markProcess} from './process-mark.ts'
import type {NodeRun, PhasesRun, RunNodeDeps, RunNodeOptions, Staked} from './run-node-types.ts'

/**
 * Joins a node and stays with it: preflight, stake and seal where they are missing, registration, agent, Ready; then
 * heartbeats, renewal of the seal and a watch of the chain, until the stake or seal is lost, the signal fires, or the
 * agent ends by itself more often than the policy of restarts allows.
 * @throws those of joinNode, enroll
 */
export async function runNode(deps: RunNodeDeps, options: RunNodeOptions): Promise<NodeRun> {
  const run = await runPhases(deps, options)
  if (run.end.ended === 'phases') throw new Error('a node without an agent')
  return run as NodeRun
}

/** As {@link runNode}, for any selection of phases. */
export async function runPhases(deps: RunNodeDeps, options: RunNodeOptions): Promise<NodeRun | PhasesRun> {
  const {state} = deps
  const {phases = ALL_PHASES} = options
  const reader = {...signedBy(deps), now: deps.now}
  let enrolled: Enrolled | Staked | undefined
  const before = await state?.read()
  const keeper = await markProcess(process.pid)
  await state?.update({
    node: options.nodeName,
    cluster: options.cluster.id,
    status: 'joining',
    dataDir: options.dataDir,
    rootless: options.rootless,
    ...(keeper && {keeper}),
    reason: undefined,
  })
  const joinOptions: JoinOptions = {
    ...options,
    cluster: await joinClusterFor(reader, options),
    clusterNow: () => joinClusterNow(reader, options, deps.signal),
    ...(before?.registration && {registered: before.registration}),
    nameHolder: () => findNameHolder(signedBy(deps), options),
    identity: nodeIdentity(deps, options, async (known) => {
      enrolled = known
      const {stake} = known
      await state?.update({
        stake,
        ...('seal' in known ? {seal: known.seal, phase: 'seal'} : {phase: 'stake'}),
      })
    }),
    // Where no seal may be made, none is changed.
    ...(phases.has('seal') && {redraw: (identity) => redrawToken(deps, options, identity)}),
    onAgent: async ({pid}) => {
      const agent = await markProcess(pid)
      await state?.update({phase: 'agent', agent})
    },
  }
  const prepared = await prepareJoin(deps, joinOptions)
  const {k3s, registration} = prepared
  await state?.amend({
    phase: 'verify',
    ...(k3s && {k3s: k3s.file, standIn: k3s.standIn}),
    ...(registration && {
      registration: {
        serverUrl: registration.serverUrl,
        caHash: registration.caHash,
        labels: registration.labels,
        taints: registration.taints,
      },
    }),
  })
  if (!phases.has('agent')) {
    prepared.client?.close()
    // What the node was before these phases, it still is.
    await state?.amend({status: before?.status ?? 'joining', keeper: before?.keeper})
    return {enrolled, end: {ended: 'phases'}}
  }

  try {
    if (!enrolled || !('seal' in enrolled)) throw new Error('joined without an identity')
    const end = await liveAsNode(deps, options, joinOptions, prepared, enrolled)
    const lost = end.ended === 'reason'
    await state?.amend({
      status: lost ? 'lost' : 'stopped',
      keeper: undefined,
      agent: undefined,
      ...(lost && {reason: end.reason.message}),
    })
    return {enrolled, end}
  } finally {
    prepared.client?.close()
  }
}
