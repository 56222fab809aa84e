import {randomBytes} from 'node:crypto'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Transaction} from '@mysten/sui/transactions'
import type {Context} from 'mocha'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {type ClusterInfo, readCluster} from '../../../src/lib/contracts/reads.ts'
import {executeKubectl} from '../../../src/lib/contracts/transactions/requests.ts'
import {stakeAndSeal, stakeAndSealForUser} from '../../../src/lib/contracts/transactions/staking.ts'
import {HOW_TO_GET_KUBERNETES, locateKubernetes} from '../../../src/lib/devnet/kube/locate.ts'
import {createWorld, type Person, type World} from '../../../src/lib/devnet/world.ts'
import {createListenerClient, type ListenerClient} from '../../../src/lib/k3s/register.ts'
import {createKubeHttp, type KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {chunk} from '../../../src/lib/seal/chunks.ts'
import {sealRequest} from '../../../src/lib/seal/envelope.ts'
import {createNonce, type RegistrationBody} from '../../../src/lib/seal/registration.ts'
import {createSealToken, hashSealToken, hashSealTokenHex} from '../../../src/lib/seal/token.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {executeTransaction, type ExecutedTx} from '../../../src/lib/sui/execute.ts'
import {configOf} from '../../e2e/kube/rig.ts'
import {listenerToken} from '../../e2e/kube/listener-token.ts'
import {skipFor} from '../../helpers/skip.ts'
import {type RunningDaas, startDaas} from '../../helpers/start-daas.ts'
import {kubeconfigOf} from '../lib/kubeconfig-of.ts'
import {type KillingProxy, startKillingProxy, type When} from './killing-proxy.ts'

/** Somebody's stake and seal. */
export interface Sealed {
  token: string
  stake: string
  seal: string
}

/** A chain, a real API server with the rules of daas, and the built listener behind a proxy that kills it. */
export interface ChaosWorld {
  readonly world: World
  readonly admin: KubeHttp
  readonly proxy: KillingProxy
  cluster(): Promise<ClusterInfo>
  execute(person: Person, build: (tx: Transaction) => void): Promise<ExecutedTx>
  sealNode(nodeName: string, ttlMs: bigint): Promise<Sealed>
  sealUser(): Promise<Sealed>
  registration(nodeName: string, sealed: Sealed): RegistrationBody
  client(token: string): Promise<ListenerClient>
  /** Puts a request on chain. @returns the object id of the KubectlRequest */
  ask(
    user: Sealed,
    request: {method: string; path: string; body?: unknown},
    judged: {verb: string; resource: string; namespace: string},
  ): Promise<string>
  /** Lets the listener that runs die at a step; without a step it stays alive. */
  killAt(at: number, when: When): void
  /** Starts the listener and waits until it is ready. Only where none runs. */
  start(): Promise<void>
  isRunning(): boolean
  /** Resolves when the listener that was killed is gone. */
  buried(): Promise<void>
  stderr(): string
  close(): Promise<void>
}

const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}

/** Starts it, or skips the suite where programs are missing. The listener is not started yet. */
export async function startChaosWorld(context: Context): Promise<ChaosWorld> {
  const binaries = await locateKubernetes({env: process.env})
  if (!binaries?.kubeControllerManager) return skipFor(context, 'a real Kubernetes', HOW_TO_GET_KUBERNETES)
  context.timeout(180_000)
  const dir = await mkdtemp(join(tmpdir(), 'daas-chaos-'))
  const ended = new AbortController()
  const world = await createWorld({
    dir,
    kubernetes: 'binaries',
    clusterName: 'chaos',
    env: process.env,
    signal: ended.signal,
    logger: quiet,
    checkpointIntervalMs: 20,
  })
  const {devnet, people, kubernetes} = world
  const adminConfig = configOf(kubernetes!.adminKubeconfig)
  const admin = createKubeHttp(adminConfig)
  const caPem = Buffer.from(adminConfig.getCurrentCluster()!.caData!, 'base64').toString()
  const proxy = await startKillingProxy({kube: {url: kubernetes!.url, caPem}, rpcUrl: devnet.url})
  const kubeconfig = join(dir, 'listener.kubeconfig')
  await writeFile(
    kubeconfig,
    kubeconfigOf({url: proxy.kubeUrl, caPem: proxy.kubeCaPem}, await listenerToken(admin)),
    {mode: 0o600},
  )
  const url = devnet.url
  const client = createSuiClient({url})
  const id = world.cluster.cluster
  const readIt = (): Promise<ClusterInfo> => readCluster(client, id)
  const {packageId} = await readIt()
  const call = {packageId, cluster: id}
  let daas: RunningDaas | undefined
  let running = false

  const chaos: ChaosWorld = {
    world,
    admin,
    proxy,
    cluster: readIt,
    async execute(person, build) {
      const tx = new Transaction()
      build(tx)
      return executeTransaction({client, signer: people[person].signer, url, describeAbort: abortOf}, tx)
    },
    async sealNode(nodeId, ttlMs) {
      const token = createSealToken()
      const executed = await chaos.execute('operator', (tx) =>
        stakeAndSeal(tx, {...call, tokenHash: hashSealToken(token), ttlMs, amount: 1_000_000_000n, nodeId}),
      )
      return {token, ...idsOf(executed)}
    },
    async sealUser() {
      const token = createSealToken()
      const executed = await chaos.execute('user', (tx) =>
        stakeAndSealForUser(tx, {
          ...call,
          tokenHash: hashSealToken(token),
          ttlMs: 3_600_000n,
          amount: 10_000_000_000n,
        }),
      )
      return {token, ...idsOf(executed)}
    },
    registration: (nodeName, {token, stake, seal}) => ({
      version: 1,
      cluster: id,
      seal,
      stake,
      nodeName,
      address: people.operator.address,
      tokenHash: hashSealTokenHex(token),
      labels: {},
      timestampMs: Date.now(),
      nonce: createNonce(),
    }),
    async client(token) {
      const {listenerUrls: urls, listenerTlsPin: tlsPin} = await readIt()
      return createListenerClient({urls, tlsPin, sealToken: token, signal: AbortSignal.timeout(30_000)})
    },
    async ask({seal, stake}, {method, path, body}, judged) {
      const {listenerHpkeKey} = await readIt()
      const requestId = randomBytes(16)
      const {envelope} = await sealRequest({
        listenerPublicKey: listenerHpkeKey,
        aad: {requestId, cluster: id, seal},
        request: {
          method,
          path,
          headers: {accept: 'application/json', 'content-type': 'application/json'},
          body: body === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(body)),
        },
      })
      const {created} = await chaos.execute('user', (tx) =>
        executeKubectl(tx, {
          ...call,
          ...judged,
          seal,
          stake,
          requestId,
          envelope: chunk(envelope),
          priority: 0,
        }),
      )
      return created.find(({type}) => type.endsWith('::KubectlRequest'))!.objectId
    },
    killAt(at, when) {
      const pid = daas!.pid
      proxy.arm({at, when, kill: () => process.kill(pid, 'SIGKILL')})
    },
    async start() {
      daas = startDaas(['listen', '--kubeconfig', kubeconfig, '--json'], {
        home: dir,
        env: {DAAS_RPC_URL: proxy.rpcUrl, DAAS_CLUSTER: id, DAAS_KEY_FILE: people.listener.keyFile},
      })
      running = true
      void daas.ended.then(() => (running = false))
      await daas.waitFor('ready')
    },
    isRunning: () => running,
    async buried() {
      await daas?.ended
    },
    stderr: () => daas?.stderr() ?? '',
    async close() {
      proxy.arm()
      await daas?.stop()
      await proxy.close()
      admin.close()
      await world.close()
      ended.abort()
      await rm(dir, {recursive: true, force: true})
    },
  }
  return chaos
}

function idsOf({created}: ExecutedTx): {stake: string; seal: string} {
  const idOf = (type: string): string => created.find((each) => each.type.endsWith(`::${type}`))!.objectId
  return {stake: idOf('Stake'), seal: idOf('SealToken')}
}
