import {DaasError, daasError} from '../errors/daas-error.ts'
import {createPinnedAgent, type TlsPins} from '../seal/pinned-agent.ts'
import type {NameHolder} from './name-holder.ts'
import * as checks from './preflight-checks.ts'
import {fail, type Outcome, pass, warn} from './preflight-checks.ts'
import {tlsRequest} from './tls-request.ts'
import {reasonOf, verifyServer, type VerifiedServer} from './verify-server.ts'

/** What preflight asks of the machine; injected, so that every check is a pure function of the answers. */
export interface PreflightProbes {
  /** Numeric user id, undefined where the system has none. */
  uid(): number | undefined
  /** Node's names: `linux`, `x64`. */
  platform(): string
  arch(): string
  /** For example `6.1.0-18-amd64`. */
  kernelRelease(): string
  hostname(): string
  /** Whether a TCP port of the loopback can be bound. */
  portFree(port: number): Promise<boolean>
  exists(path: string): Promise<boolean>
  /** Active swap in bytes. */
  swapBytes(): Promise<number>
  /** Free bytes of the file system that holds (or will hold) the path. */
  freeBytes(path: string): Promise<number>
  /** Names of the cgroup controllers; undefined where there are no cgroups. */
  cgroupControllers(): Promise<readonly string[] | undefined>
  /** Whether a kernel module is loaded, built in, or there to be loaded. */
  moduleAvailable(name: string): Promise<boolean>
  /** IPv4 routes. */
  routes(): Promise<readonly {readonly cidr: string; readonly device: string}[]>
  /** Runs `k3s check-config`. @returns what it says fails, line by line; undefined where it could not say */
  checkConfig(bin: string, signal: AbortSignal): Promise<readonly string[] | undefined>
  /** A variable of the environment; undefined where it is not set or empty. */
  env(name: string): string | undefined
  /** Unix time, ms. */
  now(): number
}

/** What is going to be joined, and how. */
export interface PreflightContext {
  nodeName: string
  dataDir: string
  rootless: boolean
  /** An agent of daas' own for trying and testing: it needs no root, ports or kernel of its own. */
  standIn: boolean
  /** The agent's binary, where there is one already. */
  k3sBin?: string
  /** Whose the node's name is on chain; left out where no cluster is set. */
  nameHolder?: () => Promise<NameHolder | undefined>
  /** Where known already: the cluster's server and CA hash. */
  server?: {url: string; caHash: string}
  /** Where known already: the listener, and SHA-256 of its TLS key, two while a new one takes over. */
  listener?: {urls: readonly string[]; tlsPin: TlsPins}
  /** k3s version of the server, for example `v1.34.1+k3s1`; '' where the chain names none. */
  serverVersion?: string
  /** Version of the agent's binary. */
  agentVersion?: string | undefined
  signal: AbortSignal
}

/** One check's outcome. */
export interface PreflightResult {
  readonly name: PreflightName
  readonly status: 'pass' | 'warn' | 'fail'
  readonly message: string
  /** What to do about it; '' where nothing is to be done. */
  readonly remedy: string
}

/** The names of the checks, in the order they run and are shown. They are what `--ignore-preflight` takes. */
export const PREFLIGHT_NAMES = [
  'hostname',
  'name',
  'root',
  'arch',
  'kernel',
  'cgroups',
  'modules',
  'check-config',
  'ports',
  'leftovers',
  'swap',
  'disk',
  'routes',
  'proxy',
  'listener',
  'server',
  'clock-skew',
  'version-skew',
] as const

/** One of {@link PREFLIGHT_NAMES}. */
export type PreflightName = (typeof PREFLIGHT_NAMES)[number]

/**
 * Runs all checks, all to their end, before any coin moves. `server` asks the network and covers the CA hash.
 * @returns one result for each of {@link PREFLIGHT_NAMES}, in that order
 */
export async function runPreflight(
  probes: PreflightProbes,
  context: PreflightContext,
): Promise<PreflightResult[]> {
  const [server, listener] = await Promise.all([
    context.server && probeServer(context, context.server),
    context.listener && probeListener(context, context.listener),
  ])
  const run: Record<PreflightName, () => Outcome | Promise<Outcome>> = {
    hostname: () => checks.checkHostname(probes, context),
    name: () => checks.checkName(context),
    root: () => checks.checkRoot(probes, context),
    arch: () => checks.checkArch(probes, context),
    kernel: () => checks.checkKernel(probes),
    cgroups: () => checks.checkCgroups(probes),
    modules: () => checks.checkModules(probes),
    'check-config': () => checks.checkConfig(probes, context),
    ports: () => checks.checkPorts(probes),
    leftovers: () => checks.checkLeftovers(probes, context),
    swap: () => checks.checkSwap(probes),
    disk: () => checks.checkDisk(probes, context),
    routes: () => checks.checkRoutes(probes),
    proxy: () => checks.checkProxy(probes, context),
    listener: () => listener?.outcome ?? pass('not asked: the cluster names none yet'),
    server: () => server?.outcome ?? pass('not known yet; asked after the registration'),
    // Signatures are judged by the listener's clock, certificates by the server's.
    'clock-skew': () => checks.checkClock(probes, listener?.timeMs ?? server?.verified?.serverTimeMs),
    'version-skew': () => checks.checkVersion(context),
  }
  const machineOnly = new Set<PreflightName>([
    'root',
    'arch',
    'kernel',
    'cgroups',
    'modules',
    'check-config',
    'ports',
    'swap',
    'disk',
    'routes',
    'proxy',
  ])
  return Promise.all(
    PREFLIGHT_NAMES.map(async (name) => {
      if (context.standIn && machineOnly.has(name))
        return {name, ...pass('not needed: the agent is a stand-in')}
      return {name, ...(await run[name]())}
    }),
  )
}

/**
 * The checks that stand in the way of a join.
 * @param ignore names of checks, or `all`
 */
export function failedChecks(
  results: readonly PreflightResult[],
  ignore: readonly string[] = [],
): PreflightResult[] {
  return results.filter(
    ({name, status}) => status === 'fail' && !ignore.includes(name) && !ignore.includes('all'),
  )
}

/**
 * Ends the join where a check failed that is not ignored.
 * @param ignore names of checks, or `all`
 * @throws PREFLIGHT_FAILED with the results in its details
 */
export function assertPreflight(results: readonly PreflightResult[], ignore: readonly string[] = []): void {
  const failed = failedChecks(results, ignore)
  const [first] = failed
  if (!first) return
  throw daasError(
    'PREFLIGHT_FAILED',
    {
      checks: failed.map(({name, message}) => `${name}: ${message}`).join('; '),
      remedy: first.remedy,
      names: failed.map(({name}) => name).join(','),
    },
    {details: {checks: results}},
  )
}

async function probeServer(
  {signal}: PreflightContext,
  {url, caHash}: {url: string; caHash: string},
): Promise<{outcome: Outcome; verified?: VerifiedServer}> {
  try {
    const verified = await verifyServer({serverUrl: url, caHash, signal})
    return {outcome: pass(`${url} answers with the CA that the chain names`), verified}
  } catch (error) {
    if (!(error instanceof DaasError)) throw error
    return {outcome: fail(error.message, error.suggestions[0] ?? '')}
  }
}

/** One that does not answer may be starting: a warning. One with another key is another one. */
async function probeListener(
  {signal}: PreflightContext,
  {urls, tlsPin}: NonNullable<PreflightContext['listener']>,
): Promise<{outcome: Outcome; timeMs?: number}> {
  const agent = createPinnedAgent(tlsPin)
  const failures: string[] = []
  try {
    for (const base of urls) {
      try {
        const url = new URL('/livez', base).href
        const {status, headers} = await tlsRequest({url, trust: {kind: 'agent', agent}, signal})
        const timeMs = Date.parse(String(headers.date))
        return {
          outcome: pass(`${base} answers ${status} with the key that the chain names`),
          ...(!Number.isNaN(timeMs) && {timeMs}),
        }
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof DaasError) return {outcome: fail(error.message, error.suggestions[0] ?? '')}
        failures.push(`${base}: ${reasonOf(error)}`)
      }
    }

    return {
      outcome: warn(`no answer: ${failures.join('; ')}`, 'check that the listener runs and can be reached'),
    }
  } finally {
    agent.destroy()
  }
}
