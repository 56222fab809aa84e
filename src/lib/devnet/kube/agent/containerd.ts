import {existsSync} from 'node:fs'
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {connect} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type Child, startChild, waitForChild} from '../child-process.ts'
import {endContainers} from './end-containers.ts'

/** A containerd of the agent's own. */
export interface Containerd {
  /** `unix://…`, for the kubelet. */
  readonly endpoint: string
  readonly child: Child
  /** Ends it (after the grace, ms, by force), every container it started and every mount it made. */
  stop(graceMs: number): Promise<void>
}

/** How it is started. */
export interface ContainerdOptions {
  bin: string
  /** Absolute path; its data, configuration and log go here. */
  dir: string
  signal: AbortSignal
}

/** Where distributions keep the CNI plugins. */
const CNI_BIN_DIRS = ['/usr/lib/cni', '/opt/cni/bin', '/usr/libexec/cni']
const START_TIMEOUT_MS = 60_000

/**
 * Starts containerd with data, state and socket of its own, beside one that the machine may run already.
 * @throws KUBERNETES_START_FAILED
 */
export async function startContainerd({bin, dir, signal}: ContainerdOptions): Promise<Containerd> {
  const cni = join(dir, 'cni')
  await mkdir(cni, {recursive: true, mode: 0o700})
  const run = await runDirOf(dir)
  const socket = join(run, 'containerd.sock')
  await writeFile(
    join(cni, '10-daas.conflist'),
    JSON.stringify(podNetwork(join(dir, 'cni-state')), undefined, 2),
  )
  const config = join(dir, 'containerd.toml')
  await writeFile(config, containerdConfig({root: join(dir, 'root'), state: join(run, 'state'), socket, cni}))
  const child = await startChild({
    name: 'containerd',
    bin,
    args: ['--config', config],
    logFile: join(dir, 'containerd.log'),
  })
  const stop = async (graceMs: number): Promise<void> => {
    await child.stop(graceMs)
    const state = join(run, 'state')
    await endContainers({marks: [socket, state], mounts: [dir, run], state})
    await rm(run, {recursive: true, force: true})
  }
  try {
    await waitForChild({child, ready: async () => canConnect(socket), timeoutMs: START_TIMEOUT_MS, signal})
  } catch (error) {
    await stop(1000)
    throw error
  }
  return {endpoint: `unix://${socket}`, child, stop}
}

/**
 * Where socket and state are: a socket's path may have 107 bytes, and a data folder can be deeper than that. One that
 * was killed has left it there: the next one takes over what goes on in it, as k3s' does.
 * @param dir the folder of a containerd; it is there
 */
export async function runDirOf(dir: string): Promise<string> {
  const note = join(dir, 'run-dir')
  const known = existsSync(note) ? await readFile(note, 'utf8') : ''
  if (known !== '' && existsSync(known)) return known
  const run = await mkdtemp(join(tmpdir(), 'daas-cri-'))
  await writeFile(note, run, {mode: 0o600})
  return run
}

/**
 * Version 2 of the format is read by containerd 1.x and 2.x. Without CAP_SYS_RESOURCE no process may ask to be spared
 * by the OOM killer, as the sandbox of a pod does: what may not be lowered stays as it is.
 */
function containerdConfig(paths: {root: string; state: string; socket: string; cni: string}): string {
  const binDir = CNI_BIN_DIRS.find((dir) => existsSync(dir)) ?? CNI_BIN_DIRS[0]!
  const text = JSON.stringify
  return `version = 2
root = ${text(paths.root)}
state = ${text(paths.state)}
[grpc]
  address = ${text(paths.socket)}
[plugins."io.containerd.grpc.v1.cri"]
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(binDir)}
    conf_dir = ${text(paths.cni)}
`
}

/** A network for pods without a way out: enough for a node to be Ready, and for pods to have an address. */
function podNetwork(dataDir: string): object {
  return {
    cniVersion: '0.4.0',
    name: 'daas',
    plugins: [{type: 'ptp', ipam: {type: 'host-local', subnet: '10.42.0.0/24', dataDir}}, {type: 'loopback'}],
  }
}

async function canConnect(socket: string): Promise<boolean> {
  const {promise, resolve} = Promise.withResolvers<boolean>()
  const client = connect(socket)
  client.once('connect', () => resolve(true))
  client.once('error', () => resolve(false))
  const connected = await promise
  client.destroy()
  return connected
}
