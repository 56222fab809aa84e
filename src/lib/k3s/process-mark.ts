import {readFile} from 'node:fs/promises'
import {execa} from 'execa'

/** A process, and what tells it from another that gets the same id later. Nothing in it is secret. */
export interface ProcessMark {
  readonly pid: number
  /** When it started: on Linux the boot and the clock ticks since, elsewhere what `ps` says. */
  readonly startedAt: string
}

/**
 * Marks a process that runs.
 * @returns undefined where there is none with this id (a zombie counts as none)
 */
export async function markProcess(pid: number): Promise<ProcessMark | undefined> {
  const startedAt = process.platform === 'linux' ? await startOnLinux(pid) : await startByPs(pid)
  return startedAt === undefined ? undefined : {pid, startedAt}
}

/** Whether the process that was marked still runs: same id, same start. */
export async function isSameProcess(mark: ProcessMark): Promise<boolean> {
  return (await markProcess(mark.pid))?.startedAt === mark.startedAt
}

/** proc_pid_stat(5): state is the first field behind the name in parentheses, the start the 20th from there. */
async function startOnLinux(pid: number): Promise<string | undefined> {
  const [stat, boot] = await Promise.all([
    readOrNothing(`/proc/${pid}/stat`),
    readOrNothing('/proc/sys/kernel/random/boot_id'),
  ])
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, ticks] = [fields?.[0], fields?.[19]]
  if (ticks === undefined || state === 'Z' || state === 'X') return undefined
  return `${boot?.trim() ?? ''}:${ticks}`
}

async function startByPs(pid: number): Promise<string | undefined> {
  const {stdout} = await execa('ps', ['-o', 'lstart=', '-p', String(pid)], {reject: false, stdin: 'ignore'})
  return stdout?.trim() || undefined
}

async function readOrNothing(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    // ESRCH: it ended while it was read.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) {
      return undefined
    }

    throw error
  }
}
