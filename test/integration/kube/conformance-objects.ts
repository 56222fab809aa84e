import assert from 'node:assert/strict'
import {configMap, type ConformanceContext} from './conformance-context.ts'

/** Create, read, update, patch and delete. */
export function objectConformance(context: ConformanceContext): void {
  const {namespace, configMaps, suffix} = context
  describe('objects', () => {
    context.withKubectl('creates, shows, applies and deletes', async () => {
      const create = ['create', 'configmap', 'crud', '--from-literal=colour=red', '-n', namespace]
      assert.equal((await context.cluster().kubectl(...create)).trim(), 'configmap/crud created')
      assert.match(await context.cluster().kubectlFails(...create), /configmaps "crud" already exists/)
      const yaml = await context.cluster().kubectl('get', 'cm', 'crud', '-n', namespace, '-o', 'yaml')
      assert.match(yaml, /^data:\n {2}colour: red$/m)
      const file = await context.cluster().manifest('apply.json', configMap('applied', {a: '1'}))
      assert.match(
        await context.cluster().kubectl('apply', '-f', file, '-n', namespace),
        /configmap\/applied created/,
      )
      assert.match(
        await context.cluster().kubectl('apply', '-f', file, '-n', namespace),
        /configmap\/applied unchanged/,
      )
      await context.cluster().manifest('apply.json', configMap('applied', {b: '2'}))
      assert.match(
        await context.cluster().kubectl('apply', '-f', file, '-n', namespace),
        /configmap\/applied configured/,
      )
      const data = await context
        .cluster()
        .kubectl('get', 'cm', 'applied', '-n', namespace, '-o', 'jsonpath={.data}')
      assert.deepEqual(JSON.parse(data), {b: '2'})
      await context.cluster().kubectl('delete', 'cm', 'crud', 'applied', '-n', namespace)
      assert.match(
        await context.cluster().kubectlFails('get', 'cm', 'crud', '-n', namespace),
        /"crud" not found/,
      )
    })

    it('gives uid, version and time; makes names; refuses bad ones', async () => {
      const generated = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {generateName: 'made-'}}
      const made = await context.cluster().http('POST', configMaps, {body: generated})
      assert.equal(made.status, 201)
      const {metadata} = made.body
      assert.match(metadata.name, /^made-[a-z0-9]{5}$/)
      assert.match(metadata.uid, /^[0-9a-f-]{36}$/)
      assert.match(metadata.resourceVersion, /^\d+$/)
      assert.match(metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      await context.cluster().http('DELETE', `${configMaps}/${metadata.name}`)
      const bad = await context.cluster().http('POST', configMaps, {body: configMap('Not_A_Name', {})})
      assert.deepEqual([bad.status, bad.body.reason], [422, 'Invalid'])
      const elsewhere = await context.cluster().http('POST', '/api/v1/namespaces/no-such/configmaps', {
        body: configMap('a', {}),
      })
      assert.deepEqual([elsewhere.status, elsewhere.body.message], [404, 'namespaces "no-such" not found'])
      const dry = await context
        .cluster()
        .http('POST', `${configMaps}?dryRun=All`, {body: configMap('dry', {})})
      assert.equal(dry.status, 201)
      assert.equal((await context.cluster().http('GET', `${configMaps}/dry`)).status, 404)
    })

    it('refuses writes that rest on an old version', async () => {
      const created = (
        await context.cluster().http('POST', configMaps, {body: configMap('versioned', {n: '1'})})
      ).body
      const path = `${configMaps}/versioned`
      const second = await context.cluster().http('PUT', path, {body: {...created, data: {n: '2'}}})
      assert.equal(second.status, 200)
      assert.notEqual(second.body.metadata.resourceVersion, created.metadata.resourceVersion)
      const stale = await context.cluster().http('PUT', path, {body: {...created, data: {n: '3'}}})
      assert.deepEqual([stale.status, stale.body.reason], [409, 'Conflict'])
      assert.match(
        stale.body.message,
        /^Operation cannot be fulfilled on configmaps "versioned": the object has been modified/,
      )
      const unchanged = await context.cluster().http('PUT', path, {body: second.body})
      assert.equal(unchanged.body.metadata.resourceVersion, second.body.metadata.resourceVersion)
      const preconditions = {uid: '00000000-0000-0000-0000-000000000000'}
      const guarded = {kind: 'DeleteOptions', apiVersion: 'v1', preconditions}
      assert.equal((await context.cluster().http('DELETE', path, {body: guarded})).status, 409)
      const deleted = await context.cluster().http('DELETE', path)
      assert.deepEqual([deleted.status, deleted.body.status], [200, 'Success'])
    })

    it('keeps an object with a finalizer until that is gone', async () => {
      const body = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {name: 'held', finalizers: ['daas.io/test']},
      }
      await context.cluster().http('POST', configMaps, {body})
      await context.cluster().http('DELETE', `${configMaps}/held`)
      const held = await context.cluster().http('GET', `${configMaps}/held`)
      assert.ok(held.body.metadata.deletionTimestamp)
      await context.cluster().http('PATCH', `${configMaps}/held`, {
        body: {metadata: {finalizers: null}},
        headers: {'content-type': 'application/merge-patch+json'},
      })
      assert.equal((await context.cluster().http('GET', `${configMaps}/held`)).status, 404)
    })

    it('patches by JSON patch, merge patch and strategic merge patch', async () => {
      await context.cluster().http('POST', configMaps, {body: configMap('patched', {a: '1', b: '2'})})
      const patch = async (path: string, type: string, body: unknown): Promise<unknown> => {
        const headers = {'content-type': `application/${type}`}
        const answer = await context.cluster().http('PATCH', path, {body, headers})
        assert.equal(answer.status, 200, JSON.stringify(answer.body))
        return answer.body
      }
      const path = `${configMaps}/patched`
      await patch(path, 'merge-patch+json', {data: {a: null, c: '3'}})
      await patch(path, 'json-patch+json', [{op: 'replace', path: '/data/b', value: '9'}])
      assert.deepEqual((await context.cluster().http('GET', path)).body.data, {b: '9', c: '3'})
      const failing = [{op: 'test', path: '/data/b', value: 'other'}]
      const headers = {'content-type': 'application/json-patch+json'}
      assert.equal((await context.cluster().http('PATCH', path, {body: failing, headers})).status, 422)
      await context.cluster().http('DELETE', path)

      const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`
      const template = {
        metadata: {labels: {app: 'x'}},
        spec: {
          containers: [
            {name: 'one', image: 'one:1', env: [{name: 'A', value: '1'}]},
            {name: 'two', image: 'two:1'},
          ],
        },
      }
      const spec = {replicas: 0, selector: {matchLabels: {app: 'x'}}, template}
      const body = {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'merged'}, spec}
      assert.equal((await context.cluster().http('POST', deployments, {body})).status, 201)
      const containers = [
        {name: 'one', env: [{name: 'B', value: '2'}]},
        {name: 'two', $patch: 'delete'},
      ]
      await patch(`${deployments}/merged`, 'strategic-merge-patch+json', {
        spec: {template: {spec: {containers}}},
      })
      const merged = (await context.cluster().http('GET', `${deployments}/merged`)).body.spec.template.spec
        .containers
      assert.equal(merged.length, 1)
      assert.equal(merged[0].image, 'one:1')
      const env = new Map(merged[0].env.map((item: {name: string; value: string}) => [item.name, item.value]))
      assert.deepEqual([env.get('A'), env.get('B')], ['1', '2'])
      await context.cluster().http('DELETE', `${deployments}/merged`)
    })

    it('writes the status of a node by its subresource only', async () => {
      const name = `status-${suffix}`
      const node = {apiVersion: 'v1', kind: 'Node', metadata: {name}}
      assert.equal((await context.cluster().http('POST', '/api/v1/nodes', {body: node})).status, 201)
      const condition = {
        type: 'Ready',
        status: 'True',
        reason: 'Test',
        message: '',
        lastHeartbeatTime: null,
      }
      const headers = {'content-type': 'application/strategic-merge-patch+json'}
      const body = {status: {conditions: [condition]}}
      await context.cluster().http('PATCH', `/api/v1/nodes/${name}`, {body, headers})
      const before = await context.cluster().http('GET', `/api/v1/nodes/${name}`)
      assert.ok(
        !(before.body.status.conditions ?? []).some((item: {reason: string}) => item.reason === 'Test'),
      )
      await context.cluster().http('PATCH', `/api/v1/nodes/${name}/status`, {body, headers})
      const after = await context.cluster().http('GET', `/api/v1/nodes/${name}`)
      assert.ok(after.body.status.conditions.some((item: {reason: string}) => item.reason === 'Test'))
      await context.cluster().http('DELETE', `/api/v1/nodes/${name}`)
    })
  })
}
