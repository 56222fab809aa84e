import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {catalogue} from '../../../src/lib/errors/daas-error.ts'
import type {ErrorName} from '../../../src/lib/errors/daas-error.ts'
import {createNonce, registrationAnswerSchema, signRegistration} from '../../../src/lib/seal/registration.ts'
import {createSealToken, hashSealToken, hashSealTokenHex} from '../../../src/lib/seal/token.ts'
import {startWorld, until} from './world.ts'
import type {TestAnswer, World} from './world.ts'

const list = '/api/v1/namespaces/kube-system/configmaps/daas-nodes'
const secrets = '/api/v1/namespaces/kube-system/secrets'

function refused(answer: TestAnswer, status: number, name: ErrorName): void {
  assert.deepEqual(
    {status: answer.status, code: answer.json.error?.code},
    {status, code: catalogue[name].code},
  )
}

describe('registration at the listener', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld()
  })
  afterEach(() => world.close())

  const allowed = (): unknown => world.kube.objects.get(list)?.data
  const hasSecret = (token: string): boolean =>
    world.kube.objects.has(`${secrets}/bootstrap-token-${token.slice(0, 6)}`)

  it('admits a worker: Secret, allow-list, answer; then its Node: no Secret, no taint, on chain', async () => {
    const worker = world.stakeAndSeal('w1')
    const answer = await world.register(worker)
    assert.equal(answer.status, 201)
    const {tokenExpiresAt, ...rest} = registrationAnswerSchema.parse(answer.json)
    assert.deepEqual(rest, {
      version: 1,
      serverUrl: 'https://k3s.example:6443',
      caHash: 'ab'.repeat(32),
      k3sVersion: 'v1.34.1+k3s1',
      nodeName: 'w1',
      labels: {'daas.io/zone': 'a', 'daas.io/stake': worker.body.stake.slice(2, 18)},
      taints: ['daas.io/unverified=true:NoSchedule'],
    })
    assert.equal(Date.parse(tokenExpiresAt), world.time.nowMs + 3_600_000)
    assert.equal(hasSecret(worker.token), true)
    assert.deepEqual(allowed(), {w1: worker.body.stake})
    const path = '/v1/workers/w1'
    assert.deepEqual((await world.ask('GET', path, worker.token)).json, {
      nodeName: 'w1',
      registered: false,
      nodeReady: false,
      evicted: false,
    })

    world.nodeReady('w1')
    await until(() => world.chain.workers.has(worker.body.stake), 'the worker on chain')
    await until(
      () => (world.kube.objects.get('/api/v1/nodes/w1')?.spec as {taints?: unknown}).taints === undefined,
      'no taint',
    )
    assert.equal(hasSecret(worker.token), false)
    await until(() => world.logs.some((line) => line.startsWith('worker registered')), 'the journal')
    assert.deepEqual((await world.ask('GET', path, worker.token)).json, {
      nodeName: 'w1',
      registered: true,
      nodeReady: true,
      evicted: false,
    })
    assert.equal((await world.ask('POST', `${path}/heartbeat`, worker.token)).status, 200)
  })

  it('takes the same worker again', async () => {
    const worker = world.stakeAndSeal('w1')
    assert.equal((await world.register(worker)).status, 201)
    assert.equal((await world.register(worker)).status, 200)
    const [one, two] = await Promise.all([world.register(worker), world.register(worker)])
    assert.deepEqual([one.status, two.status], [200, 200])
  })

  it('leaves a node of which it lost the journal on the list where its new registration fails', async () => {
    const worker = world.stakeAndSeal('w1')
    const {stake} = worker.body
    world.kube.put(list, {data: {w1: stake}})
    world.nodeReady('w1')
    const other = `${secrets}/bootstrap-token-${worker.token.slice(0, 6)}`
    world.kube.put(other, {data: {'token-secret': 'b3RoZXI='}})
    refused(await world.register(worker), 409, 'BOOTSTRAP_TOKEN_TAKEN')
    assert.deepEqual(allowed(), {w1: stake})
    assert.equal(world.kube.objects.has(other), true)
    world.kube.objects.delete(other)
    assert.equal((await world.register(worker)).status, 201)
    // One that was not on it is not afterwards either.
    const stranger = world.stakeAndSeal('w2')
    world.kube.put(`${secrets}/bootstrap-token-${stranger.token.slice(0, 6)}`, {data: {}})
    refused(await world.register(stranger), 409, 'BOOTSTRAP_TOKEN_TAKEN')
    assert.deepEqual(allowed(), {w1: stake})
  })

  it('keeps the Secret of a re-registration until the kubelet shows that it lives', async () => {
    const worker = world.stakeAndSeal('w1')
    const lease = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/w1'
    await world.register(worker)
    world.nodeReady('w1')
    world.kube.put(lease, {spec: {renewTime: 1}})
    await until(() => !hasSecret(worker.token), 'the first join')
    await until(() => world.logs.some((line) => line.startsWith('worker registered')), 'the journal')
    await world.register(worker)
    const looks = world.kube.calls.length
    await until(() => world.kube.calls.length > looks + 10, 'some looks')
    assert.equal(hasSecret(worker.token), true)
    world.kube.put(lease, {spec: {renewTime: 2}})
    await until(() => !hasSecret(worker.token), 'the second join')
  })

  describe('refuses', () => {
    it('a bad signature', async () => {
      const worker = world.stakeAndSeal('w1')
      const other = await signRegistration(new Ed25519Keypair(), worker.body)
      refused(await world.register(worker, {signature: other}), 401, 'REGISTRATION_SIGNATURE_INVALID')
    })

    it('a stale one, in both directions', async () => {
      const worker = world.stakeAndSeal('w1')
      for (const offMs of [-60_001, 60_001]) {
        const body = {timestampMs: world.time.nowMs + offMs}
        refused(await world.register(worker, {body}), 400, 'REGISTRATION_STALE')
      }
    })

    it('a replayed one, also after a restart', async () => {
      const worker = world.stakeAndSeal('w1')
      const body = {timestampMs: world.time.nowMs, nonce: createNonce()}
      assert.equal((await world.register(worker, {body})).status, 201)
      refused(await world.register(worker, {body}), 409, 'REGISTRATION_REPLAYED')
      await world.restart()
      refused(await world.register(worker, {body}), 409, 'REGISTRATION_REPLAYED')
    })

    it('no token, a malformed one, a wrong one', async () => {
      const worker = world.stakeAndSeal('w1')
      refused(await world.ask('POST', '/v1/workers', undefined, {}), 401, 'REGISTRATION_TOKEN_MISSING')
      refused(await world.register(worker, {token: 'nonsense'}), 401, 'SEAL_TOKEN_INVALID')
      refused(await world.register(worker, {token: createSealToken()}), 401, 'REGISTRATION_TOKEN_WRONG')
    })

    it('a token that is not the one on chain', async () => {
      const worker = world.stakeAndSeal('w1')
      const token = createSealToken()
      const body = {tokenHash: hashSealTokenHex(token)}
      refused(await world.register(worker, {token, body}), 401, 'REGISTRATION_TOKEN_WRONG')
    })

    it('a seal that expired, was revoked, is unknown, of another owner, stake, kind or cluster', async () => {
      const worker = world.stakeAndSeal('w1')
      const seal = world.chain.seals.get(worker.body.seal)!
      const set = (change: Partial<typeof seal>): unknown =>
        world.chain.seals.set(seal.id, {...seal, ...change})
      set({expiresAtMs: world.time.nowMs})
      refused(await world.register(worker), 410, 'REGISTRATION_SEAL_EXPIRED')
      const other = `0x${'9'.repeat(64)}`
      const unfit: Partial<typeof seal>[] = [
        {revoked: true},
        {owner: other},
        {stake: other},
        {kind: 'user'},
        {cluster: other},
      ]
      for (const change of unfit) {
        set(change)
        refused(await world.register(worker), 403, 'REGISTRATION_SEAL_UNFIT')
      }

      world.chain.seals.clear()
      refused(await world.register(worker), 403, 'REGISTRATION_SEAL_UNFIT')
    })

    it('a stake that is too small, slashed, unbonding, gone, of another owner, kind, cluster or node', async () => {
      const worker = world.stakeAndSeal('w1')
      const stake = world.chain.stakes.get(worker.body.stake)!
      const other = `0x${'9'.repeat(64)}`
      const unfit: Partial<typeof stake>[] = [
        {amountMist: 999_999_999n},
        {status: 'slashed'},
        {status: 'unbonding'},
        {staker: other},
        {type: 'user'},
        {cluster: other},
        {nodeId: 'w2'},
      ]
      for (const change of unfit) {
        world.chain.stakes.set(stake.id, {...stake, ...change})
        refused(await world.register(worker), 403, 'REGISTRATION_STAKE_UNFIT')
      }

      world.chain.stakes.clear()
      refused(await world.register(worker), 403, 'REGISTRATION_STAKE_UNFIT')
    })

    it('a name of another stake, of an adopted node, of a Node, or one that the chain gave away', async () => {
      await world.register(world.stakeAndSeal('w1'))
      refused(await world.register(world.stakeAndSeal('w1')), 409, 'REGISTRATION_NAME_TAKEN')
      world.kube.put(list, {data: {server: 'adopted'}})
      refused(await world.register(world.stakeAndSeal('server')), 409, 'REGISTRATION_NAME_TAKEN')
      world.nodeReady('plain')
      refused(await world.register(world.stakeAndSeal('plain')), 409, 'REGISTRATION_NAME_TAKEN')
      const before = world.stakeAndSeal('given')
      world.chain.workers.set(before.body.stake, {id: '0x1', evicted: true, name: 'given'})
      refused(await world.register(world.stakeAndSeal('given')), 409, 'REGISTRATION_NAME_TAKEN')
      refused(await world.register(before), 403, 'REGISTRATION_EVICTED')
    })

    it('a token id that another token has, whoever made that, and leaves it alone', async () => {
      const worker = world.stakeAndSeal('w1')
      const taken = `${secrets}/bootstrap-token-${worker.token.slice(0, 6)}`
      world.kube.put(taken, {data: {'token-secret': 'eHg='}})
      refused(await world.register(worker), 409, 'BOOTSTRAP_TOKEN_TAKEN')
      assert.deepEqual(allowed(), {})
      assert.equal(world.kube.objects.has(taken), true)
      // Of another worker that is on its way: it must not lose its token to the one who came later.
      const early = world.stakeAndSeal('w2')
      assert.equal((await world.register(early)).status, 201)
      const late = world.stakeAndSeal('w3')
      const token = `${early.token.slice(0, 7)}${late.token.slice(7)}`
      world.chain.seals.get(late.body.seal)!.tokenHash = hashSealToken(token)
      const body = {tokenHash: hashSealTokenHex(token)}
      refused(await world.register(late, {token, body}), 409, 'BOOTSTRAP_TOKEN_TAKEN')
      assert.equal(world.kube.objects.has(`${secrets}/bootstrap-token-${early.token.slice(0, 6)}`), true)
      // With another token it comes in.
      world.chain.seals.get(late.body.seal)!.tokenHash = hashSealToken(late.token)
      assert.equal((await world.register(late)).status, 201)
    })

    it('another cluster, and all while the cluster is paused', async () => {
      const worker = world.stakeAndSeal('w1')
      const body = {cluster: `0x${'9'.repeat(64)}`}
      refused(await world.register(worker, {body}), 400, 'REGISTRATION_CLUSTER_WRONG')
      world.chain.cluster.paused = true
      refused(await world.register(worker), 503, 'REGISTRATION_CLUSTER_PAUSED')
    })

    it('what is no registration, or too large', async () => {
      const {token} = world.stakeAndSeal('w1')
      for (const body of ['no json', {}, {body: {}, signature: ''}, 'x'.repeat(20_000)]) {
        refused(await world.ask('POST', '/v1/workers', token, body), 400, 'REGISTRATION_MALFORMED')
      }

      assert.equal((await world.ask('GET', '/v1/nothing', token)).status, 404)
    })

    it('strangers who ask for a worker', async () => {
      const worker = world.stakeAndSeal('w1')
      await world.register(worker)
      for (const [method, path] of [
        ['GET', '/v1/workers/w1'],
        ['POST', '/v1/workers/w1/heartbeat'],
      ] as const) {
        refused(await world.ask(method, path), 401, 'REGISTRATION_TOKEN_MISSING')
        refused(await world.ask(method, path, createSealToken()), 401, 'REGISTRATION_TOKEN_WRONG')
      }

      refused(await world.ask('GET', '/v1/workers/w2', worker.token), 404, 'WORKER_UNKNOWN')
    })

    it('with 503 and no detail when the cluster does not answer', async () => {
      const worker = world.stakeAndSeal('w1')
      world.kube.intercept = () => ({status: 500, body: {message: 'internal canary'}})
      const answer = await world.register(worker)
      refused(answer, 503, 'LISTENER_BUSY')
      assert.equal(answer.bytes.includes('canary'), false)
      world.kube.intercept = () => undefined
      assert.equal((await world.register(worker)).status, 201)
    })
  })

  it('limits how often an address may ask', async () => {
    const limited = await startWorld({rateLimit: {burst: 2, perSecond: 1}})
    try {
      const worker = limited.stakeAndSeal('w1')
      assert.equal((await limited.register(worker)).status, 201)
      assert.equal((await limited.register(worker)).status, 200)
      refused(await limited.register(worker), 429, 'REGISTRATION_TOO_OFTEN')
      assert.equal((await limited.ask('GET', '/livez')).status, 200)
      limited.time.nowMs += 1000
      assert.equal((await limited.register(worker)).status, 200)
    } finally {
      await limited.close()
    }
  })

  it('notices a slash that came while it was judging', async () => {
    const worker = world.stakeAndSeal('w1')
    let reads = 0
    const read = world.chain.readStake
    world.chain.readStake = async (id, signal) => {
      if (++reads === 2) world.chain.stakes.get(id)!.status = 'slashed'
      return read(id, signal)
    }
    refused(await world.register(worker), 403, 'REGISTRATION_STAKE_UNFIT')
    assert.equal(hasSecret(worker.token), false)
    assert.deepEqual(allowed(), {})
  })

  it('forgets a worker whose Node never came', async () => {
    const worker = world.stakeAndSeal('w1')
    await world.register(worker)
    world.time.nowMs += 3_600_001
    await until(() => world.logs.some((line) => line.startsWith('registration lapsed')), 'the lapse')
    assert.equal(hasSecret(worker.token), false)
    assert.deepEqual(allowed(), {})
    assert.equal((await world.register(world.stakeAndSeal('w1'))).status, 201)
  })

  it('evicts a worker that the chain refuses', async () => {
    const {daasError} = await import('../../../src/lib/errors/daas-error.ts')
    const worker = world.stakeAndSeal('w1')
    world.chain.before = (what) => {
      if (what === 'register')
        throw daasError('MOVE_ABORT', {module: 'm', name: 'E', sentence: 's', next: 'n'})
    }
    await world.register(worker)
    world.nodeReady('w1')
    await until(() => world.logs.some((line) => line.startsWith('worker evicted')), 'the eviction')
    assert.deepEqual(allowed(), {})
    refused(await world.register(worker), 403, 'REGISTRATION_EVICTED')
  })

  it('shows no token: not in logs, answers, errors, files or calls', async () => {
    const worker = world.stakeAndSeal('w1')
    const secret = worker.token.slice(7)
    const answers = [
      await world.register(worker),
      await world.register(worker, {signature: 'x'}),
      await world.register(worker, {token: `${worker.token}x`}),
      await world.ask('GET', '/v1/workers/w1', worker.token),
      await world.ask('GET', '/v1/workers/none', worker.token),
    ]
    world.kube.intercept = () => ({status: 500, body: {}})
    answers.push(await world.register(worker))
    world.kube.intercept = () => undefined
    const files = await readdir(world.dir, {recursive: true, withFileTypes: true})
    const texts = [...world.logs, ...world.kube.calls, ...answers.map(({bytes}) => bytes.toString('latin1'))]
    for (const file of files) {
      if (file.isFile()) texts.push(await readFile(join(file.parentPath, file.name), 'latin1'))
    }

    for (const text of texts) assert.equal(text.includes(secret), false)
    assert.notEqual(hashSealToken(worker.token).length, 0)
  })
})
