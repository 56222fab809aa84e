import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {Args, chainFlags} from '../../lib/cli/flags.ts'
import type {UsedCluster} from '../../lib/cluster/use-cluster.ts'
import {renderFields} from '../../lib/ui/table.ts'

export default class ClusterUse extends ChainCommand<UsedCluster> {
  static override summary = 'use a cluster by its name from now on; with an id, give it that name first'
  static override description =
    'Writes config.yaml of the user. A named cluster is remembered with its network; --cluster NAME takes any of them for one command. --cluster and DAAS_CLUSTER go before what is in use.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> lab 0x… --network testnet',
    '<%= config.bin %> <%= command.id %> lab --json',
  ]
  static override args = {
    name: Args.string({description: 'name of the cluster, here', required: true}),
    id: Args.string({description: 'object id of the cluster that it is to be the name of'}),
  }
  static override flags = {network: chainFlags.network, 'rpc-url': chainFlags['rpc-url']}

  async run(): Promise<UsedCluster> {
    const {args, flags} = await this.parse(ClusterUse)
    const {useNamedCluster} = await import('../../lib/cluster/use-cluster.ts')
    const {client, network, settings} = await this.openChain(flags)
    const result = await useNamedCluster(
      {client, network, settings, configDir: this.config.configDir},
      {name: args.name, ...(args.id !== undefined && {id: args.id})},
    )
    if (process.env.DAAS_CLUSTER !== undefined) {
      this.caution({code: 'DAAS_CLUSTER', message: 'DAAS_CLUSTER is set and goes before it'})
    }

    this.present(
      renderFields([
        ['in use', result.name],
        ['cluster', result.cluster],
        ['network', result.network],
        ['file', result.file],
      ]),
    )
    return result
  }
}
