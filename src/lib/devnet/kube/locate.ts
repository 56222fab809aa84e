import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import {homedir} from 'node:os'
import {delimiter, join} from 'node:path'

/** The Kubernetes release that `npm run kube:build` builds and the tests run against. */
export const KUBERNETES_VERSION = 'v1.34.1'

/** The programs a real control plane of ours consists of; kubelet and kubectl are welcome but not needed for it. */
export interface KubernetesBinaries {
  /** Where they were found, for the banner. */
  readonly source: 'KUBEBUILDER_ASSETS' | 'cache' | 'PATH'
  readonly etcd: string
  readonly kubeApiserver: string
  readonly kubeControllerManager?: string
  readonly kubelet?: string
  readonly kubectl?: string
}

/** What the search for programs looks at. */
export interface LocateOptions {
  /** The environment: `KUBEBUILDER_ASSETS`, `PATH`, and what {@link kubernetesCacheDir} reads. */
  env: Record<string, string | undefined>
  /** The folder of the cache; that of the environment where it is left out. */
  cacheDir?: string
}

/** How to get the real thing, for messages of skipped tests and of the devnet's banner. */
export const HOW_TO_GET_KUBERNETES =
  'build it with `npm run kube:build` (needs Go, takes minutes), or point KUBEBUILDER_ASSETS at kube-apiserver, etcd and kube-controller-manager'

/**
 * The folder that `npm run kube:build` fills: `$DAAS_KUBE_CACHE/<version>`, else `<XDG cache>/daas/kube/<version>`.
 * Programs lie in its `bin`.
 */
export function kubernetesCacheDir(
  env: Record<string, string | undefined>,
  version = KUBERNETES_VERSION,
): string {
  if (env.DAAS_KUBE_CACHE) return join(env.DAAS_KUBE_CACHE, version)
  const cache = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache')
  return join(cache, 'daas', 'kube', version)
}

/**
 * Finds etcd and kube-apiserver (and the rest where it is there): `KUBEBUILDER_ASSETS` first, then the cache, then
 * PATH. What the first place with a kube-apiserver lacks is taken from the later ones (Debian has an etcd, no
 * kube-apiserver).
 * @returns undefined where no kube-apiserver or no etcd is to be found
 */
export async function locateKubernetes(options: LocateOptions): Promise<KubernetesBinaries | undefined> {
  const {env} = options
  const places: {source: KubernetesBinaries['source']; dirs: string[]}[] = [
    {source: 'KUBEBUILDER_ASSETS', dirs: env.KUBEBUILDER_ASSETS ? [env.KUBEBUILDER_ASSETS] : []},
    {source: 'cache', dirs: [join(options.cacheDir ?? kubernetesCacheDir(env), 'bin')]},
    {source: 'PATH', dirs: (env.PATH ?? '').split(delimiter).filter(Boolean)},
  ]
  const find = async (
    name: string,
  ): Promise<{source: KubernetesBinaries['source']; file: string} | undefined> => {
    for (const {source, dirs} of places) {
      for (const dir of dirs) {
        const file = join(dir, name)
        if (await isExecutable(file)) return {source, file}
      }
    }
    return undefined
  }
  const [apiserver, etcd, manager, kubelet, kubectl] = await Promise.all(
    ['kube-apiserver', 'etcd', 'kube-controller-manager', 'kubelet', 'kubectl'].map(find),
  )
  if (!apiserver || !etcd) return undefined
  return {
    source: apiserver.source,
    etcd: etcd.file,
    kubeApiserver: apiserver.file,
    ...(manager && {kubeControllerManager: manager.file}),
    ...(kubelet && {kubelet: kubelet.file}),
    ...(kubectl && {kubectl: kubectl.file}),
  }
}

/** Whether a file is there and may be executed. */
export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}
