import {hostname} from 'node:os'
import {join, resolve} from 'node:path'
import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, Flags} from '../lib/cli/flags.ts'
import {ExitCode} from '../lib/errors/exit-codes.ts'
import type {PreflightResult} from '../lib/k3s/preflight.ts'
import {renderChecks} from '../lib/ui/join-text.ts'

/** What the doctor found. */
export interface DoctorResult {
  /** False where a check failed that was not ignored. */
  healthy: boolean
  node: string
  cluster?: string
  checks: readonly PreflightResult[]
}

export default class Doctor extends ChainCommand<DoctorResult> {
  static override summary = 'check whether this machine can join, without joining'
  static override description =
    'The checks of daas join, by the same names. Where a cluster is set, its listener and server are asked too. Ends with 5 when a check fails that is not ignored.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --node worker-1 --ignore swap --json',
  ]
  static override flags = {
    node: Flags.string({
      char: 'n',
      summary: 'name that the node is to have (default: that of this machine)',
      helpValue: 'NAME',
      env: 'DAAS_NODE',
    }),
    'data-dir': Flags.string({
      summary: 'data directory of the agent',
      helpValue: 'DIR',
      env: 'DAAS_AGENT_DATA_DIR',
    }),
    'k3s-bin': Flags.string({
      summary: 'the k3s binary to use (default: PATH, then the cache)',
      helpValue: 'FILE',
      env: 'DAAS_K3S_BIN',
    }),
    rootless: Flags.boolean({summary: 'for an agent without root', env: 'DAAS_ROOTLESS'}),
    ignore: Flags.string({
      summary: 'name of a check whose failure is accepted, or all',
      helpValue: 'CHECK',
      env: 'DAAS_IGNORE_PREFLIGHT',
      multiple: true,
    }),
    ...chainFlags,
  }

  async run(): Promise<DoctorResult> {
    const {flags} = await this.parse(Doctor)
    const [{createMachineProbes}, {examine}, {failedChecks}] = await Promise.all([
      import('../lib/k3s/machine-probes.ts'),
      import('../lib/k3s/doctor.ts'),
      import('../lib/k3s/preflight.ts'),
    ])
    const {client, network, settings} = await this.openChain(flags)
    const node = flags.node ?? hostname().split('.')[0]!.toLowerCase()
    const checks = await examine(
      {
        client,
        url: network.url,
        probes: createMachineProbes(),
        path: process.env.PATH ?? '',
        now: Date.now,
        signal: this.signal,
      },
      {
        nodeName: node,
        dataDir: resolve(flags['data-dir'] ?? join(this.config.dataDir, 'nodes', node)),
        rootless: flags.rootless,
        cacheDir: join(this.config.cacheDir, 'k3s'),
        ...(flags['k3s-bin'] !== undefined && {bin: flags['k3s-bin']}),
        ...(settings.cluster !== undefined && settings.cluster !== '' && {cluster: settings.cluster}),
        ...(settings.address !== undefined && {owner: settings.address}),
      },
    )
    const failed = failedChecks(checks, flags.ignore)
    this.present(renderChecks(checks))
    if (failed.length > 0) this.endWith(ExitCode.degraded)
    return {
      healthy: failed.length === 0,
      node,
      ...(settings.cluster !== undefined && settings.cluster !== '' && {cluster: settings.cluster}),
      checks,
    }
  }
}
