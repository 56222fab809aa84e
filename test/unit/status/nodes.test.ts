import assert from 'node:assert/strict'
import type {V1Node} from '@kubernetes/client-node'
import type {WorkerOnChain} from '../../../src/lib/contracts/list-workers.ts'
import {compareNodes} from '../../../src/lib/status/nodes.ts'

const STATUS = {registered: 0, ready: 1, offline: 2, evicted: 3}
const STAKE = {active: 0, unbonding: 1, slashed: 2}

function worker(
  name: string,
  status: keyof typeof STATUS = 'ready',
  stake: keyof typeof STAKE | 'withdrawn' = 'active',
): WorkerOnChain {
  const ids = {id: '0x1', packageId: '0x2', cluster: '0x3', owner: '0x4', stake: '0x5', seal: '0x6'}
  return {
    worker: {
      ...ids,
      name,
      index: 0n,
      score: 100n,
      status: STATUS[status],
      registeredAtMs: 1_700_000_000_000n,
      lastHeartbeatMs: 0n,
    },
    stake:
      stake === 'withdrawn'
        ? undefined
        : {
            ...ids,
            staker: '0x4',
            balance: 1_000_000_000n,
            stakedAtMs: 0n,
            lockedUntilMs: 0n,
            status: STAKE[stake],
            nodeId: name,
            stakeType: 0,
            totalSlashed: 0n,
            unbondingUntilMs: 0n,
          },
  }
}

function node(
  name: string,
  {ready = true, ofDaas = true, quarantined = false, cordoned = false} = {},
): V1Node {
  return {
    metadata: {
      name,
      labels: ofDaas ? {'daas.io/stake': '5'} : {},
      creationTimestamp: new Date(1_700_000_000_000),
    },
    spec: {
      ...(quarantined && {taints: [{key: 'daas.io/unverified', value: 'true', effect: 'NoSchedule'}]}),
      ...(cordoned && {unschedulable: true}),
    },
    status: {
      conditions: [{type: 'Ready', status: ready ? 'True' : 'Unknown'}],
      nodeInfo: {kubeletVersion: 'v1.34.1'} as V1Node['status'] extends {nodeInfo?: infer T} | undefined
        ? T
        : never,
    },
  }
}

describe('the nodes of a cluster, chain and Kubernetes side by side', () => {
  it('shows one that is in as both have it', () => {
    const [listed, ...others] = compareNodes({workers: [worker('w1')], nodes: [node('w1', {cordoned: true})]})
    assert.deepEqual(others, [])
    assert.deepEqual(listed, {
      node: 'w1',
      chain: {
        worker: '0x1',
        status: 'ready',
        owner: '0x4',
        stake: '0x5',
        stakeStatus: 'active',
        stakedMist: 1_000_000_000n,
        score: 100n,
        registeredAt: '2023-11-14T22:13:20.000Z',
      },
      kubernetes: {
        ready: true,
        schedulable: false,
        quarantined: false,
        version: 'v1.34.1',
        createdAt: '2023-11-14T22:13:20.000Z',
      },
      state: 'ok',
    })
  })

  it('says where the two do not agree, and leaves out who is out on both sides', () => {
    const listed = compareNodes({
      workers: [
        worker('away', 'offline'),
        worker('back', 'offline'),
        worker('gone'),
        worker('out', 'evicted', 'slashed'),
        worker('returned', 'evicted', 'slashed'),
        worker('slashed', 'ready', 'slashed'),
        worker('unbonding', 'ready', 'unbonding'),
        worker('withdrawn', 'ready', 'withdrawn'),
        worker('dead'),
        worker('new', 'registered'),
      ],
      nodes: [
        node('back'),
        node('server', {ofDaas: false}),
        node('stray'),
        node('returned'),
        node('slashed'),
        node('unbonding'),
        node('withdrawn'),
        node('dead', {ready: false}),
        node('new', {quarantined: true}),
      ],
    })
    assert.deepEqual(
      listed.map(({node: name, state, chain, kubernetes}) => [name, state, chain?.status, kubernetes?.ready]),
      [
        ['away', 'warning', 'offline', undefined],
        ['back', 'warning', 'offline', true],
        ['dead', 'error', 'ready', false],
        ['gone', 'error', 'ready', undefined],
        ['new', 'warning', 'registered', true],
        ['returned', 'error', 'evicted', true],
        ['server', 'ok', undefined, true],
        ['slashed', 'error', 'ready', true],
        ['stray', 'warning', undefined, true],
        ['unbonding', 'error', 'ready', true],
        ['withdrawn', 'error', 'ready', true],
      ],
    )
  })

  it('goes by the chain alone where Kubernetes was not asked', () => {
    const listed = compareNodes({
      workers: [worker('a'), worker('b', 'offline'), worker('c', 'ready', 'slashed'), worker('d', 'evicted')],
      nodes: undefined,
    })
    assert.deepEqual(
      listed.map(({node: name, state}) => [name, state]),
      [
        ['a', 'ok'],
        ['b', 'warning'],
        ['c', 'error'],
      ],
    )
  })
})
