import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {chainFlags, signerFlags, type ChainFlagValues} from '../../lib/cli/flags.ts'
import type {ListedCluster} from '../../lib/cluster/list-clusters.ts'
import {DaasError} from '../../lib/errors/daas-error.ts'
import {renderClusterList} from '../../lib/ui/cluster-list-text.ts'

/** What `daas cluster list` prints under --json. */
interface ClusterListResult {
  clusters: readonly ListedCluster[]
}

export default class ClusterList extends ChainCommand<ClusterListResult> {
  static override summary =
    'list the clusters of the configuration, and those in which an address holds something'
  static override description =
    'On chain an address is found by its AdminCap, ListenerCap, stakes, seals and grants. Look at the package of a cluster before you stake in it: anyone can make one.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --network testnet --address 0x… --json',
  ]
  static override flags = {...chainFlags, ...signerFlags}

  async run(): Promise<ClusterListResult> {
    const {flags} = await this.parse(ClusterList)
    const {listClusters} = await import('../../lib/cluster/list-clusters.ts')
    const {client, network, settings} = await this.openChain(flags)
    const owner = settings.address ?? (await this.#ownAddress(flags))
    const search = owner === undefined ? undefined : {client, url: network.url, network: network.name, owner}
    const clusters = await listClusters(settings, search)
    this.present(renderClusterList(clusters))
    return {clusters}
  }

  /** Without a key there is still the configuration. */
  async #ownAddress(flags: ChainFlagValues): Promise<string | undefined> {
    try {
      return (await this.openSigner(flags)).signer.toSuiAddress()
    } catch (error) {
      if (!(error instanceof DaasError) || error.errorName !== 'KEY_MISSING') throw error
      this.caution({code: error.code, message: `the configuration only: ${error.message}`})
      return undefined
    }
  }
}
