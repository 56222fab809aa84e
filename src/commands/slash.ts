import {ChainCommand} from '../lib/cli/chain-command.ts'
import {adminFlags, Args, chainFlags, Flags, signerFlags, yesFlag} from '../lib/cli/flags.ts'
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
    reason: Flags.string({
      char: 'r',
      summary: 'why; public, on chain',
      helpValue: 'TEXT',
      env: 'DAAS_REASON',
      required: true,
    }),
    ...adminFlags,
    amount: Flags.string({
      summary: "how much to take (default: the cluster's share)",
      helpValue: 'AMOUNT',
      env: 'DAAS_AMOUNT',
    }),
    ...yesFlag,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<SlashResult> {
    const {args, flags} = await this.parse(Slash)
    const [{findStakeOf}, {slash}, {confirm}, {parseAmount}] = await Promise.all([
      import('../lib/stake/find-stake.ts'),
      import('../lib/stake/slash.ts'),
      import('../lib/cli/confirm.ts'),
      import('../lib/sui/amount.ts'),
    ])
    const amount = flags.amount === undefined ? undefined : parseAmount(flags.amount)
    const yes = flags.yes || flags['dry-run'] || flags.unsigned
    await confirm({
      question: `Slash the stake of ${args.node} and throw the node out?`,
      yes,
      input: flags.input !== false,
      signal: this.signal,
    })
    const {deps, cluster} = await this.openAdmin(flags)
    const stake = await findStakeOf({client: deps.execute.client, url: deps.url, cluster, node: args.node})
    const result = await slash(deps, {
      cluster,
      stake,
      reason: flags.reason,
      ...(amount !== undefined && {amount}),
      dryRun: flags['dry-run'],
    })
    this.presentAct(result, renderSlash(result))
    return result
  }
}
