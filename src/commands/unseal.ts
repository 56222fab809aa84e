import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, dryRunFlag, Flags, signerFlags, yesFlag} from '../lib/cli/flags.ts'
import type {UnsealResult} from '../lib/stake/unseal.ts'
import {renderUnseal} from '../lib/ui/results.ts'

export default class Unseal extends ChainCommand<UnsealResult> {
  static override summary = 'end seals of your own, and get their deposits back'
  static override description =
    'What runs with them ends: a node stops, a gateway is refused. The stake stays. A second run changes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --user --yes',
    '<%= config.bin %> <%= command.id %> --node worker-1 --operator --yes --json',
  ]
  static override flags = {
    node: Flags.string({
      char: 'n',
      summary: 'name of the node',
      helpValue: 'NAME',
      env: 'DAAS_NODE',
      exactlyOne: ['node', 'user', 'grant'],
    }),
    user: Flags.boolean({summary: 'the seals of a user of kubectl', env: 'DAAS_USER'}),
    grant: Flags.boolean({summary: 'the seals of what the cluster granted', env: 'DAAS_GRANT'}),
    operator: Flags.boolean({
      summary: "the seals of the node's operator instead of the one it joined with",
      env: 'DAAS_OPERATOR',
      dependsOn: ['node'],
    }),
    ...dryRunFlag,
    ...yesFlag,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<UnsealResult> {
    const {flags} = await this.parse(Unseal)
    const [{subjectOf}, {unseal}, {confirm}] = await Promise.all([
      import('../lib/stake/subject.ts'),
      import('../lib/stake/unseal.ts'),
      import('../lib/cli/confirm.ts'),
    ])
    const subject = subjectOf(flags)
    const of = flags.grant
      ? ({kind: 'grant'} as const)
      : flags.operator && subject.kind === 'node'
        ? ({kind: 'operator', name: subject.name} as const)
        : subject
    const yes = flags.yes || flags['dry-run']
    await confirm({
      question: 'End the seals, and what runs with them?',
      yes,
      input: flags.input !== false,
      signal: this.signal,
    })
    const {execute, network, settings} = await this.openSigner(flags)
    const cluster = this.clusterOf(settings)
    const deps = {execute, url: network.url, tokens: await this.openTokens()}
    const result = await unseal(deps, {cluster, of, dryRun: flags['dry-run']})
    this.present(renderUnseal(result))
    return result
  }
}
