import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createCluster} from '../../../src/lib/cluster/create-cluster.ts'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {setEndpoints} from '../../../src/lib/contracts/administration.ts'
import {readCluster, readSeal, readStake} from '../../../src/lib/contracts/reads.ts'
import {evictWorker, registerWorker} from '../../../src/lib/contracts/transactions/nodes.ts'
import {stakeForNode} from '../../../src/lib/contracts/transactions/staking.ts'
import {type Devnet, startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {joinClusterFor, joinClusterNow} from '../../../src/lib/k3s/join-cluster.ts'
import {hashSealToken} from '../../../src/lib/seal/token.ts'
import {enroll} from '../../../src/lib/stake/enroll.ts'
import {firstLoss, watchLoss} from '../../../src/lib/stake/loss.ts'
import {liveSeal, seal} from '../../../src/lib/stake/seal.ts'
import {slash} from '../../../src/lib/stake/slash.ts'
import {stake} from '../../../src/lib/stake/stake.ts'
import {openTokenStore, type TokenStore} from '../../../src/lib/stake/token-store.ts'
import {unstake} from '../../../src/lib/stake/unstake.ts'
import {readHolding} from '../../../src/lib/stake/wallet.ts'
import {MIST_PER_SUI} from '../../../src/lib/sui/amount.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {executeTransaction, type ExecuteDeps} from '../../../src/lib/sui/execute.ts'

const node = (name: string) => ({kind: 'node', name}) as const
const isError = (errorName: string) => (error: unknown) =>
  error instanceof DaasError && error.errorName === errorName

describe('a wallet on the chain', () => {
  let devnet: Devnet
  let dir: string
  let tokens: TokenStore
  let admin: ExecuteDeps
  let operator: ExecuteDeps
  let cluster: string
  let packageId: string
  let listenerCap: string

  before(async () => {
    devnet = await startDevnet({checkpointIntervalMs: 20})
    dir = await mkdtemp(join(tmpdir(), 'daas-wallet-'))
    tokens = openTokenStore(join(dir, 'seals'))
    const client = createSuiClient({url: devnet.url})
    const [first, second] = devnet.accounts.map(({secretKey}) => ({
      client,
      signer: Ed25519Keypair.fromSecretKey(secretKey),
      url: devnet.url,
      describeAbort: abortOf,
    }))
    admin = first!
    operator = second!
    const made = await createCluster(admin, {name: 'wallet', k3sVersion: 'v1.34.1+k3s1'})
    cluster = made.cluster
    packageId = made.package
    listenerCap = made.listenerCap
  })
  after(async () => {
    await devnet.close()
    await rm(dir, {recursive: true})
  })

  const deps = (execute: ExecuteDeps = operator) => ({execute, url: devnet.url, tokens, now: Date.now})

  it('stakes once: one transaction, its budget six fifths of the simulation, and a second run changes nothing', async () => {
    const options = {cluster, subject: node('once'), amount: MIST_PER_SUI}
    const dry = await stake(deps(), {...options, dryRun: true})
    assert.deepEqual([dry.changed, dry.dryRun, dry.stake], [false, true, undefined])
    const first = await stake(deps(), options)
    assert.equal(first.changed, true)
    assert.equal(first.budgetMist, (first.gasMist! * 6n) / 5n)
    assert.deepEqual([dry.gasMist, dry.budgetMist], [first.gasMist, first.budgetMist])
    const object = await readStake(operator.client, first.stake!)
    assert.deepEqual(
      [object.balance, object.nodeId, object.staker],
      [MIST_PER_SUI, 'once', operator.signer.toSuiAddress()],
    )
    assert.deepEqual(await stake(deps(), options), {
      changed: false,
      cluster,
      node: 'once',
      stake: first.stake,
      amountMist: MIST_PER_SUI,
    })
  })

  it('refuses what the chain would refuse, before anything is sent', async () => {
    const options = {cluster, subject: node('poor'), amount: MIST_PER_SUI - 1n}
    await assert.rejects(stake(deps(), options), isError('STAKE_BELOW_MINIMUM'))
    await assert.rejects(stake(deps(), {...options, amount: 2n ** 63n}), isError('BALANCE_TOO_LOW'))
    await assert.rejects(
      stake(deps(), {...options, cluster: `0x${'7'.repeat(64)}`}),
      isError('OBJECT_MISSING'),
    )
    await assert.rejects(stake(deps(), {...options, cluster: '0x6'}), isError('OBJECT_WRONG_TYPE'))
    await assert.rejects(seal(deps(), {cluster, subject: node('poor')}), isError('STAKE_MISSING'))
  })

  it('names an abort of the contracts by its own table', async () => {
    const tx = new Transaction()
    stakeForNode(tx, {packageId, cluster, amount: MIST_PER_SUI - 1n, nodeId: 'low'})
    await assert.rejects(executeTransaction(operator, tx), (error: unknown) => {
      assert.ok(isError('MOVE_ABORT')(error))
      const {details, exitCode} = error as DaasError
      assert.deepEqual([details?.module, details?.abort, exitCode], ['staking', 'E_BELOW_MINIMUM', 6])
      return true
    })
  })

  it('seals: the hash on chain is that of the token in the file, and a second run changes nothing', async () => {
    await stake(deps(), {cluster, subject: node('sealed'), amount: MIST_PER_SUI})
    const made = await seal(deps(), {cluster, subject: node('sealed')})
    const object = await readSeal(operator.client, made.seal!)
    const found = await tokens.find(made.seal!, object.tokenHash)
    assert.deepEqual(Buffer.from(object.tokenHash), Buffer.from(hashSealToken(found!.token)))
    assert.ok(
      !JSON.stringify(made, (_, value) => (typeof value === 'bigint' ? `${value}` : value)).includes(
        found!.token,
      ),
    )
    const again = await seal(deps(), {cluster, subject: node('sealed')})
    assert.deepEqual([again.changed, again.seal, again.tokenFile], [false, made.seal, made.tokenFile])
    const renewed = await seal(deps(), {cluster, subject: node('sealed'), renew: true})
    assert.notEqual(renewed.seal, made.seal)
  })

  it('knows a dead seal and a lost token by their names', async () => {
    const subject = node('short')
    await stake(deps(), {cluster, subject, amount: MIST_PER_SUI})
    const made = await seal(deps(), {cluster, subject, ttlMs: 3_600_000n})
    const owner = operator.signer.toSuiAddress()
    const holding = await readHolding({client: operator.client, url: devnet.url, owner, cluster, subject})
    const later = () => Date.now() + 3_700_000
    await assert.rejects(liveSeal(holding, {tokens, now: later, owner}, subject), isError('SEAL_EXPIRED'))
    const elsewhere = openTokenStore(join(dir, 'elsewhere'))
    await assert.rejects(
      liveSeal(holding, {tokens: elsewhere, now: Date.now, owner}, subject),
      isError('SEAL_TOKEN_LOST'),
    )
    assert.equal((await liveSeal(holding, {tokens, now: Date.now, owner}, subject)).seal.id, made.seal)
  })

  it('enrolls in one atomic transaction, and finds what is there', async () => {
    const options = {cluster, subject: node('enrolled')}
    const first = await enroll(deps(), options)
    const tx = await operator.client.getTransaction({
      digest: first.digest!,
      include: {effects: true, objectTypes: true},
    })
    const types = Object.values(tx.Transaction!.objectTypes).map((type) => type.split('::').at(-1))
    assert.ok(
      types.includes('Stake') && types.includes('SealToken') && types.includes('StakeTicket'),
      types.join(' '),
    )
    const again = await enroll(deps(), options)
    assert.deepEqual(
      [again.changed, again.stake, again.seal, again.token],
      [false, first.stake, first.seal, first.token],
    )
  })

  it('joins at the endpoint of its tier: by what it has staked, else by what it will stake', async () => {
    const {client} = operator
    const owner = operator.signer.toSuiAddress()
    const reader = {client, url: devnet.url, owner, now: Date.now}
    await stake(deps(), {cluster, subject: node('tiered'), amount: 2n * MIST_PER_SUI})
    const before = await readCluster(client, cluster)
    const joining = {cluster: before, nodeName: 'tiered'}
    assert.deepEqual((await joinClusterFor(reader, joining)).listenerUrls, [])

    const tx = new Transaction()
    const endpoints = [1n, 2n, 5n].map((sui) => ({
      minStake: sui * MIST_PER_SUI,
      urls: [`https://tier-${sui}.example`],
    }))
    setEndpoints(tx, {packageId, cluster, cap: listenerCap, endpoints})
    await executeTransaction(admin, tx)
    const again = await joinClusterNow(reader, joining, new AbortController().signal)
    assert.deepEqual(again.listenerUrls, ['https://tier-2.example'])

    const after = await readCluster(client, cluster)
    const urlsOf = async (
      as: typeof reader | Omit<typeof reader, 'owner'>,
      nodeName: string,
      sui?: bigint,
    ) => {
      const amount = sui === undefined ? {} : {amount: sui * MIST_PER_SUI}
      return (await joinClusterFor(as, {cluster: after, nodeName, ...amount})).listenerUrls
    }
    const {owner: _owner, ...nobody} = reader
    assert.deepEqual(await urlsOf(reader, 'tiered', 9n), ['https://tier-2.example'])
    assert.deepEqual(await urlsOf(reader, 'untiered', 9n), ['https://tier-5.example'])
    assert.deepEqual(await urlsOf(reader, 'untiered'), ['https://tier-1.example'])
    assert.deepEqual(await urlsOf(nobody, 'tiered'), ['https://tier-1.example'])
  })

  it('stakes nothing for a name that is bound to another stake, evicted or not', async () => {
    const subject = node('bound')
    const held = await enroll(deps(), {cluster, subject})
    const {registry} = await readCluster(admin.client, cluster)
    const call = {packageId, cluster, registry, cap: listenerCap}
    const tx = new Transaction()
    registerWorker(tx, {...call, stake: held.stake, seal: held.seal})
    const {created} = await executeTransaction(admin, tx)
    const options = {cluster, subject, amount: MIST_PER_SUI}
    await assert.rejects(stake(deps(admin), options), isError('NODE_NAME_BOUND'))
    await assert.rejects(enroll(deps(admin), {cluster, subject}), isError('NODE_NAME_BOUND'))
    assert.equal((await stake(deps(), options)).changed, false, 'whose it is has staked')

    const worker = created.find(({type}) => type.endsWith('::node_registry::WorkerNode'))!.objectId
    const eviction = new Transaction()
    evictWorker(eviction, {...call, worker, reason: 'test'})
    await executeTransaction(admin, eviction)
    await unstake(deps(), {cluster, subject})
    await assert.rejects(stake(deps(), options), isError('NODE_NAME_BOUND'), 'no more its last owner')
  })

  it('slashes with the AdminCap only, tells the watcher why, and gives back what is left', async () => {
    const subject = node('slashed')
    const {stake: stakeId, seal: sealId} = await enroll(deps(), {cluster, subject})
    await assert.rejects(slash(deps(), {cluster, stake: stakeId, reason: 'none'}), isError('CAP_MISSING'))
    const stop = new AbortController()
    const losses = watchLoss({
      client: operator.client,
      packageId,
      stake: stakeId,
      seal: sealId,
      signal: stop.signal,
    })
    const first = losses.next()
    const {digest, slashedMist} = await slash(deps(admin), {cluster, stake: stakeId, reason: 'test'})
    assert.equal(slashedMist, MIST_PER_SUI / 10n)
    const {value: loss} = await first
    assert.equal(loss?.kind, 'stake-slashed')
    const late = watchLoss({
      client: operator.client,
      packageId,
      stake: stakeId,
      seal: sealId,
      signal: stop.signal,
    })
    assert.equal((await late.next()).value?.kind, 'stake-slashed', 'one that comes later sees it too')
    // The chain may be out of reach just when the state is looked at.
    let reads = 0
    const bound = <T extends object>(of: T, name: string | symbol): unknown => {
      const value: unknown = Reflect.get(of, name)
      return typeof value === 'function' ? (value.bind(of) as unknown) : value
    }
    const core = new Proxy(operator.client.core, {
      get(target, name) {
        if (name === 'getObject' && ++reads === 1) throw new Error('out of reach')
        return bound(target, name)
      },
    })
    const flaky = new Proxy(operator.client, {
      get: (target, name) => (name === 'core' ? core : bound(target, name)),
    })
    const errors: unknown[] = []
    const found = await firstLoss({
      client: flaky,
      packageId,
      stake: stakeId,
      seal: sealId,
      signal: stop.signal,
      onReconnect: (error) => errors.push(error),
    })
    assert.deepEqual([found.kind, errors.length, reads], ['stake-slashed', 1, 2])
    stop.abort()
    assert.ok(digest)
    const back = await unstake(deps(), {cluster, subject})
    assert.equal(back.amountMist, (MIST_PER_SUI * 9n) / 10n)
    await assert.rejects(unstake(deps(), {cluster, subject}), isError('STAKE_MISSING'))
  })
})
