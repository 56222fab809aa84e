import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {adminFlags, Args, chainFlags, signerFlags} from '../../lib/cli/flags.ts'
import type {RevokeResult} from '../../lib/cluster/grant.ts'
import {renderRevoke} from '../../lib/ui/cluster-text.ts'

export default class ClusterRevoke extends ChainCommand<RevokeResult> {
  static override summary = 'take back what an address was granted in a cluster'
  static override description =
    'Only with the AdminCap of the cluster. Seals of the grants are refused at once. A second run changes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 0x…',
    '<%= config.bin %> <%= command.id %> 0x… --dry-run --json',
  ]
  static override args = {address: Args.string({description: 'whose grants', required: true})}
  static override flags = {...adminFlags, ...chainFlags, ...signerFlags}

  async run(): Promise<RevokeResult> {
    const {args, flags} = await this.parse(ClusterRevoke)
    const {revokeGrants} = await import('../../lib/cluster/grant.ts')
    const {deps, cluster} = await this.openAdmin(flags)
    const result = await revokeGrants(deps, {cluster, address: args.address, dryRun: flags['dry-run']})
    this.presentAct(result, renderRevoke(result))
    return result
  }
}
