import {join} from 'node:path'
import {BaseCommand} from '../lib/cli/base-command.ts'
import {Flags} from '../lib/cli/flags.ts'
import {daasError} from '../lib/errors/daas-error.ts'
import type {DevnetBanner} from '../lib/ui/devnet-banner.ts'

/** What `sui start` knows nothing of. */
const EMBEDDED_ONLY = ['host', 'checkpoint-interval', 'balance', 'data-dir'] as const

export default class Devnet extends BaseCommand<DevnetBanner> {
  static override summary = 'run a chain, the contracts and a Kubernetes on this machine'
  static override description =
    'A Sui-compatible chain that executes the real bytecode of the contracts, with funded accounts whose keys anyone can derive from the seed: never send anything of value there. It runs until Ctrl-C. With --json the first line describes it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --data-dir ./chain',
    '<%= config.bin %> <%= command.id %> --port 0 --kubernetes embedded --config-out devnet.json --json',
  ]
  static override streaming = true
  static override flags = {
    port: Flags.integer({
      summary: 'port of the RPC and the faucet; 0: any',
      helpValue: 'PORT',
      env: 'DAAS_DEVNET_PORT',
      default: 9000,
      min: 0,
      max: 65_535,
    }),
    engine: Flags.option({
      summary: 'the chain that is built in, or sui start of the program on PATH',
      env: 'DAAS_DEVNET_ENGINE',
      options: ['embedded', 'sui'] as const,
      default: 'embedded' as const,
    })(),
    host: Flags.string({
      summary: 'address to listen on',
      helpValue: 'ADDRESS',
      env: 'DAAS_DEVNET_HOST',
      default: '127.0.0.1',
    }),
    seed: Flags.string({
      summary: 'same seed, same addresses and ids (default: random)',
      helpValue: 'TEXT',
      env: 'DAAS_DEVNET_SEED',
    }),
    'checkpoint-interval': Flags.integer({
      summary: 'milliseconds between checkpoints; 0: one per transaction',
      helpValue: 'MS',
      env: 'DAAS_DEVNET_CHECKPOINT_INTERVAL',
      default: 250,
      min: 0,
    }),
    'epoch-duration': Flags.integer({
      summary: 'milliseconds that an epoch lasts',
      helpValue: 'MS',
      env: 'DAAS_DEVNET_EPOCH_DURATION',
      default: 86_400_000,
      min: 1000,
    }),
    accounts: Flags.integer({
      summary: 'number of funded accounts',
      helpValue: 'COUNT',
      env: 'DAAS_DEVNET_ACCOUNTS',
      default: 10,
      min: 4,
      max: 1000,
    }),
    balance: Flags.string({
      summary: 'what each account has',
      helpValue: 'AMOUNT',
      env: 'DAAS_DEVNET_BALANCE',
      default: '1000000sui',
    }),
    kubernetes: Flags.string({
      summary: 'auto, k3s, binaries, embedded, none, or the path of a kubeconfig',
      helpValue: 'WHICH|KUBECONFIG',
      env: 'DAAS_DEVNET_KUBERNETES',
      default: 'auto',
    }),
    dir: Flags.string({
      summary: 'directory for keys and kubeconfig',
      helpValue: 'DIR',
      env: 'DAAS_DEVNET_DIR',
    }),
    'data-dir': Flags.string({
      summary: 'keep the chain in this directory and go on with the one that is there (default: in memory)',
      helpValue: 'DIR',
      env: 'DAAS_DEVNET_DATA_DIR',
    }),
    'config-out': Flags.string({
      summary: 'write the description as JSON to this file',
      helpValue: 'FILE',
      env: 'DAAS_DEVNET_CONFIG_OUT',
    }),
  }

  async run(): Promise<DevnetBanner> {
    const {flags, metadata} = await this.parse(Devnet)
    const [
      {createWorld},
      {parseAmount},
      {renderDevnet, bannerOf},
      {untilAborted},
      {createLogger},
      fs,
      {resolve},
    ] = await Promise.all([
      import('../lib/devnet/world.ts'),
      import('../lib/sui/amount.ts'),
      import('../lib/ui/devnet-banner.ts'),
      import('../lib/cli/until-aborted.ts'),
      import('../lib/cli/logger.ts'),
      import('node:fs/promises'),
      import('node:path'),
    ])
    if (flags.engine === 'sui') {
      for (const flag of EMBEDDED_ONLY) {
        if (metadata.flags[flag]?.setFromDefault !== true && flags[flag] !== undefined) {
          throw daasError('DEVNET_ENGINE_LIMIT', {flag: `--${flag}`})
        }
      }
    }
    const dir = resolve(flags.dir ?? join(this.config.cacheDir, 'devnet'))
    await fs.mkdir(dir, {recursive: true, mode: 0o700})
    const world = await createWorld({
      dir,
      port: flags.port,
      engine: flags.engine,
      host: flags.host,
      ...(flags.seed !== undefined && {seed: flags.seed}),
      ...(flags['data-dir'] !== undefined && {dataDir: resolve(flags['data-dir'])}),
      checkpointIntervalMs: flags['checkpoint-interval'],
      epochDurationMs: flags['epoch-duration'],
      accounts: flags.accounts,
      balanceMist: parseAmount(flags.balance),
      kubernetes: flags.kubernetes,
      clusterName: 'devnet',
      env: process.env,
      signal: this.signal,
      logger: createLogger({level: process.env.DAAS_LOG_LEVEL ?? 'warn'}),
      onPart: (part, detail) => this.note(`${part}: ${detail}`),
    })
    try {
      const banner = bannerOf(world)
      if (flags['config-out'] !== undefined) {
        await fs.writeFile(flags['config-out'], `${JSON.stringify(banner, null, 2)}\n`, {mode: 0o600})
      }

      this.emit('ready', banner)
      this.present(renderDevnet(banner))
      if (world.kubernetes?.notice !== undefined) this.note(world.kubernetes.notice)
      await untilAborted(this.signal)
      return banner
    } finally {
      await world.close()
    }
  }
}
