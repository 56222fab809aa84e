import {access, readFile, statfs} from 'node:fs/promises'
import {createServer} from 'node:net'
import {arch, hostname, platform, release} from 'node:os'
import {dirname} from 'node:path'
import {stripVTControlCharacters} from 'node:util'
import {execa} from 'execa'
import {probeEnvironment} from './agent-environment.ts'
import type {PreflightProbes} from './preflight.ts'

/** The probes of this very machine. */
export function createMachineProbes(): PreflightProbes {
  return {
    uid: () => process.getuid?.(),
    platform: () => platform(),
    arch: () => arch(),
    kernelRelease: () => release(),
    hostname: () => hostname(),
    portFree,
    exists,
    swapBytes,
    freeBytes,
    cgroupControllers,
    moduleAvailable,
    routes,
    checkConfig,
    env: (name) => process.env[name] || undefined,
    now: () => Date.now(),
  }
}

async function portFree(port: number): Promise<boolean> {
  const server = createServer()
  const {promise, resolve} = Promise.withResolvers<boolean>()
  server.once('error', () => resolve(false))
  server.listen({port, host: '127.0.0.1', exclusive: true}, () => server.close(() => resolve(true)))
  return promise
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** /proc/swaps: a heading, then one line per area with its size in KiB in the third column. No such file, no swap. */
async function swapBytes(): Promise<number> {
  if (!(await exists('/proc/swaps'))) return 0
  const lines = (await readFile('/proc/swaps', 'utf8')).trim().split('\n').slice(1)
  return lines.reduce((sum, line) => sum + Number(line.split(/\s+/)[2] ?? 0) * 1024, 0)
}

/** The folder may not be there yet: the nearest one above it counts. */
async function freeBytes(path: string): Promise<number> {
  let at = path
  while (!(await exists(at)) && dirname(at) !== at) at = dirname(at)
  const {bavail, bsize} = await statfs(at)
  return bavail * bsize
}

/** cgroup v2 lists them in one file, v1 has a table (a heading, then name, hierarchy, number, enabled). */
async function cgroupControllers(): Promise<string[] | undefined> {
  const unified = await readOrNothing('/sys/fs/cgroup/cgroup.controllers')
  if (unified !== undefined) return unified.trim().split(/\s+/)
  const table = await readOrNothing('/proc/cgroups')
  return table
    ?.trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .filter((fields) => fields[3] === '1')
    .map(([name = '']) => name)
}

async function moduleAvailable(name: string): Promise<boolean> {
  if (await exists(`/sys/module/${name}`)) return true
  const folder = `/lib/modules/${release()}`
  const lists = await Promise.all(
    ['modules.builtin', 'modules.dep'].map(async (list) => readOrNothing(`${folder}/${list}`)),
  )
  return lists.some((list) => new RegExp(`/${name}\\.ko`, 'm').test(list ?? ''))
}

/** /proc/net/route: a heading, then device, destination, gateway, …, mask in the eighth column, little-endian hex. */
async function routes(): Promise<{cidr: string; device: string}[]> {
  const lines = ((await readOrNothing('/proc/net/route')) ?? '').trim().split('\n').slice(1)
  return lines.map((line) => {
    const [device = '', destination = '0', , , , , , mask = '0'] = line.split(/\s+/)
    const bits = Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length
    const address = [6, 4, 2, 0].map((at) =>
      Number.parseInt(destination.padStart(8, '0').slice(at, at + 2), 16),
    )
    return {cidr: `${address.join('.')}/${bits}`, device}
  })
}

const CHECK_CONFIG_TIMEOUT_MS = 30_000

/** contrib/util/check-config.sh of k3s: ends with the number of failures, each of them marked at the line's end. */
async function checkConfig(bin: string, signal: AbortSignal): Promise<string[] | undefined> {
  const {exitCode, stdout, stderr} = await execa(bin, ['check-config'], {
    reject: false,
    stdin: 'ignore',
    timeout: CHECK_CONFIG_TIMEOUT_MS,
    cancelSignal: signal,
    extendEnv: false,
    env: {...probeEnvironment(process.env), NO_COLOR: '1'},
  })
  signal.throwIfAborted()
  if (exitCode === 0) return []
  const lines = `${stdout ?? ''}\n${stderr ?? ''}`.split('\n').map((line) => stripVTControlCharacters(line))
  const failed = lines
    .map((line) => line.replace(/^\s*- /, '').trim())
    .filter((line) => /\(fail\)$|^error: /.test(line) && !line.startsWith('STATUS:'))
  return failed.length === 0 ? undefined : failed
}

async function readOrNothing(path: string): Promise<string | undefined> {
  return (await exists(path)) ? readFile(path, 'utf8') : undefined
}
