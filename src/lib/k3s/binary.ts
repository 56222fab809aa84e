import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import {delimiter, join, resolve} from 'node:path'
import {execa} from 'execa'
import {daasError} from '../errors/daas-error.ts'
import {probeEnvironment} from './agent-environment.ts'
import {checkSha256, downloadK3s} from './download-k3s.ts'

/** Where k3s releases are, by `<base>/<version>/<file>`; a mirror has the same layout. */
export const K3S_RELEASES = 'https://github.com/k3s-io/k3s/releases/download'

/** What is looked at, and in which order: `bin`, PATH, the cache, the download. */
export interface FindK3sOptions {
  /** A path given by the user; nothing else is looked at then. */
  bin?: string
  /** The value of PATH. */
  path: string
  /** Folder of downloaded binaries, by version. */
  cacheDir: string
  /** For example `v1.34.1+k3s1`: what the listener announced; '' where it did not, then nothing is fetched. */
  version: string
  /** Expected SHA-256 of the binary, hex. Where given, it holds for every place. */
  sha256?: string
  /** Without it nothing is fetched. */
  download?: {
    /** Base URL, {@link K3S_RELEASES} or a mirror. */
    baseUrl: string
    /** Node's names: `linux`, `x64`. */
    platform: string
    arch: string
    fetch?: typeof fetch
  }
  signal: AbortSignal
  /** Told how far a download is, one line at a time. */
  onProgress?: (detail: string) => void
}

/** A k3s that was found. */
export interface FoundK3s {
  readonly file: string
  readonly source: 'flag' | 'path' | 'cache' | 'download'
  /** What `--version` says, for example `v1.34.1+k3s1`; undefined where it does not say. */
  readonly version: string | undefined
  /** One of daas' own agents for trying and testing (its version's build part starts with `daas`), not k3s. */
  readonly standIn: boolean
}

/**
 * Finds the k3s binary, or fetches it where that is allowed. A fetched one is only kept if its SHA-256 is that of the
 * release's checksum file (and of `sha256`, where given).
 * @throws K3S_MISSING, K3S_CHECKSUM_MISMATCH, K3S_DOWNLOAD_FAILED, K3S_ARCH_UNSUPPORTED
 */
export async function findK3s(options: FindK3sOptions): Promise<FoundK3s> {
  const {bin, version, sha256, signal} = options
  const cached = join(options.cacheDir, version, 'k3s')
  const candidates: {file: string; source: FoundK3s['source']}[] = bin
    ? [{file: resolve(bin), source: 'flag'}]
    : [
        ...options.path
          .split(delimiter)
          .filter(Boolean)
          .map((dir) => ({file: join(dir, 'k3s'), source: 'path' as const})),
        {file: cached, source: 'cache'},
      ]
  for (const {file, source} of candidates) {
    if (!(await isExecutableFile(file))) continue
    if (sha256 !== undefined) await checkSha256(file, sha256)
    return {file, source, ...(await askVersion(file, signal))}
  }
  if (bin || !options.download || !version) {
    throw daasError('K3S_MISSING', {
      places: bin ?? `PATH and ${cached}`,
      version: version || '(the cluster names no version)',
    })
  }
  await downloadK3s(cached, {...options, ...options.download})
  return {file: cached, source: 'download', ...(await askVersion(cached, signal))}
}

async function isExecutableFile(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

const VERSION_TIMEOUT_MS = 10_000

/** `k3s --version` prints `k3s version v1.34.1+k3s1 (hash)`. */
async function askVersion(file: string, signal: AbortSignal): Promise<Pick<FoundK3s, 'version' | 'standIn'>> {
  const {stdout} = await execa(file, ['--version'], {
    reject: false,
    stdin: 'ignore',
    timeout: VERSION_TIMEOUT_MS,
    cancelSignal: signal,
    extendEnv: false,
    env: probeEnvironment(process.env),
  })
  signal.throwIfAborted()
  const version = /^k3s version (v\S+)/m.exec(stdout ?? '')?.[1]
  return {version, standIn: version !== undefined && /\+daas\b/.test(version)}
}
