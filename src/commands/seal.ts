import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, dryRunFlag, Flags, signerFlags} from '../lib/cli/flags.ts'
import type {SealResult} from '../lib/stake/seal.ts'
import {renderSeal} from '../lib/ui/results.ts'

export default class Seal extends ChainCommand<SealResult> {
  static override summary = 'turn a stake into a seal token'
  static override description =
    'A fresh secret is kept in a file that only you can read; its SHA-256 goes on chain. The token is never printed. With --operator it runs commands instead of joining the node: as far as the stake and the score of the node go, for an hour at most.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --node worker-1',
    '<%= config.bin %> <%= command.id %> --user --ttl-hours 8 --json',
    '<%= config.bin %> <%= command.id %> --grant',
    '<%= config.bin %> <%= command.id %> --node worker-1 --operator',
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
    operator: Flags.boolean({
      summary: 'a seal to run commands with, for whoever runs the node',
      env: 'DAAS_OPERATOR',
      dependsOn: ['node'],
    }),
    'ttl-hours': Flags.integer({
      summary: 'how long it lives (default: as the cluster allows)',
      helpValue: 'HOURS',
      env: 'DAAS_TTL_HOURS',
      min: 1,
    }),
    renew: Flags.boolean({summary: 'a new secret although a live seal is there', env: 'DAAS_RENEW'}),
    ...dryRunFlag,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<SealResult> {
    const {flags} = await this.parse(Seal)
    const [{subjectOf}, {seal}, {sealOperator}, {sealGrant}] = await Promise.all([
      import('../lib/stake/subject.ts'),
      import('../lib/stake/seal.ts'),
      import('../lib/stake/seal-operator.ts'),
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
    const sealing = (): Promise<SealResult> => {
      if (flags.grant) return sealGrant(deps, options)
      if (flags.operator && subject.kind === 'node') return sealOperator(deps, {...options, subject})
      return seal(deps, {...options, subject})
    }
    const result = await sealing()
    this.present(renderSeal(result))
    return result
  }
}
