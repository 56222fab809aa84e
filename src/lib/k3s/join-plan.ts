import {join} from 'node:path'
import {workerLabels, workerTaints} from '../kube/worker-marks.ts'
import {type EnrollPlan, planEnroll} from '../stake/plan-enroll.ts'
import {agentArgs, agentFiles, renderAgentConfig} from './agent-config.ts'
import {agentEnvironment} from './agent-environment.ts'
import {shellLine} from './agent-options.ts'
import {findK3s} from './binary.ts'
import {joinClusterFor} from './join-cluster.ts'
import {findNameHolder, signedBy} from './name-holder.ts'
import {enrollOptions} from './node-identity.ts'
import {type PreflightResult, runPreflight} from './preflight.ts'
import {preflightContext} from './preflight-context.ts'
import type {RunNodeDeps, RunNodeOptions} from './run-node-types.ts'

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
  readonly configFile: string
  /** What would stand in that file. */
  readonly config: string
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
  const joining = await joinClusterFor({...signedBy(deps), now: deps.now}, options)
  const [preflight, enroll] = await Promise.all([
    runPreflight(
      deps.probes,
      preflightContext({
        nodeName,
        dataDir: options.dataDir,
        rootless: options.rootless,
        k3s,
        cluster: joining,
        nameHolder: () => findNameHolder(signedBy(deps), options),
        signal: deps.signal,
      }),
    ),
    planEnroll(deps, enrollOptions(options)),
  ])
  const bin = k3s?.file ?? join(options.k3s.cacheDir, cluster.k3sVersion, 'k3s')
  const agent = await planAgent(deps.env, {...options, bin, stake: enroll.stake})
  return {node: nodeName, cluster: cluster.id, changed: false, dryRun: true, preflight, enroll, agent}
}

/** The agent's command line as it will be; what only the listener can say is what it says to everybody. */
async function planAgent(
  env: Record<string, string | undefined>,
  options: Pick<
    RunNodeOptions,
    'cluster' | 'nodeName' | 'dataDir' | 'nodeIp' | 'labels' | 'taints' | 'rootless' | 'extraArgs' | 'passEnv'
  > & {bin: string; stake: string | undefined},
): Promise<AgentPlan> {
  const {cluster, dataDir, bin} = options
  const files = agentFiles(dataDir)
  const config = await renderAgentConfig({
    serverUrl: cluster.k3sUrl,
    nodeName: options.nodeName,
    dataDir,
    labels: options.stake === undefined ? options.labels : workerLabels(options.labels, options.stake),
    taints: [...workerTaints(), ...(options.taints ?? [])],
    nodeIp: options.nodeIp,
    rootless: options.rootless,
  })
  const argv = [bin, ...agentArgs(dataDir, options.extraArgs)]
  return {
    argv,
    command: shellLine(argv),
    environment: Object.keys(agentEnvironment(env, join(dataDir, 'notify.sock'), options.passEnv)).sort(),
    configFile: files.config,
    config,
    tokenFile: files.token,
    token: `K10${cluster.caHash}::<id>.****************`,
  }
}

/**
 * The command line of the agent with the k3s that is there. Nothing is fetched.
 * @throws those of findK3s
 */
export async function planCommand(
  env: Record<string, string | undefined>,
  options: RunNodeOptions,
  signal: AbortSignal,
): Promise<AgentPlan> {
  const {download: _download, ...here} = options.k3s
  const version = options.cluster.k3sVersion
  const {file} = await findK3s({...here, path: env.PATH ?? '', version, signal})
  return planAgent(env, {...options, bin: file, stake: undefined})
}
