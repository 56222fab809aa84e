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

const ids = bcs.vector(u64)
const texts = bcs.vector(text)

/** Settings of a cluster, as they lie in events. */
const SETTINGS: [string, unknown, unknown][] = [
  ['min_stake', ids, [1n, 2n, 3n]],
  ['lock_ms', ids, [4n, 5n, 6n]],
  ['unbonding_ms', u64, 7n],
  ['write_min_stake', u64, 8n],
  ['verb_min_stake', bcs.vector(bcs.tuple([text, u64])), [['delete', 9n]]],
  ['slash_bps', u64, 10n],
  ['treasury', id, ID(11)],
  ['request_ttl_ms', ids, [1n, 2n, 3n, 4n]],
  ['response_ttl_ms', ids, [5n, 6n, 7n, 8n]],
  ['max_seal_ttl_ms', u64, 12n],
  ['max_envelope_bytes', u64, 13n],
  ['key_overlap_ms', u64, 14n],
  ['tiers', bcs.vector(bcs.tuple([u64, texts])), [[15n, ['get:*']]]],
  ['seals_valid_from_ms', u64, 16n],
  ['longest_seal_ttl_ms', u64, 17n],
  ['paused', bcs.bool(), true],
]
const settings = {
  minStake: [1n, 2n, 3n],
  lockMs: [4n, 5n, 6n],
  unbondingMs: 7n,
  writeMinStake: 8n,
  verbMinStake: {delete: 9n},
  slashBps: 10n,
  treasury: ID(11),
  requestTtlMs: [1n, 2n, 3n, 4n],
  responseTtlMs: [5n, 6n, 7n, 8n],
  maxSealTtlMs: 12n,
  maxEnvelopeBytes: 13n,
  keyOverlapMs: 14n,
  tiers: [{minStake: 15n, permissions: ['get:*']}],
  sealsValidFromMs: 16n,
  longestSealTtlMs: 17n,
  paused: true,
}

/** A listener, as it lies in events. */
const LISTENER: [string, unknown, unknown][] = [
  ['urls', texts, ['https://l']],
  ['endpoints', bcs.vector(bcs.tuple([u64, texts])), [[1n, ['https://m']]]],
  ['k3s_url', text, 'https://k'],
  ['ca_hash', bytes, HASH],
  ['k3s_version', text, 'v1'],
  ['hpke_key', bytes, HASH],
  ['tls_pin', bytes, HASH],
  ['key_epoch', u64, 2n],
  ['previous_hpke_key', bytes, new Uint8Array()],
  ['previous_tls_pin', bytes, new Uint8Array()],
  ['previous_until_ms', u64, 3n],
  ['announced_at_ms', u64, 4n],
]
const listener = {
  listenerUrls: ['https://l'],
  endpoints: [{minStake: 1n, urls: ['https://m']}],
  k3sUrl: 'https://k',
  caHash: Buffer.from(HASH).toString('hex'),
  k3sVersion: 'v1',
  listenerHpkeKey: HASH,
  listenerTlsPin: HASH,
  keyEpoch: 2n,
  previousHpkeKey: new Uint8Array(),
  previousTlsPin: new Uint8Array(),
  previousUntilMs: 3n,
  announcedAtMs: 4n,
}

/** The layouts of the brief, written down apart from the bindings: order and types must be these. */
const CASES: {type: string; fields: [string, BcsType<never>, unknown][]; decoded: DaasEvent}[] = [
  event(
    'cluster::ClusterCreated',
    [
      ['cluster', id, ID(1)],
      ['admin', id, ID(2)],
      ['name', text, 'c'],
      ['registry', id, ID(3)],
      ['created', u64, 4n],
      ...SETTINGS,
      ...LISTENER,
      ['version', u64, 1n],
      ['package', id, ID(5)],
    ],
    {
      $kind: 'ClusterCreated',
      cluster: ID(1),
      admin: ID(2),
      name: 'c',
      registry: ID(3),
      createdAtMs: 4n,
      settings,
      listener,
      version: 1n,
      versionPackageId: ID(5),
    },
  ),
  event('cluster::ListenerAnnounced', [['cluster', id, ID(1)], ['epoch', u64, 3n], ...LISTENER], {
    $kind: 'ListenerAnnounced',
    cluster: ID(1),
    keyEpoch: 3n,
    listener,
  }),
  event(
    'cluster::SealRevokedByAdmin',
    [
      ['cluster', id, ID(1)],
      ['seal', id, ID(2)],
      ['revoked', u64, 3n],
      ['until', u64, 4n],
    ],
    {
      $kind: 'SealRevokedByAdmin',
      cluster: ID(1),
      seal: ID(2),
      revokedAtMs: 3n,
      untilMs: 4n,
    },
  ),
  event('cluster::ClusterUpdated', [['cluster', id, ID(1)], ['what', u8, 6], ...SETTINGS], {
    $kind: 'ClusterUpdated',
    cluster: ID(1),
    what: 6,
    settings,
  }),
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
      ['staked', u64, 6n],
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
      stakedAtMs: 6n,
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
      ['until', u64, 4n],
    ],
    {
      $kind: 'UnstakeRequested',
      stake: ID(1),
      cluster: ID(2),
      atMs: 3n,
      unbondingUntilMs: 4n,
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
      ['until', u64, 5n],
    ],
    {
      $kind: 'StakeSlashed',
      stake: ID(1),
      cluster: ID(2),
      amount: 3n,
      remaining: 4n,
      reason: 'lied',
      unbondingUntilMs: 5n,
    },
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
      ['created', u64, 6n],
      ['amount', u64, 7n],
      ['hash', bytes, HASH],
      ['permissions', texts, ['get:*']],
    ],
    {
      $kind: 'SealTokenCreated',
      seal: ID(1),
      cluster: ID(2),
      owner: ID(3),
      stake: ID(4),
      kind: 2,
      expiresAtMs: 5n,
      createdAtMs: 6n,
      stakeAmount: 7n,
      tokenHash: HASH,
      permissions: ['get:*'],
    },
  ),
  event(
    'seal_token::SealTokenRotated',
    [
      ['seal', id, ID(1)],
      ['cluster', id, ID(2)],
      ['revision', u64, 3n],
      ['expires', u64, 4n],
      ['amount', u64, 7n],
      ['hash', bytes, HASH],
      ['permissions', texts, ['get:*']],
    ],
    {
      $kind: 'SealTokenRotated',
      seal: ID(1),
      cluster: ID(2),
      revision: 3n,
      expiresAtMs: 4n,
      stakeAmount: 7n,
      tokenHash: HASH,
      permissions: ['get:*'],
    },
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
      ['owner', id, ID(5)],
      ['seal', id, ID(6)],
      ['at', u64, 7n],
    ],
    {
      $kind: 'WorkerRegistered',
      worker: ID(1),
      cluster: ID(2),
      stake: ID(3),
      name: 'w1',
      index: 4n,
      owner: ID(5),
      seal: ID(6),
      registeredAtMs: 7n,
    },
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
    'sessions::SessionEnded',
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
  event(
    'cluster::ClusterMigrated',
    [
      ['cluster', id, ID(1)],
      ['from', u64, 1n],
      ['to', u64, 2n],
      ['package', id, ID(3)],
    ],
    {
      $kind: 'ClusterMigrated',
      cluster: ID(1),
      from: 1n,
      to: 2n,
      versionPackageId: ID(3),
    },
  ),
  event(
    'heartbeat::ListenerBeat',
    [
      ['cluster', id, ID(1)],
      ['cap', id, ID(2)],
      ['status', u8, 1],
      ['at', u64, 3n],
    ],
    {
      $kind: 'ListenerBeat',
      cluster: ID(1),
      cap: ID(2),
      status: 1,
      atMs: 3n,
    },
  ),
  event(
    'cluster::ListenerCapCreated',
    [
      ['cluster', id, ID(1)],
      ['cap', id, ID(2)],
      ['to', id, ID(3)],
    ],
    {
      $kind: 'ListenerCapCreated',
      cluster: ID(1),
      cap: ID(2),
      recipient: ID(3),
    },
  ),
  event(
    'cluster::ListenerCapRevoked',
    [
      ['cluster', id, ID(1)],
      ['cap', id, ID(2)],
    ],
    {
      $kind: 'ListenerCapRevoked',
      cluster: ID(1),
      cap: ID(2),
    },
  ),
  event(
    'cluster::SealForgotten',
    [
      ['cluster', id, ID(1)],
      ['seal', id, ID(2)],
    ],
    {
      $kind: 'SealForgotten',
      cluster: ID(1),
      seal: ID(2),
    },
  ),
  event(
    'grants::PermissionGranted',
    [
      ['grant', id, ID(1)],
      ['cluster', id, ID(2)],
      ['user', id, ID(3)],
      ['permissions', texts, ['get:*']],
      ['namespaces', texts, ['dev']],
      ['granted', u64, 4n],
      ['expires', u64, 5n],
    ],
    {
      $kind: 'PermissionGranted',
      grant: ID(1),
      cluster: ID(2),
      user: ID(3),
      permissions: ['get:*'],
      namespaces: ['dev'],
      grantedAtMs: 4n,
      expiresAtMs: 5n,
    },
  ),
  event(
    'grants::PermissionRevoked',
    [
      ['grant', id, ID(1)],
      ['cluster', id, ID(2)],
      ['user', id, ID(3)],
    ],
    {
      $kind: 'PermissionRevoked',
      grant: ID(1),
      cluster: ID(2),
      user: ID(3),
    },
  ),
  event(
    'grants::PermissionPruned',
    [
      ['grant', id, ID(1)],
      ['cluster', id, ID(2)],
    ],
    {
      $kind: 'PermissionPruned',
      grant: ID(1),
      cluster: ID(2),
    },
  ),
  event(
    'grants::TicketDiscarded',
    [
      ['grant', id, ID(1)],
      ['cluster', id, ID(2)],
    ],
    {
      $kind: 'TicketDiscarded',
      grant: ID(1),
      cluster: ID(2),
    },
  ),
  event(
    'k8s_gateway::K8sRequestPruned',
    [
      ['request', id, ID(1)],
      ['cluster', id, ID(2)],
    ],
    {
      $kind: 'K8sRequestPruned',
      request: ID(1),
      cluster: ID(2),
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
