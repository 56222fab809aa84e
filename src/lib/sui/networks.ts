import {daasError} from '../errors/daas-error.ts'

/** A network as the commands know it. */
export interface Network {
  /** `devnet`, `localnet`, `testnet`, `mainnet`, or `custom` for a URL. */
  readonly name: string
  /** Base URL of its gRPC API. */
  readonly url: string
  /** Base URL of its faucet, where it has one. */
  readonly faucetUrl: string | undefined
}

const LOCAL = {url: 'http://127.0.0.1:9000', faucetUrl: 'http://127.0.0.1:9000'}

// `devnet` is the embedded one of `daas devnet`; Sui's own devnet is a URL away.
const KNOWN: Record<string, Omit<Network, 'name'>> = {
  devnet: LOCAL,
  localnet: {url: LOCAL.url, faucetUrl: 'http://127.0.0.1:9123'},
  testnet: {url: 'https://fullnode.testnet.sui.io:443', faucetUrl: undefined},
  mainnet: {url: 'https://fullnode.mainnet.sui.io:443', faucetUrl: undefined},
}

/**
 * Finds a network by its name or takes a URL as one.
 * @param network a known name, or an http(s) URL
 * @param rpcUrl overrides the URL of the named network
 * @throws NETWORK_UNKNOWN
 */
export function resolveNetwork(network: string, rpcUrl?: string): Network {
  if (rpcUrl !== undefined) {
    if (!isHttpUrl(rpcUrl)) throw daasError('NETWORK_UNKNOWN', {network: rpcUrl})
    const name = KNOWN[network] || !isHttpUrl(network) ? network : 'custom'
    if (name !== 'custom' && !KNOWN[name]) throw daasError('NETWORK_UNKNOWN', {network})
    return {
      name,
      url: trimSlash(rpcUrl),
      faucetUrl: KNOWN[name] === undefined ? undefined : trimSlash(rpcUrl),
    }
  }

  const known = Object.hasOwn(KNOWN, network) ? KNOWN[network] : undefined
  if (known) return {name: network, ...known}
  if (isHttpUrl(network)) return {name: 'custom', url: trimSlash(network), faucetUrl: undefined}
  throw daasError('NETWORK_UNKNOWN', {network})
}

function isHttpUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'http:' || url?.protocol === 'https:'
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
