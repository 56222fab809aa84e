import {setTimeout as delay} from 'node:timers/promises'
import type {Signer} from '@mysten/sui/cryptography'
import type {Logger} from 'pino'
import {
  createNonce,
  signRegistration,
  type RegistrationAnswer,
  type RegistrationBody,
} from '../seal/registration.ts'
import {hashSealTokenHex} from '../seal/token.ts'
import {type AgentHandle, startAgent} from './agent.ts'
import {findK3s, type FindK3sOptions, type FoundK3s} from './binary.ts'
import {assertPreflight, type PreflightProbes, type PreflightResult, runPreflight} from './preflight.ts'
import {createListenerClient, isRetryableRefusal, type ListenerClient} from './register.ts'
import {formatJoinToken} from './token.ts'
import {verifyServer} from './verify-server.ts'
import {waitNodeReady} from './wait-ready.ts'

/** The phases of a join, in their order. */
export const JOIN_PHASES = [
  'binary',
  'preflight',
  'identity',
  'register',
  'verify',
  'agent',
  'ready',
] as const

/** One of {@link JOIN_PHASES}. */
export type JoinPhase = (typeof JOIN_PHASES)[number]

/** What a join tells its caller while it runs. */
export interface JoinProgress {
  readonly phase: JoinPhase
  readonly status: 'start' | 'detail' | 'done'
  /** One line, nothing secret. */
  readonly detail?: string
}

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
  rootless: boolean
  k3s: Omit<FindK3sOptions, 'version' | 'signal' | 'path'>
  ignorePreflight: readonly string[]
  /**
   * Finds or makes stake and seal. Called after the preflight: before that no coin moves.
   */
  identity: () => Promise<JoinIdentity>
  extraArgs?: readonly string[]
  /** Further names of the environment that the agent may see. */
  passEnv?: readonly string[]
  /** Deadline from the registration to Ready, ms. */
  timeoutMs: number
  /** For the agent's graceful end, ms. */
  graceMs: number
}

/** A node that is in. */
export interface JoinedNode {
  readonly handle: AgentHandle
  /** For heartbeats; the caller closes it. */
  readonly client: ListenerClient
  readonly registration: RegistrationAnswer
  readonly preflight: readonly PreflightResult[]
  readonly k3s: FoundK3s
}

const REGISTER_PAUSE_MS = 1000
/** A listener that restarts is back by then; one that is down is not worth the whole deadline. */
const REGISTER_ATTEMPTS = 8

/**
 * Steps 5 to 7 of a join: binary, preflight, (stake and seal by the caller), registration at the listener, check of
 * the server, agent, Ready. If anything after the start of the agent fails, the agent is stopped before this throws.
 * @throws the errors of findK3s, assertPreflight, createListenerClient, verifyServer, startAgent, waitNodeReady
 */
export async function joinNode(deps: JoinDeps, options: JoinOptions): Promise<JoinedNode> {
  const {signal, onProgress} = deps
  const {cluster, nodeName} = options
  const phase = async <T>(name: JoinPhase, run: () => Promise<T>, say: (value: T) => string): Promise<T> => {
    signal.throwIfAborted()
    onProgress({phase: name, status: 'start'})
    const value = await run()
    onProgress({phase: name, status: 'done', detail: say(value)})
    return value
  }

  const k3s = await phase(
    'binary',
    async () => findK3s({...options.k3s, path: deps.env.PATH ?? '', version: cluster.k3sVersion, signal}),
    ({file, version}) => (version ? `${file} (${version})` : file),
  )
  const preflight = await phase('preflight', async () => checkMachine(deps, options, k3s), describeChecks)
  const identity = await phase('identity', options.identity, ({seal}) => `seal ${seal}`)
  const deadline = deps.now() + options.timeoutMs
  const client = createListenerClient({
    urls: cluster.listenerUrls,
    tlsPin: cluster.tlsPin,
    sealToken: identity.sealToken,
    signal,
  })
  let handle: AgentHandle | undefined
  try {
    const registration = await phase(
      'register',
      async () => registerWithRetry(client, deps, options, identity, deadline),
      ({k3sVersion}) =>
        `${nodeName} on the allow-list of ${cluster.id}, k3s ${k3sVersion || '(version not said)'}`,
    )
    await phase(
      'verify',
      async () =>
        verifyServer({
          serverUrl: registration.serverUrl,
          caHash: pinnedCaHash(cluster, registration),
          sealToken: identity.sealToken,
          signal,
        }),
      () => `${registration.serverUrl} has the right CA and takes the token`,
    )
    const started = await phase(
      'agent',
      async () =>
        startAgent({
          bin: k3s.file,
          serverUrl: registration.serverUrl,
          joinToken: formatJoinToken(pinnedCaHash(cluster, registration), identity.sealToken),
          nodeName: registration.nodeName,
          dataDir: options.dataDir,
          labels: {...options.labels, ...registration.labels},
          taints: registration.taints,
          nodeIp: options.nodeIp,
          rootless: options.rootless,
          extraArgs: options.extraArgs,
          env: deps.env,
          passEnv: options.passEnv,
          signal,
          onStage: (stage) => onProgress({phase: 'ready', status: 'detail', detail: stage}),
          onCause: ({message}) => onProgress({phase: 'ready', status: 'detail', detail: message}),
          logger: deps.logger,
          graceMs: options.graceMs,
        }),
      ({pid}) => `pid ${pid}`,
    )
    handle = started
    await phase(
      'ready',
      async () =>
        waitNodeReady({
          nodeName,
          handle: started,
          status: async () => client.status(nodeName),
          timeoutMs: Math.max(deadline - deps.now(), 1),
          signal,
        }),
      () => `${nodeName} is Ready`,
    )
    await started.scrubToken()
    return {handle: started, client, registration, preflight, k3s}
  } catch (error) {
    await handle?.stop()
    client.close()
    throw error
  }
}

async function checkMachine(deps: JoinDeps, options: JoinOptions, k3s: FoundK3s): Promise<PreflightResult[]> {
  const {k3sUrl, caHash, k3sVersion} = options.cluster
  const results = await runPreflight(deps.probes, {
    nodeName: options.nodeName,
    dataDir: options.dataDir,
    rootless: options.rootless,
    standIn: k3s.standIn,
    ...(k3sUrl && caHash && {server: {url: k3sUrl, caHash}}),
    serverVersion: k3sVersion,
    agentVersion: k3s.version,
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

/** The chain's word counts for more than the listener's; the latter only fills in where the chain has none. */
function pinnedCaHash(cluster: JoinCluster, registration: RegistrationAnswer): string {
  return cluster.caHash || registration.caHash
}

/** Each attempt is signed anew: a nonce counts once. */
async function registerWithRetry(
  client: ListenerClient,
  deps: JoinDeps,
  options: JoinOptions,
  identity: JoinIdentity,
  deadline: number,
): Promise<RegistrationAnswer> {
  for (let attempt = 1; ; attempt++) {
    const body: RegistrationBody = {
      version: 1,
      cluster: options.cluster.id,
      seal: identity.seal,
      stake: identity.stake,
      nodeName: options.nodeName,
      address: identity.signer.toSuiAddress(),
      tokenHash: hashSealTokenHex(identity.sealToken),
      ...(options.nodeIp && {nodeIp: options.nodeIp}),
      labels: options.labels,
      timestampMs: deps.now(),
      nonce: createNonce(),
    }
    try {
      return await client.register({body, signature: await signRegistration(identity.signer, body)})
    } catch (error) {
      const late = deps.now() + REGISTER_PAUSE_MS >= deadline || attempt >= REGISTER_ATTEMPTS
      if (!isRetryableRefusal(error) || late) throw error
      deps.onProgress({
        phase: 'register',
        status: 'detail',
        detail: error instanceof Error ? error.message : String(error),
      })
      await delay(REGISTER_PAUSE_MS, undefined, {signal: deps.signal})
    }
  }
}
