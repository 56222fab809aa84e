import {mkdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import which from 'which'
import {daasError} from '../../errors/daas-error.ts'
import {createKubeHttp} from '../../kube/kube-http.ts'
import {loadKubeConfig} from '../../kube/kubeconfig.ts'
import {writeStandIn} from './agent/launcher.ts'
import {canRunK3s, describeKubeconfig, startK3sServer} from './k3s-server.ts'
import {HOW_TO_GET_KUBERNETES, type KubernetesBinaries, locateKubernetes} from './locate.ts'
import {type RealKubernetes, startRealKubernetes} from './real-kubernetes.ts'

/** The kinds of Kubernetes the devnet can have. */
export type KubernetesKind = 'k3s' | 'binaries' | 'embedded' | 'kubeconfig'

/** What joins such a Kubernetes as a node. */
export interface JoinPartner {
  /** `embedded` runs no containers; it registers a Node and renews its Lease. */
  readonly kind: 'k3s' | 'kubelet' | 'embedded'
  /** An executable that takes `agent --server … --token-file …`. */
  readonly bin: string
  readonly extraArgs: readonly string[]
}

/** A Kubernetes that runs. */
export interface ChosenKubernetes extends RealKubernetes {
  readonly kind: KubernetesKind
  /** What to call it where it shows, for example `embedded (not a real Kubernetes)`. */
  readonly label: string
  /** For example `v1.34.1`. */
  readonly version: string
  /** undefined for somebody else's cluster: its nodes join with a k3s of their own. */
  readonly joinPartner: JoinPartner | undefined
  /** How to get something more real; undefined where nothing is. */
  readonly notice: string | undefined
}

/** What the choice takes. */
export interface ChooseKubernetesOptions {
  env: Record<string, string | undefined>
  /** An empty folder for keys, data, logs and the join partner; whoever made it removes it. */
  dir: string
  signal: AbortSignal
  logger: {
    debug(fields: object, message: string): void
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
  /** Where `npm run kube:build` puts things, if not where the environment says. */
  cacheDir?: string
}

/**
 * Starts the Kubernetes that is asked for. `auto` takes the first that is there of k3s (root on Linux, binary on
 * PATH), binaries (KUBEBUILDER_ASSETS, cache, PATH) and embedded, and never builds or downloads.
 * @param wanted `auto`, a kind, or the path of a kubeconfig
 * @throws KUBERNETES_NOT_FOUND, KUBERNETES_START_FAILED, KUBECONFIG_INVALID, KUBE_UNREACHABLE
 */
export async function chooseKubernetes(
  wanted: string,
  options: ChooseKubernetesOptions,
): Promise<ChosenKubernetes> {
  const {env, dir, signal, cacheDir} = options
  await mkdir(dir, {recursive: true, mode: 0o700})
  if (wanted === 'embedded') return startEmbedded(options)
  if (wanted !== 'auto' && wanted !== 'k3s' && wanted !== 'binaries') return useKubeconfig(wanted)

  const k3s = wanted === 'binaries' ? undefined : await canRunK3s(env)
  if (k3s?.bin) {
    const started = await startK3sServer(k3s.bin, dir, signal)
    const joinPartner = {kind: 'k3s', bin: k3s.bin, extraArgs: []} as const
    return complete(started, {kind: 'k3s', label: `k3s (${k3s.bin})`, joinPartner, notice: undefined})
  }
  if (wanted === 'k3s') {
    throw daasError('KUBERNETES_NOT_FOUND', {
      kind: wanted,
      reason: k3s && 'reason' in k3s ? k3s.reason : 'unknown',
      remedy: 'install k3s (https://k3s.io) and run as root on Linux',
    })
  }
  const binaries = await locateKubernetes({env, ...(cacheDir && {cacheDir})})
  if (binaries?.kubeControllerManager) {
    const started = await startRealKubernetes({...options, binaries})
    try {
      const partner = await kubeletPartner(options, binaries)
      const label = `real kube-apiserver and etcd (from ${binaries.source})`
      return await complete(started, {kind: 'binaries', label, ...partner})
    } catch (error) {
      await started.close()
      throw error
    }
  }
  if (wanted === 'binaries') {
    const reason =
      'kube-apiserver, etcd and kube-controller-manager are not in KUBEBUILDER_ASSETS, cache or PATH'
    throw daasError('KUBERNETES_NOT_FOUND', {kind: wanted, reason, remedy: HOW_TO_GET_KUBERNETES})
  }
  return startEmbedded(options)
}

type Rest = Pick<ChosenKubernetes, 'kind' | 'label' | 'joinPartner' | 'notice'>

async function complete(started: RealKubernetes, rest: Rest): Promise<ChosenKubernetes> {
  return {...started, ...rest, version: await askVersion(started.adminKubeconfig)}
}

async function startEmbedded(options: ChooseKubernetesOptions): Promise<ChosenKubernetes> {
  const {startEmbeddedKubernetes} = await import('./embedded/embedded-kubernetes.ts')
  const {logger, signal} = options
  const started = await startEmbeddedKubernetes({logger, signal})
  return complete(started, {
    kind: 'embedded',
    label: 'embedded (a small Kubernetes API for trying, not a real one)',
    joinPartner: await embeddedPartner(options.dir),
    notice: `for a real Kubernetes: ${HOW_TO_GET_KUBERNETES}`,
  })
}

/** The real kubelet where this machine can run it, else the embedded agent, which says so. */
async function kubeletPartner(
  {dir, env}: ChooseKubernetesOptions,
  {kubelet}: KubernetesBinaries,
): Promise<Pick<Rest, 'joinPartner' | 'notice'>> {
  const programs = await Promise.all(
    ['containerd', 'runc'].map(async (name) => which(name, {path: env.PATH ?? '', nothrow: true})),
  )
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0
  if (!kubelet || programs.includes(null) || !isRoot) {
    return {
      joinPartner: await embeddedPartner(dir),
      notice:
        'for a real kubelet: run as root on Linux with kubelet (npm run kube:build), containerd and runc',
    }
  }
  const bin = await writeStandIn(join(dir, 'kubelet-agent'), {kind: 'kubelet', kubelet})
  return {joinPartner: {kind: 'kubelet', bin, extraArgs: []}, notice: undefined}
}

async function embeddedPartner(dir: string): Promise<JoinPartner> {
  const bin = await writeStandIn(join(dir, 'embedded-agent'), {kind: 'embedded'})
  return {kind: 'embedded', bin, extraArgs: []}
}

async function useKubeconfig(file: string): Promise<ChosenKubernetes> {
  const config = loadKubeConfig({file})
  const adminKubeconfig = await readFile(file, 'utf8')
  return {
    ...describeKubeconfig(config),
    kind: 'kubeconfig',
    label: `the cluster of ${file}`,
    version: await askVersion(adminKubeconfig),
    adminKubeconfig,
    joinPartner: undefined,
    notice: undefined,
    // It is not ours to end.
    close: async () => undefined,
  }
}

async function askVersion(kubeconfig: string): Promise<string> {
  const {KubeConfig} = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  config.loadFromString(kubeconfig)
  const http = createKubeHttp(config)
  try {
    const {gitVersion} = await http.json<{gitVersion: string}>({method: 'GET', path: '/version'})
    return gitVersion
  } finally {
    http.close()
  }
}
