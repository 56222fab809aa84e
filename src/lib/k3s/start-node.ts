import {startAgent} from './agent.ts'
import {ALL_PHASES, phaseRunner} from './join-phases.ts'
import type {
  JoinCluster,
  JoinDeps,
  JoinedNode,
  JoinOptions,
  PreparedJoin,
  Registration,
} from './join-types.ts'
import {formatJoinToken} from './token.ts'
import {waitNodeReady} from './wait-ready.ts'

/**
 * Starts the agent of a prepared join and, unless that is left out, waits for Ready.
 * @throws the errors of startAgent and waitNodeReady; the agent is stopped then
 */
export async function startNode(
  deps: JoinDeps,
  options: JoinOptions,
  prepared: PreparedJoin,
): Promise<Omit<JoinedNode, 'preflight'>> {
  const {cluster, nodeName, phases = ALL_PHASES} = options
  const {k3s, identity, client, registration, deadline} = prepared
  if (!k3s || !identity || !client || !registration) throw new Error('not prepared for an agent')
  const phase = phaseRunner(deps, phases)
  const told = (detail: string): void => deps.onProgress({phase: 'ready', status: 'detail', detail})
  const handle = await phase(
    'agent',
    async () =>
      startAgent({
        bin: k3s.file,
        serverUrl: registration.serverUrl,
        joinToken: formatJoinToken(pinnedCaHash(cluster, registration), identity.sealToken),
        nodeName,
        dataDir: options.dataDir,
        labels: {...options.labels, ...registration.labels},
        taints: [...registration.taints, ...(options.taints ?? [])],
        nodeIp: options.nodeIp,
        rootless: options.rootless,
        extraArgs: options.extraArgs,
        env: deps.env,
        passEnv: options.passEnv,
        signal: deps.signal,
        onStage: told,
        onCause: ({message}) => told(message),
        logger: deps.logger,
        graceMs: options.graceMs,
      }),
    ({pid}) => `pid ${pid}`,
  )
  try {
    await options.onAgent?.(handle)
    await phase(
      'ready',
      async () =>
        waitNodeReady({
          nodeName,
          handle,
          status: async () => client.status(nodeName),
          timeoutMs: Math.max(deadline - deps.now(), 1),
          signal: deps.signal,
        }),
      () => `${nodeName} is Ready`,
      async () => undefined,
    )
    // Where nobody waited, the agent may still need it.
    if (phases.has('ready')) await handle.scrubToken()
    return {handle, client, registration, k3s, identity}
  } catch (error) {
    await handle.stop()
    throw error
  }
}

/** The chain's word counts for more than the listener's; the latter only fills in where the chain has none. */
function pinnedCaHash(
  cluster: Pick<JoinCluster, 'caHash'>,
  registration: Pick<Registration, 'caHash'>,
): string {
  return cluster.caHash || registration.caHash
}
