import type {Signer} from '@mysten/sui/cryptography'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {join} from 'node:path'
import type {Logger} from 'pino'
import {loadSettings, type Settings} from '../config/settings.ts'
import {daasError} from '../errors/daas-error.ts'
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

  /** The cluster id of flags, environment or files; @throws CLUSTER_UNSET */
  protected clusterOf(settings: Settings): string {
    if (settings.cluster === undefined || settings.cluster === '') throw daasError('CLUSTER_UNSET', {})
    return settings.cluster
  }
}
