import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, dryRunFlag, Flags, signerFlags, yesFlag} from '../lib/cli/flags.ts'
import type {UnstakeResult} from '../lib/stake/unstake.ts'
import {renderUnstake} from '../lib/ui/results.ts'

export default class Unstake extends ChainCommand<UnstakeResult> {
  static override summary = 'withdraw what is left of a stake'
  static override description =
    'After the lock only. The seal that the stake backs dies with it, and its node is evicted.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --node worker-1 --yes',
    '<%= config.bin %> <%= command.id %> --user --dry-run --json',
  ]
  static override flags = {
    node: Flags.string({
      char: 'n',
      summary: 'name of the node',
      helpValue: 'NAME',
      env: 'DAAS_NODE',
      exactlyOne: ['node', 'user'],
    }),
    user: Flags.boolean({summary: 'withdraw the stake of a user of kubectl', env: 'DAAS_USER'}),
    ...dryRunFlag,
    ...yesFlag,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<UnstakeResult> {
    const {flags} = await this.parse(Unstake)
    const [{subjectOf}, {unstake}, {confirm}] = await Promise.all([
      import('../lib/stake/subject.ts'),
      import('../lib/stake/unstake.ts'),
      import('../lib/cli/confirm.ts'),
    ])
    const subject = subjectOf(flags)
    const yes = flags.yes || flags['dry-run']
    await confirm({
      question: `Withdraw the stake ${flags.node === undefined ? 'of the user' : `of node ${flags.node}`}, and end its seal?`,
      yes,
      input: flags.input !== false,
      signal: this.signal,
    })
    const {execute, network, settings} = await this.openSigner(flags)
    const cluster = this.clusterOf(settings)
    const options = {cluster, subject, dryRun: flags['dry-run']}
    const result = await unstake({execute, url: network.url, now: Date.now}, options)
    this.present(renderUnstake(result))
    return result
  }
}
