import {ChainCommand} from '../../lib/cli/chain-command.ts'
import {Args, chainFlags, Flags} from '../../lib/cli/flags.ts'
import type {ExecutedResult} from '../../lib/cluster/execute-signed.ts'
import {renderExecuted} from '../../lib/ui/admin-text.ts'

export default class ClusterExecute extends ChainCommand<ExecutedResult> {
  static override summary = 'send a transaction that --unsigned made and others signed'
  static override description =
    'Of a multisig, give the one signature that is combined of its members’ (sui keytool multi-sig-combine-partial-sig).'
  static override examples = [
    '<%= config.bin %> <%= command.id %> pause.txt --signature AwIA…',
    '<%= config.bin %> cluster set --paused --unsigned --address 0x… | tee pause.txt | sui keytool sign --address 0x… --data "$(cat pause.txt)"',
  ]
  static override args = {
    file: Args.string({
      description: 'file with the transaction, base64; - for standard input',
      required: true,
    }),
  }
  static override flags = {
    signature: Flags.string({
      summary: 'signature, base64; a second one where someone else pays the gas',
      helpValue: 'BASE64',
      env: 'DAAS_SIGNATURE',
      multiple: true,
      required: true,
    }),
    network: chainFlags.network,
    'rpc-url': chainFlags['rpc-url'],
  }

  async run(): Promise<ExecutedResult> {
    const {args, flags} = await this.parse(ClusterExecute)
    const [{executeSignedFile}, {abortOf}] = await Promise.all([
      import('../../lib/cluster/execute-signed.ts'),
      import('../../lib/contracts/aborts.ts'),
    ])
    const {client, network} = await this.openChain(flags)
    const deps = {client, url: network.url, signal: this.signal, describeAbort: abortOf}
    const result = await executeSignedFile(deps, {file: args.file, signatures: flags.signature})
    this.present(renderExecuted(result))
    return result
  }
}
