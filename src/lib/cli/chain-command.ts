import type {Signer} from '@mysten/sui/cryptography'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {join} from 'node:path'
import type {Logger} from 'pino'
import {loadSettings, type Settings} from '../config/settings.ts'
import {daasError} from '../errors/daas-error.ts'
import type {AdminDeps, Administered} from '../cluster/administer.ts'
import type {TokenStore} from '../stake/token-store.ts'
import type {ExecuteDeps} from '../sui/execute.ts'
import type {Network} from '../sui/networks.ts'
import {BaseCommand} from './base-command.ts'
import type {ChainFlagValues} from './flags.ts'

/** The chain as a command sees it. */
export interface ChainAccess {
  readonly network: Network
  readonly client: SuiGrpcClient
  readonly settings: Settings
}

/** The chain, and a key to sign with. */
export type SigningAccess = ChainAccess & {readonly signer: Signer; readonly execute: ExecuteDeps}

/** A command that goes to the chain: opens client and key from flags, environment and files. SDKs load when asked. */
export abstract class ChainCommand<Result extends object> extends BaseCommand<Result> {
  /** @throws NETWORK_UNKNOWN, CONFIG_INVALID */
  protected async openChain(flags: ChainFlagValues): Promise<ChainAccess> {
    const settings = await loadSettings({
      flags: {
        network: flags.network,
        rpcUrl: flags['rpc-url'],
        cluster: flags.cluster,
        keyFile: flags['key-file'],
        address: flags.address,
        seal: flags.seal,
      },
      configDir: this.config.configDir,
    })
    const [{resolveNetwork}, {createSuiClient}] = await Promise.all([
      import('../sui/networks.ts'),
      import('../sui/client.ts'),
    ])
    const network = resolveNetwork(settings.network ?? 'devnet', settings.rpcUrl)
    return {network, settings, client: createSuiClient({url: network.url, network: network.name})}
  }

  /** @throws as openChain, and KEY_MISSING, KEY_INVALID, KEY_FILE_EXPOSED */
  protected async openSigner(flags: ChainFlagValues): Promise<SigningAccess> {
    const chain = await this.openChain(flags)
    const [{loadSigner}, {abortOf}] = await Promise.all([
      import('../sui/signers.ts'),
      import('../contracts/aborts.ts'),
    ])
    const {keyFile, address} = chain.settings
    const signer = await loadSigner({
      ...(keyFile !== undefined && {keyFile}),
      ...(address !== undefined && {address}),
      env: process.env,
    })
    const execute = {
      client: chain.client,
      signer,
      url: chain.network.url,
      signal: this.signal,
      describeAbort: abortOf,
    }
    return {...chain, signer, execute}
  }

  /**
   * What acts of an administrator need; with --unsigned and --address no key.
   * @throws as openSigner, CLUSTER_UNSET
   */
  protected async openAdmin(flags: ChainFlagValues): Promise<{deps: AdminDeps; cluster: string}> {
    const {address} = flags.unsigned ? (await this.openChain(flags)).settings : {}
    if (address === undefined) {
      const {execute, network, settings} = await this.openSigner(flags)
      const unsigned = flags.unsigned ? {unsigned: true as const} : {}
      return {deps: {execute, url: network.url, ...unsigned}, cluster: this.clusterOf(settings)}
    }

    const [{client, network, settings}, {abortOf}, {checkedAddress}] = await Promise.all([
      this.openChain(flags),
      import('../contracts/aborts.ts'),
      import('../cluster/grant.ts'),
    ])
    const sender = checkedAddress(address)
    const {signal} = this
    const {url} = network
    const execute = {client, signer: {toSuiAddress: () => sender}, url, signal, describeAbort: abortOf}
    return {deps: {execute, url, unsigned: true}, cluster: this.clusterOf(settings)}
  }

  /** Shows how an act of an administrator went; of one to be signed elsewhere its transaction alone, to be piped. */
  protected presentAct({transaction, sender}: Administered, text: string): void {
    this.present(transaction ?? text)
    if (transaction !== undefined) {
      this.note(`nothing was sent: sign it as ${sender}, then: daas cluster execute --signature …`)
    }
  }

  /** The seal tokens of this user on this machine. */
  protected async openTokens(): Promise<TokenStore> {
    const {openTokenStore} = await import('../stake/token-store.ts')
    return openTokenStore(join(this.config.dataDir, 'seals'))
  }

  /** A structured log on stderr; the level is that of DAAS_LOG_LEVEL, `warn` where it is not set. */
  protected async openLogger(): Promise<Logger> {
    const {createLogger} = await import('./logger.ts')
    return createLogger({level: process.env.DAAS_LOG_LEVEL ?? 'warn'})
  }

  /** The cluster id of flags, environment or files; @throws CLUSTER_UNSET, CLUSTER_UNNAMED */
  protected clusterOf(settings: Settings): string {
    if (settings.cluster === undefined || settings.cluster === '') throw daasError('CLUSTER_UNSET', {})
    if (!settings.cluster.startsWith('0x')) throw daasError('CLUSTER_UNNAMED', {name: settings.cluster})
    return settings.cluster
  }
}
