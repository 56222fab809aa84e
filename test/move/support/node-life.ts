import assert from 'node:assert/strict'
import * as administration from '../../../src/lib/contracts/administration.ts'
import {discardGrantTicket, listGrantTickets, pruneGrant} from '../../../src/lib/contracts/grants.ts'
import {beat} from '../../../src/lib/contracts/heartbeat.ts'
import * as clusterCalls from '../../../src/lib/contracts/transactions/cluster.ts'
import * as nodeCalls from '../../../src/lib/contracts/transactions/nodes.ts'
import * as sealCalls from '../../../src/lib/contracts/transactions/seals.ts'
import * as stakeCalls from '../../../src/lib/contracts/transactions/staking.ts'
import {made, type Rig} from './rig.ts'

const SUI = 1_000_000_000n
const HOUR = 3_600_000n
const MONTH = 30 * 86_400_000

/** Nodes and listeners in all that the random lives leave out: registered, scored, ready, beating, evicted; and a listener that changes its keys. */
export async function nodeLife(rig: Rig, time: {ms: number}): Promise<void> {
  const [admin, operator] = [rig.signers[0]!, rig.signers[1]!]
  const {packageId, adminCap, listenerCap, cluster} = rig
  const call = {packageId, cluster: cluster.id}
  const listen = {...call, cap: listenerCap}
  const seal = {tokenHash: new Uint8Array(32).fill(7), ttlMs: HOUR}
  const workers: string[] = []
  for (const nodeId of ['a', 'b']) {
    const staked = await rig.run(operator, (tx) => stakeCalls.stakeAndSeal(tx, {...call, ...seal, amount: SUI, nodeId}))
    const [stake, token] = [made(staked, '::staking::Stake'), made(staked, '::seal_token::SealToken')]
    const joined = await rig.run(admin, (tx) =>
      nodeCalls.registerWorker(tx, {...listen, registry: cluster.registry, stake, seal: token}),
    )
    workers.push(made(joined, '::node_registry::WorkerNode'))
    time.ms += 10
    await rig.run(operator, (tx) => sealCalls.rotateSeal(tx, {...call, ...seal, ttlMs: 5n, seal: token, stake}))
  }
  const [first, second] = workers as [string, string]
  await rig.run(operator, (tx) => nodeCalls.heartbeat(tx, {...call, worker: first}))
  await rig.run(admin, (tx) => {
    administration.setWorkerScore(tx, {...listen, worker: first, score: 777n})
    nodeCalls.setWorkerStatus(tx, {...listen, worker: first, status: 1})
    nodeCalls.reportLiveness(tx, {...listen, bitmap: Uint8Array.of(1)})
    nodeCalls.evictWorker(tx, {...listen, registry: cluster.registry, worker: second, reason: 'lied'})
    beat(tx, {...listen, status: 'draining'})
    nodeCalls.releaseName(tx, {...call, cap: adminCap, registry: cluster.registry, worker: second})
  })
  for (const byte of [1, 2]) {
    const keys = {hpkeKey: new Uint8Array(32).fill(byte), tlsPin: new Uint8Array(32).fill(byte)}
    const where = {listenerUrls: ['https://l'], k3sUrl: 'https://k', caHash: new Uint8Array(), k3sVersion: 'v1'}
    await rig.run(admin, (tx) => clusterCalls.announceListener(tx, {...listen, ...keys, ...where}))
  }
  await rig.run(admin, (tx) => {
    administration.setEndpoints(tx, {...listen, endpoints: [{minStake: SUI, urls: ['https://m']}]})
    administration.setVerbMinimum(tx, {...call, cap: adminCap, verb: 'delete', minStake: 2n * SUI})
    administration.setKeyOverlap(tx, {...call, cap: adminCap, keyOverlapMs: 5n})
    administration.setMinimums(tx, {...call, cap: adminCap, minStake: [SUI, SUI, SUI], lockMs: [0n, 0n, 0n], writeMinStake: SUI})
    administration.setTiers(tx, {...call, cap: adminCap, tiers: [{minStake: SUI, permissions: ['get:*']}]})
    clusterCalls.createListenerCap(tx, {...call, cap: adminCap, recipient: operator.toSuiAddress()})
  })
  const extra = await rig.run(admin, (tx) =>
    clusterCalls.createListenerCap(tx, {...call, cap: adminCap, recipient: operator.toSuiAddress()}),
  )
  const revoked = made(extra, '::cluster::ListenerCap')
  await rig.run(admin, (tx) => administration.revokeListenerCap(tx, {...call, cap: adminCap, listenerCap: revoked}))
  time.ms += 10
  await rig.run(admin, (tx) => administration.revokeSealsBefore(tx, {...call, cap: adminCap, atMs: 1n}))
  const other = await rig.run(operator, (tx) => stakeCalls.stakeAndSealForUser(tx, {...call, ...seal, amount: SUI}))
  await rig.run(operator, (tx) =>
    sealCalls.revokeSeal(tx, {packageId, seal: made(other, '::seal_token::SealToken')}),
  )
  await revokedLife(rig, time)
  await grantLife(rig, time)
}

/** A grant that is over: it is deleted, and its user throws the ticket away. */
async function grantLife({client, run, signers, packageId, adminCap, cluster}: Rig, time: {ms: number}): Promise<void> {
  const [admin, user] = [signers[0]!, signers[1]!]
  const may = {permissions: ['get:pods'], namespaces: ['dev'], expiresAtMs: BigInt(time.ms + 1)}
  const address = user.toSuiAddress()
  const granted = await run(admin, (tx) =>
    administration.grantPermission(tx, {packageId, cluster: cluster.id, cap: adminCap, user: address, ...may}),
  )
  time.ms += 1
  const ticket = made(granted, '::grants::GrantTicket')
  assert.deepEqual(
    (await listGrantTickets(client, packageId, address)).map(({id}) => id),
    [ticket],
  )
  await run(user, (tx) => {
    pruneGrant(tx, {packageId, grant: made(granted, '::grants::UserPermission')})
    discardGrantTicket(tx, {packageId, ticket})
  })
}

/** Seals that are revoked: one for as long as it may live, one for now. */
async function revokedLife({run, signers, packageId, adminCap, cluster}: Rig, time: {ms: number}): Promise<void> {
  const by = {packageId, cluster: cluster.id, cap: adminCap}
  const admin = signers[0]!
  await run(admin, (tx) => administration.revokeSealByAdmin(tx, {...by, seal: packageId}))
  time.ms += MONTH
  await run(admin, (tx) => administration.forgetSeal(tx, {...by, seal: packageId}))
  await run(admin, (tx) => administration.revokeSealByAdmin(tx, {...by, seal: cluster.registry}))
}
