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
    '<%= config.bin %> <%= command.id %> --grant',
  ]
  static override flags = {
    node: Flags.string({
      char: 'n',
      summary: 'name of the node',
      helpValue: 'NAME',
      env: 'DAAS_NODE',
      exactlyOne: ['node', 'user', 'grant'],
    }),
    user: Flags.boolean({summary: 'seal the stake of a user of kubectl', env: 'DAAS_USER'}),
    grant: Flags.boolean({summary: 'seal what the cluster granted, without a stake', env: 'DAAS_GRANT'}),
    'ttl-hours': Flags.integer({
      summary: 'how long it lives (default: as the cluster allows)',
      helpValue: 'HOURS',
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
    const [{subjectOf}, {seal}, {sealGrant}] = await Promise.all([
      import('../lib/stake/subject.ts'),
      import('../lib/stake/seal.ts'),
      import('../lib/cluster/seal-grant.ts'),
    ])
    const subject = subjectOf(flags)
    const {execute, network, settings} = await this.openSigner(flags)
    const hours = flags['ttl-hours']
    const deps = {execute, url: network.url, tokens: await this.openTokens(), now: Date.now}
    const options = {
      cluster: this.clusterOf(settings),
      renew: flags.renew,
      dryRun: flags['dry-run'],
      ...(hours !== undefined && {ttlMs: BigInt(hours) * 3_600_000n}),
    }
    const result = await (flags.grant ? sealGrant(deps, options) : seal(deps, {...options, subject}))
    this.present(renderSeal(result))
    return result
  }
}
