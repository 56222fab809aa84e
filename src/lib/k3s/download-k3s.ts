import {createHash, randomUUID} from 'node:crypto'
import {createReadStream, createWriteStream} from 'node:fs'
import {chmod, mkdir, readdir, rename, rm, stat} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {Transform} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {setTimeout as delay} from 'node:timers/promises'
import {DaasError, daasError} from '../errors/daas-error.ts'
import {reasonOf} from './verify-server.ts'

/** What is fetched, and from where. */
export interface DownloadOptions {
  /** For example `v1.34.1+k3s1`. */
  readonly version: string
  /** Releases by `<base>/<version>/<file>`. */
  readonly baseUrl: string
  /** Node's names: `linux`, `x64`. */
  readonly platform: string
  readonly arch: string
  /** What it must be beside what the release says, hex. */
  readonly sha256?: string
  readonly fetch?: typeof fetch
  readonly signal: AbortSignal
  /** Told how far it is, one line at a time. */
  readonly onProgress?: (detail: string) => void
  /** Before a transfer that broke off goes on, ms. */
  readonly pauseMs?: number
}

/** How often a transfer that breaks off is taken up again before it counts as failed. */
const ATTEMPTS = 5
const PAUSE_MS = 1000
/** Nothing at all for so long is a broken transfer, ms. */
const STALLED_MS = 30_000
const TOLD_EVERY_MS = 500

/**
 * The name of a release's binary and of its checksum file (k3s install.sh; the latter says `arm` where the former says
 * `armhf`).
 * @throws K3S_ARCH_UNSUPPORTED
 */
export function k3sAssetNames(platform: string, arch: string): {binary: string; checksums: string} {
  const known: Record<string, {binary: string; checksums: string}> = {
    x64: {binary: 'k3s', checksums: 'sha256sum-amd64.txt'},
    arm64: {binary: 'k3s-arm64', checksums: 'sha256sum-arm64.txt'},
    arm: {binary: 'k3s-armhf', checksums: 'sha256sum-arm.txt'},
  }
  const names = known[arch]
  if (platform !== 'linux' || !names) throw daasError('K3S_ARCH_UNSUPPORTED', {platform, arch})
  return names
}

/**
 * Fetches the k3s of a release into a file. It goes on where an earlier transfer broke off (of this run or of one
 * before), and only what has the SHA-256 of the release's checksum file gets the target's name, and is executable.
 * @param target the file; what there is of it so far lies beside it, named by its SHA-256 and by who is at it
 * @throws K3S_ARCH_UNSUPPORTED, K3S_DOWNLOAD_FAILED, K3S_CHECKSUM_MISMATCH
 */
export async function downloadK3s(target: string, options: DownloadOptions): Promise<void> {
  const names = k3sAssetNames(options.platform, options.arch)
  const base = `${options.baseUrl.replace(/\/$/, '')}/${encodeURIComponent(options.version)}`
  const expected = await expectedSha256(base, names, options)
  await mkdir(dirname(target), {recursive: true})
  const partial = await takeOver(target, expected)
  await fetchWhole(`${base}/${names.binary}`, partial, options)
  try {
    await checkSha256(partial, expected)
    if (options.sha256 !== undefined) await checkSha256(partial, options.sha256)
    await chmod(partial, 0o755)
    await rename(partial, target)
  } finally {
    // After the rename there is nothing left to remove; in every other case this is a file not to be trusted.
    await rm(partial, {force: true})
  }
}

/**
 * Named by what it is to become, so that the rest of another release is never added to it; and by the process, so that
 * two never write to one. What a process left that is no more is taken over: a rename, so one alone can have it.
 */
async function takeOver(target: string, expected: string): Promise<string> {
  const prefix = `${basename(target)}.${expected.slice(0, 16)}.`
  const mine = join(dirname(target), `${prefix}${process.pid}-${randomUUID()}.part`)
  for (const name of await readdir(dirname(target))) {
    const pid = name.startsWith(prefix)
      ? Number(/^(\d+)-.*\.part$/.exec(name.slice(prefix.length))?.[1])
      : Number.NaN
    if (Number.isNaN(pid) || isRunning(pid)) continue
    try {
      await rename(join(dirname(target), name), mine)
      break
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }

  return mine
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: another user's.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** @throws K3S_CHECKSUM_MISMATCH */
export async function checkSha256(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const actual = hash.digest('hex')
  if (actual !== expected.toLowerCase()) throw daasError('K3S_CHECKSUM_MISMATCH', {file, actual, expected})
}

async function expectedSha256(
  base: string,
  names: {readonly binary: string; readonly checksums: string},
  options: DownloadOptions,
): Promise<string> {
  const list = await (await get(`${base}/${names.checksums}`, {}, options)).text()
  const expected = list
    .split('\n')
    .map((line) => /^([0-9a-f]{64})\s+\*?(\S+)$/.exec(line.trim()))
    .find((match) => match?.[2] === names.binary)?.[1]
  if (expected) return expected
  throw daasError('K3S_DOWNLOAD_FAILED', {
    url: base,
    reason: `${names.checksums} does not name ${names.binary}`,
  })
}

async function fetchWhole(url: string, partial: string, options: DownloadOptions): Promise<void> {
  const {signal, pauseMs = PAUSE_MS, onProgress} = options
  for (let attempt = 1; ; attempt++) {
    const before = await sizeOf(partial)
    try {
      return await fetchRest(url, partial, before, options)
    } catch (error) {
      signal.throwIfAborted()
      // A server that says no says it again; only a transfer that broke off is taken up once more.
      if (error instanceof DaasError) throw error
      // One that gets on may break off as often as it likes.
      if ((await sizeOf(partial)) > before) attempt = 0
      if (attempt >= ATTEMPTS)
        throw daasError('K3S_DOWNLOAD_FAILED', {url, reason: reasonOf(error)}, {cause: error})
      onProgress?.(`broke off (${reasonOf(error)}); going on`)
      await delay(pauseMs, undefined, {signal})
    }
  }
}

async function fetchRest(
  url: string,
  partial: string,
  from: number,
  options: DownloadOptions,
): Promise<void> {
  const {signal, onProgress} = options
  const stalled = new AbortController()
  const watch = setTimeout(
    () => stalled.abort(new Error(`nothing came for ${STALLED_MS / 1000} s`)),
    STALLED_MS,
  )
  try {
    const both = {...options, signal: AbortSignal.any([signal, stalled.signal])}
    const response = await get(url, from > 0 ? {range: `bytes=${from}-`} : {}, both)
    // 416: it was all there already.
    if (response.status === 416) return
    if (!response.body) throw daasError('K3S_DOWNLOAD_FAILED', {url, reason: 'the answer is empty'})
    // A server that knows no ranges sends all of it.
    const goesOn = response.status === 206
    if (goesOn && !response.headers.get('content-range')?.startsWith(`bytes ${from}-`)) {
      throw daasError('K3S_DOWNLOAD_FAILED', {
        url,
        reason: 'the server sends another part than was asked for',
      })
    }

    const length = Number(response.headers.get('content-length') ?? 0)
    const total = length > 0 ? (goesOn ? from : 0) + length : 0
    let done = goesOn ? from : 0
    let toldAt = 0
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        watch.refresh()
        done += chunk.length
        if (performance.now() >= toldAt || done === total) {
          toldAt = performance.now() + TOLD_EVERY_MS
          onProgress?.(describe(done, total))
        }

        next(null, chunk)
      },
    })
    const file = createWriteStream(partial, {flags: goesOn ? 'a' : 'w', mode: 0o600})
    await pipeline(response.body, counted, file, {signal: both.signal})
  } finally {
    clearTimeout(watch)
  }
}

async function get(
  url: string,
  headers: Record<string, string>,
  {signal, fetch: send = fetch}: DownloadOptions,
): Promise<Response> {
  let response: Response
  try {
    response = await send(url, {signal, headers})
  } catch (cause) {
    if (signal.aborted || headers.range !== undefined) throw cause
    throw daasError('K3S_DOWNLOAD_FAILED', {url, reason: reasonOf(cause)}, {cause})
  }

  if (response.ok || response.status === 416) return response
  if (response.status >= 500 && headers.range !== undefined) throw new Error(`HTTP ${response.status}`)
  throw daasError('K3S_DOWNLOAD_FAILED', {url, reason: `HTTP ${response.status}`})
}

const BAR_WIDTH = 20

/** For example `[########------------] 40 % of 70.1 MiB`. */
function describe(done: number, total: number): string {
  const mib = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`
  if (total === 0) return mib(done)
  const full = Math.floor((done / total) * BAR_WIDTH)
  const bar = '#'.repeat(full).padEnd(BAR_WIDTH, '-')
  return `[${bar}] ${Math.floor((done / total) * 100)} % of ${mib(total)}`
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (isMissing(error)) return 0
    throw error
  }
}
