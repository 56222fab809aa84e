/**
 * What a kubectl command costs beyond the two finalities that the chain itself takes, leg by leg, and how many
 * transactions and calls of the node it makes. Everything in one process but Kubernetes and kubectl; the real API
 * server where its programs are at hand, else the embedded one.
 */
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Transaction} from '@mysten/sui/transactions'
import {abortOf} from '../../src/lib/contracts/aborts.ts'
import {readCluster, readSeal} from '../../src/lib/contracts/reads.ts'
import {stakeAndSealForUser} from '../../src/lib/contracts/transactions/staking.ts'
import {locateKubernetes} from '../../src/lib/devnet/kube/locate.ts'
import {createWorld} from '../../src/lib/devnet/world.ts'
import {askGateway} from '../../src/lib/gateway/ask.ts'
import {createGatewayChain} from '../../src/lib/gateway/chain.ts'
import type {GatewayChain} from '../../src/lib/gateway/chain-port.ts'
import {createGateway} from '../../src/lib/gateway/gateway.ts'
import {runKubectl} from '../../src/lib/gateway/kubectl.ts'
import {k3sCaHash} from '../../src/lib/k3s/ca-hash.ts'
import {createKubeHttp} from '../../src/lib/kube/kube-http.ts'
import {loadKubeConfig} from '../../src/lib/kube/kubeconfig.ts'
import {createListenerChain} from '../../src/lib/listener/chain.ts'
import type {ListenerChain} from '../../src/lib/listener/chain-port.ts'
import {createListener} from '../../src/lib/listener/listener.ts'
import {createSealToken, hashSealToken} from '../../src/lib/seal/token.ts'
import {createSuiClient} from '../../src/lib/sui/client.ts'
import {executeTransaction} from '../../src/lib/sui/execute.ts'
import {report} from './lib/report.ts'

/** When something happened, ms; each name once a request, in this order. */
const LEGS = ['asked', 'sent', 'final', 'heard', 'executed', 'stored', 'read', 'answered'] as const
type Moment = (typeof LEGS)[number]
const WARM = 5
const ROUNDS = 40
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'

const bench = 'kubectl'
const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}
const moments = new Map<Moment, number>()
const mark = (moment: Moment): void => void moments.set(moment, performance.now())
let calls = 0
const {fetch} = globalThis
globalThis.fetch = (input, init) => {
  calls += 1
  return fetch(input, init)
}

const closers: (() => unknown)[] = []
const ended = new AbortController()
try {
  await run()
} finally {
  for (const closer of closers.reverse()) await closer()
}

async function run(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'daas-bench-kubectl-'))
  closers.push(() => rm(dir, {recursive: true, force: true}))
  const binaries = await locateKubernetes({env: process.env})
  const kubernetes = binaries ? 'binaries' : 'embedded'
  const world = await createWorld({
    ...{dir, kubernetes, clusterName: 'bench', env: process.env, signal: ended.signal, logger: quiet},
  })
  closers.push(() => world.close())
  process.stderr.write(`Kubernetes: ${kubernetes}\n`)
  const url = world.devnet.url
  const client = createSuiClient({url})
  const clusterId = world.cluster.cluster
  const kubeConfig = loadKubeConfig({file: world.kubernetes?.kubeconfigFile ?? ''})
  const info = await readCluster(client, clusterId)
  const chain = await createListenerChain(
    {client, signer: world.people.listener.signer, clusterId, url},
    ended.signal,
  )
  const server = kubeConfig.getCurrentCluster()
  const listener = createListener(
    {chain: watched(chain), kubeConfig, logger: quiet, clock: Date.now, signal: ended.signal},
    {
      clusterId,
      stateDir: join(dir, 'listener'),
      k3s: {
        serverUrl: server?.server ?? '',
        caHash: k3sCaHash(Buffer.from(server?.caData ?? '', 'base64')),
        version: info.k3sVersion,
      },
    },
  )
  await listener.start()
  closers.push(() => listener.close())

  const execute = {client, signer: world.people.user.signer, url, describeAbort: abortOf}
  const token = createSealToken()
  const tx = new Transaction()
  stakeAndSealForUser(tx, {
    ...{packageId: info.packageId, cluster: info.id, amount: 10_000_000_000n},
    ...{tokenHash: hashSealToken(token), ttlMs: 3_600_000n},
  })
  const {created} = await executeTransaction(execute, tx)
  const seal = await readSeal(client, created.find(({type}) => type.endsWith('::SealToken'))?.objectId ?? '')
  let transactions = 0
  let requests = 0
  const gateway = await createGateway(
    {
      chain: sending(createGatewayChain({execute, url, cluster: info, seal})),
      sealToken: async () => token,
      onTransaction: (_batch, count) => {
        transactions += 1
        requests += count
      },
    },
    {cacheDir: join(dir, 'cache')},
  )
  closers.push(() => gateway.close())

  await reportLegs()
  if (binaries?.kubectl !== undefined) await reportCommands(binaries.kubectl)

  /** One GET after the other: each leg's median. */
  async function reportLegs(): Promise<void> {
    const rounds: Record<string, number>[] = []
    const direct = createKubeHttp(kubeConfig)
    closers.push(() => direct.close())
    let cpu = 0
    for (let round = 0; round < WARM + ROUNDS; round += 1) {
      const before = {calls, cpu: process.cpuUsage()}
      moments.clear()
      mark('asked')
      const {status} = await askGateway(gateway, {path: `${CONFIG_MAPS}?limit=1`})
      mark('answered')
      if (status !== 200) throw new Error(`the gateway answered ${status}`)
      const {user, system} = process.cpuUsage(before.cpu)
      const began = performance.now()
      await direct.call({method: 'GET', path: `${CONFIG_MAPS}?limit=1`})
      const kubernetes = performance.now() - began
      if (round < WARM) continue
      cpu += user + system
      const at = (moment: Moment): number => moments.get(moment) ?? Number.NaN
      const legs = Object.fromEntries(
        LEGS.slice(1).map((moment, index) => [`${LEGS[index]} to ${moment}`, at(moment) - at(LEGS[index]!)]),
      )
      const total = at('answered') - at('asked')
      // What it takes a transaction from being sent to being read by a subscriber, once there and once back.
      const finalities = at('heard') - at('sent') + (at('read') - at('executed'))
      rounds.push({
        ...legs,
        total,
        finalities,
        beyond: total - finalities,
        kubernetes,
        calls: calls - before.calls,
      })
    }

    const median = (name: string): number => {
      const values = rounds.map((round) => round[name] ?? Number.NaN).sort((a, b) => a - b)
      return values[Math.floor(values.length / 2)] ?? Number.NaN
    }
    const figure = (name: string, key: string, most?: number): void =>
      report({
        bench,
        name,
        value: median(key),
        unit: 'ms',
        ...(most !== undefined && {target: most, most: true}),
      })
    figure('client to gateway: TLS, sealing, gathering (asked to sent)', 'asked to sent')
    figure('gateway to chain, until final (sent to final)', 'sent to final')
    figure('event to the listener, after final (final to heard)', 'final to heard')
    figure('listener: open, Kubernetes, seal, gather (heard to executed)', 'heard to executed')
    figure('of that Kubernetes itself, asked directly', 'kubernetes')
    figure('answer to chain, until final (executed to stored)', 'executed to stored')
    figure(
      'event to the gateway (stored to read; negative: before the transaction was indexed)',
      'stored to read',
    )
    figure('gateway to client: open, pass on (read to answered)', 'read to answered')
    figure('one command, in all', 'total')
    figure('of that two finalities: sent to heard, executed to read', 'finalities')
    figure('beyond two finalities', 'beyond', 100)
    report({
      bench,
      name: 'CPU of gateway, listener, devnet and client together',
      value: cpu / ROUNDS / 1000,
      unit: 'ms',
    })
    report({
      bench,
      name: 'calls of the node by gateway and listener',
      value: median('calls'),
      unit: 'a command',
    })
  }

  /** How many requests and transactions commands of kubectl make, when discovery is known and when it is not. */
  async function reportCommands(kubectlBin: string): Promise<void> {
    const kubectl = async (...args: string[]): Promise<[number, number]> => {
      const before = {transactions, requests}
      const base = {gateway, kubectlBin, cacheDir: join(dir, 'cache'), stdio: 'pipe' as const}
      const {exitCode, stderr} = await runKubectl({...base, args, env: {HOME: dir, PATH: process.env.PATH}})
      if (exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`)
      return [transactions - before.transactions, requests - before.requests]
    }
    for (const [name, args] of [
      ['get configmaps, nothing known', ['get', 'configmaps']],
      ['get configmaps', ['get', 'configmaps']],
      ['create configmap', ['create', 'configmap', 'bench', '--from-literal=a=b']],
      ['describe configmap', ['describe', 'configmap', 'bench']],
      ['label configmap', ['label', 'configmap', 'bench', 'a=b']],
      ['delete configmap', ['delete', 'configmap', 'bench', '--wait=false']],
    ] as const) {
      const [inTransactions, inRequests] = await kubectl(...args)
      report({bench, name: `kubectl ${name}: requests`, value: inRequests, unit: 'requests'})
      report({bench, name: `kubectl ${name}: transactions`, value: inTransactions, unit: 'transactions'})
    }
  }
}

function sending(chain: GatewayChain): GatewayChain {
  return {
    ...chain,
    async submit(batch, signal) {
      mark('sent')
      const sent = await chain.submit(batch, signal)
      mark('final')
      return sent
    },
    async *answers(signal, onReady) {
      for await (const answer of chain.answers(signal, onReady)) {
        mark('read')
        yield answer
      }
    },
  }
}

function watched(chain: ListenerChain): ListenerChain {
  return {
    ...chain,
    async storeResponses(responses, signal) {
      mark('executed')
      const stored = await chain.storeResponses(responses, signal)
      mark('stored')
      return stored
    },
    async *events(options) {
      for await (const event of chain.events(options)) {
        if (event.kind === 'request') mark('heard')
        yield event
      }
    },
  }
}
