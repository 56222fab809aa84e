import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {reviewBySeal} from '../../../src/lib/gateway/access-review.ts'
import {checkPermission, hasPermission} from '../../../src/lib/gateway/permissions.ts'
import {parseApiPath} from '../../../src/lib/kube/api-path.ts'

describe('hasPermission', () => {
  for (const [permission, verb, resource, expected] of [
    ['*:*', 'delete', 'secrets', true],
    ['get:*', 'get', 'apps/deployments', true],
    ['get:*', 'list', 'pods', false],
    ['*:pods', 'create', 'pods', true],
    ['*:pods', 'create', 'pods/exec', false],
    ['*:exec', 'create', 'pods/exec', true],
    ['list:deployments', 'list', 'apps/deployments', true],
    ['list:apps/deployments', 'list', 'apps/deployments', true],
    ['list:apps/deployments', 'list', 'deployments', false],
    ['pods', 'get', 'pods', false],
    ['', '', '', false],
  ] as const) {
    it(`${permission || 'nothing'} ${expected ? 'covers' : 'does not cover'} ${verb} ${resource}`, () => {
      assert.equal(hasPermission([permission], verb, resource), expected)
    })
  }
})

describe('a seal of a grant', () => {
  const of = (namespaces: string[]) => ({
    ...{id: '0x1', owner: '0x2', permissions: ['get:*', 'list:pods', 'create:*'], expiresAtMs: 1},
    namespaces,
  })
  const judge = (namespaces: string[], method: string, path: string) => () =>
    checkPermission(of(namespaces), parseApiPath(method, path))
  const refused = {code: 'DAAS-G110'}

  it('counts in its namespaces alone', () => {
    assert.doesNotThrow(judge(['dev'], 'GET', '/api/v1/namespaces/dev/pods'))
    assert.throws(judge(['dev'], 'GET', '/api/v1/namespaces/prod/pods'), refused)
    assert.throws(judge(['dev'], 'GET', '/api/v1/pods'), refused)
    assert.throws(judge(['dev'], 'GET', '/api/v1/nodes/one'), refused)
    assert.throws(judge(['dev'], 'DELETE', '/api/v1/namespaces/dev/pods/one'), refused)
    assert.doesNotThrow(judge(['*'], 'GET', '/api/v1/nodes/one'))
  })

  it('discovers, whatever it permits, if it permits anything', () => {
    const seal = {id: '0x1', owner: '0x2', permissions: ['list:pods'], namespaces: ['dev'], expiresAtMs: 1}
    const get = parseApiPath('GET', '/apis/apps/v1')
    assert.doesNotThrow(() => checkPermission(seal, get))
    assert.throws(() => checkPermission({...seal, permissions: []}, get), refused)
    assert.throws(() => checkPermission(seal, parseApiPath('POST', '/apis/apps/v1')), refused)
  })

  it('tells the truth to can-i, and answers by itself what has no namespace', () => {
    const ask = (path: string, namespaces: string[], spec: object) => {
      const body = new TextEncoder().encode(JSON.stringify({spec}))
      const api = parseApiPath('POST', path)
      const response = reviewBySeal(of(namespaces), {method: 'POST', path, headers: {}, body}, api)
      return response && (JSON.parse(new TextDecoder().decode(response.body)) as {status: object}).status
    }
    const can = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
    const rules = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews'
    const pods = (namespace: string) => ({resourceAttributes: {verb: 'list', resource: 'pods', namespace}})
    const reason = 'the seal token permits it, but does not permit to ask the RBAC of the cluster'
    assert.deepEqual(ask(can, ['dev'], pods('dev')), {allowed: true, reason})
    const no = {allowed: false, reason: 'the seal token does not permit it'}
    assert.deepEqual(ask(can, ['dev'], pods('prod')), no)
    assert.deepEqual(ask(can, ['dev'], pods('')), no)
    assert.equal(ask(can, ['*'], pods('prod')), undefined)
    // A yes without the RBAC of the cluster says so, where kubectl prints it.
    const body = new TextEncoder().encode(JSON.stringify({spec: pods('dev')}))
    const request = {method: 'POST', path: can, headers: {}, body}
    const said = reviewBySeal(of(['dev']), request, parseApiPath('POST', can))
    assert.equal(said?.headers.warning, `299 - "${reason}"`)
    const {evaluationError} = ask(rules, ['dev', 'test'], {}) as {evaluationError: string}
    assert.match(evaluationError, /in dev, test and nowhere else/)
  })
})

describe('reviewBySeal', () => {
  const api = parseApiPath('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews')
  const review = (permissions: string[], body: Uint8Array, type = 'application/json') => {
    const seal = {id: '0x1', owner: '0x2', permissions, expiresAtMs: 1}
    const response = reviewBySeal(
      seal,
      {method: 'POST', path: api.path, headers: {'content-type': type}, body},
      api,
    )
    if (response === undefined) return undefined
    return (JSON.parse(new TextDecoder().decode(response.body)) as {status: {allowed: boolean}}).status
      .allowed
  }

  const json = (spec: object) => new TextEncoder().encode(JSON.stringify({spec}))
  const deletePods = {resourceAttributes: {verb: 'delete', resource: 'pods'}}

  it('says no where the seal does, and leaves a yes to the cluster', () => {
    assert.equal(review(['get:*'], json(deletePods)), false)
    assert.equal(review(['*:*'], json(deletePods)), undefined)
    assert.equal(review(['delete:pods'], json(deletePods)), true)
    assert.equal(review(['get:*'], json({nonResourceAttributes: {verb: 'get', path: '/version'}})), true)
    assert.equal(review(['list:pods'], json({nonResourceAttributes: {verb: 'get', path: '/version'}})), true)
    assert.equal(review(['list:pods'], json({nonResourceAttributes: {verb: 'post', path: '/x'}})), false)
    assert.equal(review([], json({nonResourceAttributes: {verb: 'get', path: '/version'}})), false)
  })

  it('reads the protobuf of kubectl', () => {
    const text = (number: number, bytes: string | Buffer) => {
      const value = Buffer.from(bytes)
      return Buffer.concat([Buffer.from([(number << 3) | 2, value.length]), value])
    }

    const attributes = Buffer.concat([text(1, 'default'), text(2, 'delete'), text(3, ''), text(5, 'pods')])
    const message = Buffer.concat([text(1, ''), text(2, text(1, attributes)), text(3, Buffer.from([8, 0]))])
    const type = Buffer.concat([text(1, 'authorization.k8s.io/v1'), text(2, 'SelfSubjectAccessReview')])
    const body = Buffer.concat([Buffer.from('k8s\0'), text(1, type), text(2, message)])
    assert.equal(review(['get:*'], body, 'application/vnd.kubernetes.protobuf'), false)
    assert.equal(review(['*:*'], body, 'application/vnd.kubernetes.protobuf'), undefined)
  })

  it('says who one is, and what one may, where the seal may not ask', () => {
    const ask = (path: string, permissions: string[]) => {
      const request = {method: 'POST', path, headers: {}, body: new Uint8Array()}
      const seal = {id: '0x1', owner: '0x2', permissions, expiresAtMs: 1}
      const response = reviewBySeal(seal, request, parseApiPath('POST', path))
      return response && (JSON.parse(new TextDecoder().decode(response.body)) as {status: unknown}).status
    }
    const whoami = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
    const rules = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews'
    assert.equal(ask(whoami, ['*:*']), undefined)
    assert.equal(ask(rules, ['*:*']), undefined)
    const groups = ['daas:users', 'daas:viewers', 'system:authenticated']
    assert.deepEqual(ask(whoami, ['get:*']), {userInfo: {username: 'sui:0x2', groups}})
    assert.deepEqual((ask(rules, ['get:*', '*:pods']) as {resourceRules: unknown}).resourceRules, [
      {verbs: ['get'], apiGroups: ['*'], resources: ['*']},
      {verbs: ['*'], apiGroups: ['*'], resources: ['pods']},
    ])
  })

  it('leaves what it cannot read to the cluster', () => {
    assert.equal(review(['get:*'], new TextEncoder().encode('{')), undefined)
    for (const broken of ['', 'k8s\0', 'k8s\0\x12\x7f', 'nope']) {
      assert.equal(review(['get:*'], Buffer.from(broken), 'application/vnd.kubernetes.protobuf'), undefined)
    }
  })
})
