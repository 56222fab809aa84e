import {join, resolve} from 'node:path'
import {BaseCommand} from '../../lib/cli/base-command.ts'
import {Flags} from '../../lib/cli/flags.ts'
import {gatewayDirFlag} from '../../lib/cli/gateway-flags.ts'
import type {ExecCredential} from '../../lib/gateway/credential.ts'

export default class GatewayCredential extends BaseCommand<ExecCredential> {
  static override hidden = true
  static override summary = 'print the credential of a running gateway, for Kubernetes clients'
  static override description =
    'An exec credential plugin (client.authentication.k8s.io/v1): clients run it, people need not.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --cluster 0x… --address 0x…',
    '<%= config.bin %> <%= command.id %> --client-certificate',
  ]
  static override flags = {
    cluster: Flags.string({
      char: 'c',
      summary: 'object id of the cluster',
      helpValue: 'NAME|ID',
      env: 'DAAS_CLUSTER',
    }),
    address: Flags.string({summary: 'address of the user', helpValue: 'ADDRESS', env: 'DAAS_ADDRESS'}),
    'client-certificate': Flags.boolean({
      summary: 'a client certificate and its key instead of a bearer token',
      env: 'DAAS_CLIENT_CERTIFICATE',
    }),
    dir: gatewayDirFlag,
  }

  async run(): Promise<ExecCredential> {
    const {flags} = await this.parse(GatewayCredential)
    const [{execCredential}, {findGatewayRun, openGatewayRuntime}] = await Promise.all([
      import('../../lib/gateway/credential.ts'),
      import('../../lib/gateway/runtime.ts'),
    ])
    const runtime = openGatewayRuntime(resolve(flags.dir ?? join(this.config.dataDir, 'gateways')))
    const run = await findGatewayRun(runtime, {
      ...(flags.cluster !== undefined && {cluster: flags.cluster}),
      ...(flags.address !== undefined && {address: flags.address}),
    })
    const kind = flags['client-certificate'] ? 'certificate' : 'token'
    const credential = execCredential(run, kind, process.env.KUBERNETES_EXEC_INFO, Date.now())
    this.present(JSON.stringify(credential))
    return credential
  }
}
