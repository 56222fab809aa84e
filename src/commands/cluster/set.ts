import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {adminFlags, chainFlags, Flags, signerFlags} from '../../lib/cli/flags.ts'
import type {SetClusterResult} from '../../lib/cluster/set-cluster.ts'
import {renderSetCluster} from '../../lib/ui/cluster-text.ts'

export default class ClusterSet extends ChainCommand<SetClusterResult> {
  static override summary = 'change the settings of a cluster'
  static override description =
    'Only with the AdminCap of the cluster. What is not named stays as it is; all is changed in one transaction. Withdrawing and slashing go on while a cluster is paused.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --min-stake 50sui --slash-bps 2500',
    '<%= config.bin %> <%= command.id %> --verb-minimum delete=100sui --unbonding-hours 72',
    '<%= config.bin %> <%= command.id %> --tier 1sui=get:*,list:* --tier "10sui=*:*" --lock node=30d',
    '<%= config.bin %> <%= command.id %> --paused --unsigned --address 0x… > pause.txt',
    '<%= config.bin %> <%= command.id %> --paused --json',
  ]
  static override flags = {
    'min-stake': Flags.string({
      summary:
        'least stake: 50sui for all kinds, or node=50sui (also user, admin); several times for several',
      helpValue: '[KIND=]AMOUNT',
      env: 'DAAS_MIN_STAKE',
      multiple: true,
    }),
    lock: Flags.string({
      summary: 'how long new stakes are locked: 72h for all kinds, or node=30d',
      helpValue: '[KIND=]TIME',
      env: 'DAAS_LOCK',
      multiple: true,
    }),
    'write-min-stake': Flags.string({
      summary: 'what commands that write need',
      helpValue: 'AMOUNT',
      env: 'DAAS_WRITE_MIN_STAKE',
    }),
    'verb-minimum': Flags.string({
      summary: 'what a verb needs, as delete=5sui; =0 takes it back; several times for several',
      helpValue: 'VERB=AMOUNT',
      env: 'DAAS_VERB_MINIMUM',
      multiple: true,
    }),
    tier: Flags.string({
      summary:
        'what stakes from an amount on may do, as 5sui=*:nodes,*:pods; all tiers, they replace those before',
      helpValue: 'AMOUNT=PERMISSION,…',
      env: 'DAAS_TIER',
      multiple: true,
    }),
    'request-ttl': Flags.string({
      summary: 'how long requests live, by priority 0 to 3: 60s,2m,5m,10m',
      helpValue: 'TIME,…',
      env: 'DAAS_REQUEST_TTL',
    }),
    'response-ttl': Flags.string({
      summary: 'how long answers are kept, by priority 0 to 3',
      helpValue: 'TIME,…',
      env: 'DAAS_RESPONSE_TTL',
    }),
    'max-seal-ttl': Flags.string({
      summary: 'how long a seal lives at most: 30d',
      helpValue: 'TIME',
      env: 'DAAS_MAX_SEAL_TTL',
    }),
    'max-envelope-bytes': Flags.integer({
      summary: 'how large a sealed request on chain may be',
      helpValue: 'BYTES',
      env: 'DAAS_MAX_ENVELOPE_BYTES',
      min: 1,
    }),
    'key-overlap': Flags.string({
      summary: "how long the listener's keys before new ones stay good: 10m",
      helpValue: 'TIME',
      env: 'DAAS_KEY_OVERLAP',
    }),
    'unbonding-hours': Flags.integer({
      summary: 'how long a stake stays after the wish to withdraw it (at most 720)',
      helpValue: 'HOURS',
      env: 'DAAS_UNBONDING_HOURS',
      min: 0,
      max: 720,
    }),
    'slash-bps': Flags.integer({
      summary: 'share of a stake that a slash takes, in 1/10000',
      helpValue: 'BPS',
      env: 'DAAS_SLASH_BPS',
      min: 1,
      max: 10_000,
    }),
    treasury: Flags.string({
      summary: 'address that gets what is slashed',
      helpValue: 'ADDRESS',
      env: 'DAAS_TREASURY',
    }),
    paused: Flags.boolean({
      summary: 'pause the cluster (--no-paused opens it)',
      env: 'DAAS_PAUSED',
      allowNo: true,
    }),
    ...adminFlags,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<SetClusterResult> {
    const {flags} = await this.parse(ClusterSet)
    const [{setCluster}, {readSettings}] = await Promise.all([
      import('../../lib/cluster/set-cluster.ts'),
      import('../../lib/cluster/read-settings.ts'),
    ])
    const settings = readSettings(flags)
    const {deps, cluster} = await this.openAdmin(flags)
    const result = await setCluster(deps, {cluster, settings, dryRun: flags['dry-run']})
    this.presentAct(result, renderSetCluster(result))
    return result
  }
}
