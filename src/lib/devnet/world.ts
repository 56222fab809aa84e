import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {createCluster, type CreateClusterResult} from '../cluster/create-cluster.ts'
import {createSuiClient} from '../sui/client.ts'
import {abortOf} from '../contracts/aborts.ts'
import {type DevnetOptions, startDevnet} from './devnet.ts'
import type {Chain} from './sui-engine.ts'
import {findCluster} from './find-cluster.ts'
import {
  type ChooseKubernetesOptions,
  chooseKubernetes,
  type ChosenKubernetes,
} from './kube/choose-kubernetes.ts'

/** Who lives on a devnet: one funded account for each part of the story. */
export const PEOPLE = ['admin', 'listener', 'operator', 'user'] as const

/** One of {@link PEOPLE}. */
export type Person = (typeof PEOPLE)[number]

/** How a world is made. */
export interface WorldOptions extends Omit<DevnetOptions, 'accounts' | 'signal'> {
  /** 0700 directory for keys, kubeconfig and what Kubernetes writes; whoever made it removes it. */
  readonly dir: string
  /** `auto`, `k3s`, `binaries`, `embedded`, `none` or the path of a kubeconfig. */
  readonly kubernetes: string
  readonly clusterName: string
  /** The chain that is built in, or `sui start` of the program on PATH. Default built in. */
  readonly engine?: 'embedded' | 'sui'
  /** More accounts than the four. */
  readonly accounts?: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly logger: ChooseKubernetesOptions['logger']
  /** Told of each part as it stands. */
  readonly onPart?: (
    part: 'chain' | 'kubernetes' | 'cluster',
    detail: string,
    cluster?: CreateClusterResult,
  ) => void
}

/** A chain with the contracts and a cluster on it, people with keys, and a Kubernetes. */
export interface World {
  readonly devnet: Chain
  readonly cluster: CreateClusterResult
  readonly people: Readonly<
    Record<Person, {readonly address: string; readonly keyFile: string; readonly signer: Ed25519Keypair}>
  >
  /** Undefined where none was wanted. */
  readonly kubernetes: (ChosenKubernetes & {readonly kubeconfigFile: string}) | undefined
  /** The variables with which every other command uses this world, as the operator. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

/**
 * Starts a chain, publishes the contracts, makes a cluster (or finds those of a kept chain), writes the people's keys (0600), and starts or takes a
 * Kubernetes. What was started before a failure is ended again.
 */
export async function createWorld(options: WorldOptions): Promise<World> {
  const {dir, signal, onPart} = options
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }

  try {
    const devnet = await startChain(options)
    closers.push(() => devnet.close())
    onPart?.('chain', devnet.url)
    const people = await writePeople(join(dir, 'keys'), devnet)
    // Both take seconds of different programs: side by side. Both settle before either's failure ends the other.
    const [started, created] = await Promise.allSettled([
      startKubernetes(options).then((chosen) => {
        if (chosen) {
          closers.push(() => chosen.close())
          onPart?.('kubernetes', chosen.label)
        }

        return chosen
      }),
      (devnet.node && findCluster(devnet.node, people.admin.address, people.listener.address)) ??
        createCluster(
          {
            client: createSuiClient({url: devnet.url}),
            signer: people.admin.signer,
            url: devnet.url,
            signal,
            describeAbort: abortOf,
          },
          {name: options.clusterName, k3sVersion: 'v1.34.1+k3s1', listener: people.listener.address},
        ),
    ])
    const kubernetes = valueOf(started)
    const cluster = valueOf(created)
    onPart?.('cluster', cluster.cluster, cluster)
    const env = {
      DAAS_RPC_URL: devnet.url,
      DAAS_CLUSTER: cluster.cluster,
      DAAS_KEY_FILE: people.operator.keyFile,
    }
    return {devnet, cluster, people, kubernetes, env, close}
  } catch (error) {
    await close()
    throw error
  }
}

async function startChain(options: WorldOptions): Promise<Chain> {
  const accounts = Math.max(options.accounts ?? 0, 10)
  if (options.engine !== 'sui') return startDevnet({...options, accounts})
  // Loaded only where it is wanted.
  const {startSuiEngine} = await import('./sui-engine.ts')
  return startSuiEngine({...options, accounts, port: options.port ?? 0, dir: join(options.dir, 'sui')})
}

async function startKubernetes({
  kubernetes,
  dir,
  env,
  signal,
  logger,
}: WorldOptions): Promise<World['kubernetes']> {
  if (kubernetes === 'none') return undefined
  const kubeDir = join(dir, 'kubernetes')
  await mkdir(kubeDir, {recursive: true, mode: 0o700})
  const chosen = await chooseKubernetes(kubernetes, {dir: kubeDir, env, signal, logger})
  const kubeconfigFile = join(dir, 'kubeconfig')
  await writeFile(kubeconfigFile, chosen.adminKubeconfig, {mode: 0o600})
  return {...chosen, kubeconfigFile}
}

async function writePeople(dir: string, devnet: Chain): Promise<World['people']> {
  await mkdir(dir, {recursive: true, mode: 0o700})
  const entries = PEOPLE.map(async (person, index) => {
    const {secretKey, address} = devnet.accounts[index]!
    const keyFile = join(dir, `${person}.key`)
    await writeFile(keyFile, `${secretKey}\n`, {mode: 0o600})
    return [person, {address, keyFile, signer: Ed25519Keypair.fromSecretKey(secretKey)}] as const
  })
  return Object.fromEntries(await Promise.all(entries)) as World['people']
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason
  return result.value
}
