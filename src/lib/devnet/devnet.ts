import {randomBytes} from 'node:crypto'
import {type DevnetAccount, deriveAccounts} from './accounts.ts'
import {createNode} from './executor/node.ts'
import {daasError} from '../errors/daas-error.ts'
import type {DevnetNode} from './ledger/api.ts'
import type {DataDir} from './ledger/data-dir.ts'
import {serveNode} from './rpc/serve-node.ts'

const suiMist = 1_000_000_000n

/** How to start a devnet. */
export interface DevnetOptions {
  /** 0 or none: any free port. */
  readonly port?: number
  /** Where to listen; loopback unless told otherwise. */
  readonly host?: string
  /** Same seed, same genesis and accounts. Default: random. */
  readonly seed?: string
  /** ms between checkpoints; 0: one per transaction. Default 250. */
  readonly checkpointIntervalMs?: number
  /** ms that an epoch lasts. Default a day. */
  readonly epochDurationMs?: number
  /** How many accounts have coins at genesis. Default 10. */
  readonly accounts?: number
  /** What each of them has, in MIST. Default 1,000,000 SUI. */
  readonly balanceMist?: bigint
  /** What the faucet gives per request, in MIST. Default 1,000 SUI. */
  readonly faucetMist?: bigint
  /** The longest silence of a subscription in ms. Default 15 s. */
  readonly keepaliveMs?: number
  /** Keeps the chain in this directory, and goes on with the one that is there. Default: in memory only. */
  readonly dataDir?: string
  /** Closes the devnet when it aborts. */
  readonly signal?: AbortSignal
  /** Now in ms; default Date.now. */
  readonly now?: () => number
}

/** A running devnet. */
export interface Devnet {
  /** Base URL of gRPC-web; native gRPC is at the same host and port. */
  readonly url: string
  /** Base URL for `requestSuiFromFaucetV2`. */
  readonly faucetUrl: string
  readonly node: DevnetNode
  readonly accounts: readonly DevnetAccount[]
  readonly chainId: string
  /** Stops listening, cuts connections, releases timers. May be called twice. */
  close(): Promise<void>
}

/**
 * Starts a chain in this process and serves it as a Sui full node does. It publishes no package by itself.
 * @throws DaasError DEVNET_LISTEN_FAILED, DEVNET_DATA_IN_USE, DEVNET_DATA_UNREADABLE, DEVNET_DATA_OTHER_SEED; the
 * reason of the signal if it has aborted
 */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  options.signal?.throwIfAborted()
  const data = options.dataDir === undefined ? undefined : await openData(options.dataDir, options.seed)
  const seed = data?.facts()?.seed ?? options.seed ?? randomBytes(32).toString('hex')
  const accounts = deriveAccounts(seed, options.accounts ?? 10)
  const balance = options.balanceMist ?? 1_000_000n * suiMist
  const node = await createNode({
    seed,
    ...(data === undefined ? {} : {data}),
    genesisAccounts: accounts.map(({address}) => ({address, balance})),
    ...(options.checkpointIntervalMs === undefined
      ? {}
      : {checkpointIntervalMs: options.checkpointIntervalMs}),
    ...(options.epochDurationMs === undefined ? {} : {epochDurationMs: options.epochDurationMs}),
    ...(options.now === undefined ? {} : {now: options.now}),
  })
  try {
    const server = await serveNode(node, {
      port: options.port ?? 0,
      faucetMist: options.faucetMist ?? 1000n * suiMist,
      ...(options.host === undefined ? {} : {host: options.host}),
      ...(options.keepaliveMs === undefined ? {} : {keepaliveMs: options.keepaliveMs}),
    })
    const host = server.host.includes(':') ? `[${server.host}]` : server.host
    const url = `http://${host}:${server.port}`
    let closing: Promise<void> | undefined
    const close = (): Promise<void> => (closing ??= server.close().then(() => node.close()))
    options.signal?.addEventListener('abort', () => void close(), {once: true})
    return {url, faucetUrl: url, node, accounts, chainId: node.chainId, close}
  } catch (error) {
    await node.close()
    throw error
  }
}

/** Opens the directory of a chain. SQLite is loaded only here: most devnets live in memory. */
async function openData(dir: string, seed: string | undefined): Promise<DataDir> {
  const {DataDir: Opened} = await import('./ledger/data-dir.ts')
  const data = new Opened(dir)
  const kept = data.facts()?.seed
  if (kept === undefined || seed === undefined || kept === seed) return data
  data.close()
  throw daasError('DEVNET_DATA_OTHER_SEED', {dir})
}
