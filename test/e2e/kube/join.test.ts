import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {KubeConfig} from '@kubernetes/client-node'
import {findWorker} from '../../../src/lib/contracts/reads.ts'
import {stakeAndSeal} from '../../../src/lib/contracts/transactions/staking.ts'
import {startAgent} from '../../../src/lib/k3s/agent.ts'
import {leave} from '../../../src/lib/k3s/leave.ts'
import {leaveIdentity} from '../../../src/lib/k3s/leave-identity.ts'
import {openNodeState} from '../../../src/lib/k3s/node-state.ts'
import {formatJoinToken} from '../../../src/lib/k3s/token.ts'
import {kubeFetch} from '../../../src/lib/kube/kube-http.ts'
import {isNodeReady as isReady, isQuarantined} from '../../../src/lib/kube/node-ready.ts'
import {agentKilledTests} from './agent-killed-tests.ts'
import {type JoinWorld, type LiveNode, startJoinWorld} from './join-world.ts'
import {viewNodes} from './node-view.ts'
import {registrationTests} from './registration-tests.ts'
import {configOf, createBootstrapToken, until} from './rig.ts'

const SECRET = '0123456789abcdef'

describe('nodes on a real API server, the listener with the rights of its manifest', function () {
  this.timeout(180_000)
  let it1: JoinWorld
  let first: LiveNode
  let stake: string
  const figures: Record<string, number> = {}

  const listeners = process.getMaxListeners()
  before(async function () {
    // Each agent ends with this process: twenty are no leak.
    process.setMaxListeners(64)
    it1 = await startJoinWorld(this)
  })
  after(async () => {
    if (Object.keys(figures).length > 0) {
      const shown = Object.entries(figures).map(([what, ms]) => `${what} ${(ms / 1000).toFixed(1)} s`)
      process.stdout.write(`    figures: ${shown.join('; ')}\n`)
    }

    await it1?.close()
    process.setMaxListeners(listeners)
  })

  const view = viewNodes(() => it1)
  const {isGone, readNode, daasSecrets, slash, partner} = view

  it('lets in, by its own agent started by hand, a node with a token of the administrator', async () => {
    const kubernetes = it1.world.kubernetes!
    await createBootstrapToken(it1.admin, 'byhand', SECRET)
    // The policy is in force: a name needs its place, whoever made the token.
    await it1.admin.json({
      method: 'PATCH',
      path: '/api/v1/namespaces/kube-system/configmaps/daas-nodes',
      body: {data: {'by-hand': 'adopted'}},
    })
    const started = performance.now()
    const agent = await startAgent({
      bin: partner() === 'kubelet' ? kubernetes.joinPartner!.bin : `${it1.dir}/shim/k3s`,
      serverUrl: kubernetes.url,
      joinToken: formatJoinToken(kubernetes.caHash, `byhand.${SECRET}`),
      nodeName: 'by-hand',
      dataDir: `${it1.dir}/by-hand`,
      labels: {},
      taints: [],
      env: process.env,
      signal: new AbortController().signal,
      logger: {debug: () => undefined, warn: () => undefined},
      graceMs: 20_000,
    })
    try {
      const isIn = async (): Promise<boolean> =>
        !(await isGone('by-hand')) && isReady(await readNode('by-hand'))
      await until('it is Ready', isIn, 60_000, () => agent.tail.join('\n'))
      figures[`${partner()} by hand to Ready`] = performance.now() - started
    } finally {
      await agent.stop()
      await it1.admin.json({method: 'DELETE', path: '/api/v1/nodes/by-hand'})
    }
  })

  it('brings a node from nothing to Ready: staked, sealed, registered, trusted, its token spent', async () => {
    first = it1.join('worker-1', {kind: partner()})
    const {readyMs, ...enrolled} = await first.joined
    figures[`daas join (${partner()}) to Ready, stake and seal included`] = readyMs
    stake = enrolled.stake
    await until('it is settled', async () => !isQuarantined(await readNode('worker-1')), 15_000)
    const {labels} = (await readNode('worker-1')).metadata
    assert.equal(labels['node-restriction.kubernetes.io/daas-stake'], stake.slice(2, 18))
    assert.equal(labels['daas.io/test'], 'true')
    assert.deepEqual(await daasSecrets(), [])
    await until(
      'the chain says that it is ready',
      async () => (await findWorker(it1.deps('admin').client, it1.cluster, 'worker-1'))?.status === 1,
      20_000,
    )
  })

  agentKilledTests(() => ({it1, first, figures}), view)

  it('works with rights that do not reach further than its work', async () => {
    const ask = async (method: string, path: string): Promise<number> =>
      (await it1.restricted.call({method, path})).status
    for (const path of [
      '/api/v1/namespaces/default/secrets',
      '/api/v1/namespaces/kube-system/secrets',
      '/api/v1/namespaces/default/configmaps',
      '/api/v1/namespaces/kube-system/configmaps/kube-root-ca.crt',
      '/apis/apps/v1/deployments',
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/cluster-admin',
    ]) {
      assert.equal(await ask('GET', path), 403, path)
    }

    const impersonated = await it1.restricted.call({
      method: 'GET',
      path: '/api/v1/nodes',
      headers: {'impersonate-user': 'x', 'impersonate-group': 'system:masters'},
    })
    assert.equal(impersonated.status, 403)
    assert.equal(await ask('GET', '/api/v1/nodes'), 200)
  })

  registrationTests(() => it1, view)

  it('throws a slashed node out: agent stopped, Node gone, and its old certificate does not bring it back', async () => {
    const started = performance.now()
    await slash(stake)
    const gone = until('the Node is gone', () => isGone('worker-1'), 30_000).then(() => {
      figures['slash to Node gone'] = performance.now() - started
    })
    const {end} = await first.run
    figures['slash to agent stopped'] = performance.now() - started
    assert.equal(end.ended, 'reason')
    assert.equal(end.ended === 'reason' && end.reason.kind, 'stake-slashed')
    await gone
    const kubernetes = it1.world.kubernetes!
    const agent = await startAgent({
      bin: partner() === 'kubelet' ? kubernetes.joinPartner!.bin : `${it1.dir}/shim/k3s`,
      serverUrl: kubernetes.url,
      joinToken: formatJoinToken(kubernetes.caHash, 'abcdef.0000000000000000'),
      nodeName: 'worker-1',
      dataDir: first.dataDir,
      labels: {},
      taints: [],
      env: process.env,
      signal: new AbortController().signal,
      logger: {debug: () => undefined, warn: () => undefined},
      graceMs: 20_000,
    })
    try {
      await until(
        'the policy refuses it',
        async () =>
          agent.tail.some((line) =>
            /has no stake in this cluster|Unable to register node with API server/.test(line),
          ),
        30_000,
        () => agent.tail.join('\n'),
      )
      assert.equal(await isGone('worker-1'), true)
      if (partner() === 'kubelet') assert.match(await createByCertificate(), /has no stake in this cluster/)
    } finally {
      await agent.stop()
    }
  })

  /** Past the agent: the certificate that it still has, straight to the API server. */
  async function createByCertificate(): Promise<string> {
    const pem = await readFile(`${first.dataDir}/kubelet/pki/kubelet-client-current.pem`)
    const config = configOf(it1.world.kubernetes!.adminKubeconfig)
    const user = {name: 'node', certData: pem.toString('base64'), keyData: pem.toString('base64')}
    const evil = new KubeConfig()
    evil.loadFromClusterAndUser(config.getCurrentCluster()!, user)
    const {status, body} = await kubeFetch(evil, {
      method: 'POST',
      path: '/api/v1/nodes',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({apiVersion: 'v1', kind: 'Node', metadata: {name: 'worker-1'}}),
    })
    assert.equal(status, 403)
    return Buffer.from(body).toString()
  }

  it('takes twenty at once, a listener that restarts among them, and lets one of them go', async () => {
    const started = performance.now()
    const names = Array.from({length: 20}, (_, index) => `many-${index + 1}`)
    // One wallet pays for them: its transactions take turns, as separate machines' would not have to.
    for (const nodeId of names) {
      const {token, hash} = await it1.tokens.prepare()
      const {created} = await it1.execute('operator', (tx) =>
        stakeAndSeal(tx, {
          packageId: it1.cluster.packageId,
          cluster: it1.cluster.id,
          tokenHash: hash,
          ttlMs: 3_600_000n,
          amount: 1_000_000_000n,
          nodeId,
        }),
      )
      await it1.tokens.settle(token, created.find(({type}) => type.endsWith('::SealToken'))!.objectId)
    }

    const sealed = performance.now()
    const nodes = names.map((name) => it1.join(name, {heartbeatMs: 5000}))
    await Promise.race(nodes.map(({joined}) => joined))
    await it1.restartListener()
    await Promise.all(nodes.map(({joined}) => joined))
    figures['20 at once to Ready'] = performance.now() - sealed
    assert.ok(performance.now() - started < 150_000)
    for (const name of names) assert.equal(await isGone(name), false)

    const one = nodes[0]!
    const state = openNodeState(one.dataDir)
    const deps = {...it1.deps('operator'), signal: AbortSignal.timeout(60_000)}
    // This very process watches over the agent: it is not the one to be ended.
    await state.update({keeper: undefined})
    const steps = await leave(
      {
        state,
        host: undefined,
        removeUnit: async () => undefined,
        now: Date.now,
        signal: deps.signal,
        onProgress: () => undefined,
      },
      {
        nodeName: names[0]!,
        cluster: it1.cluster.id,
        identity: leaveIdentity(
          {execute: deps, url: it1.world.devnet.url, tokens: it1.tokens, now: Date.now, signal: deps.signal},
          {cluster: it1.cluster.id, nodeName: names[0]!},
        ),
        purge: false,
        force: false,
        timeoutMs: 30_000,
        graceMs: 10_000,
      },
    )
    assert.deepEqual(
      steps.map(({step, status}) => `${step} ${status}`),
      ['cluster done', 'unit nothing', 'agent done', 'pods nothing', 'files done'],
    )
    assert.equal(await isGone(names[0]!), true)
    await one.stop()
    const worker = await findWorker(it1.deps('admin').client, it1.cluster, names[0]!)
    assert.equal(worker?.status, 2)
    assert.equal(await isGone(names[1]!), false)
  })
})
