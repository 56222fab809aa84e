import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, dryRunFlag, Flags, signerFlags} from '../lib/cli/flags.ts'
import {daasError} from '../lib/errors/daas-error.ts'
import type {LeaveStepResult} from '../lib/k3s/leave.ts'
import type {Removal} from '../lib/k3s/purge.ts'
import type {UnstakeResult} from '../lib/stake/unstake.ts'
import {LEAVE_STAGES} from '../lib/ui/leave-stages.ts'
import {createProgress} from '../lib/ui/progress.ts'
import {renderUnstake} from '../lib/ui/results.ts'

/** What leaving did. */
export interface LeaveResult {
  node: string
  cluster: string
  /** False where there was nothing left to do. */
  changed: boolean
  dryRun?: boolean
  steps: readonly LeaveStepResult[]
  /** What it removed from this machine, or would. */
  removes: readonly Removal[]
  unstaked?: UnstakeResult
}

/** For the agent to end by itself, ms. */
const GRACE_MS = 10_000

export default class Leave extends ChainCommand<LeaveResult> {
  static override summary = 'take this machine out of the cluster again'
  static override description =
    'Asks the listener to drain and delete the node, stops its agent and what k3s leaves running, and removes what join wrote; with --purge also the data of the agent and its identity. It is drained as kubectl drain does it: disruption budgets are heeded until --timeout, pods without a controller and data in emptyDir volumes hold it back; where it cannot be drained it stays as it was. The stake stays unless --unstake is given. It may be run again: what is done already is left out.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --node worker-1',
    '<%= config.bin %> <%= command.id %> --node worker-1 --purge --unstake --yes --json',
    '<%= config.bin %> <%= command.id %> --node worker-1 --force --confirm worker-1',
  ]
  static override flags = {
    node: Flags.string({
      char: 'n',
      summary: 'name of the node',
      helpValue: 'NAME',
      env: 'DAAS_NODE',
      required: true,
    }),
    purge: Flags.boolean({
      summary: 'remove data, certificates and identity of the agent too',
      env: 'DAAS_PURGE',
    }),
    unstake: Flags.boolean({summary: 'withdraw the stake afterwards', env: 'DAAS_UNSTAKE'}),
    force: Flags.boolean({
      summary: 'go on where the cluster is gone or refuses, and whatever becomes of the pods',
      env: 'DAAS_FORCE',
      // oclif leaves it undefined otherwise, and it is signed.
      default: false,
    }),
    'delete-emptydir-data': Flags.boolean({
      summary: 'evict pods that keep data on this node (emptyDir), too',
      env: 'DAAS_DELETE_EMPTYDIR_DATA',
      default: false,
    }),
    confirm: Flags.string({
      summary: 'the name of the node, once more: do not ask',
      helpValue: 'NAME',
      env: 'DAAS_CONFIRM',
    }),
    yes: Flags.boolean({char: 'y', summary: 'do not ask', env: 'DAAS_YES'}),
    timeout: Flags.integer({
      summary: 'seconds that draining and deleting may take',
      helpValue: 'SECONDS',
      env: 'DAAS_TIMEOUT',
      default: 120,
      min: 1,
    }),
    ...dryRunFlag,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<LeaveResult> {
    const {flags} = await this.parse(Leave)
    const [{checkedNodeName}, {nodeDirOf, openNodeState}, {leave, planLeave}, {confirm}] = await Promise.all([
      import('../lib/stake/subject.ts'),
      import('../lib/k3s/node-state.ts'),
      import('../lib/k3s/leave.ts'),
      import('../lib/cli/confirm.ts'),
    ])
    const node = checkedNodeName(flags.node)
    if (flags.confirm !== undefined && flags.confirm !== node) {
      throw daasError('USAGE', {reason: `--confirm ${flags.confirm} is not the node ${node}`})
    }

    const {execute, network, settings} = await this.openSigner(flags)
    const cluster = this.clusterOf(settings)
    const state = openNodeState(nodeDirOf(this.config.dataDir, node))
    const removes = await planLeave({state}, {purge: flags.purge})
    for (const {path, what} of removes) this.note(`removes ${path} (${what})`)
    if (flags['dry-run']) return {node, cluster, changed: false, dryRun: true, steps: [], removes}
    await confirm({
      question: `Take ${node} out of the cluster${flags.unstake ? ' and withdraw its stake' : ''}?`,
      yes: flags.yes || flags.confirm === node,
      input: flags.input !== false,
      signal: this.signal,
    })
    const steps = await this.#leave(leave, {
      node,
      cluster,
      state,
      flags,
      deps: {execute, url: network.url, tokens: await this.openTokens(), now: Date.now, signal: this.signal},
    })
    const changed = steps.some(({status}) => status === 'done')
    this.present(changed ? `${node} has left` : `${node} had left already`)
    const result = {node, cluster, changed, steps, removes}
    if (!flags.unstake) return result
    const {unstake} = await import('../lib/stake/unstake.ts')
    const unstaked = await unstake(
      {execute, url: network.url, now: Date.now},
      {cluster, subject: {kind: 'node', name: node}},
    )
    this.present(renderUnstake(unstaked))
    return {...result, changed: changed || unstaked.changed, unstaked}
  }

  async #leave(
    leave: typeof import('../lib/k3s/leave.ts').leave,
    {
      node,
      cluster,
      state,
      flags,
      deps,
    }: {
      node: string
      cluster: string
      state: Parameters<typeof leave>[0]['state']
      flags: {
        purge: boolean
        force: boolean
        'delete-emptydir-data': boolean
        timeout: number
        quiet?: unknown
      }
      deps: Parameters<typeof import('../lib/k3s/leave-identity.ts').leaveIdentity>[0]
    },
  ): Promise<LeaveStepResult[]> {
    const [{leaveIdentity}, {createKillallHost}, {removeUnit}, {joinUnitName, systemdHost}] =
      await Promise.all([
        import('../lib/k3s/leave-identity.ts'),
        import('../lib/k3s/killall.ts'),
        import('../lib/k3s/remove-unit.ts'),
        import('../lib/k3s/units.ts'),
      ])
    const progress = createProgress({
      stages: LEAVE_STAGES,
      silent: this.jsonEnabled() || flags.quiet === true,
    })
    try {
      return await leave(
        {
          state,
          host: process.platform === 'linux' ? createKillallHost() : undefined,
          removeUnit: () => removeUnit(systemdHost, joinUnitName(node)),
          now: deps.now,
          signal: this.signal,
          onProgress: ({step, status, detail}) =>
            progress.report({
              stage: step,
              status: status === 'start' ? 'started' : status,
              ...(detail !== undefined && {detail}),
            }),
        },
        {
          nodeName: node,
          cluster,
          identity: leaveIdentity(deps, {cluster, nodeName: node}),
          purge: flags.purge,
          force: flags.force,
          deleteEmptyDirData: flags['delete-emptydir-data'],
          timeoutMs: flags.timeout * 1000,
          graceMs: GRACE_MS,
        },
      )
    } finally {
      await progress.close()
    }
  }
}
