import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {adminFlags, Args, chainFlags, Flags, signerFlags} from '../../lib/cli/flags.ts'
import type {NodeScored} from '../../lib/cluster/nodes.ts'
import {renderNodeScored} from '../../lib/ui/admin-text.ts'

export default class ClusterScore extends ChainCommand<NodeScored> {
  static override summary = 'score a node, as the listener'
  static override description =
    'Only with a ListenerCap of the cluster. Nodes begin with 500; below that their stake counts for less in seals of their operators (daas seal --operator). A second run changes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> worker-1 --score 250',
    '<%= config.bin %> <%= command.id %> worker-1 --score 1000 --dry-run --json',
  ]
  static override args = {node: Args.string({description: 'name of the node', required: true})}
  static override flags = {
    score: Flags.integer({
      summary: 'how well the node does, 0 to 1000',
      helpValue: 'SCORE',
      env: 'DAAS_SCORE',
      required: true,
      min: 0,
      max: 1000,
    }),
    ...adminFlags,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<NodeScored> {
    const {args, flags} = await this.parse(ClusterScore)
    const {scoreNode} = await import('../../lib/cluster/nodes.ts')
    const {deps, cluster} = await this.openAdmin(flags)
    const score = BigInt(flags.score)
    const result = await scoreNode(deps, {cluster, node: args.node, score, dryRun: flags['dry-run']})
    this.presentAct(result, renderNodeScored(result))
    return result
  }
}
