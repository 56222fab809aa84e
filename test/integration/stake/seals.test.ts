import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {grant, grantsOf} from '../../../src/lib/cluster/grant.ts'
import {releaseName, scoreNode} from '../../../src/lib/cluster/nodes.ts'
import {prune} from '../../../src/lib/cluster/prune.ts'
import {sealGrant} from '../../../src/lib/cluster/seal-grant.ts'
import {revokeSeals} from '../../../src/lib/cluster/seals.ts'
import {setCluster} from '../../../src/lib/cluster/set-cluster.ts'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {listGrantTickets} from '../../../src/lib/contracts/grants.ts'
import {
  findWorker,
  findWorkerByStake,
  listSeals,
  readSeal,
  readStake,
} from '../../../src/lib/contracts/reads.ts'
import {evictWorker, registerWorker} from '../../../src/lib/contracts/transactions/nodes.ts'
import {executeKubectl} from '../../../src/lib/contracts/transactions/requests.ts'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {hashSealToken} from '../../../src/lib/seal/token.ts'
import {enroll, type Enrolled} from '../../../src/lib/stake/enroll.ts'
import {seal, type SealDeps} from '../../../src/lib/stake/seal.ts'
import {sealOperator} from '../../../src/lib/stake/seal-operator.ts'
import {stake} from '../../../src/lib/stake/stake.ts'
import {openTokenStore} from '../../../src/lib/stake/token-store.ts'
import {unseal} from '../../../src/lib/stake/unseal.ts'
import {executeTransaction} from '../../../src/lib/sui/execute.ts'
import {made, startRig, type Rig} from '../../move/support/rig.ts'

const SUI = 1_000_000_000n
const HOUR = 3_600_000
const FREE = `0x${'7'.repeat(64)}`

const node = (name: string) => ({kind: 'node', name}) as const
const isError = (errorName: string, abort?: string) => (error: unknown) =>
  error instanceof DaasError &&
  error.errorName === errorName &&
  (abort === undefined || error.details?.abort === abort)

describe('seals of operators and grants, and what comes after them', function () {
  this.timeout(60_000)
  const time = {ms: 1_800_000_000_000}
  let dir: string
  let rig: Rig
  let admin: SealDeps
  let operator: SealDeps
  let cluster: string

  before(async () => {
    rig = await startRig({seed: 'seals', now: () => time.ms})
    dir = await mkdtemp(join(tmpdir(), 'daas-seals-'))
    cluster = rig.cluster.id
    const depsOf = (at: number): SealDeps => {
      const execute = {
        client: rig.client,
        signer: rig.signers[at]!,
        url: rig.devnet.url,
        describeAbort: abortOf,
      }
      return {
        execute,
        url: rig.devnet.url,
        tokens: openTokenStore(join(dir, `seals-${at}`)),
        now: () => time.ms,
      }
    }
    admin = depsOf(0)
    operator = depsOf(1)
  })
  after(async () => {
    await rig?.close()
    await rm(dir, {recursive: true, force: true})
  })

  const listen = () => ({
    ...{packageId: rig.packageId, cluster, registry: rig.cluster.registry, cap: rig.listenerCap},
  })
  const pending = async (): Promise<string[]> =>
    (await readdir(join(dir, 'seals-1'))).filter((name) => name.startsWith('pending-'))
  /** A node of the operator's that the listener has registered. */
  const joinNode = async (name: string): Promise<Enrolled & {worker: string}> => {
    const enrolled = await enroll(operator, {cluster, subject: node(name), amount: 10n * SUI})
    const joined = await rig.run(rig.signers[0]!, (tx) =>
      registerWorker(tx, {...listen(), stake: enrolled.stake, seal: enrolled.seal}),
    )
    return {...enrolled, worker: made(joined, '::node_registry::WorkerNode')}
  }
  const evict = (worker: string) =>
    rig.run(rig.signers[0]!, (tx) => evictWorker(tx, {...listen(), worker, reason: 'lied'}))

  it('seals no operator without a stake, or of a node that has not joined, or that another runs', async () => {
    await assert.rejects(sealOperator(operator, {cluster, subject: node('none')}), isError('STAKE_MISSING'))
    await stake(operator, {cluster, subject: node('idle'), amount: SUI})
    await assert.rejects(sealOperator(operator, {cluster, subject: node('idle')}), isError('NODE_UNKNOWN'))
    // A name is open to every stake until one of them joins.
    await stake(admin, {cluster, subject: node('theirs'), amount: SUI})
    await joinNode('theirs')
    await assert.rejects(sealOperator(admin, {cluster, subject: node('theirs')}), isError('NODE_UNKNOWN'))
  })

  it('seals the operator of a node once, for an hour, beside the seal that the node joined with', async () => {
    const joined = await joinNode('w1')
    const options = {cluster, subject: node('w1')}
    const dry = await sealOperator(operator, {...options, dryRun: true})
    assert.deepEqual([dry.changed, dry.dryRun, dry.seal, await pending()], [false, true, undefined, []])
    const first = await sealOperator(operator, options)
    const object = await readSeal(rig.client, first.seal!)
    assert.deepEqual(
      [object.kind, object.stake, object.permissions.length, Number(object.expiresAtMs) - time.ms],
      [4, joined.stake, 7, HOUR],
    )
    const again = await sealOperator(operator, options)
    assert.deepEqual([again.changed, again.seal, again.tokenFile], [false, first.seal, first.tokenFile])
    const worker = await seal(operator, {cluster, subject: node('w1')})
    assert.deepEqual([worker.changed, worker.seal], [false, joined.seal])
  })

  it('renews that seal by the score as it is then, and takes one that is over rather than make another', async () => {
    const options = {cluster, subject: node('w1')}
    const {seal: id} = await sealOperator(operator, options)
    assert.equal((await scoreNode(admin, {cluster, node: 'w1', score: 250n})).changed, true)
    assert.equal((await scoreNode(admin, {cluster, node: 'w1', score: 250n})).changed, false)
    const renewed = await sealOperator(operator, {...options, renew: true})
    assert.deepEqual([renewed.changed, renewed.seal, renewed.permissions?.length], [true, id, 6])
    const found = await operator.tokens.find(id!, (await readSeal(rig.client, id!)).tokenHash)
    assert.equal(found?.file, renewed.tokenFile)
    time.ms += HOUR
    const late = await sealOperator(operator, {...options, ttlMs: 60_000n})
    assert.deepEqual([late.changed, late.seal], [true, id])
    assert.equal(late.expiresAt, new Date(time.ms + 60_000).toISOString())
    const {revision, tokenHash} = await readSeal(rig.client, id!)
    assert.equal(revision, 2n)
    assert.deepEqual(
      Buffer.from(tokenHash),
      Buffer.from(hashSealToken((await operator.tokens.find(id!, tokenHash))!.token)),
    )
  })

  it('makes another where the one there is in use elsewhere, or revoked', async () => {
    const options = {cluster, subject: node('w1')}
    const {seal: id} = await sealOperator(operator, options)
    const elsewhere = {...operator, tokens: openTokenStore(join(dir, 'elsewhere'))}
    const other = await sealOperator(elsewhere, options)
    assert.equal(other.changed, true)
    assert.notEqual(other.seal, id)
    await revokeSeals(admin, {cluster, seals: [other.seal!]})
    const next = await sealOperator(elsewhere, {...options, renew: true})
    assert.notEqual(next.seal, other.seal)
  })

  it('lets an operator run commands with it', async () => {
    const {seal: id, stake: of} = await sealOperator(operator, {cluster, subject: node('w1')})
    const tx = new Transaction()
    const what = {verb: 'get', resource: 'pods', namespace: 'dev', envelope: [new Uint8Array(9)], priority: 0}
    const requestId = new Uint8Array(16)
    executeKubectl(tx, {packageId: rig.packageId, cluster, seal: id!, stake: of, requestId, ...what})
    const request = made(await executeTransaction(operator.execute, tx), '::k8s_gateway::KubectlRequest')
    const names = {cluster, ids: [request, request, FREE]}
    assert.deepEqual((await prune(operator, names)).requests, [], 'a living request is passed over')
    time.ms += HOUR
    const dry = await prune(operator, {...names, dryRun: true})
    assert.deepEqual([dry.changed, dry.requests], [false, [request]])
    const done = await prune(operator, names)
    assert.deepEqual([done.changed, done.requests], [true, [request]])
    assert.ok(done.gasMist! < 0n)
    assert.equal((await prune(operator, names)).changed, false)
  })

  it('ends seals of its owner: one kind at a time, with their tokens', async () => {
    const of = {kind: 'operator', name: 'w1'} as const
    const mine = async () =>
      (await listSeals(rig.client, rig.packageId, rig.signers[1]!.toSuiAddress())).length
    const before = await mine()
    const {seal: id, tokenFile} = await sealOperator(operator, {cluster, subject: node('w1')})
    const dry = await unseal(operator, {cluster, of, dryRun: true})
    assert.deepEqual([dry.changed, await mine()], [false, before])
    const done = await unseal(operator, {cluster, of})
    assert.ok(done.seals.includes(id!))
    assert.equal(await mine(), before - done.seals.length)
    await assert.rejects(readSeal(rig.client, id!), isError('OBJECT_MISSING'))
    assert.ok(!(await readdir(join(dir, 'seals-1'))).includes(tokenFile!.split('/').at(-1)!))
    assert.deepEqual(await unseal(operator, {cluster, of}), {changed: false, cluster, seals: []})
    const joined = await unseal(operator, {cluster, of: node('w1')})
    assert.equal(joined.seals.length, 1)
  })

  it('seals no operator of an evicted node, and keeps no token of that', async () => {
    const {worker} = await joinNode('out')
    await evict(worker)
    await assert.rejects(
      sealOperator(operator, {cluster, subject: node('out')}),
      isError('MOVE_ABORT', 'E_EVICTED'),
    )
    assert.deepEqual(await pending(), [])
    await assert.rejects(
      scoreNode(admin, {cluster, node: 'out', score: 1n}),
      isError('MOVE_ABORT', 'E_EVICTED'),
    )
    await assert.rejects(scoreNode(admin, {cluster, node: 'nobody', score: 1n}), isError('NODE_UNKNOWN'))
    await assert.rejects(scoreNode(operator, {cluster, node: 'w1', score: 1n}), isError('CAP_MISSING'))
  })

  it('frees the name of an evicted node only, once; the worker is gone and its stake stays barred', async () => {
    const options = {cluster, node: 'out'}
    const before = await findWorker(rig.client, rig.cluster, 'out')
    await assert.rejects(releaseName(operator, options), isError('CAP_MISSING'))
    await assert.rejects(releaseName(admin, {cluster, node: 'Out'}), isError('NODE_NAME_INVALID'))
    await assert.rejects(releaseName(admin, {cluster, node: 'w1'}), isError('MOVE_ABORT', 'E_NOT_EVICTED'))
    assert.equal((await releaseName(admin, {...options, dryRun: true})).changed, false)
    const done = await releaseName(admin, options)
    assert.deepEqual([done.changed, done.worker], [true, before?.id])
    assert.deepEqual(await releaseName(admin, options), {changed: false, cluster, node: 'out'})
    assert.equal(await findWorker(rig.client, rig.cluster, 'out'), undefined)
    assert.deepEqual(await findWorkerByStake(rig.client, rig.cluster, before!.stake), {
      id: before!.id,
      status: 3,
    })
    const again = rig.run(rig.signers[0]!, (tx) =>
      registerWorker(tx, {...listen(), stake: before!.stake, seal: before!.seal}),
    )
    await assert.rejects(again, isError('MOVE_ABORT', 'E_STAKE_REGISTERED'))
  })

  it('adds to a stake, each time again, and says what is missing', async () => {
    const options = {cluster, subject: node('idle'), amount: 5n, add: true}
    const none = {...options, subject: node('none')}
    await assert.rejects(stake(operator, none), isError('STAKE_MISSING'))
    await assert.rejects(stake(operator, {...options, amount: 2n ** 63n}), isError('BALANCE_TOO_LOW'))
    const dry = await stake(operator, {...options, dryRun: true})
    assert.deepEqual([dry.changed, dry.amountMist, dry.addedMist], [false, SUI + 5n, 5n])
    await stake(operator, options)
    const second = await stake(operator, options)
    assert.deepEqual([second.changed, second.amountMist, second.addedMist], [true, SUI + 10n, 5n])
    assert.equal((await readStake(rig.client, second.stake!)).balance, SUI + 10n)
    await setCluster(admin, {cluster, settings: {paused: true}})
    await assert.rejects(stake(operator, options), isError('STAKING_PAUSED'))
    await setCluster(admin, {cluster, settings: {paused: false}})
  })

  it('renews the seal of a grant, and deletes the grant with its ticket when it is over', async () => {
    const address = rig.signers[1]!.toSuiAddress()
    const may = {permissions: ['get:pods'], namespaces: ['dev'], expiresAtMs: BigInt(time.ms + 2 * HOUR)}
    const {grant: id} = await grant(admin, {cluster, address, ...may})
    const first = await sealGrant(operator, {cluster, ttlMs: 60_000n})
    const renewed = await sealGrant(operator, {cluster, ttlMs: 60_000n, renew: true})
    assert.deepEqual([renewed.changed, renewed.seal, renewed.tokenFile], [true, first.seal, first.tokenFile])
    assert.equal((await readSeal(rig.client, first.seal!)).revision, 1n)
    time.ms += HOUR
    assert.equal((await sealGrant(operator, {cluster})).seal, first.seal)
    assert.equal((await unseal(operator, {cluster, of: {kind: 'grant'}})).seals.length, 1)

    assert.equal((await prune(operator, {cluster, ids: []})).changed, false)
    time.ms += HOUR
    const done = await prune(operator, {cluster, ids: []})
    assert.deepEqual([done.changed, done.grants, done.tickets.length], [true, [id], 1])
    assert.deepEqual(await grantsOf(rig.client, cluster, address), [])
    assert.deepEqual(await listGrantTickets(rig.client, rig.packageId, address), [])
  })
})
