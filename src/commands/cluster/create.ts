import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {chainFlags, Flags, signerFlags} from '../../lib/cli/flags.ts'
import type {CreateClusterResult} from '../../lib/cluster/create-cluster.ts'
import {renderCreateCluster} from '../../lib/ui/results.ts'

export default class ClusterCreate extends ChainCommand<CreateClusterResult> {
  static override summary = 'make a cluster on chain, publishing the contracts where they are not yet'
  static override description =
    'The signer becomes its administrator (AdminCap). The listener gets a ListenerCap and announces its keys when it starts.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --name lab',
    '<%= config.bin %> <%= command.id %> --name lab --listener 0x… --package 0x… --json',
  ]
  static override flags = {
    name: Flags.string({
      summary: 'name of the cluster',
      helpValue: 'NAME',
      env: 'DAAS_CLUSTER_NAME',
      required: true,
    }),
    'k3s-version': Flags.string({
      summary: 'k3s release of its nodes',
      helpValue: 'VERSION',
      env: 'DAAS_K3S_VERSION',
      default: 'v1.34.1+k3s1',
    }),
    package: Flags.string({
      summary: 'id of the published package (default: publish it)',
      helpValue: 'ID',
      env: 'DAAS_PACKAGE',
    }),
    listener: Flags.string({
      summary: 'address of the listener (default: the signer)',
      helpValue: 'ADDRESS',
      env: 'DAAS_LISTENER',
    }),
    network: chainFlags.network,
    'rpc-url': chainFlags['rpc-url'],
    ...signerFlags,
  }

  async run(): Promise<CreateClusterResult> {
    const {flags} = await this.parse(ClusterCreate)
    const {createCluster} = await import('../../lib/cluster/create-cluster.ts')
    const {execute} = await this.openSigner(flags)
    const result = await createCluster(execute, {
      name: flags.name,
      k3sVersion: flags['k3s-version'],
      ...(flags.package !== undefined && {packageId: flags.package}),
      ...(flags.listener !== undefined && {listener: flags.listener}),
    })
    this.present(renderCreateCluster(result))
    return result
  }
}
