import {mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {Transaction} from '@mysten/sui/transactions'
import type {Context} from 'mocha'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {type ClusterInfo, readCluster, readRequest} from '../../../src/lib/contracts/reads.ts'
import {stakeAndSealForUser} from '../../../src/lib/contracts/transactions/staking.ts'
import {createWorld} from '../../../src/lib/devnet/world.ts'
import {createKubeHttp, type KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {createSealToken, hashSealToken, writeSealTokenFile} from '../../../src/lib/seal/token.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {executeTransaction, type ExecutedTx} from '../../../src/lib/sui/execute.ts'
import {locateTool} from '../../helpers/locate-tool.ts'
import {skipFor} from '../../helpers/skip.ts'
import {type RunningDaas, startDaas} from '../../helpers/start-daas.ts'
import {configOf} from '../../e2e/kube/rig.ts'
import {listenerToken} from '../../e2e/kube/listener-token.ts'
import {kubeconfigOf} from '../lib/kubeconfig-of.ts'
import {startGate, type Verdict} from '../lib/gate.ts'
import {chainStep, kubeStep} from '../listener/killing-proxy.ts'

/** What happens on the way of a request: it goes on chain, is carried out, its answer goes on chain. */
export type StepKind = 'request' | 'call' | 'answer'

/** A request of the listener's journal, and what the chain says of it. */
export interface Told {
  readonly requestId: string
  /** Of the journal. */
  readonly state: string
  /** HTTP status on chain; 0 where there is no answer. */
  readonly status: number
}

/** A chain, a Kubernetes and the built listener, all of which stay; and a user whose gateways are killed. */
export interface GatewayChaos {
  readonly dir: string
  readonly admin: KubeHttp
  readonly seal: {id: string; stake: string; token: string}
  /** Asked for each step; as it is by default everything passes. */
  judge: (kind: StepKind, what: string) => Verdict | Promise<Verdict>
  /** Starts the built `daas` for the user. */
  start(args: readonly string[]): RunningDaas
  /** Executes a transaction of the user, past everything that stands between. */
  execute(build: (tx: Transaction, cluster: ClusterInfo) => void | Promise<void>): Promise<ExecutedTx>
  /** All requests that the listener knows and `known` has not, in order. */
  told(known: ReadonlySet<string>): Promise<Told[]>
  /** What gateways leave behind: locks of wallets, kubeconfigs with a token. */
  leftovers(): Promise<string[]>
  close(): Promise<void>
}

const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}

/** Starts it, or skips the suite where kubectl is missing. */
export async function startGatewayChaos(context: Context): Promise<GatewayChaos> {
  const kubectl = await locateTool('kubectl')
  if (kubectl === undefined) return skipFor(context, 'kubectl', 'npm run kube:build, or install kubectl')
  const dir = await mkdtemp(join(tmpdir(), 'daas-gateway-chaos-'))
  const ended = new AbortController()
  const closers: (() => unknown)[] = [() => rm(dir, {recursive: true, force: true})]
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }

  try {
    const world = await createWorld({
      ...{dir, kubernetes: 'embedded', clusterName: 'chaos', env: process.env, checkpointIntervalMs: 20},
      signal: ended.signal,
      logger: quiet,
    })
    closers.push(() => world.close())
    const {devnet, people, kubernetes} = world
    const adminConfig = configOf(kubernetes!.adminKubeconfig)
    const admin = createKubeHttp(adminConfig)
    closers.push(() => admin.close())
    const caPem = Buffer.from(adminConfig.getCurrentCluster()!.caData!, 'base64').toString()
    const judge = async (kind: StepKind, what: string | undefined): Promise<Verdict> =>
      what === undefined ? 'pass' : chaos.judge(kind, what)
    const kubeGate = await startGate({
      ...{url: kubernetes!.url, caPem},
      // What the listener does as itself is none of this.
      judge: (request) => judge('call', kubeStep(request)?.match(/^as user: (.*)/)?.[1]),
    })
    const userGate = await startGate({url: devnet.url, judge: (it) => judge('request', chainStep(it))})
    const listenerGate = await startGate({url: devnet.url, judge: (it) => judge('answer', chainStep(it))})
    closers.push(...[kubeGate, userGate, listenerGate].map((gate) => () => gate.close()))

    const client = createSuiClient({url: devnet.url})
    const clusterId = world.cluster.cluster
    const cluster = await readCluster(client, clusterId)
    const execute: GatewayChaos['execute'] = async (build) => {
      const tx = new Transaction()
      await build(tx, await readCluster(client, clusterId))
      const {signer} = people.user
      return executeTransaction({client, signer, url: devnet.url, describeAbort: abortOf}, tx)
    }
    const token = createSealToken()
    const sealed = await execute((tx, {packageId, id}) =>
      stakeAndSealForUser(tx, {
        ...{packageId, cluster: id, tokenHash: hashSealToken(token), ttlMs: 3_600_000n},
        amount: 10_000_000_000n,
      }),
    )
    const idOf = (type: string): string =>
      sealed.created.find((each) => each.type.endsWith(`::${type}`))!.objectId
    const seal = {id: idOf('SealToken'), stake: idOf('Stake'), token}
    const home = join(dir, 'home')
    const seals = join(home, '.local', 'share', 'daas', 'seals')
    await mkdir(seals, {recursive: true, mode: 0o700})
    await writeSealTokenFile(join(seals, `${seal.id}.token`), token)

    const stateDir = join(dir, 'listener')
    const kubeconfig = join(dir, 'listener.kubeconfig')
    await writeFile(kubeconfig, kubeconfigOf(kubeGate, await listenerToken(admin)), {mode: 0o600})
    const listener = startDaas(['listen', '--kubeconfig', kubeconfig, '--state-dir', stateDir, '--json'], {
      home: dir,
      env: {
        DAAS_RPC_URL: listenerGate.url,
        DAAS_CLUSTER: cluster.id,
        DAAS_KEY_FILE: people.listener.keyFile,
      },
    })
    closers.push(() => listener.stop())

    const chaos: GatewayChaos = {
      dir,
      admin,
      seal,
      judge: () => 'pass',
      start(args) {
        const env = {
          DAAS_RPC_URL: userGate.url,
          DAAS_CLUSTER: cluster.id,
          DAAS_KEY_FILE: people.user.keyFile,
          PATH: `${dirname(kubectl)}:${process.env.PATH ?? ''}`,
        }
        const running = startDaas(args, {home, env})
        closers.push(() => running.stop('SIGKILL'))
        return running
      },
      execute,
      async told(known) {
        const db = new DatabaseSync(join(stateDir, 'journal.sqlite'), {readOnly: true})
        const rows = db.prepare('SELECT request, request_id, state FROM requests ORDER BY rowid').all()
        db.close()
        const news = rows.filter(({request_id: id}) => !known.has(id as string))
        return Promise.all(
          news.map(async ({request, request_id: id, state}) => ({
            requestId: id as string,
            state: state as string,
            status: (await readRequest(client, request as string)).status,
          })),
        )
      },
      async leftovers() {
        const cache = join(home, '.cache', 'daas', 'gateway')
        const found = await Promise.all(
          ['turns', 'runs'].map(async (part) => {
            await mkdir(join(cache, part), {recursive: true, mode: 0o700})
            return (await readdir(join(cache, part))).map((name) => `${part}/${name}`)
          }),
        )
        return found.flat()
      },
      async close() {
        ended.abort()
        await close()
      },
    }
    await listener.waitFor('ready')
    return chaos
  } catch (error) {
    ended.abort()
    await close()
    throw error
  }
}
