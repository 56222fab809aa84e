import {readdir, readFile} from 'node:fs/promises'
import {execa} from 'execa'
import {findPodNetworks, removePodNetworks} from './pod-networks.ts'

/** What of the machine belongs to one containerd. */
export interface EndContainersOptions {
  /** A shim carries one of these paths in its command line. */
  marks: readonly string[]
  /** Mounts below these folders are taken down. */
  mounts: readonly string[]
  /** The folder of its state, by which the networks of its pods are known. */
  state?: string
}

/**
 * Ends what outlives containerd by design: the shims of its containers with all their descendants, then the mounts
 * and the networks of its pods.
 * Shims are known by the path of this one containerd's socket, so nobody else's are touched.
 */
export async function endContainers({marks, mounts, state}: EndContainersOptions): Promise<void> {
  const networks = state === undefined ? [] : await findPodNetworks(state)
  const processes = await listProcesses()
  const shims = processes
    .filter(({command}) => marks.some((mark) => command.includes(mark)))
    .map(({pid}) => pid)
  for (const pid of withDescendants(shims, processes)) kill(pid)

  // The last mounted goes first.
  const table = (await readFile('/proc/self/mounts', 'utf8')).split('\n').reverse()
  for (const line of table) {
    const target = line.split(' ')[1]?.replaceAll(String.raw`\040`, ' ')
    if (target && mounts.some((dir) => target === dir || target.startsWith(`${dir}/`))) {
      // Lazy: a process that is just dying may still look at it.
      await execa('umount', ['-l', target], {reject: false})
    }
  }
  await removePodNetworks(networks)
}

interface Process {
  pid: number
  parent: number
  command: string
}

async function listProcesses(): Promise<Process[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid)
  const processes = await Promise.all(
    pids.map(async (pid): Promise<Process[]> => {
      try {
        const [command, stat] = await Promise.all([
          readFile(`/proc/${pid}/cmdline`, 'utf8'),
          readFile(`/proc/${pid}/stat`, 'utf8'),
        ])
        // The second field may hold spaces and brackets: what counts comes after the last bracket.
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
        return [{pid, parent, command: command.replaceAll('\0', ' ')}]
      } catch {
        // It ended while the list was read.
        return []
      }
    }),
  )
  return processes.flat()
}

function withDescendants(roots: readonly number[], processes: readonly Process[]): number[] {
  const found = new Set(roots)
  for (let grown = true; grown;) {
    grown = false
    for (const {pid, parent} of processes) {
      if (found.has(parent) && !found.has(pid)) {
        found.add(pid)
        grown = true
      }
    }
  }
  return [...found]
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
