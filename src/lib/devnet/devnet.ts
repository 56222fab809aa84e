import {randomBytes} from 'node:crypto'
import {type DevnetAccount, deriveAccounts} from './accounts.ts'
import {createNode} from './executor/node.ts'
import type {DevnetNode} from './ledger/api.ts'
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
  /** How many accounts have coins at genesis. Default 10. */
  readonly accounts?: number
  /** What each of them has, in MIST. Default 1,000,000 SUI. */
  readonly balanceMist?: bigint
  /** What the faucet gives per request, in MIST. Default 1,000 SUI. */
  readonly faucetMist?: bigint
  /** The longest silence of a subscription in ms. Default 15 s. */
  readonly keepaliveMs?: number
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
 * @throws DaasError DEVNET_LISTEN_FAILED; the reason of the signal if it has aborted
 */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  options.signal?.throwIfAborted()
  const seed = options.seed ?? randomBytes(32).toString('hex')
  const accounts = deriveAccounts(seed, options.accounts ?? 10)
  const balance = options.balanceMist ?? 1_000_000n * suiMist
  const node = await createNode({
    seed,
    genesisAccounts: accounts.map(({address}) => ({address, balance})),
    ...(options.checkpointIntervalMs === undefined
      ? {}
      : {checkpointIntervalMs: options.checkpointIntervalMs}),
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
