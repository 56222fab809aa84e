import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, dryRunFlag, Flags, signerFlags} from '../lib/cli/flags.ts'
import type {SealResult} from '../lib/stake/seal.ts'
import {renderSeal} from '../lib/ui/results.ts'

export default class Seal extends ChainCommand<SealResult> {
  static override summary = 'turn a stake into a seal token'
  static override description =
    'A fresh secret is kept in a file that only you can read; its SHA-256 goes on chain. The token is never printed.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --node worker-1',
    '<%= config.bin %> <%= command.id %> --user --ttl-hours 8 --json',
  ]
  static override flags = {
    node: Flags.string({
      char: 'n',
      summary: 'name of the node',
      env: 'DAAS_NODE',
      exactlyOne: ['node', 'user'],
    }),
    user: Flags.boolean({summary: 'seal the stake of a user of kubectl', env: 'DAAS_USER'}),
    'ttl-hours': Flags.integer({
      summary: 'how long it lives (default: as the cluster allows)',
      env: 'DAAS_TTL_HOURS',
      min: 1,
    }),
    renew: Flags.boolean({summary: 'make a new one although a live one is there', env: 'DAAS_RENEW'}),
    ...dryRunFlag,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<SealResult> {
    const {flags} = await this.parse(Seal)
    const [{subjectOf}, {seal}] = await Promise.all([
      import('../lib/stake/subject.ts'),
      import('../lib/stake/seal.ts'),
    ])
    const subject = subjectOf(flags)
    const {execute, network, settings} = await this.openSigner(flags)
    const hours = flags['ttl-hours']
    const result = await seal(
      {execute, url: network.url, tokens: await this.openTokens(), now: Date.now},
      {
        cluster: this.clusterOf(settings),
        subject,
        renew: flags.renew,
        dryRun: flags['dry-run'],
        ...(hours !== undefined && {ttlMs: BigInt(hours) * 3_600_000n}),
      },
    )
    this.present(renderSeal(result))
    return result
  }
}
