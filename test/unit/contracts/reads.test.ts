import {bcs} from '@mysten/sui/bcs'
import {ObjectError, type ClientWithCoreApi} from '@mysten/sui/client'
import assert from 'node:assert/strict'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {NodeRegistry} from '../../../src/lib/contracts/generated/daas/registry.ts'
import {WorkerNode} from '../../../src/lib/contracts/generated/daas/node_registry.ts'
import {SealToken} from '../../../src/lib/contracts/generated/daas/seal_token.ts'
import {Stake, StakeTicket} from '../../../src/lib/contracts/generated/daas/staking.ts'
import {Cluster} from '../../../src/lib/contracts/generated/daas/cluster.ts'
import {KubectlRequest} from '../../../src/lib/contracts/generated/daas/k8s_gateway.ts'
import {
  findWorker,
  findWorkerByStake,
  listSeals,
  listStakeTickets,
  readCluster,
  readRequest,
  readSeal,
  readStake,
} from '../../../src/lib/contracts/reads.ts'

const ID = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`
const PACKAGE = ID(0xdaa5)

interface Stored {
  type: string
  content: Uint8Array
  owner?: string
}

/** A chain that holds these objects and table entries, two objects a page. */
function chain(objects: Record<string, Stored>, entries: Record<string, string> = {}): ClientWithCoreApi {
  const missing = (id: string): ObjectError =>
    new ObjectError('notExists', id, {reason: 'notFound', objectId: id})
  const core = {
    getObject: ({objectId}: {objectId: string}) => {
      const object = objects[objectId]
      return object ? Promise.resolve({object: {objectId, ...object}}) : Promise.reject(missing(objectId))
    },
    listOwnedObjects: ({owner, type, cursor}: {owner: string; type: string; cursor: string | null}) => {
      const all = Object.entries(objects).filter(([, it]) => it.owner === owner && it.type === type)
      const from = Number(cursor ?? 0)
      const page = all.slice(from, from + 2).map(([objectId, it]) => ({objectId, ...it}))
      return Promise.resolve({objects: page, hasNextPage: from + 2 < all.length, cursor: String(from + 2)})
    },
    getDynamicField: ({parentId, name}: {parentId: string; name: {type: string; bcs: Uint8Array}}) => {
      const value = entries[`${parentId} ${name.type} ${Buffer.from(name.bcs).toString('hex')}`]
      if (value === undefined) return Promise.reject(missing(parentId))
      return Promise.resolve({dynamicField: {value: {bcs: bcs.Address.serialize(value).toBytes()}}})
    },
  }
  return {core} as unknown as ClientWithCoreApi
}

function seal(n: number): Stored {
  const content = SealToken.serialize({
    id: ID(n),
    cluster: ID(1),
    owner: ID(0xa),
    stake: ID(2),
    stake_amount: 5n,
    kind: 1,
    token_hash: Array.from({length: 32}, () => 9),
    permissions: ['get:*'],
    created_at_ms: 6n,
    expires_at_ms: 7n,
    revision: 1n,
    recent_requests: [],
    request_count: 0n,
  }).toBytes()
  return {type: `${PACKAGE}::seal_token::SealToken`, content, owner: ID(0xa)}
}

async function nameOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof DaasError ? error.errorName : String(error)
}

describe('contracts: reads', () => {
  it('reads a seal', async () => {
    const info = await readSeal(chain({[ID(3)]: seal(3)}), ID(3))
    assert.deepEqual(info, {
      id: ID(3),
      packageId: PACKAGE,
      cluster: ID(1),
      owner: ID(0xa),
      stake: ID(2),
      stakeAmount: 5n,
      kind: 1,
      tokenHash: new Uint8Array(32).fill(9),
      permissions: ['get:*'],
      createdAtMs: 6n,
      expiresAtMs: 7n,
      revision: 1n,
      requestCount: 0n,
    })
  })

  it('reads a stake', async () => {
    const content = Stake.serialize({
      id: ID(3),
      cluster: ID(1),
      staker: ID(0xa),
      balance: {value: (1n << 64n) - 1n},
      staked_at_ms: 4n,
      locked_until_ms: 5n,
      status: 2,
      node_id: 'w1',
      stake_type: 0,
      total_slashed: 6n,
      unbonding_until_ms: 7n,
    }).toBytes()
    assert.deepEqual(
      await readStake(chain({[ID(3)]: {type: `${PACKAGE}::staking::Stake`, content}}), ID(3)),
      {
        id: ID(3),
        packageId: PACKAGE,
        cluster: ID(1),
        staker: ID(0xa),
        balance: (1n << 64n) - 1n,
        stakedAtMs: 4n,
        lockedUntilMs: 5n,
        status: 2,
        nodeId: 'w1',
        stakeType: 0,
        totalSlashed: 6n,
        unbondingUntilMs: 7n,
      },
    )
  })

  it('reads a cluster before and after its announcement', async () => {
    const raw = {
      id: ID(1),
      version: 1n,
      name: 'c',
      settings: {
        min_stake: [1n, 2n, 3n],
        lock_ms: [0n, 0n, 0n],
        unbonding_ms: 0n,
        write_min_stake: 4n,
        verb_min_stake: {contents: [{key: 'delete', value: 5n}]},
        slash_bps: 1000n,
        treasury: ID(0xa),
        request_ttl_ms: [1n, 2n, 3n, 4n],
        response_ttl_ms: [5n, 6n, 7n, 8n],
        max_seal_ttl_ms: 9n,
        max_envelope_bytes: 10n,
        key_overlap_ms: 11n,
        tiers: [{min_stake: 1n, permissions: ['get:*']}],
        seals_valid_from_ms: 0n,
        longest_seal_ttl_ms: 9n,
        paused: false,
      },
      listener: {
        urls: [] as string[],
        endpoints: [],
        k3s_url: '',
        ca_hash: [] as number[],
        k3s_version: 'v1.34.1+k3s1',
        hpke_key: [] as number[],
        tls_pin: [] as number[],
        key_epoch: 0n,
        previous_hpke_key: [],
        previous_tls_pin: [],
        previous_until_ms: 0n,
        announced_at_ms: 0n,
      },
      listener_caps: {contents: [ID(6)]},
      revoked_seals: {entries: [{seal: ID(5), revoked_at_ms: 3n, until_ms: 12n}]},
      created_at_ms: 11n,
      registry: ID(2),
      package: ID(7),
    }
    const type = `${PACKAGE}::cluster::Cluster`
    const before = await readCluster(
      chain({[ID(1)]: {type, content: Cluster.serialize(raw).toBytes()}}),
      '0x1',
    )
    assert.equal(before.packageId, PACKAGE)
    assert.equal(before.caHash, '')
    assert.equal(before.listenerHpkeKey.length, 0)
    assert.deepEqual(before.minStake, [1n, 2n, 3n])
    assert.deepEqual(before.tiers, [{minStake: 1n, permissions: ['get:*']}])
    assert.deepEqual(before.verbMinStake, {delete: 5n})
    assert.deepEqual(before.revokedSeals, [ID(5)])
    assert.deepEqual(before.revocations, [{seal: ID(5), revokedAtMs: 3n, untilMs: 12n}])
    assert.equal(before.versionPackageId, ID(7))
    assert.deepEqual(before.listenerCaps, [ID(6)])
    const key = Array.from({length: 32}, (_, index) => index)
    const announced = {
      ...raw,
      listener: {...raw.listener, ca_hash: key, hpke_key: key, urls: ['https://l'], key_epoch: 1n},
    }
    const after = await readCluster(
      chain({[ID(1)]: {type, content: Cluster.serialize(announced).toBytes()}}),
      ID(1),
    )
    assert.equal(after.caHash, Buffer.from(key).toString('hex'))
    assert.deepEqual(after.listenerHpkeKey, Uint8Array.from(key))
    assert.deepEqual(after.listenerUrls, ['https://l'])
    assert.equal(after.keyEpoch, 1n)
  })

  it('reads a request', async () => {
    const content = KubectlRequest.serialize({
      id: ID(3),
      cluster: ID(1),
      seal: ID(4),
      requester: ID(0xa),
      request_id: Array.from({length: 16}, () => 1),
      priority: 1,
      created_at_ms: 1n,
      expires_at_ms: 2n,
      answered: true,
      status: 404,
      responded_at_ms: 3n,
      response_expires_at_ms: 4n,
      response_hash: [5],
    }).toBytes()
    const client = chain({[ID(3)]: {type: `${PACKAGE}::k8s_gateway::KubectlRequest`, content}})
    const info = await readRequest(client, ID(3))
    assert.equal(info.status, 404)
    assert.equal(info.answered, true)
    assert.deepEqual(info.requestId, new Uint8Array(16).fill(1))
    assert.deepEqual(info.responseHash, Uint8Array.from([5]))
  })

  it('lists what an address owns, over pages', async () => {
    const ticket = StakeTicket.serialize({
      id: ID(9),
      stake: ID(2),
      cluster: ID(1),
      node_id: 'w1',
      stake_type: 0,
    })
    const client = chain({
      [ID(3)]: seal(3),
      [ID(4)]: seal(4),
      [ID(5)]: seal(5),
      [ID(9)]: {type: `${PACKAGE}::staking::StakeTicket`, content: ticket.toBytes(), owner: ID(0xa)},
    })
    const seals = await listSeals(client, PACKAGE, ID(0xa))
    assert.deepEqual(
      seals.map(({id}) => id),
      [ID(3), ID(4), ID(5)],
    )
    assert.deepEqual(await listStakeTickets(client, PACKAGE, ID(0xa)), [
      {id: ID(9), packageId: PACKAGE, stake: ID(2), cluster: ID(1), nodeId: 'w1', stakeType: 0},
    ])
    assert.deepEqual(await listSeals(client, PACKAGE, ID(0xb)), [])
  })

  it('finds a worker by name and by stake', async () => {
    const registry = NodeRegistry.serialize({
      id: ID(1),
      cluster: ID(0xc),
      names: {id: ID(2), size: 1n},
      stakes: {id: ID(3), size: 1n},
      next_index: 1n,
    }).toBytes()
    const worker = WorkerNode.serialize({
      id: ID(4),
      cluster: ID(0xc),
      owner: ID(0xa),
      stake: ID(5),
      seal: ID(6),
      name: 'w1',
      index: 0n,
      score: 500n,
      status: 3,
      registered_at_ms: 1n,
      last_heartbeat_ms: 2n,
    }).toBytes()
    const client = chain(
      {
        [ID(1)]: {type: `${PACKAGE}::registry::NodeRegistry`, content: registry},
        [ID(4)]: {type: `${PACKAGE}::node_registry::WorkerNode`, content: worker},
      },
      {
        [`${ID(2)} 0x1::string::String 027731`]: ID(4),
        [`${ID(3)} 0x2::object::ID ${ID(5).slice(2)}`]: ID(4),
        [`${ID(3)} 0x2::object::ID ${ID(7).slice(2)}`]: ID(8),
      },
    )
    const cluster = {registry: ID(1)}
    const found = await findWorker(client, cluster, 'w1')
    assert.equal(found?.id, ID(4))
    assert.equal(found.status, 3)
    assert.deepEqual(await findWorkerByStake(client, cluster, ID(5)), found)
    assert.equal(await findWorker(client, cluster, 'w2'), undefined)
    assert.equal(await findWorkerByStake(client, cluster, ID(6)), undefined)
    // Its name was released, and the worker is gone: the stake stays barred.
    assert.deepEqual(await findWorkerByStake(client, cluster, ID(7)), {id: ID(8), status: 3})
  })

  it('refuses what is not there or something else', async () => {
    const client = chain({[ID(3)]: seal(3)})
    assert.equal(await nameOf(readSeal(client, ID(4))), 'OBJECT_MISSING')
    assert.equal(await nameOf(readCluster(client, 'no id')), 'OBJECT_MISSING')
    assert.equal(await nameOf(readStake(client, ID(3))), 'OBJECT_WRONG_TYPE')
  })
})
