import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Transaction} from '@mysten/sui/transactions'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {readCluster, readSeal} from '../../../src/lib/contracts/reads.ts'
import {stakeAndSealForUser} from '../../../src/lib/contracts/transactions/staking.ts'
import {createWorld} from '../../../src/lib/devnet/world.ts'
import {askGateway} from '../../../src/lib/gateway/ask.ts'
import {createGatewayChain} from '../../../src/lib/gateway/chain.ts'
import {createGateway, type Gateway} from '../../../src/lib/gateway/gateway.ts'
import {openListener} from '../../../src/lib/listener/open-listener.ts'
import {createSealToken, hashSealToken} from '../../../src/lib/seal/token.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {executeTransaction} from '../../../src/lib/sui/execute.ts'
import {checkpointsOf} from '../../helpers/checkpoints.ts'
import {canariesIn, leavesOf, textCanary} from '../../helpers/haystack.ts'
import {type Mirrored, startMirror} from './support/mirror.ts'
import {createRandom, type Message, randomMessage} from './support/random-message.ts'

const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}
/** Say DAAS_TEST_SEED=<number> to see a failure again. */
const seed = Number(process.env.DAAS_TEST_SEED ?? randomBytes(4).readUInt32BE())
const MESSAGES = 64
const MANY_AT_ONCE = 32

/** HTTP, envelope, transaction, event, Kubernetes and back: all of it real but the API server's answers. */
describe(`any message through the chain (DAAS_TEST_SEED=${seed})`, function () {
  this.timeout(120_000)
  const closers: (() => unknown)[] = []
  /** In names, queries, headers and bodies of both directions: nowhere else may it be seen. */
  const mark = `canary${randomBytes(12).toString('hex')}`
  const seen = new Map<string, Mirrored[]>()
  let messages: Message[]
  let gateway: Gateway
  let dir: string
  let rpcUrl: string

  before(async () => {
    const ended = new AbortController()
    dir = await mkdtemp(join(tmpdir(), 'daas-any-message-'))
    closers.push(() => rm(dir, {recursive: true, force: true}))
    const random = createRandom(seed)
    messages = Array.from({length: MESSAGES}, (_, index) => randomMessage(random, index, mark))
    const world = await createWorld({
      dir,
      kubernetes: 'embedded',
      clusterName: 'any-message',
      env: process.env,
      signal: ended.signal,
      logger: quiet,
      checkpointIntervalMs: 20,
    })
    closers.push(() => world.close())
    const {devnet, cluster, people, kubernetes} = world
    rpcUrl = devnet.url
    const mirror = await startMirror(kubernetes?.kubeconfigFile ?? '', (request) => {
      const index = /[?&]n=(\d+)&mark=/.exec(request.url)?.[1]
      if (index === undefined) return undefined
      seen.set(index, [...(seen.get(index) ?? []), request])
      return messages[Number(index)]?.answer
    })
    closers.push(() => mirror.close())
    const kubeconfig = join(dir, 'mirror.yaml')
    await writeFile(kubeconfig, mirror.kubeconfig, {mode: 0o600})
    const client = createSuiClient({url: devnet.url})
    const listener = await openListener({
      client,
      signer: people.listener.signer,
      url: devnet.url,
      clusterId: cluster.cluster,
      stateDir: join(dir, 'listener'),
      kubeconfig,
      logger: quiet,
      signal: ended.signal,
    })
    await listener.start()
    closers.push(() => listener.close())

    const execute = {client, signer: people.user.signer, url: devnet.url, describeAbort: abortOf}
    const info = await readCluster(client, cluster.cluster)
    const token = createSealToken()
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
    const chain = createGatewayChain({
      execute,
      url: devnet.url,
      cluster: info,
      seal: await readSeal(client, id),
    })
    gateway = await createGateway({chain, sealToken: async () => token}, {cacheDir: join(dir, 'cache')})
    closers.push(() => gateway.close())
  })
  after(async () => {
    for (const closer of closers.reverse()) await closer()
  })

  it('arrives as it was sent, and so does its answer', async () => {
    const rest = [...messages.entries()]
    while (rest.length > 0)
      await Promise.all(rest.splice(0, MANY_AT_ONCE).map(([index, it]) => carry(index, it)))
  })

  async function carry(index: number, {method, path, headers, body, answer}: Message): Promise<void> {
    const got = await askGateway(gateway, {
      method,
      path,
      headers: {...headers},
      ...(body.length > 0 && {body}),
    })
    const what = `message ${index}, seed ${seed}: ${method} ${path}`
    const arrived = seen.get(String(index)) ?? []
    assert.equal(arrived.length, 1, `${what} was carried out once\n${got.status} ${got.text.slice(0, 500)}`)
    const [there] = arrived as [Mirrored]
    assert.deepEqual({method: there.method, url: there.url}, {method, url: path}, what)
    for (const [name, value] of Object.entries(headers))
      assert.equal(there.headers[name], value, `${what}, ${name}`)
    assert.ok(there.body.equals(body), `${what}: body of ${body.length}, there ${there.body.length}`)
    assert.equal(got.status, answer.status, `${what}\n${got.text.slice(0, 500)}`)
    for (const [name, value] of joined(answer.headers))
      assert.equal(got.headers[name], value, `${what}, ${name}`)
    assert.ok(
      answer.body.equals(got.body),
      `${what}: answer of ${answer.body.length}, here ${got.body.length}`,
    )
  }

  it('shows none of it on chain, nor in what gateway and listener leave behind', async () => {
    const canaries = [textCanary('the mark', mark)]
    const found: string[] = []
    let control = 0
    for await (const checkpoint of checkpointsOf(createSuiClient({url: rpcUrl}))) {
      for (const leaf of leavesOf(checkpoint)) {
        found.push(...canariesIn(leaf, canaries))
        if (Buffer.from(leaf).includes('mirror.test/things')) control += 1
      }
    }

    // What stands in clear for the chain to judge is found by the same search.
    assert.ok(control >= MESSAGES, `${control} of ${MESSAGES}`)
    const entries = await readdir(dir, {recursive: true, withFileTypes: true})
    for (const {parentPath, name} of entries.filter((entry) => entry.isFile())) {
      const file = join(parentPath, name)
      if (canariesIn(await readFile(file), canaries).length > 0) found.push(file)
    }

    assert.deepEqual(found, [])
  })
})

/** Name and value in turn, to what a client sees: repeated ones in one line. */
function joined(raw: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>()
  for (let index = 0; index < raw.length; index += 2) {
    const [name, value] = [raw[index]!, raw[index + 1]!]
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }

  return headers
}
