import {pathToFileURL} from 'node:url'
import {resolve} from 'node:path'
import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {adminFlags, chainFlags, Flags, signerFlags} from '../../lib/cli/flags.ts'
import type {UpgradeResult} from '../../lib/cluster/upgrade.ts'
import {renderUpgrade} from '../../lib/ui/admin-text.ts'

export default class ClusterUpgrade extends ChainCommand<UpgradeResult> {
  static override summary =
    'publish the contracts of this daas as the next version of the package of a cluster'
  static override description =
    'Only with the UpgradeCap of the package. Every cluster goes on with the version before until daas cluster migrate. A second run changes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --build ./move/build --json',
    '<%= config.bin %> <%= command.id %> --unsigned --address 0x… > upgrade.txt',
  ]
  static override flags = {
    build: Flags.string({
      summary: 'folder with the compiled package (default: the one that ships with daas)',
      helpValue: 'DIR',
      env: 'DAAS_BUILD',
    }),
    ...adminFlags,
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<UpgradeResult> {
    const {flags} = await this.parse(ClusterUpgrade)
    const [{upgradePackage}, {readBuild}] = await Promise.all([
      import('../../lib/cluster/upgrade.ts'),
      import('../../lib/cluster/read-build.ts'),
    ])
    const folder = flags.build === undefined ? undefined : pathToFileURL(`${resolve(flags.build)}/`)
    const compiled = readBuild(folder)
    const {deps, cluster} = await this.openAdmin(flags)
    const result = await upgradePackage(deps, {cluster, compiled, dryRun: flags['dry-run']})
    this.presentAct(result, renderUpgrade(result))
    return result
  }
}
