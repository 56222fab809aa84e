import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {Args, chainFlags, signerFlags} from '../../lib/cli/flags.ts'
import type {PublishResult} from '../../lib/devnet/publish/publish-package.ts'
import {renderFields, renderTable} from '../../lib/ui/table.ts'

export default class DevnetPublish extends ChainCommand<PublishResult> {
  static override summary = 'compile a Move package of your own and publish it'
  static override description =
    'Compiles Move.toml and sources with the real Move compiler (@zktx.io/sui-move-builder, to be installed beside daas) against the framework that ships with daas; nothing is fetched. Local dependencies that are not published yet become part of the package. The signer gets the UpgradeCap.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> ./my-package --key-file operator.key',
    '<%= config.bin %> <%= command.id %> . --json',
  ]
  static override args = {path: Args.string({description: 'folder with Move.toml', required: true})}
  static override flags = {
    network: chainFlags.network,
    'rpc-url': chainFlags['rpc-url'],
    ...signerFlags,
  }

  async run(): Promise<PublishResult> {
    const {args, flags} = await this.parse(DevnetPublish)
    const [{publishPackage}, {resolve}] = await Promise.all([
      import('../../lib/devnet/publish/publish-package.ts'),
      import('node:path'),
    ])
    const {execute} = await this.openSigner(flags)
    const result = await publishPackage(execute, resolve(args.path))
    this.present(
      renderFields([
        ['package', result.package],
        ['transaction', result.digest],
      ]),
    )
    this.present(
      renderTable(
        ['OBJECT', 'TYPE'],
        result.objects.map(({id, type}) => [id, type]),
      ),
    )
    return result
  }
}
