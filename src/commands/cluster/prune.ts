import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {Args, chainFlags, dryRunFlag, signerFlags} from '../../lib/cli/flags.ts'
import type {PruneResult} from '../../lib/cluster/prune.ts'
import {renderPrune} from '../../lib/ui/admin-text.ts'

export default class ClusterPrune extends ChainCommand<PruneResult> {
  static override summary = 'delete requests and grants that are over, and get their deposits'
  static override description =
    'Anyone may, and who does gets the deposit. Looks at your own grants, and at the requests and grants that are named. What still lives is passed over. A second run changes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> 0x… 0x… --dry-run --json',
  ]
  static override strict = false
  static override args = {
    id: Args.string({description: 'object id of a request or grant; several for several'}),
  }
  static override flags = {...dryRunFlag, ...chainFlags, ...signerFlags}

  async run(): Promise<PruneResult> {
    const {argv, flags} = await this.parse(ClusterPrune)
    const {prune} = await import('../../lib/cluster/prune.ts')
    const {execute, network, settings} = await this.openSigner(flags)
    const deps = {execute, url: network.url, now: Date.now}
    const cluster = this.clusterOf(settings)
    const result = await prune(deps, {cluster, ids: argv as string[], dryRun: flags['dry-run']})
    this.present(renderPrune(result))
    return result
  }
}
