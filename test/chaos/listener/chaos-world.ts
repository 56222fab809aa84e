import {randomBytes} from 'node:crypto'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {KubeConfig} from '@kubernetes/client-node'
import {Transaction} from '@mysten/sui/transactions'
import type {Context} from 'mocha'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {type ClusterInfo, readCluster} from '../../../src/lib/contracts/reads.ts'
import {executeKubectl} from '../../../src/lib/contracts/transactions/requests.ts'
import {stakeAndSeal, stakeAndSealForUser} from '../../../src/lib/contracts/transactions/staking.ts'
import {HOW_TO_GET_KUBERNETES, locateKubernetes} from '../../../src/lib/devnet/kube/locate.ts'
import {chooseKubernetes} from '../../../src/lib/devnet/kube/choose-kubernetes.ts'
import type {Person} from '../../../src/lib/devnet/world.ts'
import {createListenerClient, type ListenerClient} from '../../../src/lib/k3s/register.ts'
import {createKubeHttp, type KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {chunk} from '../../../src/lib/seal/chunks.ts'
import {sealRequest} from '../../../src/lib/seal/envelope.ts'
import {createNonce, type RegistrationBody} from '../../../src/lib/seal/registration.ts'
import {createSealToken, hashSealToken, hashSealTokenHex} from '../../../src/lib/seal/token.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {dryRunTransaction, type ExecutedTx, sendTransaction} from '../../../src/lib/sui/execute.ts'
import {configOf} from '../../e2e/kube/rig.ts'
import {listenerToken} from '../../e2e/kube/listener-token.ts'
import {skipFor} from '../../helpers/skip.ts'
import {type RunningDaas, startDaas} from '../../helpers/start-daas.ts'
import {kubeconfigOf} from '../lib/kubeconfig-of.ts'
import {takeApiServer, apiServerUrl} from './mortal-api-server.ts'
import {type MortalChain, startMortalChain} from './mortal-chain.ts'
import {patiently} from './patiently.ts'
import {type KillingProxy, startKillingProxy, type When} from './killing-proxy.ts'

/** Somebody's stake and seal. */
export interface Sealed {
  token: string
  stake: string
  seal: string
}

/** Who is killed. */
export const VICTIMS = ['listener', 'API server', 'chain'] as const
export type Victim = (typeof VICTIMS)[number]

/** A chain, a real API server with the rules of daas, and the built listener behind a proxy that kills one of them. */
export interface ChaosWorld {
  readonly chain: Pick<MortalChain, 'url' | 'people' | 'cluster'>
  readonly admin: KubeHttp
  readonly proxy: KillingProxy
  cluster(): Promise<ClusterInfo>
  /** Asks the chain again while it is away. */
  patiently<T>(work: () => Promise<T>): Promise<T>
  /** Sends it until the chain has taken it: once, whatever becomes of the chain meanwhile. */
  execute(person: Person, build: (tx: Transaction) => void): Promise<Executed>
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
  /** Lets one of them die at a step of the listener. */
  killAt(at: number, when: When, victim: Victim): void
  /** Starts the listener and waits until it is ready. Only where none runs. */
  start(): Promise<void>
  isRunning(): boolean
  /** Brings back who was killed; the others have lived on. */
  revive(victim: Victim): Promise<void>
  stderr(): string
  close(): Promise<void>
}

type Executed = Omit<ExecutedTx, 'budgetMist'>

const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}

/** Starts it, or skips the suite where programs are missing. The listener is not started yet. */
export async function startChaosWorld(context: Context): Promise<ChaosWorld> {
  const binaries = await locateKubernetes({env: process.env})
  if (!binaries?.kubeControllerManager) return skipFor(context, 'a real Kubernetes', HOW_TO_GET_KUBERNETES)
  context.timeout(180_000)
  const dir = await mkdtemp(join(tmpdir(), 'daas-chaos-'))
  const ended = new AbortController()
  const kubeDir = join(dir, 'kubernetes')
  const [kubernetes, chain] = await Promise.all([
    chooseKubernetes('binaries', {dir: kubeDir, env: process.env, signal: ended.signal, logger: quiet}),
    startMortalChain(dir),
  ])
  const adminConfig = configOf(kubernetes.adminKubeconfig)
  const caPem = Buffer.from(adminConfig.getCurrentCluster()!.caData!, 'base64').toString()
  // Straight to the API server, of which the front would make a server that answers when it is dead.
  const apiUrl = await apiServerUrl(kubeDir)
  const admin = createKubeHttp(pointedAt(adminConfig, apiUrl))
  const apiServer = await takeApiServer(kubeDir, admin)
  const proxy = await startKillingProxy({kube: {url: apiUrl, caPem}, rpcUrl: chain.url})
  const kubeconfig = join(dir, 'listener.kubeconfig')
  await writeFile(
    kubeconfig,
    kubeconfigOf({url: proxy.kubeUrl, caPem: proxy.kubeCaPem}, await listenerToken(admin)),
    {mode: 0o600},
  )
  const {url, people} = chain
  const client = createSuiClient({url})
  const id = chain.cluster.cluster
  const readIt = (): Promise<ClusterInfo> => readCluster(client, id)
  const {packageId} = await readIt()
  const call = {packageId, cluster: id}
  let daas: RunningDaas | undefined
  let running = false

  const chaos: ChaosWorld = {
    chain,
    admin,
    proxy,
    cluster: readIt,
    patiently,
    async execute(person, build) {
      const deps = {client, signer: people[person].signer, url, describeAbort: abortOf}
      const {bytes, signature} = await patiently(async () => {
        const tx = new Transaction()
        build(tx)
        tx.setGasBudget((await dryRunTransaction(deps, tx)).budgetMist)
        return deps.signer.signTransaction(await tx.build({client}))
      })
      // The same bytes again are the same transaction.
      return patiently(() => sendTransaction(deps, Buffer.from(bytes, 'base64'), [signature]))
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
      const {listenerUrls: urls, listenerTlsPin: tlsPin} = await patiently(readIt)
      return createListenerClient({urls, tlsPin, sealToken: token, signal: AbortSignal.timeout(30_000)})
    },
    async ask({seal, stake}, {method, path, body}, judged) {
      const {listenerHpkeKey} = await patiently(readIt)
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
    killAt(at, when, victim) {
      const pid = daas!.pid
      const kill = {
        listener: () => void process.kill(pid, 'SIGKILL'),
        'API server': () => apiServer.kill(),
        chain: () => chain.kill(),
      }[victim]
      proxy.arm({at, when, kill})
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
    async revive(victim) {
      if (victim === 'listener') await daas?.ended
      proxy.arm()
      if (victim === 'listener') await chaos.start()
      else await (victim === 'chain' ? chain : apiServer).revive()
    },
    stderr: () => daas?.stderr() ?? '',
    async close() {
      proxy.arm()
      await daas?.stop()
      await proxy.close()
      admin.close()
      await apiServer.close()
      await kubernetes.close()
      await chain.close()
      ended.abort()
      await rm(dir, {recursive: true, force: true})
    },
  }
  return chaos
}

function idsOf({created}: Executed): {stake: string; seal: string} {
  const idOf = (type: string): string => created.find((each) => each.type.endsWith(`::${type}`))!.objectId
  return {stake: idOf('Stake'), seal: idOf('SealToken')}
}

/** Where requests go with the same credentials. */
function pointedAt(config: KubeConfig, server: string): KubeConfig {
  const direct = new KubeConfig()
  direct.loadFromClusterAndUser({...config.getCurrentCluster()!, server}, config.getCurrentUser()!)
  return direct
}
