import semver from 'semver'
import {DaasError, daasError} from '../errors/daas-error.ts'
import {verifyServer, type VerifiedServer} from './verify-server.ts'

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
  /** Where known already: the cluster's server and CA hash. */
  server?: {url: string; caHash: string}
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
  'root',
  'arch',
  'kernel',
  'ports',
  'leftovers',
  'swap',
  'disk',
  'server',
  'clock-skew',
  'version-skew',
] as const

/** One of {@link PREFLIGHT_NAMES}. */
export type PreflightName = (typeof PREFLIGHT_NAMES)[number]

type Outcome = Omit<PreflightResult, 'name'>
const pass = (message: string): Outcome => ({status: 'pass', message, remedy: ''})
const warn = (message: string, remedy: string): Outcome => ({status: 'warn', message, remedy})
const fail = (message: string, remedy: string): Outcome => ({status: 'fail', message, remedy})

/** Ports the agent binds on the loopback: its load balancer, kubelet, kube-proxy, containerd's streams. */
const AGENT_PORTS = [6444, 10_010, 10_248, 10_249, 10_250, 10_256]
const MIN_KERNEL = '4.15.0'
const MIN_FREE_BYTES = 2 * 1024 ** 3
const WARN_SKEW_MS = 5000
const MAX_SKEW_MS = 60_000

/**
 * Runs all checks, all to their end, before any coin moves. `server` asks the network and covers the CA hash.
 * @returns one result for each of {@link PREFLIGHT_NAMES}, in that order
 */
export async function runPreflight(
  probes: PreflightProbes,
  context: PreflightContext,
): Promise<PreflightResult[]> {
  const server = context.server && (await probeServer(context, context.server))
  const checks: Record<PreflightName, () => Outcome | Promise<Outcome>> = {
    hostname: () => checkHostname(probes, context),
    root: () => checkRoot(probes, context),
    arch: () => checkArch(probes, context),
    kernel: () => checkKernel(probes),
    ports: () => checkPorts(probes),
    leftovers: () => checkLeftovers(probes, context),
    swap: () => checkSwap(probes),
    disk: () => checkDisk(probes, context),
    server: () => server?.outcome ?? pass('not known yet; asked after the registration'),
    'clock-skew': () => checkClock(probes, server?.verified),
    'version-skew': () => checkVersion(context),
  }
  const machineOnly = new Set<PreflightName>(['root', 'arch', 'kernel', 'ports', 'swap', 'disk'])
  return Promise.all(
    PREFLIGHT_NAMES.map(async (name) => {
      if (context.standIn && machineOnly.has(name))
        return {name, ...pass('not needed: the agent is a stand-in')}
      return {name, ...(await checks[name]())}
    }),
  )
}

/**
 * Ends the join where a check failed that is not ignored.
 * @param ignore names of checks, or `all`
 * @throws PREFLIGHT_FAILED with the results in its details
 */
export function assertPreflight(results: readonly PreflightResult[], ignore: readonly string[] = []): void {
  const failed = results.filter(
    ({name, status}) => status === 'fail' && !ignore.includes(name) && !ignore.includes('all'),
  )
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

function checkHostname(probes: PreflightProbes, {nodeName}: PreflightContext): Outcome {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(nodeName)) {
    return fail(`${nodeName} is no DNS label`, 'choose a name such as worker-1 with --node')
  }
  const host = probes.hostname()
  return pass(host === nodeName ? nodeName : `${nodeName} (this machine calls itself ${host})`)
}

function checkRoot(probes: PreflightProbes, {rootless}: PreflightContext): Outcome {
  if (rootless) return pass('rootless')
  return probes.uid() === 0
    ? pass('running as root')
    : fail('k3s agent needs root', 'run it with sudo, or pass --rootless')
}

function checkArch(probes: PreflightProbes, {dataDir}: PreflightContext): Outcome {
  const [platform, arch] = [probes.platform(), probes.arch()]
  if (platform === 'linux' && ['x64', 'arm64', 'arm'].includes(arch)) return pass(`${platform}/${arch}`)
  return fail(
    `there is no k3s for ${platform}/${arch} (data would go to ${dataDir})`,
    'join from a Linux machine',
  )
}

function checkKernel(probes: PreflightProbes): Outcome {
  const release = probes.kernelRelease()
  const version = semver.coerce(release)
  if (!version)
    return warn(`cannot read the kernel release ${release}`, `it should be ${MIN_KERNEL} or newer`)
  return semver.gte(version, MIN_KERNEL)
    ? pass(release)
    : fail(`kernel ${release} is older than ${MIN_KERNEL}`, 'update the kernel')
}

async function checkPorts(probes: PreflightProbes): Promise<Outcome> {
  const free = await Promise.all(AGENT_PORTS.map(async (port) => probes.portFree(port)))
  const taken = AGENT_PORTS.filter((_, index) => !free[index])
  return taken.length === 0
    ? pass(`${AGENT_PORTS.join(', ')} are free`)
    : fail(`in use: ${taken.join(', ')}`, 'stop what listens there (another k3s, kubelet or containerd?)')
}

async function checkLeftovers(
  probes: PreflightProbes,
  {dataDir, rootless}: PreflightContext,
): Promise<Outcome> {
  const paths = [`${dataDir}/agent/client-kubelet.crt`, ...(rootless ? [] : ['/etc/rancher/node/password'])]
  const found = await Promise.all(paths.map(async (path) => probes.exists(path)))
  const left = paths.filter((_, index) => found[index])
  return left.length === 0
    ? pass('none')
    : warn(
        `from an earlier join: ${left.join(', ')}`,
        'fine for the same node and cluster; else remove them, or the server will refuse this node',
      )
}

async function checkSwap(probes: PreflightProbes): Promise<Outcome> {
  const bytes = await probes.swapBytes()
  return bytes === 0
    ? pass('off')
    : warn(`${bytes} bytes in use as swap`, 'turn swap off for predictable limits')
}

async function checkDisk(probes: PreflightProbes, {dataDir}: PreflightContext): Promise<Outcome> {
  const free = await probes.freeBytes(dataDir)
  const text = `${(free / 1024 ** 3).toFixed(1)} GiB free for ${dataDir}`
  return free >= MIN_FREE_BYTES ? pass(text) : fail(text, 'make room: 2 GiB are the least')
}

function checkClock(probes: PreflightProbes, verified: VerifiedServer | undefined): Outcome {
  if (verified?.serverTimeMs === undefined) return pass('the server has not said its time')
  const skew = Math.abs(probes.now() - verified.serverTimeMs)
  const text = `${(skew / 1000).toFixed(0)} s between this clock and the server's`
  if (skew > MAX_SKEW_MS) return fail(text, 'set the clock (NTP): signatures and certificates depend on it')
  return skew > WARN_SKEW_MS ? warn(text, 'set the clock (NTP)') : pass(text)
}

/** The kubelet may be older than the API server by up to three minors, never newer. */
function checkVersion({serverVersion, agentVersion, standIn}: PreflightContext): Outcome {
  const [server, agent] = [semver.coerce(serverVersion), semver.coerce(agentVersion)]
  if (!server || !agent) return pass('not known yet')
  const text = `agent ${agentVersion}, server ${serverVersion}`
  if (standIn) return pass(text)
  if (semver.compare(`${agent.major}.${agent.minor}.0`, `${server.major}.${server.minor}.0`) > 0) {
    return fail(`the agent is newer than the server: ${text}`, `use k3s ${serverVersion}`)
  }
  return server.minor - agent.minor > 3
    ? fail(`the agent is too old: ${text}`, `use k3s ${serverVersion}`)
    : pass(text)
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
