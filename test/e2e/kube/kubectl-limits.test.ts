import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import PQueue from 'p-queue'
import {askGateway} from '../../../src/lib/gateway/ask.ts'
import type {KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {type KubectlUser, type KubectlWorld, startKubectlWorld} from './kubectl-world.ts'

interface ConfigMapList {
  items: {metadata: {name: string}; data: {value: string}}[]
}

/** Makes many objects as the administrator, a few at a time. */
async function createMany(admin: KubeHttp, path: string, bodies: Iterable<object>): Promise<void> {
  const queue = new PQueue({concurrency: 8})
  for (const body of bodies) void queue.add(() => admin.json({method: 'POST', path, body}))
  await queue.onIdle()
}

async function createNamespace(admin: KubeHttp, name: string): Promise<string> {
  await admin.json({method: 'POST', path: '/api/v1/namespaces', body: {metadata: {name}}})
  return `/api/v1/namespaces/${name}`
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('much of it through the chain', function () {
  this.timeout(120_000)
  let world: KubectlWorld
  let user: KubectlUser

  before(async function () {
    world = await startKubectlWorld(this)
    // What is looked for here is not how fast the machine is.
    user = await world.user('user', 10_000_000_000n, {timeoutMs: 90_000, priority: 1})
  })
  after(() => world?.close())

  it('lists 1,000 pods by pages, as without a chain', async () => {
    const path = await createNamespace(world.admin, 'crowd')
    await world.admin.json({
      method: 'POST',
      path: `${path}/serviceaccounts`,
      body: {metadata: {name: 'robot'}},
    })
    const pods = Array.from({length: 1000}, (_, index) => ({
      metadata: {name: `pod-${index}`, labels: {parity: index % 2 === 0 ? 'even' : 'odd'}},
      spec: {serviceAccountName: 'robot', containers: [{name: 'c', image: 'none'}]},
    }))
    await createMany(world.admin, `${path}/pods`, pods)
    for (const args of [
      ['get', 'pods', '-n', 'crowd', '-o', 'name'],
      ['get', 'pods', '-n', 'crowd', '-o', 'name', '--chunk-size=250'],
      ['get', 'pods', '-n', 'crowd', '-o', 'name', '-l', 'parity=odd', '--chunk-size=0'],
    ]) {
      const [direct, chain] = await Promise.all([user.direct(args), user.chain(args)])
      assert.deepEqual(chain, direct)
    }

    const page = JSON.parse((await askGateway(user.gateway, {path: `${path}/pods?limit=10`})).text) as {
      metadata: {continue: string; remainingItemCount: number}
    }
    assert.equal(page.metadata.remainingItemCount, 990)
    const expired = await askGateway(user.gateway, {path: `${path}/pods?limit=10&continue=nonsense`})
    assert.equal(expired.status, 400)
  })

  it('carries a ConfigMap of 900 KB both ways', async () => {
    const path = await createNamespace(world.admin, 'large')
    const file = join(world.dir, 'large.bin')
    await writeFile(file, randomBytes(675_000))
    const create = ['create', 'configmap', 'large', '-n', 'large', `--from-file=bytes=${file}`]
    const created = await user.chain(create)
    assert.deepEqual(created, {exitCode: 0, stdout: 'configmap/large created\n', stderr: ''})
    const get = ['get', 'configmap', 'large', '-n', 'large', '-o', 'json']
    const [direct, chain] = await Promise.all([user.direct(get), user.chain(get)])
    assert.ok(direct.stdout.length > 900_000)
    assert.equal(digestOf(chain.stdout), digestOf(direct.stdout))
    await world.admin.call({method: 'DELETE', path: `${path}/configmaps/large`})
  })

  it('refuses a request that is larger than Kubernetes takes: 413', async () => {
    const body = {metadata: {name: 'huge'}, data: {value: randomBytes(3_000_000).toString('base64')}}
    const path = '/api/v1/namespaces/default/configmaps'
    const answer = await askGateway(user.gateway, {method: 'POST', path, body})
    assert.equal(answer.status, 413, answer.text.slice(0, 300))
  })

  it('answers 200 requests that come at once, in few transactions', async () => {
    const path = await createNamespace(world.admin, 'many')
    const before = {...user.sent}
    const answers = await Promise.all(
      Array.from({length: 200}, (_, index) =>
        askGateway(user.gateway, {
          method: 'POST',
          path: `${path}/configmaps`,
          body: {metadata: {name: `m${index}`}, data: {index: String(index)}},
        }),
      ),
    )
    assert.deepEqual(
      answers.filter(({status}) => status !== 201).map(({text}) => text),
      [],
    )
    const {items} = JSON.parse((await askGateway(user.gateway, {path: `${path}/configmaps`})).text) as {
      items: unknown[]
    }
    // kube-root-ca.crt is there of itself.
    assert.ok(items.length >= 200)
    assert.equal(user.sent.requests - before.requests, 201)
    const transactions = user.sent.transactions - before.transactions
    process.stdout.write(`      200 requests in ${transactions - 1} transactions\n`)
    assert.ok(transactions < 100)
  })

  it('answers 20 kubectl that start at once', async () => {
    const runs = await Promise.all(
      Array.from({length: 20}, (_, index) =>
        user.chain(['get', 'cm', `m${index}`, '-n', 'many', '-o', 'name']),
      ),
    )
    assert.deepEqual(
      runs.map(({stdout}) => stdout),
      runs.map((_, index) => `configmap/m${index}\n`),
    )
  })

  it('serves two terminals of one user at once', async () => {
    const other = await user.again()
    const path = '/api/v1/namespaces/many/configmaps'
    const answers = await Promise.all(
      Array.from({length: 30}, (_, index) =>
        askGateway((index % 2 === 0 ? user : other).gateway, {path: `${path}/m${index}`}),
      ),
    )
    assert.deepEqual(
      answers.filter(({status}) => status !== 200).map(({text}) => text),
      [],
    )
  })

  it('lists 50 MB through a blob, in bounded memory; refuses more than 64 MiB: 413', async () => {
    const path = `${await createNamespace(world.admin, 'heavy')}/configmaps`
    const filler = randomBytes(690_000).toString('base64')
    function* maps(from: number, to: number): Iterable<object> {
      for (let index = from; index < to; index += 1) {
        yield {metadata: {name: `h${index}`}, data: {value: `${index}${filler}`}}
      }
    }

    await createMany(world.admin, path, maps(0, 55))
    const before = process.memoryUsage().rss
    const began = performance.now()
    const answer = await askGateway(user.gateway, {path})
    const seconds = (performance.now() - began) / 1000
    assert.equal(answer.status, 200, answer.text.slice(0, 300))
    const {items} = JSON.parse(answer.text) as ConfigMapList
    assert.equal(items.filter(({data}) => data.value?.endsWith(filler)).length, 55)
    const grown = (process.memoryUsage().rss - before) / 1e6
    process.stdout.write(
      `      ${(answer.body.length / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s, ${grown.toFixed(0)} MB more memory\n`,
    )
    // API, devnet, listener, gateway and client are this one process: each holds it once or twice.
    assert.ok(grown < 1000)
    await createMany(world.admin, path, maps(55, 76))
    // Metadata alone fits: all of them are there before the whole is asked for.
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
    const {body} = await world.admin.call({method: 'GET', path, headers: {accept}})
    const {items: all} = JSON.parse(Buffer.from(body).toString()) as {items: {metadata: {name: string}}[]}
    assert.equal(all.filter(({metadata}) => /^h\d+$/.test(metadata.name)).length, 76)
    const refused = await askGateway(user.gateway, {path})
    const seen = refused.status === 200 ? (JSON.parse(refused.text) as ConfigMapList).items.length : 0
    assert.deepEqual([refused.status, seen], [413, 0])
    const paged = await askGateway(user.gateway, {path: `${path}?limit=50`})
    assert.equal(paged.status, 200)
  })
})
