import {randomUUID} from 'node:crypto'
import {mkdtemp, rm} from 'node:fs/promises'
import {request as httpsRequest} from 'node:https'
import type {IncomingMessage} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'
import {connect, type TLSSocket} from 'node:tls'
import {WebSocket} from 'ws'
import {openTunnel} from '../../../../src/lib/gateway/ask.ts'
import type {ChainRequest, GatewayChain} from '../../../../src/lib/gateway/chain-port.ts'
import {createGateway, type Gateway, type GatewayOptions} from '../../../../src/lib/gateway/gateway.ts'
import type {ListenerOptions} from '../../../../src/lib/listener/settings.ts'
import {newId} from '../../../unit/listener/fake-chain.ts'
import {startWorld, type World} from '../../../unit/listener/world.ts'

/** A gateway and a listener that meet on a chain in memory, and a fake API server behind the listener. */
export interface SessionRig {
  world: World
  gateway: Gateway
  /** What went on chain, in order. */
  requests: ChainRequest[]
  seal: string
  stake: string
  owner: string
  /** The permissions of the seal; change them at will. */
  permissions: string[]
  /** A request that is answered as it comes: GET where no method is given. */
  stream(
    path: string,
    options?: {gateway?: Gateway; method?: string; body?: string},
  ): Promise<IncomingMessage>
  /** Asks for an upgrade. */
  upgrade(
    path: string,
    headers: Record<string, string>,
    method?: string,
  ): Promise<{response: IncomingMessage; socket?: Duplex; head?: Buffer}>
  webSocket(path: string, protocols: string[]): WebSocket
  again(options: Partial<GatewayOptions>): Promise<Gateway>
  close(): Promise<void>
}

export async function createSessionRig(
  options: {
    listener?: Partial<ListenerOptions>
    gateway?: Partial<GatewayOptions>
    permissions?: string[]
  } = {},
): Promise<SessionRig> {
  const world = await startWorld(options.listener)
  const cacheDir = await mkdtemp(join(tmpdir(), 'daas-session-test-'))
  const {body, token} = world.stakeAndSeal('user')
  const requests: ChainRequest[] = []
  const asked = new Map<string, Uint8Array>()
  const permissions = options.permissions ?? ['*:*']

  const chain: GatewayChain = {
    async submit(batch) {
      for (const {requestId, envelope, ...rest} of batch) {
        const request = newId()
        requests.push({requestId, envelope, ...rest})
        asked.set(request, requestId)
        world.chain.emit({
          kind: 'request',
          request: {
            request,
            cluster: world.chain.cluster.id,
            seal: body.seal,
            stake: body.stake,
            requester: body.address,
            requestId,
            ...rest,
            expiresAtMs: world.time.nowMs + 60_000,
            permissions,
            envelope,
          },
        })
      }

      return {digest: randomUUID(), gasMist: 1n}
    },
    async *answers(signal, onReady) {
      onReady()
      for (let at = 0; ;) {
        while (at < world.chain.stored.length) {
          const {request, ...answer} = world.chain.stored[at++]!
          const requestId = asked.get(request)
          if (requestId) yield {...answer, requestId, cluster: world.chain.cluster.id}
        }

        await sleep(2, undefined, {signal})
      }
    },
    readCluster: async () => ({
      ...world.chain.cluster,
      listenerHpkeKey: world.chain.cluster.hpkeKey,
      listenerTlsPin: world.chain.cluster.tlsPin,
    }),
    readSeal: async () => ({
      id: body.seal,
      owner: body.address,
      permissions,
      expiresAtMs: Date.now() + 3_600_000,
    }),
  }
  const gateways: Gateway[] = []
  const again = async (more: Partial<GatewayOptions>): Promise<Gateway> => {
    const gateway = await createGateway(
      {
        chain,
        sealToken: async () => token,
        onUnexpected: (error) => {
          throw error
        },
      },
      {cacheDir, watch: {firstMs: 10, mostMs: 50}, ...options.gateway, ...more},
    )
    gateways.push(gateway)
    return gateway
  }

  const gateway = await again({})
  const dial = async (to: Gateway): Promise<TLSSocket> => {
    const tunnel = await openTunnel(to)
    return connect({socket: tunnel as Socket, ca: to.caPem, servername: to.serverName})
  }

  const ask = async (path: string, method: string, headers: Record<string, string>, to: Gateway) => {
    const socket = await dial(to)
    return httpsRequest({
      createConnection: () => socket,
      host: to.serverName,
      path,
      method,
      headers: {authorization: `Bearer ${to.token}`, ...headers},
    })
  }

  return {
    world,
    gateway,
    requests,
    permissions,
    seal: body.seal,
    stake: body.stake,
    owner: body.address,
    again,
    async stream(path, {gateway: to = gateway, method = 'GET', body: text} = {}) {
      const request = await ask(path, method, {accept: 'application/json'}, to)
      return new Promise((resolve, reject) => {
        request.once('response', resolve)
        request.once('error', reject)
        request.end(text)
      })
    },
    async upgrade(path, headers, method = 'GET') {
      const request = await ask(path, method, {connection: 'Upgrade', ...headers}, gateway)
      return new Promise((resolve, reject) => {
        request.once('response', (response) => resolve({response}))
        request.once('upgrade', (response, socket, head) => resolve({response, socket, head}))
        request.once('error', reject)
        request.end()
      })
    },
    webSocket(path, protocols) {
      // ws wants a socket at once: a pair of proxies would be more than this test needs.
      const agent = {
        addRequest: (request: {onSocket(socket: Duplex): void; destroy(error: Error): void}) => {
          dial(gateway).then(
            (socket) => request.onSocket(socket),
            (error: Error) => request.destroy(error),
          )
        },
      }
      return new WebSocket(`wss://${gateway.serverName}${path}`, protocols, {
        agent: agent as never,
        headers: {authorization: `Bearer ${gateway.token}`},
      })
    },
    async close() {
      await Promise.all(gateways.map((each) => each.close()))
      await world.close()
      await rm(cacheDir, {recursive: true, force: true})
    },
  }
}
