import {join} from 'node:path'
import {workerLabels, workerTaints} from '../kube/worker-marks.ts'
import {type EnrollPlan, planEnroll} from '../stake/plan-enroll.ts'
import {agentEnvironment, renderAgentArgs} from './agent-args.ts'
import {shellLine} from './agent-options.ts'
import {findK3s} from './binary.ts'
import {type PreflightResult, runPreflight} from './preflight.ts'
import type {RunNodeDeps, RunNodeOptions} from './run-node.ts'

/** What a join would do. Nothing in it is secret. */
export interface JoinPlan {
  readonly node: string
  readonly cluster: string
  readonly changed: false
  readonly dryRun: true
  readonly preflight: readonly PreflightResult[]
  readonly enroll: EnrollPlan
  readonly agent: AgentPlan
}

/** How the agent would be started. */
export interface AgentPlan {
  /** The program first. */
  readonly argv: readonly string[]
  /** The same for a shell. */
  readonly command: string
  /** Names of the variables that it would see. */
  readonly environment: readonly string[]
  readonly tokenFile: string
  /** What would stand in that file, masked. */
  readonly token: string
}

/**
 * Works out what `daas join` would do: checks, a simulated transaction, the agent's command line. Nothing is fetched,
 * written or sent.
 * @throws those of findK3s and planEnroll
 */
export async function planJoin(
  deps: Omit<RunNodeDeps, 'onProgress'>,
  options: RunNodeOptions,
): Promise<JoinPlan> {
  const {cluster, nodeName} = options
  const {download: _download, ...here} = options.k3s
  const k3s = await findK3s({
    ...here,
    path: deps.env.PATH ?? '',
    version: cluster.k3sVersion,
    signal: deps.signal,
  }).catch((error: unknown) => {
    deps.signal.throwIfAborted()
    // It would be fetched: where from and which is known, what it says of itself is not.
    if (options.k3s.bin || !options.k3s.download) throw error
    return undefined
  })
  const [preflight, enroll] = await Promise.all([
    runPreflight(deps.probes, {
      nodeName,
      dataDir: options.dataDir,
      rootless: options.rootless,
      standIn: k3s?.standIn ?? false,
      ...(cluster.k3sUrl && cluster.caHash && {server: {url: cluster.k3sUrl, caHash: cluster.caHash}}),
      ...(cluster.listenerUrls.length > 0 && {
        listener: {urls: cluster.listenerUrls, tlsPin: cluster.listenerTlsPin},
      }),
      serverVersion: cluster.k3sVersion,
      agentVersion: k3s?.version,
      signal: deps.signal,
    }),
    planEnroll(deps, {
      cluster: cluster.id,
      subject: {kind: 'node', name: nodeName},
      ...(options.amount !== undefined && {amount: options.amount}),
    }),
  ])
  const bin = k3s?.file ?? join(options.k3s.cacheDir, cluster.k3sVersion, 'k3s')
  const agent = planAgent(deps.env, {...options, bin, stake: enroll.stake})
  return {node: nodeName, cluster: cluster.id, changed: false, dryRun: true, preflight, enroll, agent}
}

/** The agent's command line as it will be; what only the listener can say is what it says to everybody. */
export function planAgent(
  env: Record<string, string | undefined>,
  options: Pick<
    RunNodeOptions,
    'cluster' | 'nodeName' | 'dataDir' | 'nodeIp' | 'labels' | 'taints' | 'rootless' | 'extraArgs' | 'passEnv'
  > & {bin: string; stake: string | undefined},
): AgentPlan {
  const {cluster, dataDir, bin} = options
  const tokenFile = join(dataDir, 'join-token')
  const args = renderAgentArgs({
    serverUrl: cluster.k3sUrl,
    tokenFile,
    nodeName: options.nodeName,
    dataDir,
    labels: options.stake === undefined ? options.labels : workerLabels(options.labels, options.stake),
    taints: [...workerTaints(), ...(options.taints ?? [])],
    nodeIp: options.nodeIp,
    rootless: options.rootless,
    extraArgs: options.extraArgs,
  })
  const argv = [bin, ...args]
  return {
    argv,
    command: shellLine(argv),
    environment: Object.keys(agentEnvironment(env, join(dataDir, 'notify.sock'), options.passEnv)).sort(),
    tokenFile,
    token: `K10${cluster.caHash}::<id>.****************`,
  }
}
