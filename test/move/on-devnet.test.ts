import type {Signer} from '@mysten/sui/cryptography'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {abortOf} from '../../src/lib/contracts/aborts.ts'
import {decodeEvent, type DaasEvent} from '../../src/lib/contracts/events.ts'
import {readDaasPackage} from '../../src/lib/contracts/package.ts'
import * as reads from '../../src/lib/contracts/reads.ts'
import {assertTerms} from '../../src/lib/contracts/terms.ts'
import type {ClusterCall} from '../../src/lib/contracts/transactions/call.ts'
import * as clusterCalls from '../../src/lib/contracts/transactions/cluster.ts'
import * as nodeCalls from '../../src/lib/contracts/transactions/nodes.ts'
import * as requestCalls from '../../src/lib/contracts/transactions/requests.ts'
import * as stakeCalls from '../../src/lib/contracts/transactions/staking.ts'
import {startDevnet, type Devnet} from '../../src/lib/devnet/devnet.ts'
import {DaasError} from '../../src/lib/errors/daas-error.ts'
import {createSuiClient} from '../../src/lib/sui/client.ts'
import {executeTransaction, type ExecutedTx} from '../../src/lib/sui/execute.ts'

const SUI = 1_000_000_000n
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

describe('contracts on the devnet', function () {
  this.timeout(60_000)
  let devnet: Devnet
  let client: SuiGrpcClient
  let admin: Signer
  let operator: Signer
  let user: Signer
  let cluster: reads.ClusterInfo
  let adminCap: string
  let listenerCap: string

  const run = (signer: Signer, build: (tx: Transaction) => void): Promise<ExecutedTx> => {
    const tx = new Transaction()
    build(tx)
    return executeTransaction({client, signer, describeAbort: abortOf}, tx)
  }
  const made = (tx: ExecutedTx, type: string): string =>
    tx.created.find((object) => object.type.endsWith(type))?.objectId ?? assert.fail(`no ${type}`)
  const eventsOf = (tx: ExecutedTx): DaasEvent[] =>
    tx.events.map((event) => decodeEvent(event) ?? assert.fail(event.type))
  const abortNameOf = async (attempt: Promise<unknown>): Promise<string> => {
    const error = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof DaasError, String(error))
    return error.message
  }

  before(async () => {
    devnet = await startDevnet({checkpointIntervalMs: 20, accounts: 3, seed: 'contracts'})
    client = createSuiClient({url: devnet.url})
    const keys = devnet.accounts.map(({secretKey}) => Ed25519Keypair.fromSecretKey(secretKey))
    ;[admin, operator, user] = keys as unknown as [Signer, Signer, Signer]
    const published = await run(admin, (tx) => {
      const {modules, dependencies} = readDaasPackage()
      tx.transferObjects([tx.publish({modules, dependencies})], admin.toSuiAddress())
    })
    const packageId = made(published, 'package')
    const created = await run(admin, (tx) =>
      clusterCalls.createCluster(tx, {packageId, name: 'c', k3sVersion: 'v1.34.1+k3s1', recipient: admin.toSuiAddress()}),
    )
    adminCap = made(created, '::cluster::AdminCap')
    const id = made(created, '::cluster::Cluster')
    const granted = await run(admin, (tx) =>
      clusterCalls.createListenerCap(tx, {packageId, cluster: id, cap: adminCap, recipient: admin.toSuiAddress()}),
    )
    listenerCap = made(granted, '::cluster::ListenerCap')
    await run(admin, (tx) =>
      clusterCalls.announceListener(tx, {
        packageId,
        cluster: id,
        cap: listenerCap,
        listenerUrls: ['https://127.0.0.1:1'],
        hpkeKey: new Uint8Array(32).fill(1),
        tlsPin: new Uint8Array(32).fill(2),
        k3sUrl: 'https://127.0.0.1:6443',
        caHash: new Uint8Array(32).fill(3),
        k3sVersion: 'v1.34.1+k3s1',
      }),
    )
    cluster = await reads.readCluster(client, id)
    assert.equal(cluster.packageId, packageId)
    assert.deepEqual(cluster.listenerUrls, ['https://127.0.0.1:1'])
    assert.equal(cluster.caHash, '03'.repeat(32))
    assert.equal(cluster.keyEpoch, 1n)
  })

  after(() => devnet.close())

  const base = (): ClusterCall => ({packageId: cluster.packageId, cluster: cluster.id})
  const seal = {tokenHash: sha256(Buffer.from('secret')), ttlMs: 3_600_000n}

  it('stakes, joins, is slashed, is evicted and withdraws', async () => {
    const owner = operator.toSuiAddress()
    const staked = await run(operator, (tx) =>
      stakeCalls.stakeAndSeal(tx, {...base(), ...seal, amount: SUI + 1n, nodeId: 'w1'}),
    )
    assert.deepEqual(
      eventsOf(staked).map(({$kind}) => $kind),
      ['StakeCreated', 'SealTokenCreated'],
    )
    const [ticket] = await reads.listStakeTickets(client, cluster.packageId, owner)
    const [token] = await reads.listSeals(client, cluster.packageId, owner)
    assert.ok(ticket && token)
    assert.equal(ticket.nodeId, 'w1')
    assert.equal(token.stake, ticket.stake)
    assert.deepEqual(token.tokenHash, seal.tokenHash)
    assert.equal((await reads.readStake(client, ticket.stake)).balance, SUI + 1n)

    const {registry} = cluster
    const join = {...base(), registry, cap: listenerCap, stake: ticket.stake, seal: token.id}
    const joined = await run(admin, (tx) => nodeCalls.registerWorker(tx, join))
    const worker = await reads.findWorker(client, cluster, 'w1')
    assert.equal(worker?.id, made(joined, '::node_registry::WorkerNode'))
    assert.deepEqual(await reads.findWorkerByStake(client, cluster, ticket.stake), worker)
    assert.equal(await reads.findWorker(client, cluster, 'w2'), undefined)
    await run(admin, (tx) => nodeCalls.setWorkerStatus(tx, {...base(), cap: listenerCap, worker: worker.id, status: 1}))

    const slashed = await run(admin, (tx) =>
      stakeCalls.slashStake(tx, {...base(), cap: adminCap, stake: ticket.stake, reason: 'lied'}),
    )
    const taken = SUI / 10n + 1n
    assert.deepEqual(eventsOf(slashed), [
      {
        $kind: 'StakeSlashed',
        stake: ticket.stake,
        cluster: cluster.id,
        amount: taken,
        remaining: SUI + 1n - taken,
        reason: 'lied',
        unbondingUntilMs: 0n,
      },
    ])
    await run(admin, (tx) =>
      nodeCalls.evictWorker(tx, {...base(), registry, cap: listenerCap, worker: worker.id, reason: 'slashed'}),
    )
    assert.equal((await reads.readWorker(client, worker.id)).status, 3)
    assert.match(await abortNameOf(run(admin, (tx) => nodeCalls.registerWorker(tx, join))), /E_STAKE_NOT_ACTIVE/)

    const withdrawn = await run(operator, (tx) =>
      stakeCalls.withdrawStake(tx, {...base(), stake: ticket.stake, ticket: ticket.id, recipient: owner}),
    )
    const [event] = eventsOf(withdrawn)
    assert.equal(event?.$kind === 'StakeWithdrawn' && event.amount, SUI + 1n - taken)
    assert.deepEqual(await reads.listStakeTickets(client, cluster.packageId, owner), [])
  })

  it('carries a command and its answer, up to the largest envelope', async () => {
    await run(user, (tx) => stakeCalls.stakeAndSealForUser(tx, {...base(), ...seal, amount: 5n * SUI}))
    const [token] = await reads.listSeals(client, cluster.packageId, user.toSuiAddress())
    assert.ok(token)
    assert.equal(token.permissions.length, 6)
    const call = {
      ...base(),
      seal: token.id,
      stake: token.stake,
      requestId: new Uint8Array(randomBytes(16)),
      verb: 'get',
      resource: 'apps/deployments',
      namespace: 'default',
      envelope: Array.from({length: 6}, (_, index) => new Uint8Array(16_000).fill(index)),
      priority: 0,
    }
    const asked = await run(user, (tx) => requestCalls.executeKubectl(tx, call))
    const [request] = eventsOf(asked)
    assert.ok(request?.$kind === 'K8sAPIRequest')
    assert.deepEqual(request.requestId, call.requestId)
    assert.deepEqual(request.envelope, call.envelope)
    assert.deepEqual(request.permissions, token.permissions)
    assert.match(await abortNameOf(run(user, (tx) => requestCalls.executeKubectl(tx, call))), /ERROR_DUPLICATE_REQUEST/)
    const other = {...call, requestId: new Uint8Array(16), verb: 'delete', resource: 'secrets'}
    assert.match(await abortNameOf(run(user, (tx) => requestCalls.executeKubectl(tx, other))), /ERROR_NO_PERMISSION/)

    const body = call.envelope.slice(0, 5)
    const bodyHash = sha256(Buffer.concat(body))
    const answer = {...base(), request: request.request, cap: listenerCap, status: 200, body, bodyHash, bodyLocation: ''}
    const answered = await run(admin, (tx) => requestCalls.storeResponse(tx, answer))
    const [processed] = eventsOf(answered)
    assert.ok(processed?.$kind === 'K8sRequestProcessed')
    assert.deepEqual(processed.body, body)
    const info = await reads.readRequest(client, request.request)
    assert.equal(info.answered, true)
    assert.equal(info.status, 200)
    assert.deepEqual(info.responseHash, bodyHash)
    assert.match(await abortNameOf(run(admin, (tx) => requestCalls.storeResponse(tx, answer))), /ERROR_ALREADY_ANSWERED/)
  })

  it('takes a stake on no worse terms than its sender has seen', async () => {
    const seen = {stakeType: 1, lockMs: cluster.lockMs[1]!, unbondingMs: cluster.unbondingMs, slashBps: cluster.slashBps}
    const stake = (slashBps: bigint): Promise<ExecutedTx> =>
      run(user, (tx) => {
        assertTerms(tx, {...base(), ...seen, slashBps})
        stakeCalls.stakeForUser(tx, {...base(), amount: SUI})
      })
    assert.match(await abortNameOf(stake(seen.slashBps - 1n)), /E_SLASHED_MORE/)
    assert.equal(eventsOf(await stake(seen.slashBps))[0]?.$kind, 'StakeCreated')
  })

  it('carries many commands in one transaction', async () => {
    const [token] = await reads.listSeals(client, cluster.packageId, user.toSuiAddress())
    assert.ok(token)
    const asked = await run(user, (tx) => {
      for (let count = 0; count < 20; count++) {
        requestCalls.executeKubectl(tx, {
          ...base(),
          seal: token.id,
          stake: token.stake,
          requestId: new Uint8Array(randomBytes(16)),
          verb: 'list',
          resource: 'pods',
          namespace: '',
          envelope: [new Uint8Array(500)],
          priority: 1,
        })
      }
    })
    assert.equal(eventsOf(asked).length, 20)
  })
})
