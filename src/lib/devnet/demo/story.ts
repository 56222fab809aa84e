import {join} from 'node:path'
import type {Logger} from 'pino'
import {abortOf} from '../../contracts/aborts.ts'
import {readCluster} from '../../contracts/reads.ts'
import {daasError} from '../../errors/daas-error.ts'
import {openUserGateway} from '../../gateway/open-user-gateway.ts'
import {createMachineProbes} from '../../k3s/machine-probes.ts'
import {runNode} from '../../k3s/run-node.ts'
import {createKubeHttp} from '../../kube/kube-http.ts'
import {loadKubeConfig} from '../../kube/kubeconfig.ts'
import {readNode} from '../../kube/node-ready.ts'
import {openListener} from '../../listener/open-listener.ts'
import {seal} from '../../stake/seal.ts'
import {slash} from '../../stake/slash.ts'
import {stake} from '../../stake/stake.ts'
import {openTokenStore} from '../../stake/token-store.ts'
import {unstake} from '../../stake/unstake.ts'
import {formatSui, MIST_PER_SUI} from '../../sui/amount.ts'
import {createSuiClient} from '../../sui/client.ts'
import {createWorld, type Person, type World} from '../world.ts'
import {openKubectlSession} from './kubectl-session.ts'
import {createStageRunner, type DemoStage, type StageRunner} from './stages.ts'
import {userActs} from './user-acts.ts'
import {waitFor} from './wait-for.ts'

/** How the demo is run. */
export interface DemoOptions {
  /** An empty 0700 directory; whoever made it removes it. */
  readonly dir: string
  readonly kubernetes: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly logger: Logger
  readonly onStage: Parameters<typeof createStageRunner>[1]
  /** Called when the story is told and all still runs; what it waits for is waited for. */
  readonly onEnd?: (world: World) => Promise<void>
}

/** The whole record. */
export interface DemoResult {
  ok: boolean
  ms: number
  backends: {chain: string; kubernetes: string; agent: string; kubectl: string}
  stages: DemoStage[]
  /** How to run it on something more real; absent where nothing is. */
  notice?: string
}

const NODE = 'worker-1'
const AGENT_STEP_MS = 60_000

/**
 * Tells the whole story once: a node stakes, seals, joins; a user runs kubectl through the chain; the node is slashed,
 * evicted, and withdraws what is left. Everything is ended again, whatever happens. Never throws for a failed stage:
 * it stands in the result.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const began = performance.now()
  const runner = createStageRunner(() => performance.now(), options.onStage)
  const backends = {chain: 'embedded devnet', kubernetes: 'none', agent: 'none', kubectl: 'none'}
  const closers: (() => Promise<unknown>)[] = []
  let ok = true
  let notice: string | undefined
  try {
    notice = await tellStory(options, runner, backends, (closer) => closers.push(closer))
  } catch (error) {
    options.signal.throwIfAborted()
    ok = false
    // A stage that failed has recorded why; anything else is a bug and must show.
    if (!runner.stages.some((stage) => !stage.ok)) throw error
  } finally {
    for (const closer of closers.reverse()) await closer()
  }

  const ms = Math.round(performance.now() - began)
  return {ok, ms, backends, stages: runner.stages, ...(notice !== undefined && {notice})}
}

async function tellStory(
  options: DemoOptions,
  runner: StageRunner,
  backends: DemoResult['backends'],
  onClose: (closer: () => Promise<unknown>) => void,
): Promise<string | undefined> {
  const {dir, env, signal, logger} = options
  const world = await createWorld({
    dir,
    kubernetes: options.kubernetes,
    clusterName: 'demo',
    env,
    signal,
    logger,
    onPart: (part, detail, made) =>
      runner.record(part, {detail, digest: made?.digests.at(-1), gasMist: made?.gasMist}),
  })
  onClose(() => world.close())
  const {kubernetes, devnet, people} = world
  if (!kubernetes?.joinPartner) throw daasError('DEMO_NEEDS_KUBERNETES', {kubernetes: options.kubernetes})
  const partner = kubernetes.joinPartner
  backends.kubernetes = `${kubernetes.label}, ${kubernetes.version}`
  backends.agent = partner.kind
  const url = devnet.url
  const clusterId = world.cluster.cluster
  const client = createSuiClient({url})
  const execute = (person: Person) => ({
    client,
    signer: people[person].signer,
    url,
    signal,
    describeAbort: abortOf,
  })

  await runner.run('listener', async () => {
    const listener = await openListener({
      client,
      signer: people.listener.signer,
      url,
      clusterId,
      stateDir: join(dir, 'listener'),
      kubeconfig: kubernetes.kubeconfigFile,
      serverUrl: kubernetes.url,
      pollMs: 250,
      evictionGraceMs: 0,
      logger,
      signal,
    })
    onClose(() => listener.close())
    const info = await listener.start()
    return {detail: info.urls.join(' '), digest: info.announcedIn}
  })

  const subject = {kind: 'node', name: NODE} as const
  const staked = await runner.run('stake', async () => {
    const result = await stake(
      {execute: execute('operator'), url},
      {cluster: clusterId, subject, amount: MIST_PER_SUI},
    )
    return {...result, detail: `${formatSui(result.amountMist)}, budget ${result.budgetMist} MIST`}
  })
  const operator = {
    execute: execute('operator'),
    url,
    tokens: openTokenStore(join(dir, 'operator-seals')),
    now: Date.now,
  }
  await runner.run('seal', async () => {
    const result = await seal(operator, {cluster: clusterId, subject})
    return {...result, detail: `until ${result.expiresAt}`}
  })

  const leave = new AbortController()
  const joined = Promise.withResolvers<{pid: number}>()
  const run = await runner.run('join', async () => {
    const life = runNode(
      {
        ...operator,
        probes: createMachineProbes(),
        env: {...env},
        logger,
        signal: AbortSignal.any([signal, leave.signal]),
        onProgress: (event) => logger.debug(event, 'join'),
        onJoined: ({handle}) => joined.resolve(handle),
      },
      {
        cluster: await readCluster(client, clusterId),
        nodeName: NODE,
        dataDir: join(dir, 'node'),
        labels: {'daas.io/demo': 'true'},
        rootless: partner.kind === 'embedded' && process.getuid?.() !== 0,
        k3s: {bin: partner.bin, cacheDir: join(dir, 'k3s')},
        extraArgs: partner.extraArgs,
        // The demo's node may share its machine with a real one.
        ignorePreflight: ['all'],
        timeoutMs: AGENT_STEP_MS,
        graceMs: 5000,
        heartbeatMs: 5000,
      },
    )
    // Whatever ends the story ends the agent too, and its end is waited for.
    onClose(async () => {
      leave.abort()
      await life.catch((error: unknown) => logger.debug({err: error}, 'the node ended'))
    })
    const {pid} = await Promise.race([
      joined.promise,
      life.then(() => Promise.reject(new Error('the agent ended'))),
    ])
    return {life, detail: `${partner.kind} agent, pid ${pid}`}
  })

  const user = {...operator, execute: execute('user'), tokens: openTokenStore(join(dir, 'user-seals'))}
  await runner.run('user', async () => {
    const who = {cluster: clusterId, subject: {kind: 'user'} as const}
    const first = await stake({execute: user.execute, url}, {...who, amount: 10n * MIST_PER_SUI})
    const second = await seal(user, who)
    const gasMist = (first.gasMist ?? 0n) + (second.gasMist ?? 0n)
    return {detail: `may ${second.permissions?.join(' ')}`, digest: second.digest, gasMist}
  })
  let last: {digest: string; gasMist: bigint} | undefined
  const cacheDir = join(dir, 'gateway')
  const gateway = await openUserGateway({
    execute: user.execute,
    url,
    cluster: clusterId,
    seal: undefined,
    tokens: user.tokens,
    cacheDir,
    signal,
    onTransaction: (batch) => {
      last = batch
    },
  })
  onClose(() => gateway.close())
  const session = await openKubectlSession({gateway, cacheDir, env, signal, lastTransaction: () => last})
  backends.kubectl = session.kubectl ?? 'not found: the gateway is asked by HTTP'
  for (const {stage, act} of userActs(NODE)) await runner.run(stage, () => session.act(act))

  await runner.run('slash', async () => {
    const stakeId = staked.stake
    if (stakeId === undefined) throw new Error('the stake has no id')
    const options = {cluster: clusterId, stake: stakeId, reason: 'demo'}
    const result = await slash({execute: execute('admin'), url}, options)
    return {
      ...result,
      detail: `took ${formatSui(result.slashedMist)}, left ${formatSui(result.remainingMist)}`,
    }
  })
  await runner.run('evict', async () => {
    const {end} = await run.life
    if (end.ended !== 'reason') throw new Error(`the agent ended by ${end.ended}`)
    const http = createKubeHttp(loadKubeConfig({file: kubernetes.kubeconfigFile}))
    onClose(() => Promise.resolve(http.close()))
    await waitFor(async () => (await readNode(http, NODE, signal)) === undefined, AGENT_STEP_MS, signal)
    return {detail: `agent stopped (${end.reason.message}), Node deleted`, digest: end.reason.digest}
  })
  await runner.run('withdraw', async () => {
    const result = await unstake(
      {execute: execute('operator'), url, now: Date.now},
      {cluster: clusterId, subject},
    )
    return {...result, detail: formatSui(result.amountMist)}
  })
  await options.onEnd?.(world)
  return kubernetes.notice
}
