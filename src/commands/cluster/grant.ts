import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {adminFlags, Args, chainFlags, Flags, signerFlags} from '../../lib/cli/flags.ts'
import type {GrantResult} from '../../lib/cluster/grant.ts'
import {renderGrant} from '../../lib/ui/cluster-text.ts'

export default class ClusterGrant extends ChainCommand<GrantResult> {
  static override summary = 'allow an address commands in a cluster, without a stake'
  static override description =
    'Only with the AdminCap of the cluster. The address makes a seal of it with daas seal --grant. What the contract allows, the RBAC of the cluster judges again.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 0x… --permission get:pods --permission list:pods --namespace dev --expires 30d',
    '<%= config.bin %> <%= command.id %> 0x… --permission "*:*" --namespace "*" --expires 8h --dry-run --json',
  ]
  static override args = {address: Args.string({description: 'who is allowed', required: true})}
  static override flags = {
    permission: Flags.string({
      char: 'p',
      summary: 'verb:resource, with * for either; several times for several',
      helpValue: 'VERB:RESOURCE',
      env: 'DAAS_PERMISSION',
      multiple: true,
      required: true,
    }),
    namespace: Flags.string({
      summary: 'where; * for all namespaces and for what has none; several times for several',
      helpValue: 'NAMESPACE',
      env: 'DAAS_NAMESPACE',
      multiple: true,
      required: true,
    }),
    expires: Flags.string({
      char: 'e',
      summary: 'until when: 30m, 8h, 30d or a date',
      helpValue: 'TIME',
      env: 'DAAS_EXPIRES',
      required: true,
    }),
    ...adminFlags,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<GrantResult> {
    const {args, flags} = await this.parse(ClusterGrant)
    const [{grant}, {parseExpiry}] = await Promise.all([
      import('../../lib/cluster/grant.ts'),
      import('../../lib/cluster/expiry.ts'),
    ])
    const {permission: permissions, namespace: namespaces} = flags
    const expiresAtMs = parseExpiry(flags.expires, Date.now())
    const what = {address: args.address, permissions, namespaces, expiresAtMs, dryRun: flags['dry-run']}
    const {deps, cluster} = await this.openAdmin(flags)
    const result = await grant(deps, {cluster, ...what})
    this.presentAct(result, renderGrant(result))
    return result
  }
}
