import {ChainCommand} from '../../../lib/cli/chain-command.ts'
import {adminFlags, chainFlags, signerFlags} from '../../../lib/cli/flags.ts'
import type {KeysDropped} from '../../../lib/cluster/listeners.ts'
import {renderKeysDropped} from '../../../lib/ui/admin-text.ts'

export default class ClusterListenerDropKeys extends ChainCommand<KeysDropped> {
  static override summary = "end the previous keys of a cluster's listener at once"
  static override description =
    'Only with a ListenerCap of the cluster. Keys stay good for a while after new ones are announced; where the previous ones leaked, they must not. What was sealed to them and is not answered yet is lost. A second run changes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run --json',
  ]
  static override flags = {...adminFlags, ...chainFlags, ...signerFlags}

  async run(): Promise<KeysDropped> {
    const {flags} = await this.parse(ClusterListenerDropKeys)
    const {dropKeys} = await import('../../../lib/cluster/listeners.ts')
    const {deps, cluster} = await this.openAdmin(flags)
    const result = await dropKeys(deps, {cluster, dryRun: flags['dry-run']})
    this.presentAct(result, renderKeysDropped(result))
    return result
  }
}
