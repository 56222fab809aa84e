/**
 * Builds a real Kubernetes out of Go modules into the cache, for tests and for `daas devnet --kubernetes binaries`:
 * kube-apiserver, etcd, kube-controller-manager, kubelet, kubectl. What is there already is skipped.
 *
 *   npm run kube:build                 all of them (about 6 minutes on 2 cores, once)
 *   npm run kube:build -- etcd kubectl only these
 *   npm run kube:build -- --tools      and what the tests run against the gateway: helm, client-go, k9s (5 to 8 minutes more)
 */
import {cp, mkdir, mkdtemp, rename, rm} from 'node:fs/promises'
import {setPriority} from 'node:os'
import {join} from 'node:path'
import {execa, ExecaError} from 'execa'
import {isExecutable, KUBERNETES_VERSION, kubernetesCacheDir} from '../src/lib/devnet/kube/locate.ts'
import {ExitCode} from '../src/lib/errors/exit-codes.ts'

/** Program -> Go package. The order is the order of building; the first takes the longest. */
const packages: Record<string, string> = {
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  kubelet: 'k8s.io/kubernetes/cmd/kubelet',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
}

/** What uses a Kubernetes; built on demand. The version of a module of its own stands behind the `@`. */
const tools: Record<string, string> = {
  helm: 'helm.sh/helm/v3/cmd/helm@v3.19.0',
  'client-go': './client-go',
  k9s: 'github.com/derailed/k9s@v0.50.18',
}

const NICE = 10

async function main(args: string[]): Promise<number> {
  const known = [...Object.keys(packages), ...Object.keys(tools)]
  const names = args.filter((arg) => arg !== '--tools')
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(', ')}; there is ${known.join(', ')}, and --tools`)
    return ExitCode.usage
  }
  const more = args.includes('--tools') ? Object.keys(tools) : []
  const wanted = [...(names.length > 0 ? names : Object.keys(packages)), ...more]
  const cache = kubernetesCacheDir(process.env)
  const bin = join(cache, 'bin')
  await mkdir(bin, {recursive: true})

  const missing: string[] = []
  for (const name of wanted) {
    if (await isExecutable(join(bin, name))) console.error(`${name}: there already`)
    else missing.push(name)
  }
  if (missing.length > 0) {
    if (!(await hasGo())) {
      console.error(
        'go is not on PATH: install Go 1.24 or newer (https://go.dev/dl), or point KUBEBUILDER_ASSETS at ready-made binaries',
      )
      return ExitCode.unavailable
    }
    // Compilers inherit it: a build must not starve what else runs here.
    setPriority(NICE)
    const source = join(cache, 'src')
    await cp(new URL('kube', import.meta.url).pathname, source, {recursive: true})
    for (const name of missing) await build(name, source, bin)
  }
  console.log(bin)
  return ExitCode.ok
}

async function build(name: string, source: string, bin: string): Promise<void> {
  const started = Date.now()
  const target = packages[name] ?? tools[name]!
  console.error(`${name}: building ${target} ...`)
  const work = await mkdtemp(join(bin, '.build-'))
  const own = target.includes('@')
  try {
    await execa('go', own ? ['install', ...flagsOf(name), target] : buildOf(name, target, work), {
      cwd: source,
      env: {
        // readonly: only what the committed go.sum names may be built; what has a module of its own brings its own
        GOFLAGS: own ? '-buildvcs=false' : '-mod=readonly -buildvcs=false',
        GOWORK: 'off',
        CGO_ENABLED: '0',
        ...(own && {GOBIN: work}),
      },
      stdout: 'inherit',
      stderr: 'inherit',
    })
    await rename(join(work, name), join(bin, name))
  } finally {
    await rm(work, {recursive: true, force: true})
  }
  console.error(`${name}: built in ${Math.round((Date.now() - started) / 1000)} s`)
}

function buildOf(name: string, target: string, work: string): string[] {
  return ['build', ...flagsOf(name), '-o', join(work, name), target]
}

function flagsOf(name: string): string[] {
  return ['-trimpath', '-ldflags', name in packages ? linkerFlags() : '-s -w']
}

/** Without these the programs call themselves v0.0.0-master, and clients take that for an ancient release. */
function linkerFlags(): string {
  const [major, minor] = KUBERNETES_VERSION.slice(1).split('.')
  const set = {gitVersion: KUBERNETES_VERSION, gitMajor: major, gitMinor: minor, gitTreeState: 'clean'}
  const flags = Object.entries(set).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  )
  return ['-s', '-w', ...flags].join(' ')
}

async function hasGo(): Promise<boolean> {
  const result = await execa('go', ['version'], {reject: false})
  return result.exitCode === 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof ExecaError)) throw error
  console.error(error.shortMessage)
  process.exitCode = ExitCode.bug
}
