import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {setTimeout as delay} from 'node:timers/promises'
import {KubeConfig, type V1Node} from '@kubernetes/client-node'
import {findWorker, readSeal} from '../../../src/lib/contracts/reads.ts'
import {slashStake, stakeAndSeal} from '../../../src/lib/contracts/transactions/staking.ts'
import type {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {startAgent} from '../../../src/lib/k3s/agent.ts'
import {selectPhases} from '../../../src/lib/k3s/join-phases.ts'
import {leave} from '../../../src/lib/k3s/leave.ts'
import {leaveIdentity} from '../../../src/lib/k3s/leave-identity.ts'
import {openNodeState} from '../../../src/lib/k3s/node-state.ts'
import {createListenerClient} from '../../../src/lib/k3s/register.ts'
import {formatJoinToken} from '../../../src/lib/k3s/token.ts'
import {kubeFetch} from '../../../src/lib/kube/kube-http.ts'
import {isNodeReady as isReady, isQuarantined} from '../../../src/lib/kube/node-ready.ts'
import {createNonce, type RegistrationBody, signRegistration} from '../../../src/lib/seal/registration.ts'
import {createSealToken, hashSealToken, hashSealTokenHex} from '../../../src/lib/seal/token.ts'
import {isAlive} from '../../helpers/processes.ts'
import {type JoinWorld, type LiveNode, startJoinWorld} from './join-world.ts'
import {configOf, createBootstrapToken, hasSpokenSince, until} from './rig.ts'

type Node = V1Node & {metadata: {uid: string; labels: Record<string, string>}}

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

  const nodePath = (name: string): string => `/api/v1/nodes/${name}`
  const statusOf = async (path: string): Promise<number> =>
    (await it1.admin.call({method: 'GET', path})).status
  const isGone = async (name: string): Promise<boolean> => (await statusOf(nodePath(name))) === 404
  const readNode = (name: string): Promise<Node> =>
    it1.admin.json<Node>({method: 'GET', path: nodePath(name)})
  const daasSecrets = async (): Promise<string[]> => {
    const {items} = await it1.admin.json<{items: {metadata: {name: string}}[]}>({
      method: 'GET',
      path: '/api/v1/namespaces/kube-system/secrets?labelSelector=app.kubernetes.io/managed-by=daas',
    })
    return items.map(({metadata}) => metadata.name)
  }
  const slash = (of: string): Promise<unknown> =>
    it1.execute('admin', (tx) =>
      slashStake(tx, {
        packageId: it1.cluster.packageId,
        cluster: it1.cluster.id,
        cap: it1.world.cluster.adminCap,
        stake: of,
        reason: 'tested',
      }),
    )
  const partner = (): 'kubelet' | 'embedded' =>
    it1.world.kubernetes?.joinPartner?.kind === 'kubelet' ? 'kubelet' : 'embedded'

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
      await it1.admin.json({method: 'DELETE', path: nodePath('by-hand')})
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

  it('starts an agent again that was killed: Ready by its certificate, not registered twice, no token left', async () => {
    const {pid} = await first.joined
    const before = await readNode('worker-1')
    const client = it1.deps('admin').client
    const worker = await findWorker(client, it1.cluster, 'worker-1')
    await until('its kubelet speaks', () => hasSpokenSince(it1.admin, 'worker-1', ''), 30_000)
    const killed = performance.now()
    const killedAt = new Date().toISOString()
    process.kill(pid, 'SIGKILL')
    await until('the agent is back', async () => first.events.length >= 2, 60_000)
    const [down, up] = first.events
    assert.deepEqual(down, {type: 'restarting', attempt: 1, afterMs: 1000, code: null})
    assert.equal(up?.type === 'restarted' && (await isAlive(up.pid)), true)
    await until('its kubelet speaks again', () => hasSpokenSince(it1.admin, 'worker-1', killedAt), 60_000)
    figures[`kill -9 of the agent (${partner()}) to its kubelet's next word`] = performance.now() - killed
    const after = await readNode('worker-1')
    assert.deepEqual(
      [after.metadata.uid, isReady(after), isQuarantined(after)],
      [before.metadata.uid, true, false],
    )
    assert.equal(first.phases.filter((phase) => phase === 'register').length, 1)
    assert.equal((await findWorker(client, it1.cluster, 'worker-1'))?.id, worker?.id)
    assert.deepEqual(await daasSecrets(), [])
    assert.equal(first.events.length, 2)
  })

  it('does not start an agent again whose stake was slashed while it was down', async () => {
    const node = it1.join('worker-6', {
      kind: partner(),
      restarts: {most: 5, windowMs: 600_000, pauseMs: 600_000, maxPauseMs: 600_000},
    })
    const {pid, stake: own} = await node.joined
    process.kill(pid, 'SIGKILL')
    await until('it waits before it starts again', async () => node.events.length === 1, 10_000)
    await slash(own)
    const {end} = await node.run
    assert.deepEqual(
      [end.ended, end.ended === 'reason' && end.reason.kind, end.exit.signal],
      ['reason', 'stake-slashed', 'SIGKILL'],
    )
    assert.deepEqual(
      node.events.map(({type}) => type),
      ['restarting'],
    )
    await until('its Node is gone', () => isGone('worker-6'), 30_000)
    assert.deepEqual(await daasSecrets(), [])
    assert.equal((await openNodeState(node.dataDir).read())?.status, 'lost')
  })

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

  it('refuses whoever has not what it takes, each by its name', async () => {
    const {signer, address} = it1.world.people.operator
    const prepare = async (
      nodeId: string,
      ttlMs = 3_600_000n,
    ): Promise<{token: string; body: RegistrationBody}> => {
      const token = createSealToken()
      const call = {packageId: it1.cluster.packageId, cluster: it1.cluster.id}
      const {created} = await it1.execute('operator', (tx) =>
        stakeAndSeal(tx, {...call, tokenHash: hashSealToken(token), ttlMs, amount: 1_000_000_000n, nodeId}),
      )
      const idOf = (type: string): string => created.find((each) => each.type.endsWith(`::${type}`))!.objectId
      const body: RegistrationBody = {
        version: 1,
        cluster: it1.cluster.id,
        seal: idOf('SealToken'),
        stake: idOf('Stake'),
        nodeName: nodeId,
        address,
        tokenHash: hashSealTokenHex(token),
        labels: {},
        timestampMs: Date.now(),
        nonce: createNonce(),
      }
      return {token, body}
    }
    const send = async (token: string, body: RegistrationBody): Promise<string> => {
      const client = createListenerClient({
        urls: it1.cluster.listenerUrls,
        tlsPin: it1.cluster.listenerTlsPin,
        sealToken: token,
        signal: AbortSignal.timeout(20_000),
      })
      try {
        await client.register({body, signature: await signRegistration(signer, body)})
        return 'taken'
      } catch (error) {
        return String((error as {details?: {code?: string}}).details?.code)
      } finally {
        client.close()
      }
    }
    const fresh = (body: RegistrationBody, change: Partial<RegistrationBody> = {}): RegistrationBody => ({
      ...body,
      timestampMs: Date.now(),
      nonce: createNonce(),
      ...change,
    })
    const two = await prepare('worker-2')
    const wrongToken = createSealToken()
    assert.equal(
      await send(wrongToken, fresh(two.body, {tokenHash: hashSealTokenHex(wrongToken)})),
      'DAAS-L302',
    )
    // The name of another, and a second node on one stake, are the same to a stake that names its node.
    assert.equal(await send(two.token, fresh(two.body, {nodeName: 'worker-1'})), 'DAAS-L402')
    assert.equal(await send(two.token, fresh(two.body, {nodeName: 'worker-9'})), 'DAAS-L402')
    const same = await prepare('worker-1')
    assert.equal(await send(same.token, fresh(same.body)), 'DAAS-L404')
    const short = await prepare('worker-3', 1n)
    await delay(50)
    assert.equal(await send(short.token, fresh(short.body)), 'DAAS-L406')
    const once = fresh(two.body)
    assert.equal(await send(two.token, once), 'taken')
    assert.equal(await send(two.token, once), 'DAAS-L405')
    for (const name of ['worker-2', 'worker-3', 'worker-9']) assert.equal(await isGone(name), true)
  })

  it('draws a new token for the same seal where the id of the first belongs to another token', async () => {
    const {token, hash} = await it1.tokens.prepare()
    const {created} = await it1.execute('operator', (tx) =>
      stakeAndSeal(tx, {
        packageId: it1.cluster.packageId,
        cluster: it1.cluster.id,
        tokenHash: hash,
        ttlMs: 3_600_000n,
        amount: 1_000_000_000n,
        nodeId: 'worker-5',
      }),
    )
    const seal = created.find(({type}) => type.endsWith('::SealToken'))!.objectId
    await it1.tokens.settle(token, seal)
    const id = token.slice(0, 6)
    await createBootstrapToken(it1.admin, id, SECRET)
    // Who may make no seal is told.
    const without = it1.join('worker-5', {phases: selectPhases({skip: ['seal']})})
    await assert.rejects(without.run, (error: DaasError) => error.details?.code === 'DAAS-K104')
    assert.equal(await isGone('worker-5'), true)

    const node = it1.join('worker-5')
    assert.equal((await node.joined).seal, seal)
    const {data} = await it1.admin.json<{data: Record<string, string>}>({
      method: 'GET',
      path: `/api/v1/namespaces/kube-system/secrets/bootstrap-token-${id}`,
    })
    assert.equal(Buffer.from(data['token-secret']!, 'base64').toString(), SECRET)
    const {tokenHash} = await readSeal(it1.deps('admin').client, seal)
    const kept = await it1.tokens.find(seal, tokenHash)
    assert.notEqual(kept?.token.slice(0, 6), id)
    // Its heartbeats show the new token: with the old one they would be refused.
    const client = createListenerClient({
      urls: it1.cluster.listenerUrls,
      tlsPin: it1.cluster.listenerTlsPin,
      sealToken: kept!.token,
      signal: AbortSignal.timeout(20_000),
    })
    await until('it beats', async () => (await client.status('worker-5')).heartbeat !== undefined, 15_000)
    client.close()
    await node.stop()
  })

  it('starts no agent for a server with another CA than the chain names', async () => {
    const wrong = it1.join('worker-4', {cluster: {...it1.cluster, caHash: '0'.repeat(64)}})
    await assert.rejects(wrong.run, {code: 'DAAS-J102'})
    assert.equal(await isGone('worker-4'), true)
  })

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
