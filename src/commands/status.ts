import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, Flags, signerFlags} from '../lib/cli/flags.ts'
import {ExitCode} from '../lib/errors/exit-codes.ts'
import type {StatusResult} from '../lib/status/status.ts'
import {renderStatus} from '../lib/ui/status-text.ts'

export default class Status extends ChainCommand<StatusResult> {
  static override summary = 'show chain, stake, seal, node and listener on one screen'
  static override description = 'Ends with 5 when something is not as it should be.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --node worker-1',
    '<%= config.bin %> <%= command.id %> --user --json',
  ]
  static override flags = {
    node: Flags.string({
      char: 'n',
      summary: 'name of the node',
      helpValue: 'NAME',
      env: 'DAAS_NODE',
      exactlyOne: ['node', 'user'],
    }),
    user: Flags.boolean({summary: 'the stake of a user of kubectl', env: 'DAAS_USER'}),
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<StatusResult> {
    const {flags} = await this.parse(Status)
    const [{subjectOf}, {readStatus}, {pingListener}, {askWorker}] = await Promise.all([
      import('../lib/stake/subject.ts'),
      import('../lib/status/status.ts'),
      import('../lib/status/ping-listener.ts'),
      import('../lib/status/ask-worker.ts'),
    ])
    const subject = subjectOf(flags)
    const {client, network, settings, signer} = await this.openSigner(flags)
    const asking = {tokens: await this.openTokens(), signal: this.signal}
    const result = await readStatus(
      {
        client,
        url: network.url,
        owner: signer.toSuiAddress(),
        now: Date.now,
        pingListener: (listener) => pingListener(listener, this.signal),
        askWorker: (question) => askWorker(asking, question),
      },
      {cluster: this.clusterOf(settings), subject},
    )
    this.present(renderStatus(result))
    if (!result.healthy) this.endWith(ExitCode.degraded)
    return result
  }
}
