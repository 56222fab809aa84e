import {ChainCommand} from '../lib/cli/chain-command.ts'
import {Args, chainFlags, dryRunFlag, Flags, signerFlags, yesFlag} from '../lib/cli/flags.ts'
import type {SlashResult} from '../lib/stake/slash.ts'
import {renderSlash} from '../lib/ui/results.ts'

export default class Slash extends ChainCommand<SlashResult> {
  static override summary = 'slash the stake of a node and throw the node out'
  static override description =
    'Only with the AdminCap of the cluster. The share that the cluster has set goes to its treasury; the listener evicts the node at once, and its agent stops.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> worker-1 --reason "mining on the side" --yes',
    '<%= config.bin %> <%= command.id %> worker-1 --reason drill --dry-run --json',
  ]
  static override args = {
    node: Args.string({description: 'name of the node, or object id of the stake', required: true}),
  }
  static override flags = {
    reason: Flags.string({char: 'r', summary: 'why; public, on chain', env: 'DAAS_REASON', required: true}),
    ...dryRunFlag,
    ...yesFlag,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<SlashResult> {
    const {args, flags} = await this.parse(Slash)
    const [{findStakeOf}, {slash}, {confirm}] = await Promise.all([
      import('../lib/stake/find-stake.ts'),
      import('../lib/stake/slash.ts'),
      import('../lib/cli/confirm.ts'),
    ])
    const yes = flags.yes || flags['dry-run']
    await confirm({
      question: `Slash the stake of ${args.node} and throw the node out?`,
      yes,
      input: flags.input !== false,
      signal: this.signal,
    })
    const {client, execute, network, settings} = await this.openSigner(flags)
    const cluster = this.clusterOf(settings)
    const stake = await findStakeOf({client, url: network.url, cluster, node: args.node})
    const options = {cluster, stake, reason: flags.reason, dryRun: flags['dry-run']}
    const result = await slash({execute, url: network.url}, options)
    this.present(renderSlash(result))
    return result
  }
}
