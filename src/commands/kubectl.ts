import {join} from 'node:path'
import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, signerFlags} from '../lib/cli/flags.ts'

export default class Kubectl extends ChainCommand<never> {
  static override summary = 'run kubectl through the chain'
  static override description =
    'Every argument goes to kubectl untouched, so the settings of daas come from the environment (DAAS_CLUSTER, DAAS_RPC_URL, DAAS_KEY_FILE, DAAS_SEAL, DAAS_VIA, DAAS_WALRUS_AGGREGATOR) or its configuration file. The exit code is that of kubectl.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> get nodes',
    'DAAS_CLUSTER=0x… <%= config.bin %> <%= command.id %> get configmap settings -o json',
  ]
  static override enableJsonFlag = false
  static override strict = false
  static override baseFlags = {}

  async run(): Promise<never> {
    // `--` was put there by bin/run.js; what follows is kubectl's.
    const args = this.argv[0] === '--' ? this.argv.slice(1) : this.argv
    const [{openUserGateway}, {runKubectl}, {parseVia}, {parseWalrusUrl}] = await Promise.all([
      import('../lib/gateway/open-user-gateway.ts'),
      import('../lib/gateway/kubectl.ts'),
      import('../lib/gateway/session.ts'),
      import('../lib/seal/walrus.ts'),
    ])
    const via = parseVia(process.env.DAAS_VIA)
    const aggregator = process.env.DAAS_WALRUS_AGGREGATOR
    const walrusAggregators =
      aggregator === undefined || aggregator === '' ? [] : [parseWalrusUrl(aggregator)]
    const {execute, network, settings} = await this.openSigner(settingsOfEnvironment(process.env))
    const cacheDir = join(this.config.cacheDir, 'gateway')
    const gateway = await openUserGateway({
      execute,
      url: network.url,
      cluster: this.clusterOf(settings),
      seal: settings.seal,
      tokens: await this.openTokens(),
      cacheDir,
      signal: this.signal,
      gateway: {via, walrusAggregators},
    })
    let exitCode: number
    let kill: ((signal: NodeJS.Signals) => void) | undefined
    const onHangup = (): void => kill?.('SIGHUP')
    process.on('SIGHUP', onHangup)
    try {
      const onStart = (killChild: typeof kill): void => {
        kill = killChild
      }
      ;({exitCode} = await runKubectl({
        ...{args, gateway, cacheDir, env: process.env, signal: this.signal, onStart},
      }))
    } finally {
      process.off('SIGHUP', onHangup)
      await gateway.close()
    }

    return this.exit(exitCode)
  }
}

/** What flags would say, if kubectl's were not all the flags there are. */
function settingsOfEnvironment(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const flags = {...chainFlags, ...signerFlags}
  const entries = Object.entries(flags).map(([name, flag]) => [name, env[flag.env ?? '']])
  return {...(Object.fromEntries(entries) as Record<string, string | undefined>), seal: env.DAAS_SEAL}
}
