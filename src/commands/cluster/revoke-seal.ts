import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {adminFlags, Args, chainFlags, Flags, signerFlags} from '../../lib/cli/flags.ts'
import type {RevokeSealsResult} from '../../lib/cluster/seals.ts'
import {renderRevokeSeals} from '../../lib/ui/admin-text.ts'

export default class ClusterRevokeSeal extends ChainCommand<RevokeSealsResult> {
  static override summary = 'end seals of a cluster, as its administrator'
  static override description =
    'Only with the AdminCap of the cluster. Their commands and registrations are refused at once. The list holds 256 seals: take expired ones off it with --forget, or end all old ones with --before. A second run changes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 0x…',
    '<%= config.bin %> <%= command.id %> --before 2030-01-31T12:00:00Z --json',
    '<%= config.bin %> <%= command.id %> 0x… --forget',
  ]
  static override strict = false
  static override args = {seal: Args.string({description: 'object id of a seal; several for several'})}
  static override flags = {
    before: Flags.string({
      summary: 'end all seals that were made before this date (ISO 8601)',
      helpValue: 'DATE',
      env: 'DAAS_BEFORE',
      exclusive: ['forget'],
    }),
    forget: Flags.boolean({
      summary: 'take them off the list instead, once they are expired',
      env: 'DAAS_FORGET',
    }),
    ...adminFlags,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<RevokeSealsResult> {
    const {argv, flags} = await this.parse(ClusterRevokeSeal)
    const [{revokeSeals}, {parseDate}] = await Promise.all([
      import('../../lib/cluster/seals.ts'),
      import('../../lib/cluster/expiry.ts'),
    ])
    const {before, forget} = flags
    const what = {
      seals: argv as string[],
      ...(before !== undefined && {beforeMs: parseDate(before)}),
      forget,
      dryRun: flags['dry-run'],
    }
    const {deps, cluster} = await this.openAdmin(flags)
    const result = await revokeSeals(deps, {cluster, ...what})
    this.presentAct(result, renderRevokeSeals(result))
    return result
  }
}
