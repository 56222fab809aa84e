import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import type {IncomingMessage} from 'node:http'
import {request as httpsRequest} from 'node:https'
import type {Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {connect} from 'node:tls'
import {Transaction} from '@mysten/sui/transactions'
import {after, before, describe, it} from 'mocha'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {decodeEvent} from '../../../src/lib/contracts/events.ts'
import {readCluster, readSeal} from '../../../src/lib/contracts/reads.ts'
import {stakeAndSealForUser} from '../../../src/lib/contracts/transactions/staking.ts'
import {createWorld, type World} from '../../../src/lib/devnet/world.ts'
import {askGateway, openTunnel} from '../../../src/lib/gateway/ask.ts'
import {createGatewayChain} from '../../../src/lib/gateway/chain.ts'
import {createGateway, type Gateway} from '../../../src/lib/gateway/gateway.ts'
import {SESSION_ENDS} from '../../../src/lib/listener/chain-port.ts'
import type {Listener} from '../../../src/lib/listener/listener.ts'
import {openListener} from '../../../src/lib/listener/open-listener.ts'
import {createSealToken, hashSealToken} from '../../../src/lib/seal/token.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {streamEvents} from '../../../src/lib/sui/event-stream.ts'
import {executeTransaction} from '../../../src/lib/sui/execute.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}

describe('gateway, listener and embedded Kubernetes together', function () {
  this.timeout(60_000)
  const ended = new AbortController()
  const token = createSealToken()
  let dir: string
  let world: World
  let listener: Listener
  let gateway: Gateway
  let blobTokens = 0

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-gateway-story-'))
    world = await createWorld({
      dir,
      kubernetes: 'embedded',
      clusterName: 'gateway-story',
      env: process.env,
      signal: ended.signal,
      logger: quiet,
      checkpointIntervalMs: 20,
    })
    const {devnet, cluster, people, kubernetes} = world
    const client = createSuiClient({url: devnet.url})
    listener = await openListener({
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

    const execute = {client, signer: people.user.signer, url: devnet.url, describeAbort: abortOf}
    const info = await readCluster(client, cluster.cluster)
    const tx = new Transaction()
    stakeAndSealForUser(tx, {
      packageId: info.packageId,
      cluster: info.id,
      amount: 10_000_000_000n,
      tokenHash: hashSealToken(token),
      ttlMs: 3_600_000n,
    })
    const {created} = await executeTransaction(execute, tx)
    const id = created.find(({type}) => type.endsWith('::SealToken'))?.objectId ?? ''
    const seal = await readSeal(client, id)
    gateway = await createGateway(
      {
        chain: createGatewayChain({execute, url: devnet.url, cluster: info, seal}),
        sealToken: async () => {
          blobTokens += 1
          return token
        },
      },
      {cacheDir: join(dir, 'cache')},
    )
  })

  after(async () => {
    await gateway.close()
    await listener.close()
    ended.abort()
    await world.close()
    await rm(dir, {recursive: true, force: true})
  })

  it('writes, reads and deletes', async () => {
    const metadata = {name: 'hello'}
    const body = {apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {k: 'v'}}
    assert.equal((await askGateway(gateway, {method: 'POST', path: maps, body})).status, 201)
    const read = await askGateway(gateway, {path: `${maps}/hello`})
    assert.deepEqual((JSON.parse(read.text) as {data: unknown}).data, {k: 'v'})
    assert.equal((await askGateway(gateway, {method: 'DELETE', path: `${maps}/hello`})).status, 200)
    assert.equal((await askGateway(gateway, {path: `${maps}/hello`})).status, 404)
    assert.equal(blobTokens, 0)
  })

  it('fetches what is too large for the chain from the listener, by its hash', async () => {
    const values = Array.from({length: 3}, () => randomBytes(36_000).toString('base64'))
    for (const [index, value] of values.entries()) {
      const metadata = {name: `large-${index}`}
      const body = {apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {value}}
      assert.equal((await askGateway(gateway, {method: 'POST', path: maps, body})).status, 201)
    }

    const {text} = await askGateway(gateway, {path: maps})
    const {items} = JSON.parse(text) as {items: {metadata: {name: string}; data: {value: string}}[]}
    const large = items.filter(({metadata}) => metadata.name.startsWith('large-'))
    assert.deepEqual(
      large.map(({data}) => data.value),
      values,
    )
    assert.equal(blobTokens, 1)
  })

  it('passes a watch on as it happens, and leaves start and end of the session on chain', async () => {
    const client = createSuiClient({url: world.devnet.url})
    const ends = new AbortController()
    const subscribed = Promise.withResolvers<void>()
    const ended = (async () => {
      const {packageId} = await readCluster(client, world.cluster.cluster)
      const {signal} = ends
      for await (const event of streamEvents({client, packageId, signal, onSubscribed: subscribed.resolve})) {
        const decoded = decodeEvent(event)
        if (decoded?.$kind === 'SessionEnded') return decoded
      }

      return undefined
    })()
    await subscribed.promise
    const asked = new AbortController()
    const tunnel = await openTunnel(gateway)
    const socket = connect({socket: tunnel as Socket, ca: gateway.caPem, servername: gateway.serverName})
    const request = httpsRequest({
      createConnection: () => socket,
      path: `${maps}?watch=true&fieldSelector=metadata.name%3Dseen`,
      headers: {authorization: `Bearer ${gateway.token}`, accept: 'application/json'},
      signal: asked.signal,
    })
    request.on('error', () => undefined).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    response.on('error', () => undefined)
    assert.equal(response.statusCode, 200)
    let text = ''
    const {promise: both, resolve} = Promise.withResolvers<void>()
    response.on('data', (part: Buffer) => {
      text += part.toString()
      if (text.split('\n').length > 2) resolve()
    })
    const body = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'seen'}}
    assert.equal((await askGateway(gateway, {method: 'POST', path: maps, body})).status, 201)
    assert.equal((await askGateway(gateway, {method: 'DELETE', path: `${maps}/seen`})).status, 200)
    await both
    asked.abort()
    const end = await ended
    ends.abort()
    const types = text.match(/^\{"type":"\w+"/gm)
    assert.deepEqual(types, ['{"type":"ADDED"', '{"type":"DELETED"'])
    assert.equal(end?.cluster, world.cluster.cluster)
    assert.equal(SESSION_ENDS[end?.reason ?? -1], 'requester')
    assert.equal(end?.bytesIn, 0n)
    assert.ok((end?.bytesOut ?? 0n) > 100n)
  })

  it('leaves a request that is too large for the chain with the listener, its hash on chain', async () => {
    const value = randomBytes(675_000).toString('base64')
    const body = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'upload'}, data: {value}}
    const created = await askGateway(gateway, {method: 'POST', path: maps, body})
    assert.equal(created.status, 201, created.text.slice(0, 300))
    assert.ok((created.gasMist ?? 0n) > 0n)
    const read = await askGateway(gateway, {path: `${maps}/upload`})
    assert.equal((JSON.parse(read.text) as {data: {value: string}}).data.value, value)
    const huge = await askGateway(gateway, {method: 'POST', path: maps, body: randomBytes(4_000_000)})
    assert.equal(huge.status, 413)
  })

  it('is the user of the seal to the cluster', async () => {
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
    const body = {apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview'}
    const {status, text} = await askGateway(gateway, {method: 'POST', path, body})
    assert.equal(status, 201, text)
    const review = JSON.parse(text) as {status: {userInfo: {username: string}}}
    assert.equal(review.status.userInfo.username, `sui:${world.people.user.address}`)
  })
})
