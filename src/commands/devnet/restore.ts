import {BaseCommand} from '../../lib/cli/base-command.ts'
import {Args, Flags} from '../../lib/cli/flags.ts'
import type {LedgerCopy} from '../../lib/devnet/ledger/snapshot.ts'
import {renderFields} from '../../lib/ui/table.ts'

export default class DevnetRestore extends BaseCommand<LedgerCopy> {
  static override summary = 'put a snapshot where a devnet that does not run keeps its chain'
  static override examples = [
    '<%= config.bin %> <%= command.id %> before.db --data-dir ./chain',
    '<%= config.bin %> <%= command.id %> before.db --data-dir ./chain --force --json',
  ]
  static override args = {file: Args.string({description: 'the snapshot', required: true})}
  static override flags = {
    'data-dir': Flags.string({
      summary: 'directory of the chain',
      helpValue: 'DIR',
      env: 'DAAS_DEVNET_DATA_DIR',
      required: true,
    }),
    force: Flags.boolean({summary: 'replace the chain that is there', env: 'DAAS_DEVNET_FORCE'}),
  }

  async run(): Promise<LedgerCopy> {
    const {args, flags} = await this.parse(DevnetRestore)
    const [{restoreSnapshot}, {resolve}] = await Promise.all([
      import('../../lib/devnet/ledger/snapshot.ts'),
      import('node:path'),
    ])
    const copy = await restoreSnapshot(resolve(args.file), resolve(flags['data-dir']), flags.force)
    this.present(
      renderFields([
        ['restored', copy.file],
        ['chain', copy.chainId],
        ['checkpoint', String(copy.checkpoint)],
        ['transactions', String(copy.transactions)],
      ]),
    )
    return copy
  }
}
