import {mkdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {z} from 'zod'
import {daasError} from '../errors/daas-error.ts'
import {isSameProcess, type ProcessMark} from './process-mark.ts'

const mark = z.object({pid: z.int().positive(), startedAt: z.string()})

const nodeStateSchema = z.object({
  version: z.literal(1),
  node: z.string(),
  cluster: z.string(),
  /** joining: a run is on its way or was interrupted; joined: it was Ready; stopped: its agent was ended. */
  status: z.enum(['joining', 'joined', 'stopped', 'lost', 'leaving']),
  /** The last phase that was done. */
  phase: z.string().optional(),
  dataDir: z.string(),
  rootless: z.boolean(),
  /** The agent is daas' own for trying, not k3s: nothing of k3s is left behind then. */
  standIn: z.boolean().optional(),
  k3s: z.string().optional(),
  stake: z.string().optional(),
  seal: z.string().optional(),
  /** What the listener answered; the seal token is not in it. */
  registration: z
    .object({
      serverUrl: z.string(),
      caHash: z.string(),
      labels: z.record(z.string(), z.string()),
      taints: z.array(z.string()),
    })
    .optional(),
  /** The `daas join` that watches over the agent. */
  keeper: mark.optional(),
  agent: mark.optional(),
  /** Why it was lost. */
  reason: z.string().optional(),
  /** RFC 3339, UTC. */
  updatedAt: z.string(),
})

/** What this machine knows of a node of its own. Nothing in it is secret. */
export type NodeState = z.infer<typeof nodeStateSchema>

/** The state file of one node, `<dir>/state.json`, mode 0600. */
export interface NodeStateFile {
  readonly dir: string
  readonly file: string
  /** @throws NODE_STATE_INVALID */
  read(): Promise<NodeState | undefined>
  /** Changes what is there, or begins. Whole or not at all. */
  update(change: Partial<NodeState>): Promise<NodeState>
  /** As update, but not where there is none any more: the node has left meanwhile. */
  amend(change: Partial<NodeState>): Promise<void>
}

/** Where the state of a node is kept. @param dataDir daas' own data directory */
export function nodeDirOf(dataDir: string, nodeName: string): string {
  return join(dataDir, 'nodes', nodeName)
}

/** Opens the state file of a node; it need not be there. */
export function openNodeState(dir: string, now: () => number = Date.now): NodeStateFile {
  const file = join(dir, 'state.json')
  const read = async (): Promise<NodeState | undefined> => {
    let text: string
    try {
      text = await readFile(file, 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    }

    try {
      return nodeStateSchema.parse(JSON.parse(text))
    } catch (cause) {
      throw daasError('NODE_STATE_INVALID', {file}, {cause})
    }
  }

  const write = async (before: NodeState | undefined, change: Partial<NodeState>): Promise<NodeState> => {
    const updatedAt = new Date(now()).toISOString()
    const merged = {...before, ...change, version: 1, updatedAt}
    const state = nodeStateSchema.parse(JSON.parse(JSON.stringify(merged)))
    await mkdir(dir, {recursive: true, mode: 0o700})
    await writeFileAtomic(file, `${JSON.stringify(state, null, 2)}\n`, {mode: 0o600})
    return state
  }

  return {
    dir,
    file,
    read,
    update: async (change) => write(await read(), change),
    async amend(change) {
      const before = await read()
      if (before) await write(before, change)
    },
  }
}

/** Who of a node's processes still runs. */
export interface LiveProcesses {
  readonly keeper: ProcessMark | undefined
  readonly agent: ProcessMark | undefined
}

/** Looks for the processes that a state names; one that has only inherited the id does not count. */
export async function liveProcesses(state: NodeState | undefined): Promise<LiveProcesses> {
  const alive = async (it: ProcessMark | undefined): Promise<ProcessMark | undefined> =>
    it !== undefined && (await isSameProcess(it)) ? it : undefined
  const [keeper, agent] = await Promise.all([alive(state?.keeper), alive(state?.agent)])
  return {keeper, agent}
}
