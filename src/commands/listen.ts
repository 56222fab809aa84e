import {join, resolve} from 'node:path'
import type {Interfaces} from '@oclif/core'
import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, Flags, signerFlags} from '../lib/cli/flags.ts'
import {daasError} from '../lib/errors/daas-error.ts'
import type {ListenerInfo} from '../lib/listener/settings.ts'
import {renderFields} from '../lib/ui/table.ts'

/** What `--print-unit` gives. */
export interface PrintedUnit {
  cluster: string
  text: string
}

export default class Listen extends ChainCommand<ListenerInfo | PrintedUnit> {
  static override summary = 'run the listener of a cluster, in the foreground'
  static override description =
    'Verifies registrations, writes bootstrap tokens, runs kubectl requests on the Kubernetes API as who asked for them, evicts the slashed. The signer holds the ListenerCap of the cluster. Logs go to stderr; it runs until Ctrl-C, a second one ends it at once.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --kubeconfig /etc/rancher/k3s/k3s.yaml',
    '<%= config.bin %> <%= command.id %> --host 0.0.0.0 --port 8443 --advertise https://listener.example:8443 --json',
    '<%= config.bin %> <%= command.id %> --kubeconfig /etc/rancher/k3s/k3s.yaml --rotate-keys',
  ]
  static override streaming = true
  static override flags = {
    kubeconfig: Flags.string({
      summary: 'kubeconfig of the cluster (default: the usual places)',
      helpValue: 'FILE',
      env: 'DAAS_KUBECONFIG',
    }),
    context: Flags.string({summary: 'context of the kubeconfig', helpValue: 'NAME', env: 'DAAS_CONTEXT'}),
    host: Flags.string({
      summary: 'address to listen on',
      helpValue: 'ADDRESS',
      env: 'DAAS_LISTEN_HOST',
      default: '127.0.0.1',
    }),
    port: Flags.integer({
      summary: 'port to listen on; 0: any',
      helpValue: 'PORT',
      env: 'DAAS_LISTEN_PORT',
      default: 0,
      min: 0,
      max: 65_535,
    }),
    advertise: Flags.string({
      summary: 'URL that nodes and users reach it by (default: https://host:port)',
      helpValue: 'URL',
      env: 'DAAS_ADVERTISE',
      multiple: true,
    }),
    'server-url': Flags.string({
      summary: 'k3s server that nodes join (default: that of the kubeconfig)',
      helpValue: 'URL',
      env: 'DAAS_SERVER_URL',
    }),
    'metrics-port': Flags.integer({
      summary: 'loopback port of /livez, /readyz and /metrics; 0: any',
      helpValue: 'PORT',
      env: 'DAAS_METRICS_PORT',
      default: 0,
      min: 0,
      max: 65_535,
    }),
    'state-dir': Flags.string({
      summary: 'directory for keys, journal and blobs',
      helpValue: 'DIR',
      env: 'DAAS_STATE_DIR',
    }),
    'rotate-keys': Flags.boolean({
      summary: 'announce new HPKE and TLS keys; those before stay good for the overlap of the cluster',
      env: 'DAAS_ROTATE_KEYS',
    }),
    'walrus-publisher': Flags.string({
      summary: 'publisher of Walrus that large answers are stored with besides',
      helpValue: 'URL',
      env: 'DAAS_WALRUS_PUBLISHER',
    }),
    'walrus-epochs': Flags.integer({
      summary: 'for how many storage epochs of Walrus',
      helpValue: 'COUNT',
      env: 'DAAS_WALRUS_EPOCHS',
      default: 1,
      min: 1,
      max: 53,
    }),
    'print-unit': Flags.boolean({
      summary: 'print a hardened systemd unit that runs this listener, do nothing',
      env: 'DAAS_PRINT_UNIT',
    }),
    'log-level': Flags.string({
      summary: 'least level that is logged',
      env: 'DAAS_LOG_LEVEL',
      options: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
      default: 'info',
    }),
    ...chainFlags,
    ...signerFlags,
  }

  async run(): Promise<ListenerInfo | PrintedUnit> {
    const {flags} = await this.parse(Listen)
    if (flags['print-unit']) return this.#printUnit(flags)
    const [{openListener}, {createLogger}, {untilAborted}, {parseWalrusUrl}] = await Promise.all([
      import('../lib/listener/open-listener.ts'),
      import('../lib/cli/logger.ts'),
      import('../lib/cli/until-aborted.ts'),
      import('../lib/seal/walrus.ts'),
    ])
    const {client, network, settings, signer} = await this.openSigner(flags)
    const clusterId = this.clusterOf(settings)
    const listener = await openListener({
      client,
      signer,
      url: network.url,
      clusterId,
      stateDir: flags['state-dir'] ?? join(this.config.dataDir, 'listener', clusterId),
      host: flags.host,
      port: flags.port,
      metricsPort: flags['metrics-port'],
      version: this.config.version,
      rotateKeys: flags['rotate-keys'],
      ...(flags.advertise !== undefined && {advertise: flags.advertise}),
      ...(flags.kubeconfig !== undefined && {kubeconfig: flags.kubeconfig}),
      ...(flags.context !== undefined && {context: flags.context}),
      ...(flags['server-url'] !== undefined && {serverUrl: flags['server-url']}),
      ...(flags['walrus-publisher'] !== undefined && {
        walrus: {url: parseWalrusUrl(flags['walrus-publisher']), epochs: flags['walrus-epochs']},
      }),
      logger: createLogger({level: flags['log-level']}),
      signal: this.signal,
    })
    try {
      const info = await listener.start()
      this.emit('ready', {...info, cluster: clusterId, network: network.name})
      this.present(
        renderFields([
          ['cluster', clusterId],
          ['listening', info.urls.join(' ')],
          ['health', info.healthUrl],
          ['TLS key', `sha256:${info.tlsPin}`],
          ['announced in', info.announcedIn],
        ]),
      )
      await untilAborted(this.signal)
      return info
    } finally {
      await listener.close()
    }
  }

  async #printUnit(flags: Interfaces.InferredFlags<typeof Listen.flags>): Promise<PrintedUnit> {
    const [{renderListenUnit}, {listenUnitArgs}, {settings, network}] = await Promise.all([
      import('../lib/k3s/units.ts'),
      import('../lib/cli/listen-unit-args.ts'),
      this.openChain(flags),
    ])
    const cluster = this.clusterOf(settings)
    const {kubeconfig} = flags
    if (settings.keyFile === undefined || kubeconfig === undefined) {
      throw daasError('INPUT_MISSING', {
        flags: [settings.keyFile === undefined && '--key-file', kubeconfig === undefined && '--kubeconfig']
          .filter(Boolean)
          .join(' '),
      })
    }

    const text = await renderListenUnit(cluster, {
      command: [process.execPath, resolve(process.argv[1] ?? ''), 'listen', ...listenUnitArgs(this.argv)],
      keyFile: resolve(settings.keyFile),
      kubeconfig: resolve(kubeconfig),
      environment: {DAAS_RPC_URL: network.url, DAAS_CLUSTER: cluster},
    })
    this.present(text)
    return {cluster, text}
  }
}
