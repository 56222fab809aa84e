import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {Args, chainFlags, dryRunFlag, signerFlags} from '../../lib/cli/flags.ts'
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
  static override flags = {...dryRunFlag, ...chainFlags, ...signerFlags}

  async run(): Promise<RevokeResult> {
    const {args, flags} = await this.parse(ClusterRevoke)
    const {revokeGrants} = await import('../../lib/cluster/grant.ts')
    const {execute, network, settings} = await this.openSigner(flags)
    const result = await revokeGrants(
      {execute, url: network.url},
      {cluster: this.clusterOf(settings), address: args.address, dryRun: flags['dry-run']},
    )
    this.present(renderRevoke(result))
    return result
  }
}
