import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Transaction} from '@mysten/sui/transactions'
import {after, afterEach, before, beforeEach, describe, it} from 'mocha'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {K8sAPIRequest} from '../../../src/lib/contracts/generated/daas/k8s_gateway.ts'
import {readCluster, readSeal} from '../../../src/lib/contracts/reads.ts'
import {announceListener, setPaused} from '../../../src/lib/contracts/transactions/cluster.ts'
import {storeResponse} from '../../../src/lib/contracts/transactions/requests.ts'
import {stakeAndSealForUser} from '../../../src/lib/contracts/transactions/staking.ts'
import {createWorld, type World} from '../../../src/lib/devnet/world.ts'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {askGateway} from '../../../src/lib/gateway/ask.ts'
import {createGatewayChain} from '../../../src/lib/gateway/chain.ts'
import {createGateway, type Gateway} from '../../../src/lib/gateway/gateway.ts'
import {chunk, joinChunks} from '../../../src/lib/seal/chunks.ts'
import {openRequest} from '../../../src/lib/seal/envelope.ts'
import {createHpkeKeyPair} from '../../../src/lib/seal/hpke.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {streamEvents} from '../../../src/lib/sui/event-stream.ts'
import {executeTransaction} from '../../../src/lib/sui/execute.ts'
import {createFakeKube} from './support/fake-kube.ts'

const maps = '/api/v1/namespaces/default/configmaps'

describe('gateway on the chain of a devnet', function () {
  this.timeout(60_000)
  const ended = new AbortController()
  const batches: number[] = []
  const kube = createFakeKube()
  let dir: string
  let world: World
  let packageId: string
  let listening: Promise<void>
  let gateway: Gateway
  let seals: {all: string; reads: string}

  const execute = (person: 'admin' | 'listener' | 'user') => ({
    client: createSuiClient({url: world.devnet.url}),
    signer: world.people[person].signer,
    url: world.devnet.url,
    describeAbort: abortOf,
  })

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-gateway-chain-'))
    world = await createWorld({
      dir,
      kubernetes: 'none',
      clusterName: 'gateway-test',
      env: {},
      signal: ended.signal,
      logger: {debug: () => undefined, info: () => undefined, warn: () => undefined},
      checkpointIntervalMs: 20,
    })
    const cluster = await readCluster(execute('user').client, world.cluster.cluster)
    packageId = cluster.packageId
    const keys = await createHpkeKeyPair()
    const announcement = new Transaction()
    announceListener(announcement, {
      packageId,
      cluster: cluster.id,
      cap: world.cluster.listenerCap,
      listenerUrls: ['https://127.0.0.1:1'],
      hpkeKey: keys.publicKey,
      tlsPin: randomBytes(32),
      k3sUrl: 'https://127.0.0.1:1',
      caHash: new Uint8Array(),
      k3sVersion: 'v1.34.1+k3s1',
    })
    await executeTransaction(execute('listener'), announcement)
    const sealOf = async (amount: bigint): Promise<string> => {
      const tx = new Transaction()
      const tokenHash = randomBytes(32)
      stakeAndSealForUser(tx, {packageId, cluster: cluster.id, amount, tokenHash, ttlMs: 3_600_000n})
      const {created} = await executeTransaction(execute('user'), tx)
      return created.find(({type}) => type.endsWith('::SealToken'))?.objectId ?? ''
    }

    seals = {all: await sealOf(10_000_000_000n), reads: await sealOf(1_000_000_000n)}
    const subscribed = Promise.withResolvers<void>()
    listening = listen(keys.privateKey, subscribed.resolve)
    await subscribed.promise
  })

  after(async () => {
    ended.abort()
    await listening
    await world.close()
    await rm(dir, {recursive: true, force: true})
  })

  /** A listener in twenty lines: opens, asks the fake, answers on chain. */
  const listen = async (privateKey: Uint8Array, onSubscribed: () => void): Promise<void> => {
    const {client} = execute('listener')
    try {
      for await (const event of streamEvents({
        client,
        packageId,
        module: 'k8s_gateway',
        signal: ended.signal,
        onSubscribed,
      })) {
        if (event.name !== 'K8sAPIRequest') continue
        const request = K8sAPIRequest.parse(event.bcs)
        const opened = await openRequest({
          listenerPrivateKey: privateKey,
          aad: {requestId: Uint8Array.from(request.request_id), cluster: request.cluster, seal: request.seal},
          envelope: joinChunks(request.envelope),
        })
        const response = await kube.handle(opened.request)
        const body = await opened.sealResponse(response)
        const tx = new Transaction()
        storeResponse(tx, {
          packageId,
          cluster: request.cluster,
          request: request.request,
          cap: world.cluster.listenerCap,
          status: response.status,
          body: chunk(body),
          bodyHash: createHash('sha256').update(body).digest(),
          bodyLocation: '',
        })
        await executeTransaction(execute('listener'), tx)
      }
    } catch (error) {
      if (!ended.signal.aborted) throw error
    }
  }

  const chainOf = async (seal: string) => {
    const deps = execute('user')
    return createGatewayChain({
      execute: deps,
      url: world.devnet.url,
      cluster: {id: world.cluster.cluster, packageId, versionPackageId: packageId},
      seal: await readSeal(deps.client, seal),
    })
  }

  const start = async (seal: string): Promise<Gateway> =>
    createGateway(
      {
        chain: await chainOf(seal),
        sealToken: async () => 'abcdef.0123456789abcdef',
        onTransaction: (_batch, requests) => batches.push(requests),
      },
      {cacheDir: join(dir, 'cache')},
    )

  beforeEach(async () => {
    batches.length = 0
    gateway = await start(seals.all)
  })
  afterEach(async () => gateway.close())

  it('does not read again what was read just now, once', async () => {
    const {client} = execute('user')
    const first = {
      cluster: await readCluster(client, world.cluster.cluster),
      seal: await readSeal(client, seals.all),
    }
    const url = 'http://127.0.0.1:1'
    const nobody = {...execute('user'), client: createSuiClient({url}), url}
    const chain = createGatewayChain({execute: nobody, url, ...first, first})
    const {signal} = new AbortController()
    assert.equal((await chain.readCluster(signal)).id, first.cluster.id)
    assert.equal((await chain.readSeal(signal)).id, seals.all)
    await assert.rejects(chain.readCluster(signal), {name: 'DaasError'})
    await assert.rejects(chain.readSeal(signal), {name: 'DaasError'})
  })

  it('carries a write and a read, and tells what they cost', async () => {
    const body = {metadata: {name: 'a'}, data: {k: 'v'}}
    const created = await askGateway(gateway, {method: 'POST', path: maps, body})
    assert.equal(created.status, 201, created.text)
    assert.ok((created.gasMist ?? 0n) > 0n)
    const read = await askGateway(gateway, {path: `${maps}/a`})
    assert.deepEqual((JSON.parse(read.text) as {data: unknown}).data, {k: 'v'})
    assert.notEqual(read.digest, created.digest)
  })

  it('carries a request of several chunks', async () => {
    const path = '/api/v1/namespaces/default/secrets'
    kube.seen.length = 0
    const body = {data: {data: randomBytes(25_000).toString('base64')}}
    // The fake has no secrets, and its answer is short.
    assert.equal((await askGateway(gateway, {method: 'POST', path, body})).status, 404)
    assert.deepEqual(kube.seen, [`POST ${path}`])
  })

  it('names the request that the chain refused', async () => {
    const chain = await chainOf(seals.reads)
    const request = (verb: string, bytes: number) => ({
      requestId: randomBytes(16),
      verb,
      resource: 'secrets',
      namespace: 'default',
      envelope: randomBytes(bytes),
      priority: 2,
    })
    const batch = [request('get', 100), request('get', 20_000), request('delete', 100), request('list', 100)]
    await assert.rejects(chain.submit(batch, ended.signal), (error: unknown) => {
      assert.ok(error instanceof DaasError)
      assert.equal(error.errorName, 'MOVE_ABORT')
      const {abort, requestIndex} = error.details ?? {}
      assert.deepEqual({abort, requestIndex}, {abort: 'ERROR_NO_PERMISSION', requestIndex: 2})
      return true
    })
  })

  it('puts 12 requests at once into few transactions', async () => {
    const answers = await Promise.all(
      Array.from({length: 12}, () => askGateway(gateway, {path: `${maps}?limit=1`})),
    )
    assert.ok(answers.every(({status}) => status === 200))
    assert.equal(
      batches.reduce((sum, requests) => sum + requests, 0),
      12,
    )
    assert.ok(batches.length <= 6, `${batches.length} transactions`)
  })

  it('passes on what the chain refuses, before gas is spent', async () => {
    const reader = await start(seals.reads)
    const {client} = execute('user')
    const owner = world.people.user.address
    const balance = async () => (await client.getBalance({owner})).balance.balance
    try {
      const before = await balance()
      const paused = new Transaction()
      setPaused(paused, {
        packageId,
        cluster: world.cluster.cluster,
        cap: world.cluster.adminCap,
        paused: true,
      })
      await executeTransaction(execute('admin'), paused)
      const answer = await askGateway(reader, {path: maps})
      const {code, reason, details} = JSON.parse(answer.text) as {
        code: number
        reason: string
        details: {causes: unknown[]}
      }
      assert.deepEqual({code, reason}, {code: 503, reason: 'ServiceUnavailable'})
      assert.deepEqual(details.causes[0], {reason: 'DaasCode', message: 'DAAS-S112'})
      assert.equal(await balance(), before)
    } finally {
      const open = new Transaction()
      setPaused(open, {packageId, cluster: world.cluster.cluster, cap: world.cluster.adminCap, paused: false})
      await executeTransaction(execute('admin'), open)
      await reader.close()
    }
  })
})
