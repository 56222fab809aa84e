import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {chainFlags} from '../../lib/cli/flags.ts'
import type {ClusterView} from '../../lib/cluster/cluster-view.ts'
import {renderCluster} from '../../lib/ui/results.ts'

export default class ClusterInfo extends ChainCommand<ClusterView> {
  static override summary = 'show what the chain says of a cluster'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --cluster 0x…',
    '<%= config.bin %> <%= command.id %> --json',
  ]
  static override flags = chainFlags

  async run(): Promise<ClusterView> {
    const {flags} = await this.parse(ClusterInfo)
    const {viewCluster} = await import('../../lib/cluster/cluster-view.ts')
    const {client, network, settings} = await this.openChain(flags)
    const view = await viewCluster(client, network.url, this.clusterOf(settings))
    this.present(renderCluster(view))
    return view
  }
}
