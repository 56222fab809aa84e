import {randomBytes} from 'node:crypto'
import {mkdtemp, rm} from 'node:fs/promises'
import {request as httpsRequest} from 'node:https'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import type {RequestEvent} from '../../../src/lib/listener/chain-port.ts'
import {createListener} from '../../../src/lib/listener/listener.ts'
import type {Listener} from '../../../src/lib/listener/listener.ts'
import type {ListenerInfo, ListenerOptions} from '../../../src/lib/listener/settings.ts'
import {sealRequest} from '../../../src/lib/seal/envelope.ts'
import type {KubeRequest, KubeResponse} from '../../../src/lib/seal/kube-message.ts'
import {createPinnedAgent} from '../../../src/lib/seal/pinned-agent.ts'
import {createNonce, signRegistration} from '../../../src/lib/seal/registration.ts'
import type {RegistrationBody} from '../../../src/lib/seal/registration.ts'
import {createSealToken, hashSealToken, hashSealTokenHex} from '../../../src/lib/seal/token.ts'
import {startFakeKube} from '../kube/fake-kube.ts'
import type {FakeKube} from '../kube/fake-kube.ts'
import {createFakeChain, newId} from './fake-chain.ts'
import type {FakeChain} from './fake-chain.ts'

/** A worker that has staked and sealed. */
export interface TestWorker {
  signer: Ed25519Keypair
  token: string
  body: RegistrationBody
}

/** An HTTP answer. */
export interface TestAnswer {
  status: number
  json: Record<string, unknown> & {error?: {code: string; message: string}}
  bytes: Buffer
}

/** A listener between a fake chain and a fake cluster. */
export interface World {
  chain: FakeChain
  kube: FakeKube
  listener: Listener
  info: ListenerInfo
  dir: string
  /** Everything that was logged, as text. */
  logs: string[]
  /** What the clock says, ms; set it to travel. */
  time: {nowMs: number}
  stakeAndSeal(nodeName: string): TestWorker
  register(
    worker: TestWorker,
    change?: {body?: Partial<RegistrationBody>; token?: string; signature?: string},
  ): Promise<TestAnswer>
  ask(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
    more?: Record<string, string>,
  ): Promise<TestAnswer>
  /** Puts a Ready Node with the quarantine taint into the cluster. */
  nodeReady(nodeName: string): void
  /**
   * Puts a request on chain; resolves to its sealed answer's content.
   * @param sealedTo another key than the one of the Cluster object
   */
  kubectl(
    request: Partial<KubeRequest> & {path: string},
    change?: Partial<RequestEvent>,
    sealedTo?: Uint8Array,
  ): Promise<{event: RequestEvent; answer: Promise<KubeResponse>}>
  /** Closes the listener and starts another one on the same state. */
  restart(change?: Partial<ListenerOptions>): Promise<void>
  close(): Promise<void>
}

/** Waits for a condition, at most five seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 5000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await sleep(3)
  }
}

/** Starts a listener with everything it needs. */
export async function startWorld(options: Partial<ListenerOptions> = {}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'daas-listener-'))
  const kube = await startFakeKube()
  const chain = createFakeChain()
  const logs: string[] = []
  const time = {nowMs: Date.now()}
  const log = (fields: object, message: string): void => {
    logs.push(`${message} ${JSON.stringify(fields)}`)
  }
  const make = (change: Partial<ListenerOptions> = {}): Listener =>
    createListener(
      {
        chain,
        kubeConfig: kube.kubeConfig,
        logger: {debug: log, info: log, warn: log, error: log},
        clock: () => time.nowMs,
        signal: new AbortController().signal,
      },
      {
        clusterId: chain.cluster.id,
        stateDir: dir,
        k3s: {serverUrl: 'https://k3s.example:6443', caHash: 'ab'.repeat(32), version: 'v1.34.1+k3s1'},
        pollMs: 10,
        evictionGraceMs: 0,
        drainMs: 2000,
        rateLimit: {burst: 1000, perSecond: 1000},
        ...options,
        ...change,
      },
    )
  const first = make()
  const info = await first.start()

  const world: World = {
    chain,
    kube,
    listener: first,
    info,
    dir,
    logs,
    time,
    stakeAndSeal(nodeName) {
      const signer = new Ed25519Keypair()
      const address = signer.toSuiAddress()
      const token = createSealToken()
      const [stake, seal] = [newId(), newId()]
      const cluster = chain.cluster.id
      chain.stakes.set(stake, {
        id: stake,
        cluster,
        staker: address,
        amountMist: 1_000_000_000n,
        status: 'active',
        nodeId: nodeName,
        type: 'node',
      })
      chain.seals.set(seal, {
        id: seal,
        cluster,
        owner: address,
        stake,
        kind: 'worker',
        tokenHash: hashSealToken(token),
        expiresAtMs: time.nowMs + 86_400_000,
        revoked: false,
      })
      const body: RegistrationBody = {
        version: 1,
        cluster,
        seal,
        stake,
        nodeName,
        address,
        tokenHash: hashSealTokenHex(token),
        labels: {'daas.io/zone': 'a'},
        timestampMs: time.nowMs,
        nonce: createNonce(),
      }
      return {signer, token, body}
    },
    async register(worker, change = {}) {
      const body = {...worker.body, timestampMs: time.nowMs, nonce: createNonce(), ...change.body}
      const signature = change.signature ?? (await signRegistration(worker.signer, body))
      return world.ask('POST', '/v1/workers', change.token ?? worker.token, {body, signature})
    },
    ask(method, path, token, body, more) {
      const agent = createPinnedAgent(Buffer.from(world.info.tlsPin, 'hex'))
      return new Promise((resolve, reject) => {
        const headers = {
          connection: 'close',
          ...(token === undefined ? {} : {'x-seal-token': token}),
          ...more,
        }
        const request = httpsRequest(
          {host: '127.0.0.1', port: world.info.port, method, path, agent, headers},
          (response) => {
            const parts: Buffer[] = []
            response.on('data', (part: Buffer) => parts.push(part))
            response.on('end', () => {
              const bytes = Buffer.concat(parts)
              const isJson = response.headers['content-type'] === 'application/json'
              const json = isJson ? (JSON.parse(bytes.toString()) as TestAnswer['json']) : {}
              resolve({status: response.statusCode!, json, bytes})
            })
          },
        )
        request.on('error', reject)
        request.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body))
      })
    },
    nodeReady(nodeName) {
      kube.put(`/api/v1/nodes/${nodeName}`, {
        spec: {taints: [{key: 'daas.io/unverified', value: 'true', effect: 'NoSchedule'}]},
        status: {conditions: [{type: 'Ready', status: 'True'}]},
      })
    },
    async kubectl(wanted, change = {}, sealedTo = chain.cluster.hpkeKey) {
      const request = {
        method: 'GET',
        headers: {accept: 'application/json'},
        body: new Uint8Array(),
        ...wanted,
      }
      const event: RequestEvent = {
        request: newId(),
        cluster: chain.cluster.id,
        seal: newId(),
        stake: newId(),
        requester: newId(),
        requestId: randomBytes(16),
        verb: 'list',
        resource: 'nodes',
        namespace: '',
        priority: 0,
        expiresAtMs: time.nowMs + 60_000,
        permissions: ['get:*', 'list:*'],
        envelope: new Uint8Array(),
        ...change,
      }
      const aad = {requestId: event.requestId, cluster: event.cluster, seal: event.seal}
      const sealed = await sealRequest({listenerPublicKey: sealedTo, aad, request})
      if (change.envelope === undefined) event.envelope = sealed.envelope
      chain.emit({kind: 'request', request: event})
      const answer = (async () => {
        const find = () => chain.stored.find((it) => it.request === event.request)
        await until(() => find() !== undefined, `an answer to ${event.verb} ${event.resource}`)
        return sealed.openResponse(find()!.body)
      })()
      return {event, answer}
    },
    async restart(change) {
      await world.listener.close()
      world.listener = make(change)
      world.info = await world.listener.start()
    },
    async close() {
      await world.listener.close()
      await kube.close()
      await rm(dir, {recursive: true, force: true})
    },
  }
  return world
}
