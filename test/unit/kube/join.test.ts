import assert from 'node:assert/strict'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {installAdmissionPolicy} from '../../../src/lib/kube/admission-policy.ts'
import {createAllowList} from '../../../src/lib/kube/allow-list.ts'
import {createBootstrapSecret, deleteBootstrapSecret} from '../../../src/lib/kube/bootstrap-secret.ts'
import {createKubeHttp, kubeFetch} from '../../../src/lib/kube/kube-http.ts'
import {loadKubeConfig} from '../../../src/lib/kube/kubeconfig.ts'
import {applyObject, readManifest} from '../../../src/lib/kube/manifests.ts'
import {isNodeReady, liftQuarantine, waitForNodeReady} from '../../../src/lib/kube/node-ready.ts'
import {startFakeKube} from './fake-kube.ts'
import type {FakeKube} from './fake-kube.ts'

const token = {
  token: 'abcdef.0123456789abcdef',
  expiresAtMs: Date.UTC(2030, 0, 1, 12, 30, 5, 250),
  nodeName: 'w1',
  stake: '0x1',
}
const secret = '/api/v1/namespaces/kube-system/secrets/bootstrap-token-abcdef'
const list = '/api/v1/namespaces/kube-system/configmaps/daas-nodes'
const node = '/api/v1/nodes/w1'

describe('kube', () => {
  let kube: FakeKube
  beforeEach(async () => {
    kube = await startFakeKube()
  })
  afterEach(() => kube.close())

  describe('bootstrap token Secret', () => {
    it('is what Kubernetes demands', async () => {
      assert.equal(await createBootstrapSecret(kube.http, token), true)
      const stored = kube.objects.get(secret)!
      const data = Object.fromEntries(
        Object.entries(stored.data as Record<string, string>).map(([key, value]) => [key, atob(value)]),
      )
      assert.equal(stored.type, 'bootstrap.kubernetes.io/token')
      assert.equal(data['token-id'], 'abcdef')
      assert.equal(data['token-secret'], '0123456789abcdef')
      assert.equal(data.expiration, '2030-01-01T12:30:05Z')
      assert.equal(data['usage-bootstrap-authentication'], 'true')
      for (const group of data['auth-extra-groups']!.split(',')) {
        assert.match(group, /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/)
      }
    })

    it('is renewed by the same token and refused to another', async () => {
      await createBootstrapSecret(kube.http, token)
      assert.equal(
        await createBootstrapSecret(kube.http, {...token, expiresAtMs: token.expiresAtMs + 1000}),
        false,
      )
      assert.equal(
        atob((kube.objects.get(secret)!.data as {expiration: string}).expiration),
        '2030-01-01T12:30:06Z',
      )
      const others = [
        {...token, token: 'abcdef.zzzzzzzzzzzzzzzz'},
        {...token, stake: '0x2'},
      ]
      for (const other of others) {
        await assert.rejects(createBootstrapSecret(kube.http, other), {code: 'DAAS-K104'})
      }
    })

    it('is deleted once', async () => {
      await createBootstrapSecret(kube.http, token)
      assert.equal(await deleteBootstrapSecret(kube.http, 'abcdef'), true)
      assert.equal(await deleteBootstrapSecret(kube.http, 'abcdef'), false)
    })
  })

  describe('allow-list', () => {
    it('allows, denies, and comes back when somebody deleted it', async () => {
      const allowList = createAllowList(kube.http)
      await allowList.allow('w1', '0x1')
      await allowList.allow('w2', '0x2')
      assert.deepEqual(await allowList.read(), {w1: '0x1', w2: '0x2'})
      assert.equal(await allowList.deny('w1'), true)
      assert.equal(await allowList.deny('w1'), false)
      assert.deepEqual(await allowList.read(), {w2: '0x2'})
      kube.objects.delete(list)
      assert.deepEqual(await allowList.read(), {})
      assert.equal(await allowList.deny('w2'), false)
      await allowList.allow('w3', '0x3')
      assert.deepEqual(await allowList.read(), {w3: '0x3'})
    })
  })

  describe('admission policy', () => {
    it('adopts the nodes that were there, once', async () => {
      kube.put('/api/v1/nodes/server-1', {})
      assert.deepEqual(await installAdmissionPolicy(kube.http, {exempt: ['server-2']}), {
        firstTime: true,
        adopted: ['server-1'],
      })
      assert.deepEqual(kube.objects.get(list)?.data, {'server-1': 'adopted', 'server-2': 'adopted'})
      kube.put('/api/v1/nodes/intruder', {})
      assert.deepEqual(await installAdmissionPolicy(kube.http), {firstTime: false, adopted: []})
      assert.deepEqual(kube.objects.get(list)?.data, {'server-1': 'adopted', 'server-2': 'adopted'})
    })

    it('adopts no worker, where somebody deleted the policy', async () => {
      const verified = {'node-restriction.kubernetes.io/daas-verified': 'true'}
      kube.put('/api/v1/nodes/w1', {metadata: {labels: verified}})
      kube.put('/api/v1/nodes/w2', {spec: {taints: [{key: 'daas.io/unverified'}]}})
      kube.put('/api/v1/nodes/server-1', {})
      assert.deepEqual((await installAdmissionPolicy(kube.http)).adopted, ['server-1'])
      assert.deepEqual(kube.objects.get(list)?.data, {'server-1': 'adopted'})
    })

    it('stands behind its parameter: the list is there before the policy', async () => {
      await installAdmissionPolicy(kube.http)
      const writes = kube.calls.filter((call) => call.startsWith('POST'))
      assert.equal(writes[0], 'POST /api/v1/namespaces/kube-system/configmaps')
      assert.equal(writes.length, 9)
    })

    it('fails closed', async () => {
      const [policy, binding] = await readManifest('admission-policy.yaml')
      assert.equal((policy as unknown as {spec: {failurePolicy: string}}).spec.failurePolicy, 'Fail')
      const {paramRef, validationActions} = (
        binding as unknown as {
          spec: {paramRef: {name: string; parameterNotFoundAction: string}; validationActions: string[]}
        }
      ).spec
      assert.deepEqual(validationActions, ['Deny'])
      assert.equal(paramRef.parameterNotFoundAction, 'Deny')
      assert.equal(paramRef.name, 'daas-nodes')
    })

    it('and all other manifests can be applied twice', async () => {
      for (const file of ['user-rbac.yaml', 'listener-rbac.yaml']) {
        for (const object of await readManifest(file)) {
          await applyObject(kube.http, object)
          await applyObject(kube.http, object)
        }
      }
    })
  })

  describe('node', () => {
    const ready = {status: {conditions: [{type: 'Ready', status: 'True'}]}}

    it('is waited for until it is Ready', async () => {
      kube.put(node, {status: {conditions: [{type: 'Ready', status: 'False'}]}})
      const waiting = waitForNodeReady(kube.http, 'w1', {deadlineMs: 5000, pollMs: 5})
      kube.put(node, ready)
      assert.equal(isNodeReady(await waiting), true)
    })

    it('is not waited for longer than the deadline or the signal', async () => {
      await assert.rejects(waitForNodeReady(kube.http, 'w1', {deadlineMs: 30, pollMs: 5}), {
        code: 'DAAS-K105',
      })
      const reason = new Error('stop')
      const signal = AbortSignal.abort(reason)
      await assert.rejects(waitForNodeReady(kube.http, 'w1', {deadlineMs: 5000, signal}), reason)
    })

    it('loses its quarantine taint and no other', async () => {
      const other = {key: 'other', effect: 'NoSchedule'}
      kube.put(node, {
        spec: {taints: [{key: 'daas.io/unverified', value: 'true', effect: 'NoSchedule'}, other]},
      })
      let conflicts = 0
      kube.intercept = (call) =>
        call.startsWith('PATCH') && conflicts++ === 0 ? {status: 409, body: {reason: 'Conflict'}} : undefined
      assert.equal(await liftQuarantine(kube.http, 'w1'), true)
      assert.deepEqual(kube.objects.get(node)?.spec, {taints: [other]})
      assert.equal(await liftQuarantine(kube.http, 'w1'), false)
      assert.equal(await liftQuarantine(kube.http, 'none'), false)
    })
  })

  describe('HTTP', () => {
    it('passes any answer on with status, headers and bytes', async () => {
      kube.intercept = () => ({status: 418, body: {tea: true}})
      const answer = await kubeFetch(kube.kubeConfig, {
        method: 'GET',
        path: '/api?x=1',
        headers: {accept: 'a/b'},
      })
      assert.equal(answer.status, 418)
      assert.equal(answer.headers['content-type'], 'application/json')
      assert.deepEqual(JSON.parse(new TextDecoder().decode(answer.body)), {tea: true})
      assert.equal(kube.calls.at(-1), 'GET /api?x=1')
      assert.equal(kube.lastHeaders().authorization, 'Bearer fake-admin-token')
    })

    it('refuses a server with another certificate, and shows no token', async () => {
      const other = await startFakeKube()
      try {
        const kubeConfig = loadFrom(kube, {server: other.http.server})
        const http = createKubeHttp(kubeConfig)
        await assert.rejects(http.call({method: 'GET', path: '/api'}), (error: Error & {code?: string}) => {
          assert.equal(error.code, 'DAAS-K102')
          assert.equal(
            `${JSON.stringify(error)} ${error.message} ${error.stack}`.includes('fake-admin-token'),
            false,
          )
          return true
        })
        assert.deepEqual(other.calls, [])
        http.close()
      } finally {
        await other.close()
      }
    })
  })

  describe('kubeconfig', () => {
    it('is loaded by file and context, or refused', async () => {
      const dir = await mkdtemp(join(tmpdir(), 'daas-kube-'))
      try {
        const file = join(dir, 'config')
        await writeFile(file, kube.kubeConfig.exportConfig())
        const loaded = loadKubeConfig({file, context: 'loaded-context'})
        assert.equal(loaded.getCurrentCluster()?.server, kube.http.server)
        assert.throws(() => loadKubeConfig({file, context: 'none'}), {code: 'DAAS-K101'})
        assert.throws(() => loadKubeConfig({file: join(dir, 'none')}), {code: 'DAAS-K101'})
        await writeFile(file, 'apiVersion: v1\nkind: Config\n')
        assert.throws(() => loadKubeConfig({file}), {code: 'DAAS-K101'})
      } finally {
        await rm(dir, {recursive: true, force: true})
      }
    })
  })
})

function loadFrom(kube: FakeKube, change: {server: string}): FakeKube['kubeConfig'] {
  const {kubeConfig} = kube
  const cluster = {...kubeConfig.getCurrentCluster()!, ...change}
  const user = kubeConfig.getCurrentUser()!
  const copy = new (kubeConfig.constructor as new () => typeof kubeConfig)()
  copy.loadFromClusterAndUser(cluster, user)
  return copy
}
