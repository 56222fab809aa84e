import {bcs, type BcsType} from '@mysten/sui/bcs'
import assert from 'node:assert/strict'
import {decodeEvent, EVENT_TYPES, type DaasEvent} from '../../../src/lib/contracts/events.ts'

const PACKAGE = `0x${'ab'.repeat(32)}`
const ID = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`
const HASH = Uint8Array.from({length: 32}, (_, index) => index)
const REQUEST_ID = Uint8Array.from({length: 16}, () => 7)

const id = bcs.Address
const u64 = bcs.u64()
const u8 = bcs.u8()
const text = bcs.string()
const bytes = bcs.byteVector()
const chunks = bcs.vector(bytes)

/** The layouts of the brief, written down apart from the bindings: order and types must be these. */
const CASES: {type: string; fields: [string, BcsType<never>, unknown][]; decoded: DaasEvent}[] = [
  event(
    'cluster::ClusterCreated',
    [
      ['cluster', id, ID(1)],
      ['admin', id, ID(2)],
    ],
    {
      $kind: 'ClusterCreated',
      cluster: ID(1),
      admin: ID(2),
    },
  ),
  event(
    'cluster::ListenerAnnounced',
    [
      ['cluster', id, ID(1)],
      ['epoch', u64, 3n],
    ],
    {
      $kind: 'ListenerAnnounced',
      cluster: ID(1),
      keyEpoch: 3n,
    },
  ),
  event(
    'cluster::SealRevokedByAdmin',
    [
      ['cluster', id, ID(1)],
      ['seal', id, ID(2)],
    ],
    {
      $kind: 'SealRevokedByAdmin',
      cluster: ID(1),
      seal: ID(2),
    },
  ),
  event(
    'cluster::ClusterUpdated',
    [
      ['cluster', id, ID(1)],
      ['what', u8, 6],
    ],
    {
      $kind: 'ClusterUpdated',
      cluster: ID(1),
      what: 6,
    },
  ),
  event(
    'staking::StakeCreated',
    [
      ['stake', id, ID(1)],
      ['cluster', id, ID(2)],
      ['staker', id, ID(3)],
      ['amount', u64, 4n],
      ['type', u8, 1],
      ['node', text, 'w1'],
      ['locked', u64, 5n],
    ],
    {
      $kind: 'StakeCreated',
      stake: ID(1),
      cluster: ID(2),
      staker: ID(3),
      amount: 4n,
      stakeType: 1,
      nodeId: 'w1',
      lockedUntilMs: 5n,
    },
  ),
  event(
    'staking::StakeAdded',
    [
      ['stake', id, ID(1)],
      ['cluster', id, ID(2)],
      ['amount', u64, 3n],
      ['total', u64, (1n << 64n) - 1n],
    ],
    {$kind: 'StakeAdded', stake: ID(1), cluster: ID(2), amount: 3n, total: (1n << 64n) - 1n},
  ),
  event(
    'staking::UnstakeRequested',
    [
      ['stake', id, ID(1)],
      ['cluster', id, ID(2)],
      ['at', u64, 3n],
    ],
    {
      $kind: 'UnstakeRequested',
      stake: ID(1),
      cluster: ID(2),
      atMs: 3n,
    },
  ),
  event(
    'staking::StakeWithdrawn',
    [
      ['stake', id, ID(1)],
      ['cluster', id, ID(2)],
      ['staker', id, ID(3)],
      ['amount', u64, 4n],
    ],
    {$kind: 'StakeWithdrawn', stake: ID(1), cluster: ID(2), staker: ID(3), amount: 4n},
  ),
  event(
    'staking::StakeSlashed',
    [
      ['stake', id, ID(1)],
      ['cluster', id, ID(2)],
      ['amount', u64, 3n],
      ['remaining', u64, 4n],
      ['reason', text, 'lied'],
    ],
    {$kind: 'StakeSlashed', stake: ID(1), cluster: ID(2), amount: 3n, remaining: 4n, reason: 'lied'},
  ),
  event(
    'seal_token::SealTokenCreated',
    [
      ['seal', id, ID(1)],
      ['cluster', id, ID(2)],
      ['owner', id, ID(3)],
      ['stake', id, ID(4)],
      ['kind', u8, 2],
      ['expires', u64, 5n],
    ],
    {
      $kind: 'SealTokenCreated',
      seal: ID(1),
      cluster: ID(2),
      owner: ID(3),
      stake: ID(4),
      kind: 2,
      expiresAtMs: 5n,
    },
  ),
  event(
    'seal_token::SealTokenRotated',
    [
      ['seal', id, ID(1)],
      ['cluster', id, ID(2)],
      ['revision', u64, 3n],
      ['expires', u64, 4n],
    ],
    {$kind: 'SealTokenRotated', seal: ID(1), cluster: ID(2), revision: 3n, expiresAtMs: 4n},
  ),
  event(
    'seal_token::SealTokenRevoked',
    [
      ['seal', id, ID(1)],
      ['cluster', id, ID(2)],
    ],
    {
      $kind: 'SealTokenRevoked',
      seal: ID(1),
      cluster: ID(2),
    },
  ),
  event(
    'node_registry::WorkerRegistered',
    [
      ['worker', id, ID(1)],
      ['cluster', id, ID(2)],
      ['stake', id, ID(3)],
      ['name', text, 'w1'],
      ['index', u64, 4n],
    ],
    {$kind: 'WorkerRegistered', worker: ID(1), cluster: ID(2), stake: ID(3), name: 'w1', index: 4n},
  ),
  event(
    'node_registry::WorkerEvicted',
    [
      ['worker', id, ID(1)],
      ['cluster', id, ID(2)],
      ['stake', id, ID(3)],
      ['name', text, 'w1'],
      ['reason', text, 'slashed'],
    ],
    {$kind: 'WorkerEvicted', worker: ID(1), cluster: ID(2), stake: ID(3), name: 'w1', reason: 'slashed'},
  ),
  event(
    'node_registry::WorkerHeartbeat',
    [
      ['worker', id, ID(1)],
      ['at', u64, 2n],
    ],
    {
      $kind: 'WorkerHeartbeat',
      worker: ID(1),
      atMs: 2n,
    },
  ),
  event(
    'node_registry::LivenessReported',
    [
      ['cluster', id, ID(1)],
      ['bitmap', bytes, HASH],
      ['at', u64, 2n],
    ],
    {
      $kind: 'LivenessReported',
      cluster: ID(1),
      bitmap: HASH,
      atMs: 2n,
    },
  ),
  event(
    'node_registry::ScoreSet',
    [
      ['worker', id, ID(1)],
      ['score', u64, 2n],
    ],
    {
      $kind: 'ScoreSet',
      worker: ID(1),
      score: 2n,
    },
  ),
  event(
    'node_registry::WorkerStatusSet',
    [
      ['worker', id, ID(1)],
      ['status', u8, 2],
    ],
    {
      $kind: 'WorkerStatusSet',
      worker: ID(1),
      status: 2,
    },
  ),
  event(
    'node_registry::NameReleased',
    [
      ['cluster', id, ID(1)],
      ['worker', id, ID(2)],
      ['name', text, 'w1'],
    ],
    {
      $kind: 'NameReleased',
      cluster: ID(1),
      worker: ID(2),
      name: 'w1',
    },
  ),
  event(
    'k8s_gateway::K8sAPIRequest',
    [
      ['request', id, ID(1)],
      ['cluster', id, ID(2)],
      ['seal', id, ID(3)],
      ['stake', id, ID(4)],
      ['requester', id, ID(5)],
      ['request_id', bytes, REQUEST_ID],
      ['verb', text, 'get'],
      ['resource', text, 'apps/deployments'],
      ['namespace', text, ''],
      ['priority', u8, 1],
      ['expires', u64, 6n],
      ['permissions', bcs.vector(text), ['get:*', '*:pods']],
      ['envelope', chunks, [HASH, REQUEST_ID]],
    ],
    {
      $kind: 'K8sAPIRequest',
      request: ID(1),
      cluster: ID(2),
      seal: ID(3),
      stake: ID(4),
      requester: ID(5),
      requestId: REQUEST_ID,
      verb: 'get',
      resource: 'apps/deployments',
      namespace: '',
      priority: 1,
      expiresAtMs: 6n,
      permissions: ['get:*', '*:pods'],
      envelope: [HASH, REQUEST_ID],
    },
  ),
  event(
    'k8s_gateway::K8sRequestProcessed',
    [
      ['request', id, ID(1)],
      ['cluster', id, ID(2)],
      ['requester', id, ID(3)],
      ['request_id', bytes, REQUEST_ID],
      ['status', bcs.u16(), 404],
      ['body', chunks, []],
      ['body_hash', bytes, HASH],
      ['location', text, '/v1/blobs/00'],
      ['processed', u64, 9n],
    ],
    {
      $kind: 'K8sRequestProcessed',
      request: ID(1),
      cluster: ID(2),
      requester: ID(3),
      requestId: REQUEST_ID,
      status: 404,
      body: [],
      bodyHash: HASH,
      bodyLocation: '/v1/blobs/00',
      processedAtMs: 9n,
    },
  ),
  event(
    'k8s_gateway::SessionEnded',
    [
      ['request', id, ID(1)],
      ['cluster', id, ID(2)],
      ['request_id', bytes, REQUEST_ID],
      ['bytes_in', u64, 10n],
      ['bytes_out', u64, 20n],
      ['reason', u8, 4],
      ['ended', u64, 9n],
    ],
    {
      $kind: 'SessionEnded',
      request: ID(1),
      cluster: ID(2),
      requestId: REQUEST_ID,
      bytesIn: 10n,
      bytesOut: 20n,
      reason: 4,
      endedAtMs: 9n,
    },
  ),
]

function event(
  type: string,
  fields: [string, unknown, unknown][],
  decoded: DaasEvent,
): (typeof CASES)[number] {
  return {type, fields: fields as [string, BcsType<never>, unknown][], decoded}
}

function encode(fields: [string, BcsType<never>, unknown][]): Uint8Array {
  return Buffer.concat(fields.map(([, type, value]) => type.serialize(value as never).toBytes()))
}

describe('contracts: decodeEvent', () => {
  for (const {type, fields, decoded} of CASES) {
    it(type, () => {
      assert.deepEqual(decodeEvent({type: `${PACKAGE}::${type}`, bcs: encode(fields)}), decoded)
    })
  }

  it('knows every event that is tested, and no other', () => {
    assert.deepEqual([...EVENT_TYPES].sort(), CASES.map(({type}) => type).sort())
  })

  it('leaves unknown events alone', () => {
    assert.equal(decodeEvent({type: `${PACKAGE}::staking::Other`, bcs: new Uint8Array()}), undefined)
    assert.equal(decodeEvent({type: '0x2::coin::toString', bcs: new Uint8Array()}), undefined)
    assert.equal(decodeEvent({type: 'toString', bcs: new Uint8Array()}), undefined)
  })
})
