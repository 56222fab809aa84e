import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {adminFlags, chainFlags, Flags, signerFlags} from '../../lib/cli/flags.ts'
import type {EndpointsSet} from '../../lib/cluster/listeners.ts'
import {daasError} from '../../lib/errors/daas-error.ts'
import {renderEndpoints} from '../../lib/ui/admin-text.ts'

export default class ClusterEndpoints extends ChainCommand<EndpointsSet> {
  static override summary = 'say where stakes find the listener, by their amount'
  static override description =
    'Only with a ListenerCap of the cluster. Replaces what was said before; stakes below all of them go to the URLs that daas listen announces.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --endpoint 10sui=https://gold-1.example:8443,https://gold-2.example:8443',
    '<%= config.bin %> <%= command.id %> --none --json',
  ]
  static override flags = {
    endpoint: Flags.string({
      summary: 'URLs for stakes from an amount on, as 10sui=https://…; several times for several',
      helpValue: 'AMOUNT=URL,…',
      env: 'DAAS_ENDPOINT',
      multiple: true,
      exclusive: ['none'],
    }),
    none: Flags.boolean({summary: 'the same for all stakes', env: 'DAAS_NONE'}),
    ...adminFlags,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<EndpointsSet> {
    const {flags} = await this.parse(ClusterEndpoints)
    if (flags.endpoint === undefined && !flags.none) throw daasError('ENDPOINT_MISSING', {})
    const [{changeEndpoints}, {parseEndpoints}] = await Promise.all([
      import('../../lib/cluster/listeners.ts'),
      import('../../lib/cluster/parse-settings.ts'),
    ])
    const endpoints = parseEndpoints(flags.endpoint ?? [])
    const {deps, cluster} = await this.openAdmin(flags)
    const result = await changeEndpoints(deps, {cluster, endpoints, dryRun: flags['dry-run']})
    this.presentAct(result, renderEndpoints(result))
    return result
  }
}
