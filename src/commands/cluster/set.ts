import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {chainFlags, dryRunFlag, Flags, signerFlags} from '../../lib/cli/flags.ts'
import type {ClusterSettings, SetClusterResult} from '../../lib/cluster/set-cluster.ts'
import {renderSetCluster} from '../../lib/ui/cluster-text.ts'

const HOUR_MS = 3_600_000n

export default class ClusterSet extends ChainCommand<SetClusterResult> {
  static override summary = 'change the settings of a cluster'
  static override description =
    'Only with the AdminCap of the cluster. What is not named stays as it is; all is changed in one transaction. Withdrawing and slashing go on while a cluster is paused.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --min-stake 50sui --slash-bps 2500',
    '<%= config.bin %> <%= command.id %> --verb-minimum delete=100sui --unbonding-hours 72',
    '<%= config.bin %> <%= command.id %> --paused --json',
  ]
  static override flags = {
    'min-stake': Flags.string({
      summary: 'least stake of nodes, users and administrators',
      env: 'DAAS_MIN_STAKE',
    }),
    'write-min-stake': Flags.string({summary: 'what commands that write need', env: 'DAAS_WRITE_MIN_STAKE'}),
    'verb-minimum': Flags.string({
      summary: 'what a verb needs, as delete=5sui; =0 takes it back; several times for several',
      env: 'DAAS_VERB_MINIMUM',
      multiple: true,
    }),
    'unbonding-hours': Flags.integer({
      summary: 'how long a stake stays after the wish to withdraw it (at most 720)',
      env: 'DAAS_UNBONDING_HOURS',
      min: 0,
      max: 720,
    }),
    'slash-bps': Flags.integer({
      summary: 'share of a stake that a slash takes, in 1/10000',
      env: 'DAAS_SLASH_BPS',
      min: 1,
      max: 10_000,
    }),
    treasury: Flags.string({summary: 'address that gets what is slashed', env: 'DAAS_TREASURY'}),
    paused: Flags.boolean({
      summary: 'pause the cluster (--no-paused opens it)',
      env: 'DAAS_PAUSED',
      allowNo: true,
    }),
    ...dryRunFlag,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<SetClusterResult> {
    const {flags} = await this.parse(ClusterSet)
    const [{parseVerbMinimums, setCluster}, {parseAmount}] = await Promise.all([
      import('../../lib/cluster/set-cluster.ts'),
      import('../../lib/sui/amount.ts'),
    ])
    const {'unbonding-hours': hours, 'slash-bps': bps, 'verb-minimum': verbs, treasury, paused} = flags
    const {'min-stake': least, 'write-min-stake': write} = flags
    const settings: ClusterSettings = {
      ...(least !== undefined && {minStake: parseAmount(least)}),
      ...(write !== undefined && {writeMinStake: parseAmount(write)}),
      ...(verbs !== undefined && {verbMinStake: parseVerbMinimums(verbs)}),
      ...(hours !== undefined && {unbondingMs: BigInt(hours) * HOUR_MS}),
      ...(bps !== undefined && {slashBps: BigInt(bps)}),
      ...(treasury !== undefined && {treasury}),
      ...(paused !== undefined && {paused}),
    }
    const {execute, network, settings: chosen} = await this.openSigner(flags)
    const result = await setCluster(
      {execute, url: network.url},
      {cluster: this.clusterOf(chosen), settings, dryRun: flags['dry-run']},
    )
    this.present(renderSetCluster(result))
    return result
  }
}
