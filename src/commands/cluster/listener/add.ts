import {ChainCommand} from '../../../lib/cli/chain-command.ts'
import {adminFlags, Args, chainFlags, signerFlags} from '../../../lib/cli/flags.ts'
import type {ListenerAdded} from '../../../lib/cluster/listeners.ts'
import {renderListenerAdded} from '../../../lib/ui/admin-text.ts'

export default class ClusterListenerAdd extends ChainCommand<ListenerAdded> {
  static override summary = 'let one more address act as the listener of a cluster'
  static override description =
    'Only with the AdminCap of the cluster, which has 16 ListenerCaps at most. Each run makes another one.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 0x…',
    '<%= config.bin %> <%= command.id %> 0x… --dry-run --json',
  ]
  static override args = {address: Args.string({description: 'who gets the ListenerCap', required: true})}
  static override flags = {...adminFlags, ...chainFlags, ...signerFlags}

  async run(): Promise<ListenerAdded> {
    const {args, flags} = await this.parse(ClusterListenerAdd)
    const {addListener} = await import('../../../lib/cluster/listeners.ts')
    const {deps, cluster} = await this.openAdmin(flags)
    const result = await addListener(deps, {cluster, address: args.address, dryRun: flags['dry-run']})
    this.presentAct(result, renderListenerAdded(result))
    return result
  }
}
