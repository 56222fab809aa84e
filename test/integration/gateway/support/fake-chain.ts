import {createHash, randomBytes} from 'node:crypto'
import {EventEmitter, on} from 'node:events'
import {setTimeout as sleep} from 'node:timers/promises'
import type {
  ChainAnswer,
  ChainRequest,
  GatewayChain,
  GatewayCluster,
  GatewaySeal,
} from '../../../../src/lib/gateway/chain-port.ts'
import {createHpkeKeyPair} from '../../../../src/lib/seal/hpke.ts'
import {openRequest} from '../../../../src/lib/seal/envelope.ts'
import type {KubeRequest, KubeResponse} from '../../../../src/lib/seal/kube-message.ts'

/** A chain in memory with a listener behind it, which opens envelopes by a key of its own. */
export interface FakeChain extends GatewayChain {
  batches: ChainRequest[][]
  cluster: GatewayCluster
  seal: GatewaySeal
  /** Throws what the chain refuses. */
  refuse?: (batch: readonly ChainRequest[]) => void
  /** How long a transaction takes; what arrives meanwhile collects. */
  submitMs: number
  /** Changes an answer on its way. */
  tamper?: (answer: ChainAnswer) => ChainAnswer
}

export async function createFakeChain(
  handle: (request: KubeRequest) => Promise<KubeResponse>,
  permissions: string[] = ['*:*'],
): Promise<FakeChain> {
  const keys = await createHpkeKeyPair()
  const bus = new EventEmitter()
  const id = (): string => `0x${randomBytes(32).toString('hex')}`
  const listen = async (request: ChainRequest): Promise<void> => {
    const opened = await openRequest({
      listenerPrivateKey: keys.privateKey,
      aad: {requestId: request.requestId, cluster: chain.cluster.id, seal: chain.seal.id},
      envelope: request.envelope,
    })
    const response = await handle(opened.request)
    const body = await opened.sealResponse(response)
    const answer: ChainAnswer = {
      requestId: request.requestId,
      cluster: chain.cluster.id,
      status: response.status,
      body,
      bodyHash: createHash('sha256').update(body).digest(),
      bodyLocation: '',
    }
    bus.emit('answer', chain.tamper?.(answer) ?? answer)
  }

  const chain: FakeChain = {
    batches: [],
    submitMs: 5,
    cluster: {
      id: id(),
      name: 'fake',
      paused: false,
      listenerUrls: [],
      listenerHpkeKey: keys.publicKey,
      listenerTlsPin: new Uint8Array(32),
      maxEnvelopeBytes: 65_536,
    },
    seal: {id: id(), owner: id(), permissions, expiresAtMs: Date.now() + 3_600_000},
    async submit(batch) {
      chain.refuse?.(batch)
      chain.batches.push([...batch])
      await sleep(chain.submitMs)
      for (const request of batch) void listen(request)
      return {digest: `digest-${chain.batches.length}`, gasMist: 1000n}
    },
    async *answers(signal, onReady) {
      const events = on(bus, 'answer', {signal})
      onReady()
      for await (const [answer] of events as AsyncIterable<[ChainAnswer]>) yield answer
    },
    readCluster: async () => chain.cluster,
    readSeal: async () => chain.seal,
  }
  return chain
}
