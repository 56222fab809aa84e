import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {
  createGateway,
  type Gateway,
  type GatewayDeps,
  type GatewayOptions,
} from '../../../../src/lib/gateway/gateway.ts'
import {createFakeChain, type FakeChain} from './fake-chain.ts'
import type {KubeRequest, KubeResponse} from '../../../../src/lib/seal/kube-message.ts'
import {createFakeKube, type FakeKube} from './fake-kube.ts'

/** A gateway on a fake chain and a fake cluster, with a cache directory of its own. */
export interface Rig {
  cacheDir: string
  chain: FakeChain
  gateway: Gateway
  kube: FakeKube
  /** Another gateway on the same chain and directory. */
  again(options?: Partial<GatewayOptions>): Promise<Gateway>
  close(): Promise<void>
}

export async function createRig(
  options: Partial<GatewayOptions & GatewayDeps> & {
    permissions?: string[]
    /** The cluster behind the listener, where it is not the fake. */
    handle?: (request: KubeRequest) => Promise<KubeResponse>
  } = {},
): Promise<Rig> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'daas-gateway-test-'))
  const kube = createFakeKube()
  const chain = await createFakeChain(
    options.handle ?? ((request) => kube.handle(request)),
    options.permissions,
  )
  const gateways: Gateway[] = []
  const start = async (more: Partial<GatewayOptions>): Promise<Gateway> => {
    const gateway = await createGateway(
      {
        chain,
        sealToken: options.sealToken ?? (async () => 'abcdef.0123456789abcdef'),
        ...(options.now && {now: options.now}),
        onUnexpected: (error) => {
          throw error
        },
      },
      {cacheDir, via: 'chain', watch: {firstMs: 10, mostMs: 50}, ...options, ...more},
    )
    gateways.push(gateway)
    return gateway
  }

  return {
    cacheDir,
    chain,
    kube,
    gateway: await start({}),
    again: (more = {}) => start(more),
    async close() {
      await Promise.all(gateways.map((gateway) => gateway.close()))
      await rm(cacheDir, {recursive: true, force: true})
    },
  }
}
