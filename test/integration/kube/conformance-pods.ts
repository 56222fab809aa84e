import assert from 'node:assert/strict'
import {createKubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {applyObject, readManifest} from '../../../src/lib/kube/manifests.ts'
import {type Answered, eventually} from './conformance-client.ts'
import type {ConformanceContext} from './conformance-context.ts'

const user = {
  'impersonate-user': 'sui:0x1',
  'impersonate-group': ['daas:users', 'daas:viewers', 'daas:editors'],
}
const MERGE = 'application/merge-patch+json'
/** What reaches the machine below, by what it is called in the refusal. */
const ESCAPES: readonly [string, object][] = [
  ['hostNetwork', {hostNetwork: true}],
  ['hostPID', {hostPID: true}],
  ['hostIPC', {hostIPC: true}],
  ['hostPath', {volumes: [{name: 'root', hostPath: {path: '/'}}]}],
  ['privileged', containers({privileged: true, allowPrivilegeEscalation: true})],
  ['privileged', {initContainers: [container('init', {privileged: true})]}],
  ['capabilities', containers({capabilities: {add: ['SYS_ADMIN']}})],
  ['hostPort', {containers: [{...container('it'), ports: [{containerPort: 80, hostPort: 80}]}]}],
  ['procMount', {hostUsers: false, ...containers({procMount: 'Unmasked'})}],
  ['unconfined', {securityContext: {seccompProfile: {type: 'Unconfined'}}}],
  ['unconfined', containers({seLinuxOptions: {type: 'spc_t'}})],
  ['sysctl', {securityContext: {sysctls: [{name: 'kernel.msgmax', value: '1'}]}}],
]

function container(name: string, securityContext?: object): object {
  return {name, image: 'none.invalid/none', ...(securityContext && {securityContext})}
}

function containers(securityContext: object): object {
  return {containers: [container('it', securityContext)]}
}

/** The rules for users of the chain (templates/user-policy.yaml, user-rbac.yaml), as the listener installs them. */
export function podConformance(context: ConformanceContext): void {
  const {namespace, suffix} = context
  describe('users of the chain', () => {
    const pods = `/api/v1/namespaces/${namespace}/pods`
    const path = `/api/v1/nodes/users-${suffix}`
    let http: ReturnType<typeof createKubeHttp>

    before(async () => {
      http = createKubeHttp(context.cluster().config)
      for (const file of ['user-rbac.yaml', 'user-policy.yaml']) {
        for (const object of await readManifest(file)) await applyObject(http, object)
      }
    })
    after(async () => {
      await http.call({method: 'DELETE', path})
      const admission = '/apis/admissionregistration.k8s.io/v1'
      for (const {kind, metadata} of await readManifest('user-policy.yaml')) {
        const collection = kind?.endsWith('Binding') ? 'policybindings' : 'policies'
        await http.call({
          method: 'DELETE',
          path: `${admission}/validatingadmission${collection}/${metadata?.name}`,
        })
      }
      http.close()
    })

    /** Nothing of it is ever stored. */
    const create = (spec: object, headers: Record<string, string | string[]> = user): Promise<Answered> =>
      context.cluster().http('POST', `${pods}?dryRun=All`, {
        body: {metadata: {name: 'it'}, spec: {containers: [container('it')], ...spec}},
        headers,
      })

    it('make pods, but none that reaches its node', async () => {
      // In force a moment after it is written.
      await eventually(
        () => create({hostNetwork: true}),
        ({status}) => status === 403,
      )
      const plain = await create({
        securityContext: {seccompProfile: {type: 'RuntimeDefault'}},
        containers: [container('it', {capabilities: {add: ['CHOWN'], drop: ['ALL']}, privileged: false})],
        volumes: [{name: 'tmp', emptyDir: {}}],
      })
      assert.equal(plain.status, 201, JSON.stringify(plain.body))
      for (const [what, spec] of ESCAPES) {
        const {status, body} = await create(spec)
        assert.equal(status, 403, `${what}: ${JSON.stringify(body)}`)
        assert.match(body.message, new RegExp(`daas-user-pods.*${what}`, 'i'))
      }
    })

    it('may where an administrator says so, and administrators may', async () => {
      const admins = {...user, 'impersonate-group': [...user['impersonate-group'], 'daas:admins']}
      assert.equal((await create({hostPID: true}, admins)).status, 201)
      const label = (value: string | null): Promise<Answered> =>
        context.cluster().http('PATCH', `/api/v1/namespaces/${namespace}`, {
          body: {metadata: {labels: {'daas.io/privileged-pods': value}}},
          headers: {'content-type': MERGE},
        })
      assert.equal((await label('allowed')).status, 200)
      await eventually(
        () => create({hostPID: true}),
        ({status}) => status === 201,
      )
      assert.equal((await label(null)).status, 200)
      await eventually(
        () => create({hostPID: true}),
        ({status}) => status === 403,
      )
    })

    it('change pods of others in their labels, not in what they run', async () => {
      const spec = {hostNetwork: true, containers: [container('it')]}
      const made = await context.cluster().http('POST', pods, {body: {metadata: {name: 'others'}, spec}})
      assert.equal(made.status, 201, JSON.stringify(made.body))
      const change = (body: object): Promise<Answered> =>
        context.cluster().http('PATCH', `${pods}/others?dryRun=All`, {
          body,
          headers: {...user, 'content-type': 'application/strategic-merge-patch+json'},
        })
      assert.equal((await change({metadata: {labels: {seen: 'yes'}}})).status, 200)
      const taken = await change({spec: {containers: [{name: 'it', image: 'mine.invalid/mine'}]}})
      assert.equal(taken.status, 403)
      await context.cluster().http('DELETE', `${pods}/others?gracePeriodSeconds=0`)
    })

    it('do not speak for the listener on nodes', async () => {
      const taint = {key: 'daas.io/unverified', value: 'true', effect: 'NoSchedule'}
      await http.json({
        method: 'POST',
        path: '/api/v1/nodes',
        body: {
          apiVersion: 'v1',
          kind: 'Node',
          metadata: {name: `users-${suffix}`, labels: {'daas.io/stake': 'x'}},
          spec: {taints: [taint]},
        },
      })
      const change = async (body: object): Promise<number> =>
        (await context.cluster().http('PATCH', path, {body, headers: {...user, 'content-type': MERGE}}))
          .status
      const verified = 'node-restriction.kubernetes.io/daas-verified'
      await eventually(
        // Another one each time: until the policy is in force, it is taken.
        () => change({metadata: {labels: {[verified]: `at-${Date.now()}`}}}),
        (status) => status === 403,
      )
      assert.equal(await change({metadata: {labels: {'daas.io/stake': null}}}), 403)
      assert.equal(await change({spec: {taints: null}}), 403)
      assert.equal(
        await change({spec: {taints: [taint, {key: 'daas.io/slashed', effect: 'NoExecute'}]}}),
        403,
      )
      const mine = {key: 'mine', value: 'yes', effect: 'NoSchedule'}
      assert.equal(await change({spec: {unschedulable: true, taints: [mine, taint]}}), 200)
      assert.equal(await change({metadata: {labels: {mine: 'yes'}}}), 200)
    })
  })
}
