/** `sui start` as the chain of a devnet: the program of Sui itself, where there is one, in the place of ours. */
import {randomBytes} from 'node:crypto'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {requestSuiFromFaucetV2} from '@mysten/sui/faucet'
import which from 'which'
import {DaasError, daasError} from '../errors/daas-error.ts'
import {createSuiClient} from '../sui/client.ts'
import {deriveAccounts} from './accounts.ts'
import type {Devnet} from './devnet.ts'
import {startChild, waitForChild} from './kube/child-process.ts'
import {freePorts} from './kube/free-ports.ts'

/** A chain to build a world on; `node` is there when it runs in this process. */
export type Chain = Omit<Devnet, 'node'> & {readonly node?: Devnet['node']}

/** How to start it. */
export interface SuiEngineOptions {
  /** Keeps the log and the configuration of the program. */
  readonly dir: string
  /** Of the RPC; 0: any free one. The faucet gets a free one of its own. */
  readonly port: number
  readonly host?: string
  /** Same seed, same accounts; the chain itself is a new one every time. Default: random. */
  readonly seed?: string
  readonly accounts: number
  readonly epochDurationMs?: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** How long it may take to answer, ms. Default two minutes. */
  readonly timeoutMs?: number
}

const START_MS = 120_000
const FUND_MS = 60_000
const PAUSE_MS = 200

/**
 * Runs `sui start` with a new chain and its faucet until it is closed, and funds the accounts from the faucet.
 * @throws DaasError SUI_PROGRAM_MISSING, SUI_START_FAILED; the reason of the signal
 */
export async function startSuiEngine(options: SuiEngineOptions): Promise<Chain> {
  const {dir, signal, env, timeoutMs = START_MS} = options
  const bin = await which('sui', {nothrow: true, ...(env.PATH === undefined ? {} : {path: env.PATH})})
  if (bin === null) throw daasError('SUI_PROGRAM_MISSING', {})
  await mkdir(dir, {recursive: true, mode: 0o700})
  const [faucetPort, freePort] = (await freePorts(2)) as [number, number]
  const host = options.host ?? '127.0.0.1'
  const port = options.port === 0 ? freePort : options.port
  const logFile = join(dir, 'sui.log')
  const child = await startChild({
    name: 'sui start',
    bin,
    args: [
      'start',
      '--force-regenesis',
      `--with-faucet=127.0.0.1:${faucetPort}`,
      '--fullnode-rpc-port',
      String(port),
      ...(options.epochDurationMs === undefined
        ? []
        : ['--epoch-duration-ms', String(options.epochDurationMs)]),
    ],
    logFile,
    env: {SUI_CONFIG_DIR: join(dir, 'sui_config')},
  }).catch((error: unknown) => asSuiFailure(error, logFile))
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= child.stop())
  signal.addEventListener('abort', () => void close(), {once: true})
  try {
    const url = `http://${host}:${port}`
    const faucetUrl = `http://127.0.0.1:${faucetPort}`
    const client = createSuiClient({url})
    await waitForChild({child, ready: () => answers(client), timeoutMs, signal}).catch((error: unknown) =>
      asSuiFailure(error, logFile),
    )
    const accounts = deriveAccounts(options.seed ?? randomBytes(32).toString('hex'), options.accounts)
    for (const {address} of accounts) await fund(client, faucetUrl, address, signal, logFile)
    const {chainIdentifier} = await client.core.getChainIdentifier()
    return {url, faucetUrl, accounts, chainId: chainIdentifier, close}
  } catch (error) {
    await close()
    throw error
  }
}

type Client = ReturnType<typeof createSuiClient>

async function answers(client: Client): Promise<boolean> {
  await client.ledgerService.getServiceInfo({}).response
  return true
}

/** The faucet may come up after the RPC, and gives before its coins can be read. */
async function fund(
  client: Client,
  faucetUrl: string,
  address: string,
  signal: AbortSignal,
  log: string,
): Promise<void> {
  const deadline = Date.now() + FUND_MS
  let asked = false
  for (;;) {
    signal.throwIfAborted()
    let reason = 'the faucet has given nothing'
    try {
      if (!asked) await requestSuiFromFaucetV2({host: faucetUrl, recipient: address})
      asked = true
      const {balance} = await client.getBalance({owner: address})
      if (BigInt(balance.balance) > 0n) return
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
    if (Date.now() >= deadline) throw daasError('SUI_START_FAILED', {reason, log})
    await delay(PAUSE_MS, undefined, {signal})
  }
}

/** The failure of a child, which is told of Kubernetes elsewhere, as one of this program. */
function asSuiFailure(error: unknown, log: string): never {
  if (!(error instanceof DaasError)) throw error
  throw daasError('SUI_START_FAILED', {reason: error.message, log}, {cause: error})
}
