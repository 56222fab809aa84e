/**
 * A stand-in for the k3s binary before a real API server: takes `agent --server … --token-file …`, checks token and
 * CA hash as k3s does, then runs the real kubelet on a containerd of its own through the real TLS bootstrap, and
 * writes k3s' log lines. Started by a launcher (launcher.ts) that names the kubelet in DAAS_KUBELET.
 */
import {existsSync} from 'node:fs'
import {mkdir, rm} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import which from 'which'
import {type Child, startChild} from '../child-process.ts'
import {startContainerd} from './containerd.ts'
import {connectToServer, createK3sLog, type K3sLog, parseAgentArgs} from './k3s-shape.ts'
import {kubeletCertificate, setUpKubelet} from './kubelet.ts'
import {KUBELET_AGENT_VERSION} from './launcher.ts'
import {endContainers} from './end-containers.ts'

const HEALTHZ_PAUSE_MS = 200
/** For the kubelet and for containerd each: together less than what `daas join` gives the agent. */
const STOP_MS = 3000

async function runAgent(argv: readonly string[], log: K3sLog, signal: AbortSignal): Promise<void> {
  log.info(`Starting k3s agent ${KUBELET_AGENT_VERSION} (stand-in for k3s: the real kubelet)`)
  const settings = parseAgentArgs(argv)
  const kubeletBin = process.env.DAAS_KUBELET ?? (await which('kubelet', {nothrow: true}))
  const containerdBin = await which('containerd', {nothrow: true})
  const runc = await which('runc', {nothrow: true})
  if (!kubeletBin) throw new Error('no kubelet: build it with npm run kube:build')
  if (!containerdBin || !runc) throw new Error('containerd and runc have to be installed')
  const dataDir = resolve(settings.dataDir)
  await mkdir(dataDir, {recursive: true, mode: 0o700})

  const server = await connectToServer(settings, existsSync(kubeletCertificate(dataDir)), log, signal)
  const containerd = await startContainerd({bin: containerdBin, dir: join(dataDir, 'containerd'), signal})
  let kubelet: Child | undefined
  try {
    const setup = await setUpKubelet(settings, server, dataDir, containerd.endpoint)
    log.info(`Running kubelet ${setup.args.join(' ')}`)
    let registered = (): void => undefined
    const onceRegistered = new Promise<void>((done) => (registered = done))
    kubelet = await startChild({
      name: 'kubelet',
      bin: kubeletBin,
      args: setup.args,
      logFile: join(dataDir, 'kubelet.log'),
      onLine: (line) => {
        process.stderr.write(`${line}\n`)
        if (line.includes('Successfully registered node')) registered()
      },
    })
    const running = kubelet
    void onceRegistered.then(async () => {
      await rm(setup.bootstrapKubeconfig, {force: true})
      log.info(`Annotations and labels have been set successfully on node: ${settings.nodeName}`)
      await waitHealthy(setup.healthz, signal)
      if (process.env.NOTIFY_SOCKET && !signal.aborted) log.info('k3s agent is up and running')
    })
    const aborted = new Promise<'aborted'>((done) => {
      if (signal.aborted) done('aborted')
      signal.addEventListener('abort', () => done('aborted'), {once: true})
    })
    const ended = await Promise.race([
      aborted,
      running.exited.then((code) => `kubelet exited with code ${code}`),
      containerd.child.exited.then((code) => `containerd exited with code ${code}`),
    ])
    if (ended !== 'aborted') throw new Error(ended)
  } finally {
    await kubelet?.stop(STOP_MS)
    await containerd.stop(STOP_MS)
    await endContainers({marks: [], mounts: [join(dataDir, 'kubelet')]})
  }
}

async function waitHealthy(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      if ((await fetch(url, {signal})).ok) return
    } catch {
      // Not listening yet, or the end has come: the loop's condition tells them apart.
    }
    await delay(HEALTHZ_PAUSE_MS)
  }
}

const log = createK3sLog((line) => process.stderr.write(line))
const abort = new AbortController()
// The first signal ends it gracefully, the second at once: as k3s.
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.on(name, () => {
    if (abort.signal.aborted) process.exit(1)
    abort.abort()
  })
}
try {
  await runAgent(process.argv.slice(2), log, abort.signal)
} catch (error) {
  if (!abort.signal.aborted) {
    log.fatal(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
