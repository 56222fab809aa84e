import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import type {ChildProcess} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {Transaction} from '@mysten/sui/transactions'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {decodeEvent} from '../../../src/lib/contracts/events.ts'
import {readListenerCaps} from '../../../src/lib/contracts/heartbeat.ts'
import {findWorker, readCluster} from '../../../src/lib/contracts/reads.ts'
import type {ClusterInfo} from '../../../src/lib/contracts/reads.ts'
import {executeKubectl} from '../../../src/lib/contracts/transactions/requests.ts'
import {
  slashStake,
  stakeAndSeal,
  stakeAndSealForUser,
} from '../../../src/lib/contracts/transactions/staking.ts'
import {createWorld} from '../../../src/lib/devnet/world.ts'
import type {World} from '../../../src/lib/devnet/world.ts'
import {createListenerClient} from '../../../src/lib/k3s/register.ts'
import type {ListenerClient} from '../../../src/lib/k3s/register.ts'
import {createKubeHttp} from '../../../src/lib/kube/kube-http.ts'
import type {KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {loadKubeConfig} from '../../../src/lib/kube/kubeconfig.ts'
import type {Listener} from '../../../src/lib/listener/listener.ts'
import {openListener} from '../../../src/lib/listener/open-listener.ts'
import type {ListenerInfo} from '../../../src/lib/listener/settings.ts'
import {chunk, joinChunks} from '../../../src/lib/seal/chunks.ts'
import {sealRequest} from '../../../src/lib/seal/envelope.ts'
import type {KubeRequest, KubeResponse} from '../../../src/lib/seal/kube-message.ts'
import {createNonce, signRegistration} from '../../../src/lib/seal/registration.ts'
import {createSealToken, hashSealToken, hashSealTokenHex} from '../../../src/lib/seal/token.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {streamEvents} from '../../../src/lib/sui/event-stream.ts'
import {executeTransaction} from '../../../src/lib/sui/execute.ts'
import type {ExecuteDeps, ExecutedTx} from '../../../src/lib/sui/execute.ts'

const silent = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}
const nodePath = '/api/v1/nodes/worker-1'
const maps = '/api/v1/namespaces/default/configmaps'

async function eventually<T>(read: () => Promise<T | undefined>, what: string): Promise<T> {
  const deadline = performance.now() + 60_000
  for (;;) {
    const found = await read()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await sleep(50)
  }
}

/** Another one than the embedded: `binaries` takes a real API server and kubelet where they are built. */
const kubernetes = process.env.DAAS_TEST_KUBERNETES ?? 'embedded'

describe(`listener between a devnet and Kubernetes (${kubernetes})`, function () {
  this.timeout(180_000)
  const ended = new AbortController()
  const token = createSealToken()
  const agents = new Set<ChildProcess>()
  let dir: string
  let world: World
  let cluster: ClusterInfo
  let listener: Listener
  let info: ListenerInfo
  let client: ListenerClient
  let kube: KubeHttp
  let stake: string
  let seal: string

  const deps = (person: 'admin' | 'operator' | 'user'): ExecuteDeps => ({
    client: createSuiClient({url: world.devnet.url}),
    signer: world.people[person].signer,
    url: world.devnet.url,
    describeAbort: abortOf,
  })
  const execute = async (
    person: 'admin' | 'operator' | 'user',
    build: (tx: Transaction) => void,
  ): Promise<ExecutedTx> => {
    const tx = new Transaction()
    build(tx)
    return executeTransaction(deps(person), tx)
  }
  const call = () => ({packageId: cluster.packageId, cluster: cluster.id})
  const created = ({created: objects}: ExecutedTx, name: string): string =>
    objects.find(({type}) => type.endsWith(`::${name}`))!.objectId

  async function open(): Promise<void> {
    listener = await openListener({
      client: createSuiClient({url: world.devnet.url}),
      signer: world.people.listener.signer,
      url: world.devnet.url,
      clusterId: world.cluster.cluster,
      kubeconfig: world.kubernetes!.kubeconfigFile,
      stateDir: join(dir, 'listener'),
      pollMs: 100,
      evictionGraceMs: 100,
      logger: silent,
      signal: ended.signal,
    })
    info = await listener.start()
    client = createListenerClient({
      urls: info.urls,
      tlsPin: Buffer.from(info.tlsPin, 'hex'),
      sealToken: token,
      signal: ended.signal,
    })
  }

  function startAgent(): Promise<unknown> {
    const {joinPartner, url} = world.kubernetes!
    const args = ['agent', '--server', url, '--token-file', join(dir, 'token'), '--node-name', 'worker-1']
    args.push(
      ...joinPartner!.extraArgs,
      '--data-dir',
      join(dir, 'agent'),
      '--node-taint',
      'daas.io/unverified=true:NoSchedule',
    )
    const child = spawn(joinPartner!.bin, args, {env: {PATH: process.env.PATH}, stdio: 'ignore'})
    agents.add(child)
    return once(child, 'exit')
  }

  /** Gracefully: a real agent ends its containers and mounts. */
  async function stopAgents(): Promise<void> {
    for (const agent of agents) {
      agents.delete(agent)
      if (agent.exitCode !== null || agent.signalCode !== null) continue
      const exited = once(agent, 'exit')
      agent.kill('SIGTERM')
      await exited
    }
  }

  async function register(): Promise<void> {
    const {signer, address} = world.people.operator
    const body = {
      version: 1 as const,
      cluster: cluster.id,
      seal,
      stake,
      nodeName: 'worker-1',
      address,
      tokenHash: hashSealTokenHex(token),
      labels: {},
      timestampMs: Date.now(),
      nonce: createNonce(),
    }
    await client.register({body, signature: await signRegistration(signer, body)})
  }

  async function status(path: string): Promise<number> {
    return (await kube.call({method: 'GET', path})).status
  }

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-listener-chain-'))
    world = await createWorld({
      dir,
      kubernetes,
      clusterName: 'listener-test',
      env: process.env,
      signal: ended.signal,
      logger: silent,
      checkpointIntervalMs: 20,
    })
    kube = createKubeHttp(loadKubeConfig({file: world.kubernetes!.kubeconfigFile}))
    await open()
    cluster = await readCluster(deps('admin').client, world.cluster.cluster)
  })
  after(async () => {
    await stopAgents()
    client?.close()
    await listener?.close()
    kube?.close()
    ended.abort()
    await world?.close()
    await rm(dir, {recursive: true, force: true})
  })

  it('announces itself on chain', async () => {
    assert.deepEqual(cluster.listenerUrls, info.urls)
    assert.equal(Buffer.from(cluster.listenerTlsPin).toString('hex'), info.tlsPin)
    assert.equal(cluster.listenerHpkeKey.length, 32)
    assert.equal(cluster.caHash, world.kubernetes!.caHash)
    assert.equal(cluster.k3sUrl, world.kubernetes!.url)
    const [cap] = await readListenerCaps(deps('admin').client, cluster)
    assert.equal(cap?.status, 'serving')
    assert.ok(cap.lastHeartbeatMs >= cluster.announcedAtMs)
  })

  it('lets a staked worker in: its token once, its node, its place on chain', async () => {
    const params = {tokenHash: hashSealToken(token), ttlMs: 3_600_000n, amount: 1_000_000_000n}
    const executed = await execute('operator', (tx) =>
      stakeAndSeal(tx, {...call(), ...params, nodeId: 'worker-1'}),
    )
    stake = created(executed, 'Stake')
    seal = created(executed, 'SealToken')
    await register()
    const secret = `/api/v1/namespaces/kube-system/secrets/bootstrap-token-${token.slice(0, 6)}`
    assert.equal(await status(secret), 200)
    await writeFile(join(dir, 'token'), `K10${world.kubernetes!.caHash}::${token}\n`, {mode: 0o600})
    startAgent().catch(assert.ifError)
    await eventually(
      async () => ((await client.status('worker-1')).registered ? true : undefined),
      'the join',
    )
    assert.deepEqual(await client.status('worker-1'), {
      nodeName: 'worker-1',
      registered: true,
      nodeReady: true,
      evicted: false,
    })
    await client.heartbeat('worker-1')
    assert.equal(await status(secret), 404)
    const node = await kube.json<{spec: {taints?: {key: string}[]}}>({method: 'GET', path: nodePath})
    assert.equal(node.spec.taints?.some(({key}) => key === 'daas.io/unverified') ?? false, false)
    const worker = await findWorker(deps('admin').client, cluster, 'worker-1')
    assert.equal(worker?.stake, stake)
    assert.equal(worker?.seal, seal)
  })

  describe('carries kubectl requests out', () => {
    interface Asker {
      seal: string
      stake: string
    }
    /** Stakes 10 SUI: may do everything. */
    let chief: Asker
    /** Stakes 5 SUI: reads everything, writes nodes, pods and config maps. */
    let editor: Asker

    before(async () => {
      const asker = async (amount: bigint): Promise<Asker> => {
        const params = {tokenHash: randomBytes(32), ttlMs: 3_600_000n, amount}
        const executed = await execute('user', (tx) => stakeAndSealForUser(tx, {...call(), ...params}))
        return {stake: created(executed, 'Stake'), seal: created(executed, 'SealToken')}
      }
      chief = await asker(10_000_000_000n)
      editor = await asker(5_000_000_000n)
    })

    async function ask(
      clear: {verb: string; resource: string; namespace: string},
      wanted: Partial<KubeRequest> & {path: string},
      asker = chief,
    ): Promise<KubeResponse> {
      const requestId = randomBytes(16)
      const request = {
        method: 'GET',
        headers: {accept: 'application/json'},
        body: new Uint8Array(),
        ...wanted,
      }
      const aad = {requestId, cluster: cluster.id, seal: asker.seal}
      const sealed = await sealRequest({listenerPublicKey: cluster.listenerHpkeKey, aad, request})
      const stop = new AbortController()
      const subscribed = Promise.withResolvers<void>()
      const answer = (async () => {
        const {packageId} = cluster
        const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)])
        const client = createSuiClient({url: world.devnet.url})
        for await (const event of streamEvents({
          client,
          packageId,
          signal,
          onSubscribed: subscribed.resolve,
        })) {
          const decoded = decodeEvent(event)
          if (
            decoded?.$kind === 'K8sRequestProcessed' &&
            Buffer.compare(decoded.requestId, requestId) === 0
          ) {
            return decoded
          }
        }

        throw new Error('no answer')
      })()
      await subscribed.promise
      const envelope = chunk(sealed.envelope)
      await execute('user', (tx) =>
        executeKubectl(tx, {
          ...call(),
          ...clear,
          seal: asker.seal,
          stake: asker.stake,
          requestId,
          envelope,
          priority: 0,
        }),
      )
      const {body} = await answer
      stop.abort()
      return sealed.openResponse(joinChunks(body))
    }

    it('reads and writes', async () => {
      const nodes = await ask({verb: 'list', resource: 'nodes', namespace: ''}, {path: '/api/v1/nodes'})
      assert.equal(nodes.status, 200)
      assert.ok(new TextDecoder().decode(nodes.body).includes('"worker-1"'))
      const body = new TextEncoder().encode(
        JSON.stringify({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'c'}, data: {a: 'b'}}),
      )
      const clear = {verb: 'create', resource: 'configmaps', namespace: 'default'}
      const headers = {'content-type': 'application/json'}
      assert.equal((await ask(clear, {method: 'POST', path: maps, headers, body})).status, 201)
      assert.equal((await ask(clear, {method: 'POST', path: maps, headers, body})).status, 409)
      assert.deepEqual((await kube.json<{data: unknown}>({method: 'GET', path: `${maps}/c`})).data, {a: 'b'})
    })

    it('only as far as Kubernetes lets the requester', async () => {
      const create = async (namespace: string, name: string): Promise<number> => {
        const body = JSON.stringify({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}})
        const clear = {verb: 'create', resource: 'configmaps', namespace}
        const headers = {'content-type': 'application/json'}
        const path = `/api/v1/namespaces/${namespace}/configmaps`
        return (await ask(clear, {method: 'POST', path, headers, body: Buffer.from(body)}, editor)).status
      }
      assert.equal(await create('default', 'of-the-editor'), 201)
      assert.equal(await create('kube-system', 'of-the-editor'), 403)
      const namespace = 'kube-system'
      const list = {path: `/api/v1/namespaces/${namespace}/configmaps/daas-nodes`}
      const patch = {method: 'PATCH', headers: {'content-type': 'application/merge-patch+json'}}
      const body = Buffer.from('{"data":{"mine":"adopted"}}')
      const clear = {verb: 'patch', resource: 'configmaps', namespace}
      assert.equal((await ask(clear, {...list, ...patch, body}, editor)).status, 403)
      const secrets = {verb: 'list', resource: 'secrets', namespace}
      const path = `/api/v1/namespaces/${namespace}/secrets`
      assert.equal((await ask(secrets, {path}, editor)).status, 403)
      assert.equal((await ask(secrets, {path})).status, 200)
    })

    it('and none that pretends to be another', async () => {
      const clear = {verb: 'get', resource: 'configmaps', namespace: 'default'}
      assert.equal((await ask(clear, {method: 'DELETE', path: `${maps}/c`})).status, 403)
      assert.equal(await status(`${maps}/c`), 200)
    })
  })

  // Suites inside run after the tests of this one: what comes last stands in one of its own.
  describe('in the end', () => {
    it('keeps the secret out of its files', async () => {
      const secret = token.slice(7)
      for (const file of await readdir(join(dir, 'listener'), {recursive: true, withFileTypes: true})) {
        if (!file.isFile()) continue
        assert.equal((await readFile(join(file.parentPath, file.name))).includes(secret), false, file.name)
      }
    })

    it('throws a slashed worker out, after a restart in between, and does not let it back', async () => {
      client.close()
      await listener.close()
      await execute('admin', (tx) =>
        slashStake(tx, {...call(), cap: world.cluster.adminCap, stake, reason: 'tested'}),
      )
      await open()
      await eventually(async () => ((await status(nodePath)) === 404 ? true : undefined), 'the node to go')
      const worker = await eventually(async () => {
        const found = await findWorker(deps('admin').client, cluster, 'worker-1')
        return found?.status === 3 ? found : undefined
      }, 'the eviction on chain')
      assert.equal(worker.stake, stake)
      const {evicted, reason} = await client.status('worker-1')
      assert.deepEqual({evicted, reason}, {evicted: true, reason: 'stake slashed'})
      await assert.rejects(register(), (error: {details?: {code?: string}}) => {
        assert.equal(error.details?.code, 'DAAS-L402')
        return true
      })
      await stopAgents()
      // With what it still holds, a client certificate among it, the agent cannot bring its Node back.
      await Promise.race([startAgent(), sleep(3000)])
      assert.equal(await status(nodePath), 404)
    })
  })
})
