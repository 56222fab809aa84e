import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {ClusterClient, eventually, hasKubectl} from './conformance-client.ts'
import {policyConformance} from './conformance-policy.ts'

/** A cluster under test. */
export interface ConformanceCluster {
  /** The text (YAML) of a kubeconfig of an administrator. */
  kubeconfig: string
}

/**
 * The tests that the embedded API and a real API server pass alike, so that the former cannot drift into fiction.
 * They need no controller manager and leave nothing behind but an empty namespace.
 * @param name of the suite
 * @param start called once, before the first test; whoever started the cluster also stops it
 */
export function kubeConformance(name: string, start: () => Promise<ConformanceCluster>): void {
  describe(`Kubernetes conformance: ${name}`, function () {
    this.timeout(60_000)
    const suffix = randomBytes(3).toString('hex')
    const namespace = `conformance-${suffix}`
    const configMaps = `/api/v1/namespaces/${namespace}/configmaps`
    let cluster: ClusterClient
    let kubectlIsThere = false

    const configMap = (
      mapName: string,
      data: Record<string, string>,
      labels?: Record<string, string>,
    ): object => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: mapName, ...(labels ? {labels} : {})},
      data,
    })
    const withKubectl = (title: string, test: () => Promise<void>): void => {
      it(`${title} (kubectl)`, function () {
        if (!kubectlIsThere) {
          console.warn(`      SKIPPED, no kubectl on PATH: ${title}`)
          this.skip()
        }
        return test()
      })
    }

    before(async () => {
      kubectlIsThere = await hasKubectl()
      cluster = await ClusterClient.open((await start()).kubeconfig)
      const body = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: namespace}}
      assert.equal((await cluster.http('POST', '/api/v1/namespaces', {body})).status, 201)
    })
    after(async () => {
      await cluster?.http('DELETE', `/api/v1/namespaces/${namespace}`)
      await cluster?.close()
    })

    describe('discovery', () => {
      it('serves version, groups and resources', async () => {
        const version = await cluster.http('GET', '/version')
        assert.match(version.body.gitVersion, /^v1\.\d+\.\d+/)
        const groups = await cluster.http('GET', '/apis')
        const names = groups.body.groups.map((group: {name: string}) => group.name)
        for (const group of [
          'apps',
          'coordination.k8s.io',
          'rbac.authorization.k8s.io',
          'certificates.k8s.io',
        ]) {
          assert.ok(names.includes(group), group)
        }
        const core = await cluster.http('GET', '/api/v1')
        const nodes = core.body.resources.find((resource: {name: string}) => resource.name === 'nodes')
        assert.deepEqual([nodes.kind, nodes.namespaced, nodes.shortNames], ['Node', false, ['no']])
        assert.ok(core.body.resources.some((resource: {name: string}) => resource.name === 'pods/eviction'))
      })

      it('serves aggregated discovery to those who ask', async () => {
        const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
        const {headers, body} = await cluster.http('GET', '/apis', {headers: {accept}})
        assert.equal(headers['content-type'], accept)
        assert.equal(body.kind, 'APIGroupDiscoveryList')
        const leases = body.items
          .find((item: {metadata: {name: string}}) => item.metadata.name === 'coordination.k8s.io')
          .versions.find((item: {version: string}) => item.version === 'v1')
          .resources.find((item: {resource: string}) => item.resource === 'leases')
        assert.deepEqual([leases.scope, leases.responseKind.kind], ['Namespaced', 'Lease'])
      })

      it('says in Kubernetes words what is not there', async () => {
        const noResource = await cluster.http('GET', '/api/v1/nonsense')
        assert.equal(noResource.status, 404)
        const noObject = await cluster.http('GET', `${configMaps}/none`)
        assert.equal(noObject.status, 404)
        assert.deepEqual(
          [noObject.body.kind, noObject.body.reason, noObject.body.message, noObject.body.details],
          ['Status', 'NotFound', 'configmaps "none" not found', {name: 'none', kind: 'configmaps'}],
        )
      })

      it('lets nobody in without credentials, but for its health', async () => {
        assert.equal((await cluster.http('GET', configMaps, {bearer: 'wrong'})).status, 401)
        assert.ok([401, 403].includes((await cluster.http('GET', configMaps, {bearer: null})).status))
        assert.equal((await cluster.http('GET', '/readyz')).body, 'ok')
      })
    })

    describe('objects', () => {
      withKubectl('creates, shows, applies and deletes', async () => {
        const create = ['create', 'configmap', 'crud', '--from-literal=colour=red', '-n', namespace]
        assert.equal((await cluster.kubectl(...create)).trim(), 'configmap/crud created')
        assert.match(await cluster.kubectlFails(...create), /configmaps "crud" already exists/)
        const yaml = await cluster.kubectl('get', 'cm', 'crud', '-n', namespace, '-o', 'yaml')
        assert.match(yaml, /^data:\n {2}colour: red$/m)
        const file = await cluster.manifest('apply.json', configMap('applied', {a: '1'}))
        assert.match(
          await cluster.kubectl('apply', '-f', file, '-n', namespace),
          /configmap\/applied created/,
        )
        assert.match(
          await cluster.kubectl('apply', '-f', file, '-n', namespace),
          /configmap\/applied unchanged/,
        )
        await cluster.manifest('apply.json', configMap('applied', {b: '2'}))
        assert.match(
          await cluster.kubectl('apply', '-f', file, '-n', namespace),
          /configmap\/applied configured/,
        )
        const data = await cluster.kubectl('get', 'cm', 'applied', '-n', namespace, '-o', 'jsonpath={.data}')
        assert.deepEqual(JSON.parse(data), {b: '2'})
        await cluster.kubectl('delete', 'cm', 'crud', 'applied', '-n', namespace)
        assert.match(await cluster.kubectlFails('get', 'cm', 'crud', '-n', namespace), /"crud" not found/)
      })

      it('gives uid, version and time; makes names; refuses bad ones', async () => {
        const generated = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {generateName: 'made-'}}
        const made = await cluster.http('POST', configMaps, {body: generated})
        assert.equal(made.status, 201)
        const {metadata} = made.body
        assert.match(metadata.name, /^made-[a-z0-9]{5}$/)
        assert.match(metadata.uid, /^[0-9a-f-]{36}$/)
        assert.match(metadata.resourceVersion, /^\d+$/)
        assert.match(metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
        await cluster.http('DELETE', `${configMaps}/${metadata.name}`)
        const bad = await cluster.http('POST', configMaps, {body: configMap('Not_A_Name', {})})
        assert.deepEqual([bad.status, bad.body.reason], [422, 'Invalid'])
        const elsewhere = await cluster.http('POST', '/api/v1/namespaces/no-such/configmaps', {
          body: configMap('a', {}),
        })
        assert.deepEqual([elsewhere.status, elsewhere.body.message], [404, 'namespaces "no-such" not found'])
        const dry = await cluster.http('POST', `${configMaps}?dryRun=All`, {body: configMap('dry', {})})
        assert.equal(dry.status, 201)
        assert.equal((await cluster.http('GET', `${configMaps}/dry`)).status, 404)
      })

      it('refuses writes that rest on an old version', async () => {
        const created = (await cluster.http('POST', configMaps, {body: configMap('versioned', {n: '1'})}))
          .body
        const path = `${configMaps}/versioned`
        const second = await cluster.http('PUT', path, {body: {...created, data: {n: '2'}}})
        assert.equal(second.status, 200)
        assert.notEqual(second.body.metadata.resourceVersion, created.metadata.resourceVersion)
        const stale = await cluster.http('PUT', path, {body: {...created, data: {n: '3'}}})
        assert.deepEqual([stale.status, stale.body.reason], [409, 'Conflict'])
        assert.match(
          stale.body.message,
          /^Operation cannot be fulfilled on configmaps "versioned": the object has been modified/,
        )
        const unchanged = await cluster.http('PUT', path, {body: second.body})
        assert.equal(unchanged.body.metadata.resourceVersion, second.body.metadata.resourceVersion)
        const preconditions = {uid: '00000000-0000-0000-0000-000000000000'}
        const guarded = {kind: 'DeleteOptions', apiVersion: 'v1', preconditions}
        assert.equal((await cluster.http('DELETE', path, {body: guarded})).status, 409)
        const deleted = await cluster.http('DELETE', path)
        assert.deepEqual([deleted.status, deleted.body.status], [200, 'Success'])
      })

      it('keeps an object with a finalizer until that is gone', async () => {
        const body = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: {name: 'held', finalizers: ['daas.io/test']},
        }
        await cluster.http('POST', configMaps, {body})
        await cluster.http('DELETE', `${configMaps}/held`)
        const held = await cluster.http('GET', `${configMaps}/held`)
        assert.ok(held.body.metadata.deletionTimestamp)
        await cluster.http('PATCH', `${configMaps}/held`, {
          body: {metadata: {finalizers: null}},
          headers: {'content-type': 'application/merge-patch+json'},
        })
        assert.equal((await cluster.http('GET', `${configMaps}/held`)).status, 404)
      })

      it('patches by JSON patch, merge patch and strategic merge patch', async () => {
        await cluster.http('POST', configMaps, {body: configMap('patched', {a: '1', b: '2'})})
        const patch = async (path: string, type: string, body: unknown): Promise<unknown> => {
          const headers = {'content-type': `application/${type}`}
          const answer = await cluster.http('PATCH', path, {body, headers})
          assert.equal(answer.status, 200, JSON.stringify(answer.body))
          return answer.body
        }
        const path = `${configMaps}/patched`
        await patch(path, 'merge-patch+json', {data: {a: null, c: '3'}})
        await patch(path, 'json-patch+json', [{op: 'replace', path: '/data/b', value: '9'}])
        assert.deepEqual((await cluster.http('GET', path)).body.data, {b: '9', c: '3'})
        const failing = [{op: 'test', path: '/data/b', value: 'other'}]
        const headers = {'content-type': 'application/json-patch+json'}
        assert.equal((await cluster.http('PATCH', path, {body: failing, headers})).status, 422)
        await cluster.http('DELETE', path)

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
        assert.equal((await cluster.http('POST', deployments, {body})).status, 201)
        const containers = [
          {name: 'one', env: [{name: 'B', value: '2'}]},
          {name: 'two', $patch: 'delete'},
        ]
        await patch(`${deployments}/merged`, 'strategic-merge-patch+json', {
          spec: {template: {spec: {containers}}},
        })
        const merged = (await cluster.http('GET', `${deployments}/merged`)).body.spec.template.spec.containers
        assert.equal(merged.length, 1)
        assert.equal(merged[0].image, 'one:1')
        const env = new Map(
          merged[0].env.map((item: {name: string; value: string}) => [item.name, item.value]),
        )
        assert.deepEqual([env.get('A'), env.get('B')], ['1', '2'])
        await cluster.http('DELETE', `${deployments}/merged`)
      })

      it('writes the status of a node by its subresource only', async () => {
        const name = `status-${suffix}`
        const node = {apiVersion: 'v1', kind: 'Node', metadata: {name}}
        assert.equal((await cluster.http('POST', '/api/v1/nodes', {body: node})).status, 201)
        const condition = {
          type: 'Ready',
          status: 'True',
          reason: 'Test',
          message: '',
          lastHeartbeatTime: null,
        }
        const headers = {'content-type': 'application/strategic-merge-patch+json'}
        const body = {status: {conditions: [condition]}}
        await cluster.http('PATCH', `/api/v1/nodes/${name}`, {body, headers})
        const before = await cluster.http('GET', `/api/v1/nodes/${name}`)
        assert.ok(
          !(before.body.status.conditions ?? []).some((item: {reason: string}) => item.reason === 'Test'),
        )
        await cluster.http('PATCH', `/api/v1/nodes/${name}/status`, {body, headers})
        const after = await cluster.http('GET', `/api/v1/nodes/${name}`)
        assert.ok(after.body.status.conditions.some((item: {reason: string}) => item.reason === 'Test'))
        await cluster.http('DELETE', `/api/v1/nodes/${name}`)
      })
    })

    describe('lists and watches', () => {
      before(async () => {
        for (const [mapName, labels] of [
          ['sel-a', {tier: 'gold', set: 'x'}],
          ['sel-b', {tier: 'iron', set: 'x'}],
          ['sel-c', {set: 'x'}],
        ] as const) {
          await cluster.http('POST', configMaps, {body: configMap(mapName, {}, {...labels})})
        }
      })
      const names = async (query: string): Promise<string[]> => {
        const {body} = await cluster.http('GET', `${configMaps}?${query}`)
        return body.items.map((item: {metadata: {name: string}}) => item.metadata.name)
      }
      const byLabel = (selector: string): Promise<string[]> =>
        names(`labelSelector=${encodeURIComponent(selector)}`)

      it('selects by labels and fields', async () => {
        assert.deepEqual(await byLabel('tier=gold'), ['sel-a'])
        assert.deepEqual(await byLabel('set=x,tier!=gold'), ['sel-b', 'sel-c'])
        assert.deepEqual(await byLabel('tier in (gold,iron)'), ['sel-a', 'sel-b'])
        assert.deepEqual(await byLabel('set=x,tier notin (gold)'), ['sel-b', 'sel-c'])
        assert.deepEqual(await byLabel('set,!tier'), ['sel-c'])
        assert.deepEqual(await names('fieldSelector=metadata.name%3Dsel-b'), ['sel-b'])
        const bad = await cluster.http('GET', `${configMaps}?fieldSelector=data.x%3D1`)
        assert.equal(bad.status, 400)
      })

      it('lists in chunks', async () => {
        const query = 'labelSelector=set%3Dx&limit=2'
        const first = await cluster.http('GET', `${configMaps}?${query}`)
        assert.equal(first.body.items.length, 2)
        const token = encodeURIComponent(first.body.metadata.continue)
        const second = await cluster.http('GET', `${configMaps}?${query}&continue=${token}`)
        assert.deepEqual(
          second.body.items.map((item: {metadata: {name: string}}) => item.metadata.name),
          ['sel-c'],
        )
        assert.ok(!second.body.metadata.continue)
      })

      it('watches from a version, and sees what leaves a selection as deleted', async () => {
        const {body: list} = await cluster.http('GET', configMaps)
        const ended = new AbortController()
        const seen: string[] = []
        const path = `${configMaps}?watch=true&labelSelector=watched%3Dyes&resourceVersion=${list.metadata.resourceVersion}`
        const watching = cluster.watch(path, ended.signal, ({type, object}) => {
          seen.push(`${type} ${object.metadata.name} ${object.data?.n ?? ''}`)
        })
        await cluster.http('POST', configMaps, {body: configMap('w', {n: '1'}, {watched: 'yes'})})
        const headers = {'content-type': 'application/merge-patch+json'}
        await cluster.http('PATCH', `${configMaps}/w`, {body: {data: {n: '2'}}, headers})
        await cluster.http('PATCH', `${configMaps}/w`, {body: {metadata: {labels: {watched: 'no'}}}, headers})
        await cluster.http('DELETE', `${configMaps}/w`)
        await eventually(
          () => Promise.resolve(seen.length),
          (count) => count >= 3,
        )
        ended.abort()
        await watching
        assert.deepEqual(seen, ['ADDED w 1', 'MODIFIED w 2', 'DELETED w 2'])
      })

      it('ends a watch after its timeout', async () => {
        const ended = new AbortController()
        const types: string[] = []
        const path = `${configMaps}?watch=true&timeoutSeconds=1&labelSelector=set%3Dx`
        await cluster.watch(path, ended.signal, ({type}) => types.push(type))
        assert.deepEqual(types, ['ADDED', 'ADDED', 'ADDED'])
      })

      it('deletes a selected collection', async () => {
        const gone = await cluster.http('DELETE', `${configMaps}?labelSelector=set%3Dx`)
        assert.equal(gone.status, 200)
        assert.deepEqual(await byLabel('set=x'), [])
      })
    })

    describe('tables', () => {
      withKubectl('prints the columns of each kind', async () => {
        const node = `table-${suffix}`
        const condition = {type: 'Ready', status: 'True', reason: 'Test', message: ''}
        const status = {conditions: [condition], nodeInfo: {...emptyNodeInfo, kubeletVersion: 'v9.9.9'}}
        const body = {apiVersion: 'v1', kind: 'Node', metadata: {name: node}, status}
        assert.equal((await cluster.http('POST', '/api/v1/nodes', {body})).status, 201)
        const lines = (await cluster.kubectl('get', 'node', node)).trim().split('\n')
        assert.match(lines[0]!, /^NAME +STATUS +ROLES +AGE +VERSION$/)
        assert.match(lines[1]!, new RegExp(`^${node} +Ready +<none> +\\d+s +v9\\.9\\.9$`))
        await cluster.http('DELETE', `/api/v1/nodes/${node}`)
        const header = async (...args: string[]): Promise<string> =>
          (await cluster.kubectl('get', ...args)).split('\n')[0]!.replaceAll(/ +/g, ' ').trim()
        assert.equal(await header('ns'), 'NAME STATUS AGE')
        await cluster.http('POST', configMaps, {body: configMap('row', {a: '1'})})
        assert.equal(await header('cm', '-n', namespace), 'NAME DATA AGE')
        assert.equal(await header('clusterrolebindings'), 'NAME ROLE AGE')
        await cluster.kubectl('create', 'secret', 'generic', 'row', '--from-literal=a=b', '-n', namespace)
        assert.equal(await header('secrets', '-n', namespace), 'NAME TYPE DATA AGE')
        await cluster.kubectl('delete', 'secret/row', 'cm/row', '-n', namespace)
        assert.match(await cluster.kubectl('api-resources'), /^nodes +no +v1 +false +Node$/m)
      })
    })

    describe('users and rights', () => {
      it('knows bootstrap tokens while they live', async () => {
        const id = randomBytes(3).toString('hex')
        const token = `${id}.0123456789abcdef`
        const secrets = '/api/v1/namespaces/kube-system/secrets'
        const stringData = {
          'token-id': id,
          'token-secret': '0123456789abcdef',
          'usage-bootstrap-authentication': 'true',
          'auth-extra-groups': 'system:bootstrappers:daas:seal',
        }
        const type = 'bootstrap.kubernetes.io/token'
        const secret = {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: {name: `bootstrap-token-${id}`},
          type,
          stringData,
        }
        assert.equal((await cluster.http('POST', secrets, {body: secret})).status, 201)
        const review = {apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview'}
        const who = (): ReturnType<typeof cluster.http> =>
          cluster.http('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
            body: review,
            bearer: token,
          })
        const known = await eventually(who, (answer) => answer.status === 201)
        assert.equal(known.body.status.userInfo.username, `system:bootstrap:${id}`)
        for (const group of [
          'system:bootstrappers',
          'system:bootstrappers:daas:seal',
          'system:authenticated',
        ]) {
          assert.ok(known.body.status.userInfo.groups.includes(group), group)
        }
        const wrong = `${id}.fedcba9876543210`
        assert.equal((await cluster.http('GET', configMaps, {bearer: wrong})).status, 401)
        assert.equal((await cluster.http('GET', configMaps, {bearer: token})).status, 403)
        // A real server remembers a good token for ten seconds.
        await cluster.http('DELETE', `${secrets}/bootstrap-token-${id}`)
        await eventually(who, (answer) => answer.status === 401, 20_000)
      })

      withKubectl('evaluates roles for whom it is asked to act as', async () => {
        const as = ['--as', 'sui:0x1', '--as-group', 'daas:readers']
        const refused = await cluster.kubectlFails('get', 'cm', '-n', namespace, ...as)
        const words = `User "sui:0x1" cannot list resource "configmaps" in API group "" in the namespace "${namespace}"`
        assert.ok(refused.includes(words), refused)
        const role = ['create', 'role', 'reader', '--verb=get,list', '--resource=configmaps', '-n', namespace]
        await cluster.kubectl(...role)
        await cluster.kubectl(
          'create',
          'rolebinding',
          'readers',
          '--role=reader',
          '--group=daas:readers',
          '-n',
          namespace,
        )
        const mayList = (): Promise<string> =>
          cluster.kubectl('auth', 'can-i', 'list', 'configmaps', '-n', namespace, ...as).catch(() => 'no')
        assert.equal((await eventually(mayList, (answer) => answer.trim() === 'yes')).trim(), 'yes')
        await cluster.kubectl('get', 'cm', '-n', namespace, ...as)
        assert.match(
          await cluster.kubectlFails('create', 'cm', 'x', '-n', namespace, ...as),
          /cannot create resource "configmaps"/,
        )
        assert.match(await cluster.kubectl('auth', 'whoami', ...as), /Username +sui:0x1/)
      })

      it('answers SelfSubjectAccessReviews', async () => {
        const ask = async (headers: Record<string, string>): Promise<boolean> => {
          const resourceAttributes = {verb: 'delete', resource: 'nodes'}
          const spec = {resourceAttributes}
          const body = {apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec}
          const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
          const answer = await cluster.http('POST', path, {body, headers})
          assert.equal(answer.status, 201)
          return answer.body.status.allowed
        }
        assert.equal(await ask({}), true)
        assert.equal(await ask({'impersonate-user': 'nobody'}), false)
      })

      it('lets nobody grant what he does not have, but for the roles that he may bind', async () => {
        const rbac = '/apis/rbac.authorization.k8s.io/v1'
        const group = 'rbac.authorization.k8s.io'
        const roles = `${rbac}/namespaces/${namespace}/roles`
        const bindings = `${rbac}/namespaces/${namespace}/rolebindings`
        const binding = (name: string, role: object, user: string): object => ({
          metadata: {name},
          roleRef: {apiGroup: group, ...role},
          subjects: [{apiGroup: group, kind: 'User', name: user}],
        })
        const rules = [
          {verbs: ['create'], apiGroups: [group], resources: ['roles', 'rolebindings']},
          {verbs: ['bind'], apiGroups: [group], resources: ['clusterroles'], resourceNames: ['view']},
        ]
        const deputy = {metadata: {name: 'deputy'}, rules}
        assert.equal((await cluster.http('POST', roles, {body: deputy})).status, 201)
        const bound = binding('deputy', {kind: 'Role', name: 'deputy'}, 'deputy')
        assert.equal((await cluster.http('POST', bindings, {body: bound})).status, 201)
        const headers = {'impersonate-user': 'deputy'}
        const bind = (name: string): ReturnType<typeof cluster.http> =>
          cluster.http('POST', bindings, {body: binding(name, {kind: 'ClusterRole', name}, 'x'), headers})
        const viewed = await eventually(
          () => bind('view'),
          (answer) => answer.status !== 403,
        )
        assert.equal(viewed.status, 201)
        const refused = await bind('edit')
        assert.equal(refused.status, 403)
        assert.match(refused.body.message, /is attempting to grant RBAC permissions not currently held/)
        const secrets = [{verbs: ['get'], apiGroups: [''], resources: ['secrets']}]
        const grab = await cluster.http('POST', roles, {
          body: {metadata: {name: 'grab'}, rules: secrets},
          headers,
        })
        assert.equal(grab.status, 403)
      })

      it('lets only those impersonate who may', async () => {
        const id = randomBytes(3).toString('hex')
        const body = {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: {name: `bootstrap-token-${id}`},
          type: 'bootstrap.kubernetes.io/token',
          stringData: {
            'token-id': id,
            'token-secret': '0123456789abcdef',
            'usage-bootstrap-authentication': 'true',
          },
        }
        const secrets = '/api/v1/namespaces/kube-system/secrets'
        await cluster.http('POST', secrets, {body})
        const bearer = `${id}.0123456789abcdef`
        const headers = {'impersonate-user': 'admin', 'impersonate-group': 'system:masters'}
        const attempt = (): ReturnType<typeof cluster.http> =>
          cluster.http('GET', configMaps, {bearer, headers})
        const refused = await eventually(attempt, (answer) => answer.status !== 401)
        assert.equal(refused.status, 403)
        assert.match(refused.body.message, /cannot impersonate resource "users"/)
        await cluster.http('DELETE', `${secrets}/bootstrap-token-${id}`)
      })
    })

    policyConformance(() => cluster, suffix)
  })
}

const emptyNodeInfo = {
  machineID: '',
  systemUUID: '',
  bootID: '',
  kernelVersion: '',
  osImage: '',
  containerRuntimeVersion: '',
  kubeProxyVersion: '',
  operatingSystem: 'linux',
  architecture: 'amd64',
}
