import assert from 'node:assert/strict'
import {drainNode, type DrainOptions} from '../../../src/lib/kube/drain.ts'
import {evictNode} from '../../../src/lib/kube/evict.ts'
import {type FakeKube, startFakeKube} from './fake-kube.ts'

const pods = '/api/v1/namespaces/default/pods'
const node = '/api/v1/nodes/w1'
const READY = {conditions: [{type: 'Ready', status: 'True'}]}
const OWNED = {ownerReferences: [{kind: 'ReplicaSet', controller: true}]}

describe('draining a node', () => {
  let kube: FakeKube
  beforeEach(async () => {
    kube = await startFakeKube()
    kube.put(node, {spec: {}, status: READY})
  })
  afterEach(() => kube.close())

  const put = (
    name: string,
    {metadata = OWNED, ...more}: {metadata?: object; spec?: object; status?: object} = {},
  ): void =>
    kube.put(`${pods}/${name}`, {
      ...more,
      metadata: {namespace: 'default', ...metadata},
      spec: {nodeName: 'w1', ...more.spec},
    })
  const drain = (more: Partial<DrainOptions> = {}): Promise<boolean> =>
    drainNode(kube.http, {nodeName: 'w1', deleteEmptyDirData: false, timeoutMs: 5000, pauseMs: 5, ...more})
  const evictions = (): string[] =>
    kube.calls.filter((call) => call.endsWith('/eviction')).map((call) => call.split('/').at(-2)!)
  const refuse = (status: number, message: string, causes: object[] = []) => ({
    status,
    body: {kind: 'Status', status: 'Failure', code: status, message, details: {causes}},
  })
  const budget = refuse(429, "Cannot evict pod as it would violate the pod's disruption budget.", [
    {reason: 'DisruptionBudget', message: 'The disruption budget b needs 1 healthy pods and has 1 currently'},
  ])

  it('evicts what a controller starts again elsewhere, and leaves what goes with the node', async () => {
    put('web')
    put('daemon', {metadata: {ownerReferences: [{kind: 'DaemonSet', controller: true}]}})
    put('mirror', {metadata: {annotations: {'kubernetes.io/config.mirror': 'x'}}})
    assert.equal(await drain(), true)
    assert.deepEqual(evictions(), ['web'])
    assert.equal(await drain(), false)
  })

  it('touches nothing where one pod would be lost, or its data', async () => {
    put('web')
    put('alone', {metadata: {}})
    await assert.rejects(drain(), {code: 'DAAS-K107', message: /default\/alone/})
    assert.deepEqual(evictions(), [])
    put('alone', {metadata: {}, status: {phase: 'Succeeded'}})
    put('cache', {spec: {volumes: [{name: 'a', emptyDir: {}}]}})
    await assert.rejects(drain(), {code: 'DAAS-K107', message: /default\/cache/})
    assert.deepEqual(evictions(), [])
    await drain({deleteEmptyDirData: true})
    assert.deepEqual(evictions().sort(), ['alone', 'cache', 'web'])
  })

  it('asks a disruption budget again, until it says yes', async () => {
    put('web')
    let noes = 3
    kube.intercept = (call) => (call.endsWith('/eviction') && noes-- > 0 ? budget : undefined)
    assert.equal(await drain(), true)
    assert.equal(evictions().length, 4)
  })

  it('gives up at the deadline, naming the pod, the budget and what to do', async () => {
    put('web')
    kube.intercept = (call) => (call.endsWith('/eviction') ? budget : undefined)
    await assert.rejects(drain({timeoutMs: 50}), (error: Error & {code?: string; suggestions?: string[]}) => {
      assert.equal(error.code, 'DAAS-K107')
      assert.match(error.message, /default\/web .*disruption budget b needs 1 healthy pods/)
      assert.match(error.suggestions![0]!, /--force/)
      return true
    })
    assert.ok(kube.objects.has(`${pods}/web`))
  })

  it('waits for pods of a namespace that goes, and for pods that take their time', async () => {
    put('web')
    const terminating = refuse(403, 'terminating', [{reason: 'NamespaceTerminating', message: 'it goes'}])
    let noes = 2
    kube.intercept = (call) => (call.endsWith('/eviction') && noes-- > 0 ? terminating : undefined)
    assert.equal(await drain(), true)
    put('slow', {metadata: {...OWNED, deletionTimestamp: new Date().toISOString()}})
    await assert.rejects(drain({timeoutMs: 50}), {code: 'DAAS-K107', message: /default\/slow/})
    assert.equal(evictions().includes('slow'), false)
  })

  it('does not wait for an end that nobody can confirm', async () => {
    kube.put(node, {spec: {}, status: {conditions: [{type: 'Ready', status: 'Unknown'}]}})
    put('stuck', {metadata: {...OWNED, deletionTimestamp: new Date(Date.now() - 60_000).toISOString()}})
    assert.equal(await drain(), true)
    assert.ok(kube.calls.includes(`DELETE ${pods}/stuck?gracePeriodSeconds=0`))
  })

  it('takes any other no for an answer', async () => {
    put('web')
    kube.intercept = (call) =>
      call.endsWith('/eviction') ? refuse(500, 'This pod has more than one PodDisruptionBudget') : undefined
    await assert.rejects(drain(), {code: 'DAAS-K107', message: /more than one PodDisruptionBudget/})
    assert.equal(evictions().length, 1)
  })

  it('that cannot be drained takes work again, unless it took none before', async () => {
    put('alone', {metadata: {}})
    const options = {
      nodeName: 'w1',
      isLeaving: true,
      drain: {deleteEmptyDirData: false, timeoutMs: 1000},
    }
    for (const unschedulable of [undefined, true]) {
      const spec = {taints: [{key: 'other', effect: 'NoSchedule'}], ...(unschedulable && {unschedulable})}
      kube.put(node, {spec, status: READY})
      await assert.rejects(evictNode(kube.http, options), {code: 'DAAS-K107'})
      assert.deepEqual(kube.objects.get(node)?.spec, {
        taints: spec.taints,
        ...(unschedulable && {unschedulable}),
      })
      assert.ok(kube.objects.has(`${pods}/alone`))
    }
  })
})
