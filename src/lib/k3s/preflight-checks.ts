import semver from 'semver'
import type {PreflightContext, PreflightProbes, PreflightResult} from './preflight.ts'

/** A check's outcome, without its name. */
export type Outcome = Omit<PreflightResult, 'name'>
export const pass = (message: string): Outcome => ({status: 'pass', message, remedy: ''})
export const warn = (message: string, remedy: string): Outcome => ({status: 'warn', message, remedy})
export const fail = (message: string, remedy: string): Outcome => ({status: 'fail', message, remedy})

/** Ports the agent binds on the loopback: its load balancer, kubelet, kube-proxy, containerd's streams. */
const AGENT_PORTS = [6444, 10_010, 10_248, 10_249, 10_250, 10_256]
const MIN_KERNEL = '4.15.0'
const MIN_FREE_BYTES = 2 * 1024 ** 3
const WARN_SKEW_MS = 5000
const MAX_SKEW_MS = 60_000

export function checkHostname(probes: PreflightProbes, {nodeName}: PreflightContext): Outcome {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(nodeName)) {
    return fail(`${nodeName} is no DNS label`, 'choose a name such as worker-1 with --node')
  }
  const host = probes.hostname()
  return pass(host === nodeName ? nodeName : `${nodeName} (this machine calls itself ${host})`)
}

/** A name is bound to the stake it was first registered with, for good: staking anew does not get it back. */
export async function checkName({nameHolder, nodeName}: PreflightContext): Promise<Outcome> {
  if (!nameHolder) return pass('not asked: no cluster is set')
  const holder = await nameHolder()
  if (!holder) return pass(`${nodeName} is free in this cluster`)
  if (holder.evicted)
    return fail(`the node ${nodeName} was evicted from this cluster`, 'choose another name with --node')
  if (holder.mine === true) return pass(`${nodeName} is bound to the stake of this node`)
  const text = `${nodeName} is bound to a stake of ${holder.owner}`
  return holder.mine === undefined
    ? warn(text, 'fine where that is you; else choose another name with --node')
    : fail(text, 'choose another name with --node, or have the operator release this one')
}

export function checkRoot(probes: PreflightProbes, {rootless}: PreflightContext): Outcome {
  if (rootless) return pass('rootless')
  return probes.uid() === 0
    ? pass('running as root')
    : fail('k3s agent needs root', 'run it with sudo, or pass --rootless')
}

export function checkArch(probes: PreflightProbes, {dataDir}: PreflightContext): Outcome {
  const [platform, arch] = [probes.platform(), probes.arch()]
  if (platform === 'linux' && ['x64', 'arm64', 'arm'].includes(arch)) return pass(`${platform}/${arch}`)
  return fail(
    `there is no k3s for ${platform}/${arch} (data would go to ${dataDir})`,
    'join from a Linux machine',
  )
}

export function checkKernel(probes: PreflightProbes): Outcome {
  const release = probes.kernelRelease()
  const version = semver.coerce(release)
  if (!version)
    return warn(`cannot read the kernel release ${release}`, `it should be ${MIN_KERNEL} or newer`)
  return semver.gte(version, MIN_KERNEL)
    ? pass(release)
    : fail(`kernel ${release} is older than ${MIN_KERNEL}`, 'update the kernel')
}

export async function checkPorts(probes: PreflightProbes): Promise<Outcome> {
  const free = await Promise.all(AGENT_PORTS.map(async (port) => probes.portFree(port)))
  const taken = AGENT_PORTS.filter((_, index) => !free[index])
  return taken.length === 0
    ? pass(`${AGENT_PORTS.join(', ')} are free`)
    : fail(`in use: ${taken.join(', ')}`, 'stop what listens there (another k3s, kubelet or containerd?)')
}

/** Units of the k3s installer: one that is there brings its k3s up beside ours, at the latest at the next boot. */
const K3S_UNITS = ['k3s.service', 'k3s-agent.service'].map((unit) => `/etc/systemd/system/${unit}`)

export async function checkLeftovers(
  probes: PreflightProbes,
  {dataDir, rootless, standIn}: PreflightContext,
): Promise<Outcome> {
  const there = async (paths: readonly string[]): Promise<string[]> => {
    const found = await Promise.all(paths.map(async (path) => probes.exists(path)))
    return paths.filter((_, index) => found[index])
  }
  const units = standIn || rootless ? [] : await there(K3S_UNITS)
  if (units.length > 0) {
    return fail(
      `another k3s is installed here: ${units.join(', ')}`,
      'remove it (k3s-uninstall.sh or k3s-agent-uninstall.sh): both would use the same ports, links and mounts',
    )
  }

  const left = await there([
    `${dataDir}/agent/client-kubelet.crt`,
    ...(rootless ? [] : ['/etc/rancher/node/password']),
  ])
  return left.length === 0
    ? pass('none')
    : warn(
        `from an earlier join: ${left.join(', ')}`,
        'fine for the same node and cluster; else remove them, or the server will refuse this node',
      )
}

export async function checkSwap(probes: PreflightProbes): Promise<Outcome> {
  const bytes = await probes.swapBytes()
  return bytes === 0
    ? pass('off')
    : warn(`${bytes} bytes in use as swap`, 'turn swap off for predictable limits')
}

export async function checkDisk(probes: PreflightProbes, {dataDir}: PreflightContext): Promise<Outcome> {
  const free = await probes.freeBytes(dataDir)
  const text = `${(free / 1024 ** 3).toFixed(1)} GiB free for ${dataDir}`
  return free >= MIN_FREE_BYTES ? pass(text) : fail(text, 'make room: 2 GiB are the least')
}

export function checkClock(probes: PreflightProbes, theirsMs: number | undefined): Outcome {
  if (theirsMs === undefined) return pass('nobody has said the time yet')
  const skew = Math.abs(probes.now() - theirsMs)
  const text = `${(skew / 1000).toFixed(0)} s between this clock and the cluster's`
  if (skew > MAX_SKEW_MS) return fail(text, 'set the clock (NTP): signatures and certificates depend on it')
  return skew > WARN_SKEW_MS ? warn(text, 'set the clock (NTP)') : pass(text)
}

/** The kubelet may be older than the API server by up to three minors, never newer. */
export function checkVersion({serverVersion, agentVersion, standIn}: PreflightContext): Outcome {
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

/** What the kubelet has to have (k3s check-config): without one of them it does not start. */
export async function checkCgroups(probes: PreflightProbes): Promise<Outcome> {
  const there = await probes.cgroupControllers()
  if (there === undefined) return fail('no cgroups', 'mount the cgroup file system')
  const missing = ['cpu', 'cpuset', 'memory', 'pids'].filter((name) => !there.includes(name))
  return missing.length === 0
    ? pass('cpu, cpuset, memory, pids')
    : fail(
        `controllers missing: ${missing.join(', ')}`,
        'turn them on at boot (cgroup_enable=memory cgroup_memory=1), then restart',
      )
}

/**
 * k3s' own look at the kernel. A warning: it counts what it cannot find out (a kernel without /proc/config.gz, a
 * container) as missing, too.
 */
export async function checkConfig(
  probes: PreflightProbes,
  {k3sBin, signal}: PreflightContext,
): Promise<Outcome> {
  if (k3sBin === undefined) return pass('not asked: there is no k3s here yet')
  // Without root it would ask for a password (sudo).
  if (probes.uid() !== 0) return pass('not asked: it wants root')
  const missing = await probes.checkConfig(k3sBin, signal)
  if (missing === undefined) return warn('k3s check-config gave no verdict', `run it: ${k3sBin} check-config`)
  return missing.length === 0
    ? pass('k3s check-config finds nothing missing')
    : warn(`k3s check-config: ${missing.join('; ')}`, `see all it says: ${k3sBin} check-config`)
}

/** k3s loads them itself where it may: a warning is enough. */
export async function checkModules(probes: PreflightProbes): Promise<Outcome> {
  const wanted = ['br_netfilter', 'overlay']
  const there = await Promise.all(wanted.map(async (name) => probes.moduleAvailable(name)))
  const missing = wanted.filter((_, index) => !there[index])
  return missing.length === 0
    ? pass(wanted.join(', '))
    : warn(`not found: ${missing.join(', ')}`, `load them: modprobe -a ${missing.join(' ')}`)
}

/** The networks of pods and services where k3s is set up as it comes. */
const CLUSTER_NETWORKS = ['10.42.0.0/16', '10.43.0.0/16']

export async function checkRoutes(probes: PreflightProbes): Promise<Outcome> {
  const clashing = (await probes.routes()).filter(
    ({cidr, device}) =>
      !/^(cni|flannel)/.test(device) && CLUSTER_NETWORKS.some((network) => overlaps(cidr, network)),
  )
  return clashing.length === 0
    ? pass(`nothing in ${CLUSTER_NETWORKS.join(' and ')}`)
    : warn(
        `routes of this machine lie in the networks of pods and services: ${clashing.map(({cidr, device}) => `${cidr} (${device})`).join(', ')}`,
        'ask the operator whether the cluster uses other networks',
      )
}

/** The agent takes these variables over: what it says to the cluster must not go through a proxy. */
export function checkProxy(probes: PreflightProbes, {server}: PreflightContext): Outcome {
  const proxy = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].find((name) => probes.env(name))
  if (proxy === undefined) return pass('none')
  const direct = (probes.env('NO_PROXY') ?? probes.env('no_proxy') ?? '')
    .split(',')
    .map((name) => name.trim())
  const host = server && new URL(server.url).hostname
  if (host !== undefined && direct.some((name) => name === '*' || name === host)) {
    return pass(`${proxy} is set, ${host} is left out of it`)
  }

  return warn(`${proxy} is set`, `add ${host ?? 'the server'},10.42.0.0/16,10.43.0.0/16 to NO_PROXY`)
}

/** Whether two IPv4 networks have an address in common. A default route does not count: it is behind all others. */
function overlaps(left: string, right: string): boolean {
  const [a, b] = [networkOf(left), networkOf(right)]
  if (a.bits === 0 || b.bits === 0) return false
  const shift = 32 - Math.min(a.bits, b.bits)
  return Math.floor(a.address / 2 ** shift) === Math.floor(b.address / 2 ** shift)
}

function networkOf(cidr: string): {address: number; bits: number} {
  const [address = '', bits = '32'] = cidr.split('/')
  return {
    address: address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0),
    bits: Number(bits),
  }
}
