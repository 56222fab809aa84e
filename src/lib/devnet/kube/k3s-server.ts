import {existsSync} from 'node:fs'
import {mkdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {KubeConfig} from '@kubernetes/client-node'
import which from 'which'
import {k3sCaHash} from '../../k3s/ca-hash.ts'
import {createKubeHttp} from '../../kube/kube-http.ts'
import {startChild, waitForChild} from './child-process.ts'
import {freePorts} from './free-ports.ts'
import type {RealKubernetes} from './real-kubernetes.ts'

/** Where a k3s that runs already leaves its traces. */
const RUNNING_MARKS = ['/run/k3s/containerd', '/etc/rancher/k3s/k3s.yaml']
const START_TIMEOUT_MS = 180_000

/** Whether a k3s of ours may be started here. */
export type K3sServerChance = {readonly bin: string} | {readonly bin: undefined; readonly reason: string}

/**
 * Looks for what a k3s server of our own needs: Linux, root, the binary on PATH, and no k3s that runs already, whose
 * network it would disturb.
 */
export async function canRunK3s(
  env: Record<string, string | undefined>,
  platform: string = process.platform,
  uid: number | undefined = process.getuid?.(),
): Promise<K3sServerChance> {
  if (platform !== 'linux') return {bin: undefined, reason: 'k3s runs on Linux only'}
  if (uid !== 0) return {bin: undefined, reason: 'k3s needs root'}
  const bin = await which('k3s', {path: env.PATH ?? '', nothrow: true})
  if (!bin) return {bin: undefined, reason: 'no k3s on PATH'}
  const mark = RUNNING_MARKS.find((path) => existsSync(path))
  return mark ? {bin: undefined, reason: `a k3s is installed here already (${mark})`} : {bin}
}

/**
 * Starts `k3s server` without an agent of its own, on a free port of the loopback and with its data in `dir`.
 * @throws KUBERNETES_START_FAILED, the signal's reason
 */
export async function startK3sServer(bin: string, dir: string, signal: AbortSignal): Promise<RealKubernetes> {
  await mkdir(join(dir, 'logs'), {recursive: true, mode: 0o700})
  const [port, lbPort] = (await freePorts(2)) as [number, number]
  const kubeconfigFile = join(dir, 'admin.kubeconfig')
  const child = await startChild({
    name: 'k3s',
    bin,
    args: [
      'server',
      `--data-dir=${join(dir, 'k3s')}`,
      '--bind-address=127.0.0.1',
      `--https-listen-port=${port}`,
      `--lb-server-port=${lbPort}`,
      `--write-kubeconfig=${kubeconfigFile}`,
      '--write-kubeconfig-mode=0600',
      '--disable-agent',
      '--disable=traefik,servicelb,metrics-server,local-storage,coredns',
      '--flannel-backend=host-gw',
    ],
    logFile: join(dir, 'logs', 'k3s.log'),
  })
  const close = async (): Promise<void> => child.stop(10_000)
  try {
    const ready = async (probe: AbortSignal): Promise<boolean> => {
      if (!existsSync(kubeconfigFile)) return false
      const admin = createKubeHttp(await loadFile(kubeconfigFile))
      try {
        return (await admin.call({method: 'GET', path: '/readyz', signal: probe})).status === 200
      } finally {
        admin.close()
      }
    }
    await waitForChild({child, ready, timeoutMs: START_TIMEOUT_MS, signal})
    const adminKubeconfig = await readFile(kubeconfigFile, 'utf8')
    return {...describeKubeconfig(await loadFile(kubeconfigFile)), adminKubeconfig, close}
  } catch (error) {
    await close()
    throw error
  }
}

/** Address, CA and CA hash of the current context of a kubeconfig; '' where it pins no CA. */
export function describeKubeconfig(config: KubeConfig): {url: string; caPem: string; caHash: string} {
  const cluster = config.getCurrentCluster()
  const caPem = cluster?.caData ? Buffer.from(cluster.caData, 'base64').toString('utf8') : ''
  return {url: cluster?.server ?? '', caPem, caHash: caPem ? k3sCaHash(caPem) : ''}
}

async function loadFile(file: string): Promise<KubeConfig> {
  const config = new KubeConfig()
  config.loadFromString(await readFile(file, 'utf8'))
  return config
}
