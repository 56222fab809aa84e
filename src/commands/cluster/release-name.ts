import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {adminFlags, Args, chainFlags, signerFlags} from '../../lib/cli/flags.ts'
import type {NameReleased} from '../../lib/cluster/nodes.ts'
import {renderNameReleased} from '../../lib/ui/admin-text.ts'

export default class ClusterReleaseName extends ChainCommand<NameReleased> {
  static override summary = 'free the name of an evicted node'
  static override description =
    'Only with the AdminCap of the cluster, and once no client certificate that carries the name is valid any more: k3s makes them for 365 days. The stake that had it stays barred. A second run changes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> worker-1',
    '<%= config.bin %> <%= command.id %> worker-1 --dry-run --json',
  ]
  static override args = {node: Args.string({description: 'name of the node', required: true})}
  static override flags = {...adminFlags, ...chainFlags, ...signerFlags}

  async run(): Promise<NameReleased> {
    const {args, flags} = await this.parse(ClusterReleaseName)
    const {releaseName} = await import('../../lib/cluster/nodes.ts')
    const {deps, cluster} = await this.openAdmin(flags)
    const result = await releaseName(deps, {cluster, node: args.node, dryRun: flags['dry-run']})
    this.presentAct(result, renderNameReleased(result))
    return result
  }
}
