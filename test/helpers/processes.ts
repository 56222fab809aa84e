import {readdir, readFile} from 'node:fs/promises'

/** What anyone with the same user can read of a process while it runs. */
export interface ProcessView {
  readonly pid: number
  readonly cmdline: string
  readonly environ: string
}

/** Whether /proc is there to look at: Linux. */
export const HAS_PROC = process.platform === 'linux'

/** Whether a process runs (a zombie that nobody has waited for does not). */
export async function isAlive(pid: number): Promise<boolean> {
  if (!HAS_PROC) return signalReaches(pid)
  const stat = await readProc(pid, 'stat')
  return stat !== '' && stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
}

/**
 * Whether a process has still to be told of a signal: a second one of the same kind would be the same one. Linux only.
 * @param number of the signal, as in os.constants.signals
 */
export async function isPending(pid: number, number: number): Promise<boolean> {
  const masks = (await readProc(pid, 'status')).matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)
  return [...masks].some(([, mask]) => (BigInt(`0x${mask}`) >> BigInt(number - 1)) & 1n)
}

/** A process and all that it has started, as far as they have not left the family. Linux only. */
export async function familyOf(pid: number): Promise<number[]> {
  const parents = new Map<number, number>()
  for (const each of await allPids()) {
    const stat = await readProc(each, 'stat')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    parents.set(each, Number(fields[1]))
  }
  const family = [pid]
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child)
  }
  return family
}

/** Command lines and environments of a process and all that it has started. Linux only. */
export async function viewFamily(pid: number): Promise<ProcessView[]> {
  const members = await familyOf(pid)
  return Promise.all(
    members.map(async (member) => ({
      pid: member,
      cmdline: (await readProc(member, 'cmdline')).replaceAll('\0', ' '),
      environ: (await readProc(member, 'environ')).replaceAll('\0', '\n'),
    })),
  )
}

/** The processes whose command line or environment names a text, a temporary directory for example. Linux only. */
export async function processesNaming(text: string): Promise<ProcessView[]> {
  const views = await Promise.all(
    (await allPids()).map(async (pid) => ({
      pid,
      cmdline: (await readProc(pid, 'cmdline')).replaceAll('\0', ' '),
      environ: (await readProc(pid, 'environ')).replaceAll('\0', '\n'),
    })),
  )
  return views.filter(
    ({pid, cmdline, environ}) => pid !== process.pid && `${cmdline}\n${environ}`.includes(text),
  )
}

async function allPids(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
}

/** '' where the process has gone, or is another user's. */
async function readProc(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
}

function signalReaches(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
