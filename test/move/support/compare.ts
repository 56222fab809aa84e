import assert from 'node:assert/strict'
import {listGrantTickets, readGrant} from '../../../src/lib/contracts/grants.ts'
import {readListenerCaps} from '../../../src/lib/contracts/heartbeat.ts'
import * as reads from '../../../src/lib/contracts/reads.ts'
import type {Replayed} from './replay.ts'
import type {Rig} from './rig.ts'

const LISTENER_STATUS = ['unknown', 'serving', 'draining', 'stopped']

const withoutPackage = ({packageId: _, ...rest}: {packageId: string}): object => rest

/** Compares all that the events tell with what lies on chain. */
export async function compare({client, packageId, signers, cluster: {id}}: Rig, state: Replayed): Promise<void> {
  const {settings, listener, ...rest} = state.cluster
  assert.deepEqual(withoutPackage(await reads.readCluster(client, id)), {...rest, ...settings, ...listener})
  const registry = await reads.findNodeRegistry(client, state.cluster)
  assert.equal(registry.nextIndex, state.nextIndex)
  const caps = await readListenerCaps(client, state.cluster)
  for (const {id: cap, status, lastHeartbeatMs} of caps) {
    const told = state.listeners.get(cap)
    assert.deepEqual({status, lastHeartbeatMs}, {...told, status: LISTENER_STATUS[told!.status]})
  }
  assert.deepEqual(caps.map(({id: cap}) => cap).sort(), [...state.cluster.listenerCaps].sort())
  for (const [name, worker] of state.names) {
    assert.equal((await reads.findWorker(client, state.cluster, name))?.id, worker)
  }
  assert.deepEqual([...state.names.values()].sort(), [...state.workers.keys()].sort())
  for (const [stake, row] of state.stakes) assert.deepEqual(withoutPackage(await reads.readStake(client, stake)), row)
  for (const [stake, {staker}] of state.stakes) {
    const tickets = await reads.listStakeTickets(client, packageId, String(staker))
    assert.equal(tickets.filter((ticket) => ticket.stake === stake).length, 1)
  }
  for (const [seal, row] of state.seals) assert.deepEqual(withoutPackage(await reads.readSeal(client, seal)), row)
  for (const [grant, row] of state.grants) assert.deepEqual(withoutPackage(await readGrant(client, grant)), row)
  const held = await Promise.all(
    signers.map(async (signer) => {
      const owner = signer.toSuiAddress()
      return (await listGrantTickets(client, packageId, owner)).map(({grant}) => [grant, owner] as const)
    }),
  )
  assert.deepEqual(new Map(held.flat().sort()), new Map([...state.tickets].sort()))
  for (const [worker, row] of state.workers) {
    assert.deepEqual(withoutPackage(await reads.readWorker(client, worker)), row)
  }
  for (const [request, row] of state.requests) {
    assert.deepEqual(withoutPackage(await reads.readRequest(client, request)), row)
  }
}

/** All coins of the accounts, all stakes, and what gas took: never more, never less. */
export async function total({client, signers}: Rig, state: Replayed, gasMist: bigint, treasury: string): Promise<bigint> {
  let sum = gasMist
  for (const owner of [...signers.map((signer) => signer.toSuiAddress()), treasury]) {
    const {balance} = await client.getBalance({owner})
    sum += BigInt(balance.balance)
  }
  for (const {balance} of state.stakes.values()) sum += balance
  return sum
}
