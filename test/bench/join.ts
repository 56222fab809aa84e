/**
 * What a join costs on a real API server: to Ready beside the same agent started by hand, twenty at once, and from a
 * slash to the eviction. Wall time: it waits for other processes (API server, kubelet), whose work is not ours to count.
 */
import {setTimeout as delay} from 'node:timers/promises'
import type {Context} from 'mocha'
import {stakeAndSeal, slashStake} from '../../src/lib/contracts/transactions/staking.ts'
import {startAgent} from '../../src/lib/k3s/agent.ts'
import {formatJoinToken} from '../../src/lib/k3s/token.ts'
import {isNodeReady, readNode} from '../../src/lib/kube/node-ready.ts'
import {startJoinWorld} from '../e2e/kube/join-world.ts'
import {createBootstrapToken} from '../e2e/kube/rig.ts'
import {report} from './lib/report.ts'

const ROUNDS = 3
const MANY = 20
const LATE_MS = 120_000
const SECRET = '0123456789abcdef'
/** Outside mocha there is nothing to skip: what is missing fails it. */
const outside = {
  timeout: () => outside,
  skip: () => {
    throw new Error('a real Kubernetes is missing: npm run kube:build')
  },
} as unknown as Context

process.setMaxListeners(64)
const world = await startJoinWorld(outside)
const partner = world.world.kubernetes!.joinPartner!
const kind = partner.kind === 'kubelet' ? 'kubelet' : 'embedded'

async function until(condition: () => Promise<boolean>): Promise<void> {
  const late = performance.now() + LATE_MS
  while (!(await condition())) {
    if (performance.now() > late) throw new Error('waited in vain')
    await delay(20)
  }
}

function tell(name: string, times: number[]): void {
  const value = times.sort((a, b) => a - b)[times.length >> 1]! / 1000
  report({bench: 'join', name, value, unit: 's'})
}

/** @returns ms to Ready */
async function byHand(round: number): Promise<number> {
  const {url, caHash} = world.world.kubernetes!
  const name = `by-hand-${round}`
  const id = `byhan${round}`
  await createBootstrapToken(world.admin, id, SECRET)
  // The policy is in force: a name needs its place, whoever made the token.
  const path = '/api/v1/namespaces/kube-system/configmaps/daas-nodes'
  await world.admin.json({method: 'PATCH', path, body: {data: {[name]: 'adopted'}}})
  const started = performance.now()
  const agent = await startAgent({
    ...{bin: partner.bin, serverUrl: url, nodeName: name, dataDir: `${world.dir}/${name}`, env: process.env},
    joinToken: formatJoinToken(caHash, `${id}.${SECRET}`),
    labels: {},
    taints: [],
    signal: AbortSignal.timeout(LATE_MS),
    logger: {debug: () => undefined, warn: () => undefined},
    graceMs: 20_000,
  })
  await until(async () => isNodeReady(await readNode(world.admin, name)))
  const took = performance.now() - started
  await agent.stop()
  await world.admin.json({method: 'DELETE', path: `/api/v1/nodes/${name}`})
  return took
}

try {
  const hand: number[] = []
  const joined: number[] = []
  const gone: number[] = []
  const stopped: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    hand.push(await byHand(round))
    const name = `joined-${round}`
    const node = world.join(name, {kind})
    const {readyMs, stake} = await node.joined
    joined.push(readyMs)
    const {packageId, id: cluster} = world.cluster
    const {adminCap: cap} = world.world.cluster
    const started = performance.now()
    await world.execute('admin', (tx) => slashStake(tx, {packageId, cluster, cap, stake, reason: 'measured'}))
    const leaves = until(async () => (await readNode(world.admin, name)) === undefined)
    await Promise.all([
      leaves.then(() => gone.push(performance.now() - started)),
      node.run.then(() => stopped.push(performance.now() - started)),
    ])
  }

  tell(`${kind} by hand to Ready`, hand)
  tell(`daas join (${kind}) to Ready, stake and seal included`, joined)
  tell('slash to Node gone', gone)
  tell(`slash to agent (${kind}) stopped`, stopped)

  const names = Array.from({length: MANY}, (_, index) => `many-${index + 1}`)
  // One wallet pays for all of them: its transactions take turns, as separate machines' would not have to.
  for (const nodeId of names) {
    const {token, hash} = await world.tokens.prepare()
    const {packageId, id: cluster} = world.cluster
    const terms = {ttlMs: 3_600_000n, amount: 1_000_000_000n, nodeId, tokenHash: hash}
    const {created} = await world.execute('operator', (tx) =>
      stakeAndSeal(tx, {packageId, cluster, ...terms}),
    )
    await world.tokens.settle(token, created.find(({type}) => type.endsWith('::SealToken'))!.objectId)
  }

  const started = performance.now()
  await Promise.all(names.map((name) => world.join(name, {heartbeatMs: 5000}).joined))
  tell(`${MANY} joins at once, embedded agents, to Ready`, [performance.now() - started])
} finally {
  await world.close()
}
