import type {DevnetNode} from '../ledger/api.ts'
import {type HandlerTable, suiServices} from './dispatch.ts'
import {faucetRoute, healthRoute} from './faucet.ts'
import {REFLECTION_PACKAGES, reflectionService} from './reflection/protocol.ts'
import {type RpcServer, startRpcServer} from './server.ts'
import {createCheckpointFeed} from './services/checkpoint-feed.ts'
import {executionHandlers} from './services/execution.ts'
import {ledgerListHandlers} from './services/ledger-lists.ts'
import {ledgerHandlers} from './services/ledger.ts'
import {healthHandlers, healthService} from './services/health.ts'
import {forkingHandlers, nameHandlers, signatureHandlers} from './services/misc.ts'
import {movePackageHandlers} from './services/move-package.ts'
import {reflectionHandlers} from './services/reflection.ts'
import {stateHandlers} from './services/state.ts'
import {subscriptionHandlers} from './services/subscription.ts'

/** The Sui API, and what every gRPC server of some size has. */
const allServices = [...suiServices, healthService, ...REFLECTION_PACKAGES.map(reflectionService)]

/** How to serve a node. */
export interface ServeNodeOptions {
  /** 0: any free port. */
  readonly port: number
  /** Loopback unless told otherwise. */
  readonly host?: string
  /** What the faucet gives per request, in MIST. */
  readonly faucetMist: bigint
  /** The longest silence of a stream in ms. Default 15 s. */
  readonly keepaliveMs?: number
}

/**
 * Opens the Sui gRPC API of a node and its faucet on one port.
 * @throws DaasError DEVNET_LISTEN_FAILED
 */
export function serveNode(node: DevnetNode, options: ServeNodeOptions): Promise<RpcServer> {
  return startRpcServer({
    port: options.port,
    ...(options.host === undefined ? {} : {host: options.host}),
    services: allServices,
    handlers: {
      ...nodeHandlers(node, options.keepaliveMs ?? 15_000),
      ...healthHandlers(allServices.map(({typeName}) => typeName)),
      ...reflectionHandlers(allServices),
    },
    headers: () => chainHeaders(node),
    routes: {'POST /v2/gas': faucetRoute(node, options.faucetMist), 'GET /health': healthRoute(node)},
  })
}

/** Every handler of the Sui API, bound to a node. */
export function nodeHandlers(node: DevnetNode, keepaliveMs: number): HandlerTable {
  return {
    ...ledgerHandlers(node),
    ...ledgerListHandlers(node),
    ...stateHandlers(node),
    ...executionHandlers(node),
    ...subscriptionHandlers(node, createCheckpointFeed(node, keepaliveMs)),
    ...movePackageHandlers(node),
    ...nameHandlers(),
    ...signatureHandlers(),
    ...forkingHandlers(node),
  }
}

function chainHeaders(node: DevnetNode): Record<string, string> {
  const tip = node.tip()
  return {
    'x-sui-chain-id': node.chainId,
    'x-sui-chain': 'unknown',
    'x-sui-epoch': String(node.epoch().epoch),
    'x-sui-checkpoint-height': String(tip.sequenceNumber),
    'x-sui-timestamp-ms': String(tip.timestampMs),
    'x-sui-lowest-available-checkpoint': '0',
  }
}
