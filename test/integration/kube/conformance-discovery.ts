import assert from 'node:assert/strict'
import {configMap, type ConformanceContext} from './conformance-context.ts'

/** What the API says of itself, and to whom; and the tables that kubectl prints. */
export function discoveryConformance(context: ConformanceContext): void {
  const {namespace, configMaps, suffix} = context
  describe('discovery', () => {
    it('serves version, groups and resources', async () => {
      const version = await context.cluster().http('GET', '/version')
      assert.match(version.body.gitVersion, /^v1\.\d+\.\d+/)
      const groups = await context.cluster().http('GET', '/apis')
      const names = groups.body.groups.map((group: {name: string}) => group.name)
      for (const group of [
        'apps',
        'coordination.k8s.io',
        'rbac.authorization.k8s.io',
        'certificates.k8s.io',
      ]) {
        assert.ok(names.includes(group), group)
      }
      const core = await context.cluster().http('GET', '/api/v1')
      const nodes = core.body.resources.find((resource: {name: string}) => resource.name === 'nodes')
      assert.deepEqual([nodes.kind, nodes.namespaced, nodes.shortNames], ['Node', false, ['no']])
      assert.ok(core.body.resources.some((resource: {name: string}) => resource.name === 'pods/eviction'))
    })

    it('serves aggregated discovery to those who ask', async () => {
      const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
      const {headers, body} = await context.cluster().http('GET', '/apis', {headers: {accept}})
      assert.equal(headers['content-type'], accept)
      assert.equal(body.kind, 'APIGroupDiscoveryList')
      const leases = body.items
        .find((item: {metadata: {name: string}}) => item.metadata.name === 'coordination.k8s.io')
        .versions.find((item: {version: string}) => item.version === 'v1')
        .resources.find((item: {resource: string}) => item.resource === 'leases')
      assert.deepEqual([leases.scope, leases.responseKind.kind], ['Namespaced', 'Lease'])
    })

    it('says in Kubernetes words what is not there', async () => {
      const noResource = await context.cluster().http('GET', '/api/v1/nonsense')
      assert.equal(noResource.status, 404)
      const noObject = await context.cluster().http('GET', `${configMaps}/none`)
      assert.equal(noObject.status, 404)
      assert.deepEqual(
        [noObject.body.kind, noObject.body.reason, noObject.body.message, noObject.body.details],
        ['Status', 'NotFound', 'configmaps "none" not found', {name: 'none', kind: 'configmaps'}],
      )
    })

    it('lets nobody in without credentials, but for its health', async () => {
      assert.equal((await context.cluster().http('GET', configMaps, {bearer: 'wrong'})).status, 401)
      assert.ok([401, 403].includes((await context.cluster().http('GET', configMaps, {bearer: null})).status))
      assert.equal((await context.cluster().http('GET', '/readyz')).body, 'ok')
    })
  })

  describe('tables', () => {
    context.withKubectl('prints the columns of each kind', async () => {
      const node = `table-${suffix}`
      const condition = {type: 'Ready', status: 'True', reason: 'Test', message: ''}
      const status = {conditions: [condition], nodeInfo: {...emptyNodeInfo, kubeletVersion: 'v9.9.9'}}
      const body = {apiVersion: 'v1', kind: 'Node', metadata: {name: node}, status}
      assert.equal((await context.cluster().http('POST', '/api/v1/nodes', {body})).status, 201)
      const lines = (await context.cluster().kubectl('get', 'node', node)).trim().split('\n')
      assert.match(lines[0]!, /^NAME +STATUS +ROLES +AGE +VERSION$/)
      assert.match(lines[1]!, new RegExp(`^${node} +Ready +<none> +\\d+s +v9\\.9\\.9$`))
      await context.cluster().http('DELETE', `/api/v1/nodes/${node}`)
      const header = async (...args: string[]): Promise<string> =>
        (await context.cluster().kubectl('get', ...args)).split('\n')[0]!.replaceAll(/ +/g, ' ').trim()
      assert.equal(await header('ns'), 'NAME STATUS AGE')
      await context.cluster().http('POST', configMaps, {body: configMap('row', {a: '1'})})
      assert.equal(await header('cm', '-n', namespace), 'NAME DATA AGE')
      assert.equal(await header('clusterrolebindings'), 'NAME ROLE AGE')
      await context
        .cluster()
        .kubectl('create', 'secret', 'generic', 'row', '--from-literal=a=b', '-n', namespace)
      assert.equal(await header('secrets', '-n', namespace), 'NAME TYPE DATA AGE')
      await context.cluster().kubectl('delete', 'secret/row', 'cm/row', '-n', namespace)
      assert.match(await context.cluster().kubectl('api-resources'), /^nodes +no +v1 +false +Node$/m)
    })
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
