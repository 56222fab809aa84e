import assert from 'node:assert/strict'
import {dirname} from 'node:path'
import {parse} from 'yaml'
import {HOW_TO_GET_KUBERNETES, locateKubernetes} from '../../../src/lib/devnet/kube/locate.ts'
import {createKubeHttp, type KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {loadKubeConfig} from '../../../src/lib/kube/kubeconfig.ts'
import {type CliWorld, startCliWorld} from '../../helpers/cli-world.ts'
import type {Run} from '../../helpers/run-daas.ts'
import {skipFor} from '../../helpers/skip.ts'
import {waitUntil} from '../../helpers/wait-until.ts'

interface Status {
  code: number
  reason: string
  message: string
  details: {causes: {reason: string; message: string}[]}
}

/** From the grant to kubectl, all by the built binary; the API server is a real one, and so is kubectl. */
describe('a grant for pods of one namespace, by daas kubectl on the real Kubernetes', function () {
  this.timeout(180_000)
  let world: CliWorld
  let admin: KubeHttp
  let path: string
  let address: string

  before(async function () {
    const {kubectl, kubeApiserver = ''} = (await locateKubernetes({env: process.env})) ?? {}
    if (kubectl === undefined) return skipFor(this, 'a real Kubernetes with kubectl', HOW_TO_GET_KUBERNETES)
    path = `${dirname(kubectl)}:${process.env.PATH ?? ''}`
    world = await startCliWorld({KUBEBUILDER_ASSETS: dirname(kubeApiserver)}, 'binaries')
    address = world.ready.people.user.address
    admin = createKubeHttp(loadKubeConfig({file: world.ready.kubernetes.kubeconfig}))
    for (const name of ['a', 'b']) {
      await admin.json({method: 'POST', path: '/api/v1/namespaces', body: {metadata: {name}}})
      const account = `/api/v1/namespaces/${name}/serviceaccounts/default`
      await waitUntil('the service account is there', async () => {
        return (await admin.call({method: 'GET', path: account})).status === 200
      })
      const spec = {containers: [{name: 'c', image: 'none'}]}
      const body = {metadata: {name: `pod-${name}`}, spec}
      await admin.json({method: 'POST', path: `/api/v1/namespaces/${name}/pods`, body})
    }

    await world.listen()
  })
  after(async () => {
    admin?.close()
    await world?.close()
  })

  const kubectl = (...args: string[]): Promise<Run> => world.as('user', ['kubectl', ...args], {PATH: path})
  /** What stands in the body of a refusal: with `-v` kubectl prints it. */
  const statusOf = ({stderr}: Run): Status => {
    const body = /server response object: .*?\[(\{.*?^\})\]/ms.exec(stderr)?.[1]
    assert.ok(body !== undefined, stderr)
    return JSON.parse(body) as Status
  }
  const refused = async (what: RegExp, ...args: string[]): Promise<void> => {
    const run = await kubectl(...args)
    assert.notEqual(run.exitCode, 0)
    assert.match(run.stderr, /^Error from server \(Forbidden\): /m)
    assert.match(run.stderr, what)
  }

  it('nobody without a seal gets in, and is told how', async () => {
    const run = await kubectl('get', 'pods', '-n', 'a')
    assert.equal(run.exitCode, 4, run.stderr)
    assert.match(run.stderr, /DAAS-W103/)
  })

  it('granted and sealed, it reads what it may: with discovery, which nobody granted', async () => {
    const permissions = ['--permission', 'get:pods', '--permission', 'list:pods']
    const grant = [
      'cluster',
      'grant',
      address,
      ...permissions,
      '--namespace',
      'a',
      '--expires',
      '8h',
      '--json',
    ]
    const granted = await world.as('admin', grant)
    assert.equal(granted.exitCode, 0, granted.stdout + granted.stderr)
    const sealed = await world.as('user', ['seal', '--grant', '--json'])
    assert.equal(sealed.exitCode, 0, sealed.stdout + sealed.stderr)

    const list = await kubectl('get', 'pods', '-n', 'a', '-o', 'name')
    assert.deepEqual([list.exitCode, list.stdout], [0, 'pod/pod-a'], list.stderr)
    const one = await kubectl('get', 'pod', 'pod-a', '-n', 'a', '-o', 'jsonpath={.metadata.namespace}')
    assert.deepEqual([one.exitCode, one.stdout], [0, 'a'], one.stderr)
    const resources = await kubectl('api-resources', '--namespaced=false', '-o', 'name')
    assert.ok(resources.stdout.split('\n').includes('nodes'), resources.stderr)
  })

  it('another namespace, all of them, another verb, another resource: 403, and why', async () => {
    await refused(
      /cannot list resource "pods" in API group "" in the namespace "b"/,
      'get',
      'pods',
      '-n',
      'b',
    )
    await refused(/cannot list resource "pods" in API group "" at the cluster scope/, 'get', 'pods', '-A')
    await refused(/cannot delete resource "pods"/, 'delete', 'pod', 'pod-a', '-n', 'a', '--wait=false')
    await refused(/cannot list resource "secrets"/, 'get', 'secrets', '-n', 'a')
    await refused(/cannot get resource "pods\/log"/, 'logs', 'pod-a', '-n', 'a')
    await refused(/cannot list resource "nodes"/, 'get', 'nodes')
    assert.equal((await admin.call({method: 'GET', path: '/api/v1/namespaces/a/pods/pod-a'})).status, 200)

    const {code, reason, details} = statusOf(await kubectl('get', 'pods', '-n', 'b', '-v=8'))
    assert.deepEqual([code, reason], [403, 'Forbidden'])
    const causes = details.causes.filter(({reason: name}) => name === 'DaasCode')
    assert.deepEqual(causes, [{reason: 'DaasCode', message: 'DAAS-G110'}])
  })

  it('auth can-i and auth whoami tell the truth', async () => {
    const can = async (...args: string[]): Promise<string> => {
      const {stdout, exitCode} = await kubectl('auth', 'can-i', ...args)
      return `${exitCode} ${stdout.split(' ')[0]}`
    }
    assert.equal(await can('list', 'pods', '-n', 'a'), '0 yes')
    assert.equal(await can('get', 'pods/pod-a', '-n', 'a'), '0 yes')
    assert.equal(await can('list', 'pods', '-n', 'b'), '1 no')
    assert.equal(await can('list', 'pods', '-A'), '1 no')
    assert.equal(await can('delete', 'pods', '-n', 'a'), '1 no')
    assert.equal(await can('get', 'secrets', '-n', 'a'), '1 no')
    assert.equal(await can('get', '/version'), '0 yes')
    const yes = await kubectl('auth', 'can-i', 'list', 'pods', '-n', 'a')
    assert.match(yes.stderr, /^Warning: the seal token permits it, but does not permit to ask the RBAC/m)

    const {stdout} = await kubectl('auth', 'whoami', '-o', 'yaml')
    const {status} = parse(stdout) as {status: {userInfo: {username: string; groups: string[]}}}
    assert.deepEqual(status.userInfo, {
      username: `sui:${address}`,
      groups: ['daas:users', 'daas:viewers', 'system:authenticated'],
    })
  })

  it('taken back, it is over at once: 401', async () => {
    const revoked = await world.as('admin', ['cluster', 'revoke', address, '--json'])
    assert.equal(revoked.exitCode, 0, revoked.stdout + revoked.stderr)
    const run = await kubectl('get', 'pods', '-n', 'a')
    assert.notEqual(run.exitCode, 0)
    assert.match(run.stderr, /ERROR_GRANT_REVOKED|revoked/i)
  })
})
