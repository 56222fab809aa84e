import {ChainCommand} from '../../../lib/cli/chain-command.ts'
import {adminFlags, Args, chainFlags, signerFlags} from '../../../lib/cli/flags.ts'
import type {ListenerRevoked} from '../../../lib/cluster/listeners.ts'
import {renderListenerRevoked} from '../../../lib/ui/admin-text.ts'

export default class ClusterListenerRevoke extends ChainCommand<ListenerRevoked> {
  static override summary = 'end a ListenerCap of a cluster, whoever holds it'
  static override description =
    'Only with the AdminCap of the cluster. What its holder does from then on the chain refuses. daas cluster info lists the good ones. A second run changes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 0x…',
    '<%= config.bin %> <%= command.id %> 0x… --dry-run --json',
  ]
  static override args = {cap: Args.string({description: 'object id of the ListenerCap', required: true})}
  static override flags = {...adminFlags, ...chainFlags, ...signerFlags}

  async run(): Promise<ListenerRevoked> {
    const {args, flags} = await this.parse(ClusterListenerRevoke)
    const {revokeListener} = await import('../../../lib/cluster/listeners.ts')
    const {deps, cluster} = await this.openAdmin(flags)
    const result = await revokeListener(deps, {cluster, listenerCap: args.cap, dryRun: flags['dry-run']})
    this.presentAct(result, renderListenerRevoked(result))
    return result
  }
}
