import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Transaction} from '@mysten/sui/transactions'
import {execa} from 'execa'
import type {Context} from 'mocha'
import {parse, stringify} from 'yaml'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {readCluster, readSeal} from '../../../src/lib/contracts/reads.ts'
import {stakeAndSealForUser} from '../../../src/lib/contracts/transactions/staking.ts'
import {HOW_TO_GET_KUBERNETES, locateKubernetes} from '../../../src/lib/devnet/kube/locate.ts'
import {createWorld, type Person, type World} from '../../../src/lib/devnet/world.ts'
import {createGatewayChain} from '../../../src/lib/gateway/chain.ts'
import {createGateway, type Gateway, type GatewayOptions} from '../../../src/lib/gateway/gateway.ts'
import {submitInTurn} from '../../../src/lib/gateway/in-turn.ts'
import {runKubectl, type KubectlResult} from '../../../src/lib/gateway/kubectl.ts'
import {createKubeHttp, type KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {openListener} from '../../../src/lib/listener/open-listener.ts'
import {groupsOf} from '../../../src/lib/kube/groups.ts'
import {createSealToken, hashSealToken, writeSealTokenFile} from '../../../src/lib/seal/token.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {executeTransaction} from '../../../src/lib/sui/execute.ts'
import {skipFor} from '../../helpers/skip.ts'
import {startDaas} from '../../helpers/start-daas.ts'
import {configOf} from './rig.ts'

/** More about a run of kubectl. */
export interface KubectlMore {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Told what kubectl says on stdout as it says it; through the chain only. */
  readonly onOutput?: (text: string) => void
}

/** Someone with a seal, who runs kubectl both ways as the same Kubernetes user. */
export interface KubectlUser {
  readonly gateway: Gateway
  readonly address: string
  /** Through the chain. */
  chain(args: readonly string[], more?: KubectlMore): Promise<KubectlResult>
  /** Straight to the API server, impersonating the very user that the listener impersonates. */
  direct(args: readonly string[], more?: KubectlMore): Promise<KubectlResult>
  /** The file by which `direct` goes. */
  readonly directKubeconfig: string
  /** How many requests the gateway's transactions have carried, and how many transactions there were. */
  readonly sent: {requests: number; transactions: number}
  /** The same user at another gateway: a second terminal. */
  again(): Promise<KubectlUser>
  /** The environment in which the built `daas` acts for this user, in a HOME of its own. */
  cli(): Promise<Record<string, string>>
  /**
   * Starts the built `daas gateway` for this user.
   * @returns the kubeconfig that it wrote; its credential plugin is the built `daas`
   */
  serve(...flags: string[]): Promise<string>
}

/** A devnet, a listener and a real control plane. */
export interface KubectlWorld {
  readonly dir: string
  /** The administrator of the cluster, without a chain. */
  readonly admin: KubeHttp
  /** Stakes, seals, and opens a gateway. */
  user(person: Person, amount: bigint, options?: Partial<GatewayOptions>): Promise<KubectlUser>
  close(): Promise<void>
}

const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}

/**
 * Starts it all, or skips the suite where programs are missing.
 * @param prepare before the listener starts: nodes that are there then need no stake; `closers` run last first
 */
export async function startKubectlWorld(
  context: Context,
  prepare: (
    admin: KubeHttp,
    more: {kubernetes: World['kubernetes'] & object; dir: string; closers: (() => Promise<void>)[]},
  ) => Promise<void> = async () => undefined,
): Promise<KubectlWorld> {
  const kubectl = (await locateKubernetes({env: process.env}))?.kubectl
  if (kubectl === undefined) return skipFor(context, 'a real Kubernetes with kubectl', HOW_TO_GET_KUBERNETES)
  context.timeout(180_000)
  const ended = new AbortController()
  const dir = await mkdtemp(join(tmpdir(), 'daas-kubectl-'))
  const closers: (() => Promise<void>)[] = [() => rm(dir, {recursive: true, force: true})]
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }

  try {
    const world = await createWorld({
      dir,
      kubernetes: 'binaries',
      clusterName: 'kubectl',
      env: process.env,
      signal: ended.signal,
      logger: quiet,
      checkpointIntervalMs: 20,
    })
    closers.push(() => world.close())
    const {devnet, people, kubernetes, cluster} = world
    const adminKubeconfig = kubernetes?.adminKubeconfig ?? ''
    const admin = createKubeHttp(configOf(adminKubeconfig))
    closers.push(async () => admin.close())
    if (kubernetes !== undefined) await prepare(admin, {kubernetes, dir, closers})
    const client = createSuiClient({url: devnet.url})
    const listener = await openListener({
      client,
      signer: people.listener.signer,
      url: devnet.url,
      clusterId: cluster.cluster,
      stateDir: join(dir, 'listener'),
      kubeconfig: kubernetes?.kubeconfigFile ?? '',
      logger: quiet,
      signal: ended.signal,
    })
    await listener.start()
    closers.push(() => listener.close())

    const user: KubectlWorld['user'] = async (person, amount, options = {}) => {
      const {signer, address} = people[person]
      const execute = {client, signer, url: devnet.url, describeAbort: abortOf}
      const info = await readCluster(client, cluster.cluster)
      const token = createSealToken()
      const tx = new Transaction()
      stakeAndSealForUser(tx, {
        packageId: info.packageId,
        cluster: info.id,
        amount,
        tokenHash: hashSealToken(token),
        ttlMs: 3_600_000n,
      })
      const {created} = await executeTransaction(execute, tx)
      const id = created.find(({type}) => type.endsWith('::SealToken'))?.objectId ?? ''
      const seal = await readSeal(client, id)
      const kubeconfig = join(dir, `direct-${person}.yaml`)
      const groups = groupsOf(seal.permissions)
      await writeFile(kubeconfig, impersonating(adminKubeconfig, `sui:${address}`, groups), {mode: 0o600})
      const open = (sent: KubectlUser['sent']): Promise<Gateway> =>
        createGateway(
          {
            chain: submitInTurn(createGatewayChain({execute, url: devnet.url, cluster: info, seal}), {
              lockFile: join(dir, 'turns', address),
              pid: process.pid,
              isAlive: () => true,
            }),
            sealToken: async () => token,
            onTransaction: (_batch, requests) => {
              sent.transactions += 1
              sent.requests += requests
            },
            onUnexpected: (error) => {
              throw error
            },
          },
          {cacheDir: join(dir, 'cache', person), watch: {firstMs: 100, mostMs: 500}, ...options},
        )
      const cli = async (): Promise<Record<string, string>> => {
        const home = join(dir, `home-${person}`)
        const seals = join(home, '.local', 'share', 'daas', 'seals')
        await mkdir(seals, {recursive: true, mode: 0o700})
        await writeSealTokenFile(join(seals, `${id}.token`), token)
        const {keyFile} = people[person]
        return {HOME: home, DAAS_RPC_URL: devnet.url, DAAS_CLUSTER: info.id, DAAS_KEY_FILE: keyFile}
      }
      const serve = async (...flags: string[]): Promise<string> => {
        const {HOME: home = '', ...env} = await cli()
        const file = join(home, 'kubeconfig.yaml')
        const args = ['gateway', '--json', '--port', '0', '--write-kubeconfig', file, ...flags]
        const gateway = startDaas(args, {home, env})
        closers.push(async () => void (await gateway.stop()))
        await gateway.waitFor('ready')
        return file
      }
      const one = async (): Promise<KubectlUser> => {
        const sent = {requests: 0, transactions: 0}
        const gateway = await open(sent)
        closers.push(() => gateway.close())
        const cacheDir = join(dir, 'cache', person)
        return {
          gateway,
          address,
          sent,
          directKubeconfig: kubeconfig,
          again: one,
          cli,
          serve,
          ...bothWays({kubectl, dir, gateway, cacheDir, kubeconfig}),
        }
      }

      return one()
    }

    return {dir, admin, user, close}
  } catch (error) {
    await close()
    throw error
  }
}

function bothWays(of: {
  kubectl: string
  dir: string
  gateway: Gateway
  cacheDir: string
  kubeconfig: string
}): Pick<KubectlUser, 'chain' | 'direct'> {
  const base = {HOME: of.dir, PATH: process.env.PATH}
  return {
    chain: (args, more = {}) =>
      runKubectl({
        args,
        gateway: of.gateway,
        kubectlBin: of.kubectl,
        cacheDir: of.cacheDir,
        env: {...base, ...more.env},
        stdio: 'pipe',
        ...(more.input !== undefined && {input: more.input}),
        ...(more.signal !== undefined && {signal: more.signal}),
        ...(more.onOutput !== undefined && {onOutput: more.onOutput}),
      }),
    direct: async (args, more = {}) => {
      const env = {...base, KUBECONFIG: of.kubeconfig, KUBECACHEDIR: join(of.dir, 'direct'), ...more.env}
      const run = await execa(of.kubectl, args, {
        env,
        extendEnv: false,
        reject: false,
        stripFinalNewline: false,
        ...(more.input === undefined ? {stdin: 'ignore'} : {input: more.input}),
      })
      return {exitCode: run.exitCode ?? -1, stdout: run.stdout, stderr: run.stderr}
    },
  }
}

function impersonating(kubeconfig: string, user: string, groups: readonly string[]): string {
  const config = parse(kubeconfig) as {users: {user: object}[]}
  for (const each of config.users) each.user = {...each.user, as: user, 'as-groups': groups}
  return stringify(config)
}
