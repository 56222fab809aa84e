import {readdir, readFile} from 'node:fs/promises'
import {execa} from 'execa'

/** What ending what k3s leaves behind asks of the machine; injected, so that it can be tried without one. */
export interface KillallHost {
  /** Every process: id, parent, command line (arguments joined by spaces). */
  processes(): Promise<readonly {readonly pid: number; readonly parent: number; readonly command: string}[]>
  /** Mount points. */
  mounts(): Promise<readonly string[]>
  /** Names of network links. */
  links(): Promise<readonly string[]>
  kill(pid: number): void
  /** Runs a program; its failure is told, not thrown. @returns what it printed */
  run(
    program: string,
    args: readonly string[],
    input?: string,
  ): Promise<{readonly ok: boolean; readonly stdout: string}>
}

/** What was ended. */
export interface KillallResult {
  readonly shims: number
  readonly unmounted: readonly string[]
  readonly links: readonly string[]
  /** How many rules of Kubernetes, CNI and flannel were taken out of iptables. */
  readonly rules: number
  /** Another k3s runs on this machine: what all of them share was left alone. */
  readonly shared: boolean
}

const MOUNTS = /^(\/run\/k3s(\/|$)|\/var\/lib\/kubelet\/(pods|plugins)(\/|$)|\/run\/netns\/cni-)/
const LINKS = new Set(['cni0', 'flannel.1', 'flannel-v6.1', 'flannel-wg', 'flannel-wg-v6', 'kube-ipvs0'])
const RULES = /KUBE-|CNI-|flannel/

/**
 * Ends what outlives a stopped k3s agent: its pods. What k3s-killall.sh of the k3s installer does: shims with all
 * their processes, mounts, links, iptables rules.
 * @param dataDir of the agent: only its own shims are ended
 */
export async function killall(host: KillallHost, dataDir: string): Promise<KillallResult> {
  const processes = await host.processes()
  // The program itself, not one that has such a path among its arguments.
  const isShim = (command: string): boolean => /^\S+\/data\/[^/ ]+\/bin\/containerd-shim/.test(command)
  const own = processes.filter(({command}) => command.startsWith(`${dataDir}/data/`) && isShim(command))
  const others = processes.filter(({command}) => isShim(command) && !command.startsWith(`${dataDir}/data/`))
  for (const {pid} of own) for (const member of treeOf(pid, processes)) host.kill(member)
  if (others.length > 0) return {shims: own.length, unmounted: [], links: [], rules: 0, shared: true}

  const unmounted: string[] = []
  // The deepest first: a mount that has another in it is busy.
  const mounts = [...new Set(await host.mounts())].filter((path) => MOUNTS.test(path))
  for (const path of mounts.sort((a, b) => b.length - a.length)) {
    if ((await host.run('umount', ['-f', path])).ok || (await host.run('umount', ['-l', path])).ok)
      unmounted.push(path)
  }

  const links: string[] = []
  for (const link of (await host.links()).filter((name) => LINKS.has(name))) {
    if ((await host.run('ip', ['link', 'delete', link])).ok) links.push(link)
  }

  let rules = 0
  for (const tables of ['iptables', 'ip6tables']) {
    const {ok, stdout} = await host.run(`${tables}-save`, [])
    const lines = stdout.split('\n')
    const kept = lines.filter((line) => !RULES.test(line))
    if (!ok || kept.length === lines.length) continue
    if ((await host.run(`${tables}-restore`, [], kept.join('\n'))).ok) rules += lines.length - kept.length
  }

  return {shims: own.length, unmounted, links, rules, shared: false}
}

function treeOf(
  root: number,
  processes: readonly {readonly pid: number; readonly parent: number}[],
): number[] {
  const tree = [root]
  for (const member of tree) {
    tree.push(...processes.filter(({parent}) => parent === member).map(({pid}) => pid))
  }

  return tree
}

/** This machine. Linux only: k3s is too. */
export function createKillallHost(): KillallHost {
  return {
    async processes() {
      const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
      const all = await Promise.all(
        ids.map(async (id) => {
          const [stat, cmdline] = await Promise.all([
            readOrNothing(`/proc/${id}/stat`),
            readOrNothing(`/proc/${id}/cmdline`),
          ])
          const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
          return {pid: Number(id), parent, command: cmdline.replaceAll('\0', ' ').trim()}
        }),
      )
      return all.filter(({command}) => command !== '')
    },
    mounts: async () =>
      (await readOrNothing('/proc/self/mounts'))
        .split('\n')
        .filter(Boolean)
        // proc_pid_mounts(5): spaces and the like are octal.
        .map((line) =>
          (line.split(' ')[1] ?? '').replaceAll(/\\(\d{3})/g, (_, code: string) =>
            String.fromCharCode(Number.parseInt(code, 8)),
          ),
        ),
    links: () => readdir('/sys/class/net'),
    kill(pid) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
      }
    },
    async run(program, args, input) {
      const {exitCode, stdout} = await execa(program, [...args], {
        reject: false,
        ...(input === undefined ? {stdin: 'ignore' as const} : {input}),
      })
      return {ok: exitCode === 0, stdout: stdout ?? ''}
    },
  }
}

async function readOrNothing(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return ''
    throw error
  }
}
