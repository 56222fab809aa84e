import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, dryRunFlag, Flags, signerFlags} from '../lib/cli/flags.ts'
import type {StakeResult} from '../lib/stake/stake.ts'
import {renderStake} from '../lib/ui/results.ts'

export default class Stake extends ChainCommand<StakeResult> {
  static override summary = 'stake SUI for a node, or as a user of kubectl'
  static override description =
    'One transaction splits the coin, stakes it and shares the stake. The stake is at risk: the cluster can slash it. A second run finds the first one and changes nothing; with --add each run adds to it. Seals have what was added once they are renewed.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --node worker-1 --amount 1sui',
    '<%= config.bin %> <%= command.id %> --user --amount 10 --dry-run --json',
    '<%= config.bin %> <%= command.id %> --node worker-1 --amount 500000000mist --add',
  ]
  static override flags = {
    node: Flags.string({
      char: 'n',
      summary: 'name of the node',
      helpValue: 'NAME',
      env: 'DAAS_NODE',
      exactlyOne: ['node', 'user'],
    }),
    user: Flags.boolean({summary: 'stake as a user of kubectl', env: 'DAAS_USER'}),
    amount: Flags.string({
      char: 'a',
      summary: 'how much: 1, 1.5sui, 1500000000mist',
      helpValue: 'AMOUNT',
      env: 'DAAS_AMOUNT',
      required: true,
    }),
    add: Flags.boolean({summary: 'add it to the stake that is there, each time again', env: 'DAAS_ADD'}),
    ...dryRunFlag,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<StakeResult> {
    const {flags} = await this.parse(Stake)
    const [{parseAmount}, {subjectOf}, {stake}] = await Promise.all([
      import('../lib/sui/amount.ts'),
      import('../lib/stake/subject.ts'),
      import('../lib/stake/stake.ts'),
    ])
    const {add, 'dry-run': dryRun} = flags
    const wanted = {amount: parseAmount(flags.amount), subject: subjectOf(flags), add, dryRun}
    const {execute, network, settings} = await this.openSigner(flags)
    const result = await stake({execute, url: network.url}, {cluster: this.clusterOf(settings), ...wanted})
    this.present(renderStake(result))
    return result
  }
}
