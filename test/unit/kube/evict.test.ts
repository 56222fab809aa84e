import assert from 'node:assert/strict'
import {evictNode, EVICTION_STEPS} from '../../../src/lib/kube/evict.ts'
import {startFakeKube} from './fake-kube.ts'
import type {FakeKube} from './fake-kube.ts'

const node = '/api/v1/nodes/w1'
const secrets = '/api/v1/namespaces/kube-system/secrets'
const list = '/api/v1/namespaces/kube-system/configmaps/daas-nodes'
const pods = '/api/v1/namespaces/default/pods'

describe('eviction', () => {
  let kube: FakeKube
  beforeEach(async () => {
    kube = await startFakeKube()
    kube.put(list, {data: {w1: '0x1', w2: '0x2'}})
    kube.put(`${secrets}/bootstrap-token-abcdef`, {
      metadata: {labels: {'app.kubernetes.io/managed-by': 'daas', 'daas.io/node': 'w1'}},
    })
    kube.put(`${secrets}/w1.node-password.k3s`, {})
    kube.put(node, {spec: {taints: [{key: 'other', effect: 'NoSchedule'}]}})
    kube.put(`${pods}/plain`, {metadata: {namespace: 'default'}, spec: {nodeName: 'w1'}})
    kube.put(`${pods}/elsewhere`, {metadata: {namespace: 'default'}, spec: {nodeName: 'w2'}})
    kube.put(`${pods}/daemon`, {
      metadata: {namespace: 'default', ownerReferences: [{kind: 'DaemonSet'}]},
      spec: {nodeName: 'w1'},
    })
    kube.put(`${pods}/mirror`, {
      metadata: {namespace: 'default', annotations: {'kubernetes.io/config.mirror': 'x'}},
      spec: {nodeName: 'w1'},
    })
    kube.put('/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/w1', {})
    kube.put('/apis/storage.k8s.io/v1/csinodes/w1', {})
  })
  afterEach(() => kube.close())

  it('takes rights before objects, in this order', async () => {
    const done = await evictNode(kube.http, {nodeName: 'w1', tokenId: 'abcdef', graceMs: 0})
    assert.deepEqual(
      done,
      EVICTION_STEPS.map((step) => ({step, changed: true})),
    )
    assert.deepEqual(
      kube.calls.filter((call) => !call.startsWith('GET')),
      [
        `PATCH ${list}`,
        `DELETE ${secrets}/bootstrap-token-abcdef`,
        `PATCH ${node}`,
        `POST ${pods}/plain/eviction`,
        `DELETE ${node}`,
        `DELETE ${secrets}/w1.node-password.k3s`,
        'DELETE /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/w1',
        'DELETE /apis/storage.k8s.io/v1/csinodes/w1',
      ],
    )
    assert.deepEqual(kube.objects.get(list)?.data, {w2: '0x2'})
    assert.deepEqual(
      [...kube.objects.keys()].filter((path) => path.startsWith(pods)).map((path) => path.split('/').at(-1)),
      ['elsewhere', 'daemon', 'mirror'],
    )
  })

  it('changes nothing the second time', async () => {
    await evictNode(kube.http, {nodeName: 'w1', tokenId: 'abcdef', graceMs: 0})
    const done = await evictNode(kube.http, {nodeName: 'w1', tokenId: 'abcdef', graceMs: 0})
    assert.deepEqual(
      done,
      EVICTION_STEPS.map((step) => ({step, changed: false})),
    )
  })

  it('finishes what was interrupted at any step', async () => {
    for (const refused of [secrets, node, 'eviction', 'leases']) {
      kube.put(list, {data: {w1: '0x1'}})
      kube.put(`${secrets}/bootstrap-token-abcdef`, {
        metadata: {labels: {'app.kubernetes.io/managed-by': 'daas', 'daas.io/node': 'w1'}},
      })
      kube.put(node, {spec: {}})
      kube.put(`${pods}/plain`, {metadata: {namespace: 'default'}, spec: {nodeName: 'w1'}})
      kube.put('/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/w1', {})
      const broken = {status: 500, body: {message: 'broken'}}
      kube.intercept = (call) => (!call.startsWith('GET') && call.includes(refused) ? broken : undefined)
      const options = {nodeName: 'w1', tokenId: 'abcdef', graceMs: 0}
      await assert.rejects(evictNode(kube.http, options), {code: 'DAAS-K103'})
      assert.equal((kube.objects.get(list)?.data as Record<string, string>).w1, undefined)
      kube.intercept = () => undefined
      await evictNode(kube.http, options)
      assert.equal(kube.objects.has(node), false)
      assert.equal(kube.objects.has(`${pods}/plain`), false)
    }
  })

  it('deletes pods that a disruption budget would keep', async () => {
    const busy = {status: 429, body: {message: 'budget'}}
    kube.intercept = (call) => (call.endsWith('/eviction') ? busy : undefined)
    await evictNode(kube.http, {nodeName: 'w1', graceMs: 0})
    assert.ok(kube.calls.includes(`DELETE ${pods}/plain?gracePeriodSeconds=0`))
    assert.equal(kube.objects.has(`${pods}/plain`), false)
  })

  it('taints and cordons before it touches a pod', async () => {
    kube.intercept = (call) => (call === `DELETE ${node}` ? {status: 500, body: {}} : undefined)
    await assert.rejects(evictNode(kube.http, {nodeName: 'w1', graceMs: 0}), {code: 'DAAS-K103'})
    assert.deepEqual(kube.objects.get(node)?.spec, {
      unschedulable: true,
      taints: [
        {key: 'other', effect: 'NoSchedule'},
        {key: 'daas.io/slashed', value: 'true', effect: 'NoExecute'},
      ],
    })
  })
})
