import {BaseCommand} from '../../lib/cli/base-command.ts'
import {Args, Flags} from '../../lib/cli/flags.ts'
import type {LedgerCopy} from '../../lib/devnet/ledger/snapshot.ts'
import {renderFields} from '../../lib/ui/table.ts'

export default class DevnetSnapshot extends BaseCommand<LedgerCopy> {
  static override summary = 'copy the chain of a devnet, which may be running, to a file'
  static override examples = [
    '<%= config.bin %> <%= command.id %> before.db --data-dir ./chain',
    '<%= config.bin %> <%= command.id %> before.db --data-dir ./chain --json',
  ]
  static override args = {
    file: Args.string({description: 'the file to write; it must not exist', required: true}),
  }
  static override flags = {
    'data-dir': Flags.string({
      summary: 'directory of the chain',
      helpValue: 'DIR',
      env: 'DAAS_DEVNET_DATA_DIR',
      required: true,
    }),
  }

  async run(): Promise<LedgerCopy> {
    const {args, flags} = await this.parse(DevnetSnapshot)
    const [{takeSnapshot}, {resolve}] = await Promise.all([
      import('../../lib/devnet/ledger/snapshot.ts'),
      import('node:path'),
    ])
    const copy = await takeSnapshot(resolve(flags['data-dir']), resolve(args.file))
    this.present(
      renderFields([
        ['snapshot', copy.file],
        ['chain', copy.chainId],
        ['checkpoint', String(copy.checkpoint)],
        ['transactions', String(copy.transactions)],
      ]),
    )
    return copy
  }
}
