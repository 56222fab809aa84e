import {existsSync} from 'node:fs'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Transaction} from '@mysten/sui/transactions'
import type {Context} from 'mocha'
import {pino} from 'pino'
import {parse, stringify} from 'yaml'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {type ClusterInfo, readCluster} from '../../../src/lib/contracts/reads.ts'
import {runDirOf} from '../../../src/lib/devnet/kube/agent/containerd.ts'
import {endContainers} from '../../../src/lib/devnet/kube/agent/end-containers.ts'
import {writeStandIn} from '../../../src/lib/devnet/kube/agent/launcher.ts'
import {HOW_TO_GET_KUBERNETES, locateKubernetes} from '../../../src/lib/devnet/kube/locate.ts'
import {createWorld, type Person, type World} from '../../../src/lib/devnet/world.ts'
import {createMachineProbes} from '../../../src/lib/k3s/machine-probes.ts'
import {openNodeState} from '../../../src/lib/k3s/node-state.ts'
import {runNode} from '../../../src/lib/k3s/run-node.ts'
import type {NodeEvent, NodeRun, RunNodeDeps, RunNodeOptions} from '../../../src/lib/k3s/run-node-types.ts'
import {createKubeHttp, type KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import type {Listener} from '../../../src/lib/listener/listener.ts'
import {openListener} from '../../../src/lib/listener/open-listener.ts'
import {openTokenStore, type TokenStore} from '../../../src/lib/stake/token-store.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {executeTransaction, type ExecuteDeps, type ExecutedTx} from '../../../src/lib/sui/execute.ts'
import {skipFor} from '../../helpers/skip.ts'
import {listenerToken} from './listener-token.ts'
import {configOf} from './rig.ts'

/** A node that lives in this process' care. */
export interface LiveNode {
  readonly run: Promise<NodeRun>
  /** Resolves when it is Ready and watched over; rejects where it ends before. */
  readonly joined: Promise<{pid: number; readyMs: number; stake: string; seal: string}>
  readonly dataDir: string
  /** The phases that were done, in order. */
  readonly phases: readonly string[]
  /** What happened to it since it joined. */
  readonly events: readonly NodeEvent[]
  stop(): Promise<NodeRun>
}

/** A chain, a real API server, and a listener that has the rights of its manifest and no others. */
export interface JoinWorld {
  readonly dir: string
  readonly world: World
  readonly admin: KubeHttp
  /** As the listener's service account. */
  readonly restricted: KubeHttp
  readonly cluster: ClusterInfo
  readonly tokens: TokenStore
  execute(person: Person, build: (tx: Transaction) => void): Promise<ExecutedTx>
  deps(person: Person): ExecuteDeps
  join(node: string, options?: Partial<RunNodeOptions> & {kind?: 'kubelet' | 'embedded'}): LiveNode
  restartListener(): Promise<void>
  close(): Promise<void>
}

/** Starts it, or skips the suite where programs are missing. */
export async function startJoinWorld(context: Context): Promise<JoinWorld> {
  const binaries = await locateKubernetes({env: process.env})
  if (!binaries?.kubeControllerManager) return skipFor(context, 'a real Kubernetes', HOW_TO_GET_KUBERNETES)
  context.timeout(120_000)
  const dir = await mkdtemp(join(tmpdir(), 'daas-nodes-'))
  const ended = new AbortController()
  const logger = pino({level: process.env.DAAS_TEST_LOG ?? 'silent'})
  const world = await createWorld({
    dir,
    kubernetes: 'binaries',
    clusterName: 'nodes',
    env: process.env,
    signal: ended.signal,
    logger,
    checkpointIntervalMs: 20,
  })
  const kubernetes = world.kubernetes!
  const admin = createKubeHttp(configOf(kubernetes.adminKubeconfig))
  const kubeconfig = await restrictedKubeconfig(admin, kubernetes.adminKubeconfig)
  const kubeconfigFile = join(dir, 'listener.kubeconfig')
  await writeFile(kubeconfigFile, kubeconfig, {mode: 0o600})
  const restricted = createKubeHttp(configOf(kubeconfig))
  const shim = await writeStandIn(join(dir, 'shim'), {kind: 'embedded'})
  const tokens = openTokenStore(join(dir, 'seals'))
  const url = world.devnet.url
  const deps = (person: Person): ExecuteDeps => ({
    client: createSuiClient({url}),
    signer: world.people[person].signer,
    url,
    describeAbort: abortOf,
  })
  let port = 0
  const listen = async (): Promise<Listener> => {
    const listener = await openListener({
      client: createSuiClient({url}),
      signer: world.people.listener.signer,
      url,
      clusterId: world.cluster.cluster,
      kubeconfig: kubeconfigFile,
      stateDir: join(dir, 'listener'),
      // Where it was before a restart: nodes know its address.
      port,
      pollMs: 200,
      evictionGraceMs: 500,
      drainGraceMs: 5000,
      nodeSweepMs: 500,
      livenessMs: 2000,
      logger,
      signal: ended.signal,
    })
    ;({port} = await listener.start())
    return listener
  }
  let listener = await listen()
  const readIt = async (): Promise<ClusterInfo> => readCluster(deps('admin').client, world.cluster.cluster)
  let cluster = await readIt()
  const nodes: LiveNode[] = []

  const joinWorld: JoinWorld = {
    dir,
    world,
    admin,
    restricted,
    get cluster() {
      return cluster
    },
    tokens,
    deps,
    async execute(person, build) {
      const tx = new Transaction()
      build(tx)
      return executeTransaction(deps(person), tx)
    },
    join(node, {kind = 'embedded', ...options} = {}) {
      const stop = new AbortController()
      const joined = Promise.withResolvers<Awaited<LiveNode['joined']>>()
      joined.promise.catch(() => undefined)
      const dataDir = join(dir, 'nodes', node)
      const partner = kubernetes.joinPartner!
      const phases: string[] = []
      const events: NodeEvent[] = []
      const runDeps: RunNodeDeps = {
        execute: {...deps('operator'), signal: ended.signal},
        url,
        tokens,
        now: Date.now,
        probes: createMachineProbes(),
        env: process.env,
        logger,
        signal: AbortSignal.any([ended.signal, stop.signal]),
        state: openNodeState(dataDir),
        onProgress: ({phase, status}) => {
          if (status === 'done') phases.push(phase)
        },
        onEvent: (event) => events.push(event),
        onJoined: ({enrolled, handle}) =>
          joined.resolve({
            pid: handle.pid,
            readyMs: performance.now() - started,
            stake: enrolled.stake,
            seal: enrolled.seal,
          }),
      }
      const started = performance.now()
      const run = runNode(runDeps, {
        cluster,
        nodeName: node,
        dataDir,
        labels: {'daas.io/test': 'true'},
        rootless: false,
        k3s: {bin: kind === 'kubelet' ? partner.bin : shim, cacheDir: join(dir, 'cache')},
        extraArgs: kind === 'kubelet' ? partner.extraArgs : [],
        ignorePreflight: ['all'],
        timeoutMs: 90_000,
        graceMs: 20_000,
        heartbeatMs: 1000,
        ...options,
      })
      run.catch((error: unknown) => joined.reject(error))
      const live: LiveNode = {
        run,
        joined: joined.promise,
        dataDir,
        phases,
        events,
        stop: () => {
          stop.abort()
          return run
        },
      }
      nodes.push(live)
      return live
    },
    async restartListener() {
      await listener.close()
      listener = await listen()
      cluster = await readIt()
    },
    async close() {
      await Promise.allSettled(nodes.map((node) => node.stop()))
      await listener.close()
      admin.close()
      restricted.close()
      await world.close()
      ended.abort()
      // What a kubelet leaves that was killed and not started again; `daas leave` would do it.
      for (const {dataDir} of nodes) await endContainerd(dataDir)
      await rm(dir, {recursive: true, force: true})
    },
  }
  return joinWorld
}

async function endContainerd(dataDir: string): Promise<void> {
  const own = join(dataDir, 'containerd')
  if (!existsSync(own)) return
  const run = await runDirOf(own)
  await endContainers({marks: [run], mounts: [dataDir, run], state: join(run, 'state')})
  await rm(run, {recursive: true, force: true})
}

/** Applies what an administrator applies once, and makes a kubeconfig of the listener's service account. */
async function restrictedKubeconfig(admin: KubeHttp, adminKubeconfig: string): Promise<string> {
  const token = await listenerToken(admin)
  const config = parse(adminKubeconfig) as {users: {name: string; user: object}[]}
  for (const user of config.users) user.user = {token}
  return stringify(config)
}
