import type {Signer} from '@mysten/sui/cryptography'
import type {Logger} from 'pino'
import {DaasError, daasError} from '../errors/daas-error.ts'
import type {RegistrationAnswer} from '../seal/registration.ts'
import {type AgentHandle, startAgent} from './agent.ts'
import {findK3s, type FindK3sOptions, type FoundK3s} from './binary.ts'
import {JOIN_PHASES, type JoinPhase, type JoinProgress} from './join-phases.ts'
import {assertPreflight, type PreflightProbes, type PreflightResult, runPreflight} from './preflight.ts'
import {registerNode} from './register-node.ts'
import {createListenerClient, type ListenerClient} from './register.ts'
import {formatJoinToken} from './token.ts'
import {verifyServer} from './verify-server.ts'
import {waitNodeReady} from './wait-ready.ts'

export {JOIN_PHASES, type JoinPhase, type JoinProgress} from './join-phases.ts'

/** What the Cluster object on chain says; '' where it says nothing. */
export interface JoinCluster {
  readonly id: string
  readonly listenerUrls: readonly string[]
  /** SHA-256 of the listener's TLS key (SPKI DER), 32 bytes. */
  readonly tlsPin: Uint8Array
  readonly k3sUrl: string
  /** 64 lower-case hex digits. */
  readonly caHash: string
  readonly k3sVersion: string
}

/** Who joins: the stake, the seal made of it, its secret, and the key that owns both. */
export interface JoinIdentity {
  readonly stake: string
  readonly seal: string
  /** `<id>.<secret>`. */
  readonly sealToken: string
  readonly signer: Signer
}

/** What of the listener's answer the agent is started with. */
export type Registration = Pick<RegistrationAnswer, 'serverUrl' | 'caHash' | 'labels' | 'taints'>

/** What a join takes from its surroundings. */
export interface JoinDeps {
  probes: PreflightProbes
  /** The environment the agent's is picked from. */
  env: Record<string, string | undefined>
  logger: Pick<Logger, 'debug' | 'warn'>
  signal: AbortSignal
  /** Unix time, ms. */
  now: () => number
  onProgress: (event: JoinProgress) => void
}

/** What is to be joined, and how. */
export interface JoinOptions {
  cluster: JoinCluster
  nodeName: string
  dataDir: string
  nodeIp?: string
  labels: Record<string, string>
  /** `key=value:Effect`, beside those of the listener. */
  taints?: readonly string[]
  rootless: boolean
  k3s: Omit<FindK3sOptions, 'version' | 'signal' | 'path'>
  ignorePreflight: readonly string[]
  /**
   * Finds or makes stake and seal. Called after the preflight: before that no coin moves.
   * @param mayMake false where the phase is skipped: then what is there has to do
   */
  identity: (mayMake: boolean) => Promise<JoinIdentity>
  extraArgs?: readonly string[]
  /** Further names of the environment that the agent may see. */
  passEnv?: readonly string[]
  /** Deadline from the registration to Ready, ms. */
  timeoutMs: number
  /** For the agent's graceful end, ms. */
  graceMs: number
  /** Which phases run; all where it is left out. */
  phases?: ReadonlySet<JoinPhase>
  /** Of an earlier run, for one that skips `register`. */
  registered?: Registration
  /** Told of the agent as soon as it runs, before it is Ready. */
  onAgent?: (handle: AgentHandle) => Promise<void>
}

/** A join up to the start of the agent; what was not needed for the phases that ran is not there. */
export interface PreparedJoin {
  readonly k3s?: FoundK3s
  readonly preflight: readonly PreflightResult[]
  readonly identity?: JoinIdentity
  /** The caller closes it. */
  readonly client?: ListenerClient
  readonly registration?: Registration
  /** Unix time, ms, until which the node must be Ready. */
  readonly deadline: number
}

/** A node that is in. */
export interface JoinedNode {
  readonly handle: AgentHandle
  /** For heartbeats; the caller closes it. */
  readonly client: ListenerClient
  readonly registration: Registration
  readonly preflight: readonly PreflightResult[]
  readonly k3s: FoundK3s
}

const ALL = new Set(JOIN_PHASES)

/**
 * A whole join: binary, preflight, (stake and seal by the caller), registration at the listener, check of the server,
 * agent, Ready. If anything after the start of the agent fails, the agent is stopped before this throws.
 * @throws the errors of prepareJoin and startNode
 */
export async function joinNode(deps: JoinDeps, options: JoinOptions): Promise<JoinedNode> {
  const prepared = await prepareJoin(deps, options)
  try {
    return {...(await startNode(deps, options, prepared)), preflight: prepared.preflight}
  } catch (error) {
    prepared.client?.close()
    throw error
  }
}

/**
 * Everything before the agent.
 * @throws the errors of findK3s, assertPreflight, createListenerClient, verifyServer; JOIN_PHASE_NEEDS
 */
export async function prepareJoin(deps: JoinDeps, options: JoinOptions): Promise<PreparedJoin> {
  const {signal} = deps
  const {cluster, nodeName, phases = ALL} = options
  const phase = phaseRunner(deps, phases)
  const k3s = await phase(
    'binary',
    () => locate(deps, options, options.k3s),
    ({file, version}) => (version ? `${file} (${version})` : file),
    async () => findWithoutDownload(deps, options),
  )
  const preflight = await phase(
    'preflight',
    () => checkMachine(deps, options, k3s),
    describeChecks,
    async () => [],
  )
  // Before any coin moves: where there is no listener there is nothing to join.
  if (phases.has('register') && cluster.listenerUrls.length === 0) {
    throw daasError('LISTENER_UNANNOUNCED', {name: cluster.id})
  }

  const needsIdentity = phases.has('register') || phases.has('agent')
  const identity = await phase(
    'identity',
    () => options.identity(true),
    ({seal}) => `seal ${seal}`,
    async () => (needsIdentity ? options.identity(false) : undefined),
  )
  const deadline = deps.now() + options.timeoutMs
  const client = identity && needsIdentity ? clientOf(cluster, identity, signal) : undefined
  try {
    const registration = await phase(
      'register',
      async () => registerNode(client!, deps, options, identity!, deadline),
      ({k3sVersion}) =>
        `${nodeName} on the allow-list of ${cluster.id}, k3s ${k3sVersion || '(version not said)'}`,
      async () => {
        if (!options.registered && phases.has('agent'))
          throw daasError('JOIN_PHASE_NEEDS', {phase: 'agent', needs: 'register'})
        return options.registered
      },
    )
    await phase(
      'verify',
      async () => checkServer(deps, options, registration, phases.has('register') ? identity : undefined),
      (url) => `${url} has the right CA${phases.has('register') ? ' and takes the token' : ''}`,
      async () => '',
    )
    return {
      preflight,
      deadline,
      ...(k3s && {k3s}),
      ...(identity && {identity}),
      ...(client && {client}),
      ...(registration && {registration}),
    }
  } catch (error) {
    client?.close()
    throw error
  }
}

/**
 * Starts the agent of a prepared join and, unless that is left out, waits for Ready.
 * @throws the errors of startAgent and waitNodeReady; the agent is stopped then
 */
export async function startNode(
  deps: JoinDeps,
  options: JoinOptions,
  prepared: PreparedJoin,
): Promise<Omit<JoinedNode, 'preflight'>> {
  const {cluster, nodeName, phases = ALL} = options
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
    return {handle, client, registration, k3s}
  } catch (error) {
    await handle.stop()
    throw error
  }
}

/** The chain's word counts for more than the listener's; the latter only fills in where the chain has none. */
export function pinnedCaHash(
  cluster: Pick<JoinCluster, 'caHash'>,
  registration: Pick<Registration, 'caHash'>,
): string {
  return cluster.caHash || registration.caHash
}

/** Runs phases that are wanted, and what stands in for those that are not. */
function phaseRunner({signal, onProgress}: JoinDeps, phases: ReadonlySet<JoinPhase>) {
  return async function phase<T, Other = T>(
    name: JoinPhase,
    run: () => Promise<T>,
    say: (value: T) => string,
    instead?: () => Promise<Other>,
  ): Promise<T | Other> {
    signal.throwIfAborted()
    if (!phases.has(name) && instead) {
      onProgress({phase: name, status: 'skipped'})
      return instead()
    }

    onProgress({phase: name, status: 'start'})
    const value = await run()
    onProgress({phase: name, status: 'done', detail: say(value)})
    return value
  }
}

function clientOf(cluster: JoinCluster, {sealToken}: JoinIdentity, signal: AbortSignal): ListenerClient {
  return createListenerClient({urls: cluster.listenerUrls, tlsPin: cluster.tlsPin, sealToken, signal})
}

async function locate(
  {env, signal}: JoinDeps,
  {cluster}: JoinOptions,
  k3s: JoinOptions['k3s'],
): Promise<FoundK3s> {
  return findK3s({...k3s, path: env.PATH ?? '', version: cluster.k3sVersion, signal})
}

/** Skipping `binary` means: fetch nothing. Only the agent cannot do without. */
async function findWithoutDownload(deps: JoinDeps, options: JoinOptions): Promise<FoundK3s | undefined> {
  const {download: _download, ...here} = options.k3s
  try {
    return await locate(deps, options, here)
  } catch (error) {
    const missing = error instanceof DaasError && error.errorName === 'K3S_MISSING'
    if (missing && !(options.phases ?? ALL).has('agent')) return undefined
    throw error
  }
}

async function checkMachine(
  deps: JoinDeps,
  options: JoinOptions,
  k3s: FoundK3s | undefined,
): Promise<PreflightResult[]> {
  const {k3sUrl, caHash, k3sVersion, listenerUrls, tlsPin} = options.cluster
  const results = await runPreflight(deps.probes, {
    nodeName: options.nodeName,
    dataDir: options.dataDir,
    rootless: options.rootless,
    standIn: k3s?.standIn ?? false,
    ...(k3sUrl && caHash && {server: {url: k3sUrl, caHash}}),
    ...(listenerUrls.length > 0 && {listener: {urls: listenerUrls, tlsPin}}),
    serverVersion: k3sVersion,
    agentVersion: k3s?.version,
    signal: deps.signal,
  })
  assertPreflight(results, options.ignorePreflight)
  return results
}

function describeChecks(results: readonly PreflightResult[]): string {
  const warnings = results.filter(({status}) => status !== 'pass')
  const notes = warnings.map(({name, message}) => `${name}: ${message}`).join('; ')
  return notes ? `${results.length} checks, ${notes}` : `${results.length} checks passed`
}

/** @param identity where its token stands in the cluster now, to see whether it is taken */
async function checkServer(
  {signal}: JoinDeps,
  {cluster}: JoinOptions,
  registration: Registration | undefined,
  identity: JoinIdentity | undefined,
): Promise<string> {
  const serverUrl = registration?.serverUrl ?? cluster.k3sUrl
  const caHash = cluster.caHash || registration?.caHash
  if (!serverUrl || !caHash) throw daasError('JOIN_PHASE_NEEDS', {phase: 'verify', needs: 'register'})
  await verifyServer({serverUrl, caHash, signal, ...(identity && {sealToken: identity.sealToken})})
  return serverUrl
}
