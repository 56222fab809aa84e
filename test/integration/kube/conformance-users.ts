import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {type Answered, eventually} from './conformance-client.ts'
import {type ConformanceContext} from './conformance-context.ts'

/** Bootstrap tokens, impersonation, RBAC, access reviews. */
export function userConformance(context: ConformanceContext): void {
  const {namespace, configMaps} = context
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
      assert.equal((await context.cluster().http('POST', secrets, {body: secret})).status, 201)
      const review = {apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview'}
      const who = (): Promise<Answered> =>
        context.cluster().http('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
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
      assert.equal((await context.cluster().http('GET', configMaps, {bearer: wrong})).status, 401)
      assert.equal((await context.cluster().http('GET', configMaps, {bearer: token})).status, 403)
      // A real server remembers a good token for ten seconds.
      await context.cluster().http('DELETE', `${secrets}/bootstrap-token-${id}`)
      await eventually(who, (answer) => answer.status === 401, 20_000)
    })

    context.withKubectl('evaluates roles for whom it is asked to act as', async () => {
      const as = ['--as', 'sui:0x1', '--as-group', 'daas:readers']
      const refused = await context.cluster().kubectlFails('get', 'cm', '-n', namespace, ...as)
      const words = `User "sui:0x1" cannot list resource "configmaps" in API group "" in the namespace "${namespace}"`
      assert.ok(refused.includes(words), refused)
      const role = ['create', 'role', 'reader', '--verb=get,list', '--resource=configmaps', '-n', namespace]
      await context.cluster().kubectl(...role)
      await context
        .cluster()
        .kubectl('create', 'rolebinding', 'readers', '--role=reader', '--group=daas:readers', '-n', namespace)
      const mayList = (): Promise<string> =>
        context
          .cluster()
          .kubectl('auth', 'can-i', 'list', 'configmaps', '-n', namespace, ...as)
          .catch(() => 'no')
      assert.equal((await eventually(mayList, (answer) => answer.trim() === 'yes')).trim(), 'yes')
      await context.cluster().kubectl('get', 'cm', '-n', namespace, ...as)
      assert.match(
        await context.cluster().kubectlFails('create', 'cm', 'x', '-n', namespace, ...as),
        /cannot create resource "configmaps"/,
      )
      assert.match(await context.cluster().kubectl('auth', 'whoami', ...as), /Username +sui:0x1/)
    })

    it('answers SelfSubjectAccessReviews', async () => {
      const ask = async (headers: Record<string, string>): Promise<boolean> => {
        const resourceAttributes = {verb: 'delete', resource: 'nodes'}
        const spec = {resourceAttributes}
        const body = {apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec}
        const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
        const answer = await context.cluster().http('POST', path, {body, headers})
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
      assert.equal((await context.cluster().http('POST', roles, {body: deputy})).status, 201)
      const bound = binding('deputy', {kind: 'Role', name: 'deputy'}, 'deputy')
      assert.equal((await context.cluster().http('POST', bindings, {body: bound})).status, 201)
      const headers = {'impersonate-user': 'deputy'}
      const bind = (name: string): Promise<Answered> =>
        context
          .cluster()
          .http('POST', bindings, {body: binding(name, {kind: 'ClusterRole', name}, 'x'), headers})
      const viewed = await eventually(
        () => bind('view'),
        (answer) => answer.status !== 403,
      )
      assert.equal(viewed.status, 201)
      const refused = await bind('edit')
      assert.equal(refused.status, 403)
      assert.match(refused.body.message, /is attempting to grant RBAC permissions not currently held/)
      const secrets = [{verbs: ['get'], apiGroups: [''], resources: ['secrets']}]
      const grab = await context.cluster().http('POST', roles, {
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
      await context.cluster().http('POST', secrets, {body})
      const bearer = `${id}.0123456789abcdef`
      const headers = {'impersonate-user': 'admin', 'impersonate-group': 'system:masters'}
      const attempt = (): Promise<Answered> => context.cluster().http('GET', configMaps, {bearer, headers})
      const refused = await eventually(attempt, (answer) => answer.status !== 401)
      assert.equal(refused.status, 403)
      assert.match(refused.body.message, /cannot impersonate resource "users"/)
      await context.cluster().http('DELETE', `${secrets}/bootstrap-token-${id}`)
    })
  })
}
