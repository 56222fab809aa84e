import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {adminFlags, chainFlags, signerFlags} from '../../lib/cli/flags.ts'
import type {MigrateResult} from '../../lib/cluster/upgrade.ts'
import {renderMigrate} from '../../lib/ui/admin-text.ts'

export default class ClusterMigrate extends ChainCommand<MigrateResult> {
  static override summary = 'hand a cluster over to the newest version of its package'
  static override description =
    'Only with the AdminCap of the cluster, after daas cluster upgrade. Versions before refuse the cluster from then on; listeners, gateways and nodes that run follow by themselves. A second run changes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --cluster lab --json',
  ]
  static override flags = {...adminFlags, ...chainFlags, ...signerFlags}

  async run(): Promise<MigrateResult> {
    const {flags} = await this.parse(ClusterMigrate)
    const {migrate} = await import('../../lib/cluster/upgrade.ts')
    const {deps, cluster} = await this.openAdmin(flags)
    const result = await migrate(deps, {cluster, dryRun: flags['dry-run']})
    this.presentAct(result, renderMigrate(result))
    return result
  }
}
