import assert from 'node:assert/strict'
import {askGateway} from '../../../src/lib/gateway/ask.ts'
import {type KubectlUser, type KubectlWorld, startKubectlWorld} from './kubectl-world.ts'

interface Status {
  kind: string
  code: number
  reason: string
}

const maps = '/api/v1/namespaces/default/configmaps'

describe('what kubectl is refused, straight and through the chain', function () {
  this.timeout(120_000)
  let world: KubectlWorld
  let viewer: KubectlUser
  let editor: KubectlUser
  let admin: KubectlUser

  before(async function () {
    world = await startKubectlWorld(this)
    viewer = await world.user('operator', 1_000_000_000n)
    editor = await world.user('admin', 5_000_000_000n)
    admin = await world.user('user', 10_000_000_000n)
    await world.admin.json({method: 'POST', path: maps, body: {metadata: {name: 'there'}, data: {k: 'v'}}})
  })
  after(() => world?.close())

  const both = async (user: KubectlUser, line: string) => {
    const args = line.split(' ')
    const [direct, chain] = await Promise.all([user.direct(args), user.chain(args)])
    return {direct, chain}
  }

  it('lets a viewer read, and says so', async () => {
    for (const line of ['get cm there -o name', 'auth whoami']) {
      const {direct, chain} = await both(viewer, line)
      assert.deepEqual(chain, direct, line)
    }
  })

  it('says yes to a viewer, and that the RBAC of the cluster was not asked, which may know better', async () => {
    for (const [resource, rbac] of [
      ['cm', 'yes\n'],
      ['secrets', 'no\n'],
    ]) {
      const {direct, chain} = await both(viewer, `auth can-i get ${resource}`)
      assert.equal(direct.stdout, rbac)
      assert.deepEqual([chain.exitCode, chain.stdout], [0, 'yes\n'])
      assert.match(chain.stderr, /^Warning: the seal token permits it, but does not permit to ask the RBAC/)
    }
  })

  // The seal refuses before RBAC is asked, in RBAC's words, and says which permission is missing.
  for (const line of [
    'delete cm there',
    'create cm more',
    'label cm there a=b',
    'scale deployment web --replicas=2',
    'create namespace mine',
    'auth can-i create pods',
    'auth can-i delete nodes',
  ]) {
    it(`refuses a viewer: ${line}`, async () => {
      const before = viewer.sent.transactions
      const {direct, chain} = await both(viewer, line)
      assert.equal(chain.exitCode, 1)
      assert.equal(chain.exitCode, direct.exitCode)
      if (line.startsWith('auth')) {
        assert.match(direct.stdout, /^no\b/)
        assert.match(chain.stdout, /^no - the seal token/)
      } else if (direct.stderr.includes('is forbidden')) {
        const sentence = direct.stderr.slice(0, direct.stderr.indexOf('User'))
        assert.ok(chain.stderr.startsWith(sentence), `${chain.stderr}\n${direct.stderr}`)
        assert.match(chain.stderr, /does not hold/)
      } else {
        assert.deepEqual(chain, direct)
      }

      assert.ok(viewer.sent.transactions - before <= 1)
    })
  }

  it('leaves to RBAC what the seal permits: secrets are no viewer’s', async () => {
    const {direct, chain} = await both(viewer, 'get secrets')
    assert.equal(direct.exitCode, 1)
    assert.deepEqual(chain, direct)
  })

  it('gives an editor what the tier says', async () => {
    for (const line of ['create cm by-editor --from-literal=a=b', 'create deployment no --image=x']) {
      const run = await editor.chain(line.split(' '))
      assert.equal(run.exitCode, line.includes('deployment') ? 1 : 0, run.stderr)
    }
    const {direct, chain} = await both(editor, 'auth can-i create deployments')
    assert.equal(chain.exitCode, direct.exitCode)
    assert.match(chain.stdout, /^no - the seal token/)
  })

  const refusals: [string, Parameters<typeof askGateway>[1], number, string][] = [
    ['a missing object', {path: `${maps}/none`}, 404, 'NotFound'],
    [
      'what is there already',
      {method: 'POST', path: maps, body: {metadata: {name: 'there'}}},
      409,
      'AlreadyExists',
    ],
    [
      'an old version',
      {method: 'PUT', path: `${maps}/there`, body: {metadata: {name: 'there', resourceVersion: '1'}}},
      409,
      'Conflict',
    ],
    ['a wrong name', {method: 'POST', path: maps, body: {metadata: {name: 'A_B'}}}, 422, 'Invalid'],
    ['a body that is none', {method: 'POST', path: maps, body: '{'}, 400, 'BadRequest'],
    [
      'an unknown patch type',
      {method: 'PATCH', path: `${maps}/there`, body: '{}', headers: {'content-type': 'application/x-patch'}},
      415,
      'UnsupportedMediaType',
    ],
    ['a verb that is not for it', {method: 'POST', path: `${maps}/there`, body: {}}, 405, 'MethodNotAllowed'],
    ['an unacceptable form', {path: maps, headers: {accept: 'image/png'}}, 406, 'NotAcceptable'],
  ]
  for (const [what, ask, code, reason] of refusals) {
    it(`passes on the refusal of ${what}: ${code} ${reason}`, async () => {
      const answer = await askGateway(admin.gateway, ask)
      const {kind, ...rest} = JSON.parse(answer.text) as Status
      assert.deepEqual(
        {http: answer.status, kind, code: rest.code, reason: rest.reason},
        {http: code, kind: 'Status', code, reason},
      )
    })
  }
})
