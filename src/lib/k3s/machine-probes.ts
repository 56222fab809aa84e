import {access, readFile, statfs} from 'node:fs/promises'
import {createServer} from 'node:net'
import {arch, hostname, platform, release} from 'node:os'
import {dirname} from 'node:path'
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
