import assert from 'node:assert/strict'
import type {RequestEvent} from '../../../src/lib/listener/chain-port.ts'
import {groupsOf} from '../../../src/lib/kube/groups.ts'
import {judgeRequest} from '../../../src/lib/listener/request-policy.ts'
import type {KubeRequest} from '../../../src/lib/seal/kube-message.ts'

const requester = `0x${'1'.repeat(64)}`

function judge(
  [verb, resource, namespace]: readonly [string, string, string],
  method: string,
  path: string,
  more: Partial<KubeRequest> = {},
): ReturnType<typeof judgeRequest> {
  const event = {verb, resource, namespace, requester, permissions: ['get:*']} as unknown as RequestEvent
  return judgeRequest(event, {method, path, headers: {}, body: new Uint8Array(), ...more})
}

describe('request policy', () => {
  const allowed: [readonly [string, string, string], string, string, boolean][] = [
    [['list', 'nodes', ''], 'GET', '/api/v1/nodes?limit=500', false],
    [['get', 'pods', 'default'], 'GET', '/api/v1/namespaces/default/pods/a', false],
    [['get', 'pods/log', 'default'], 'GET', '/api/v1/namespaces/default/pods/a/log?follow=false', false],
    [['create', 'configmaps', 'default'], 'POST', '/api/v1/namespaces/default/configmaps', true],
    [['patch', 'apps/deployments', 'x'], 'PATCH', '/apis/apps/v1/namespaces/x/deployments/a', true],
    [['deletecollection', 'pods', 'x'], 'DELETE', '/api/v1/namespaces/x/pods', true],
    [['get', '/api', ''], 'GET', '/api', false],
    [['get', '/apis', ''], 'GET', '/apis?timeout=32s', false],
    [['get', '/openapi/v3', ''], 'GET', '/openapi/v3', false],
    [['get', '/version', ''], 'GET', '/version', false],
  ]
  for (const [clear, method, path, isWrite] of allowed) {
    it(`lets ${method} ${path} pass`, () => {
      const judgement = judge(clear, method, path)
      assert.ok(judgement.allowed)
      assert.equal(judgement.isWrite, isWrite)
      assert.equal(judgement.call.path, path)
    })
  }

  const refused: [readonly [string, string, string], string, string, number][] = [
    [['get', 'nodes', ''], 'GET', '/api/v1/nodes', 403],
    [['list', 'nodes', ''], 'DELETE', '/api/v1/nodes/a', 403],
    [['list', 'pods', 'a'], 'GET', '/api/v1/namespaces/b/pods', 403],
    [['list', 'pods', 'a'], 'GET', '/api/v1/pods', 403],
    [['list', 'pods', 'a'], 'GET', '/api/v1/namespaces/a/secrets', 403],
    [['get', 'pods', 'a'], 'GET', '/api/v1/namespaces/a/pods/p/log', 403],
    [['list', 'deployments', 'a'], 'GET', '/apis/apps/v1/namespaces/a/deployments', 403],
    [['list', 'nodes', ''], 'GET', '/api/v1/../v1/nodes', 400],
    [['list', 'nodes', ''], 'GET', '/api/v1//nodes', 400],
    [['list', 'nodes', ''], 'GET', '/api/v1/nodes%2fa', 400],
    [['list', 'nodes', ''], 'GET', '/api/v1/nodes HTTP/1.1\r\nX: y', 400],
    [['list', 'nodes', ''], 'GET', '/api/v1/nodes?a=b c', 400],
    [['list', 'nodes', ''], 'CONNECT', '/api/v1/nodes', 405],
    [['list', 'nodes', ''], 'get', '/api/v1/nodes', 405],
    [['watch', 'pods', 'a'], 'GET', '/api/v1/namespaces/a/pods?watch=true', 501],
    [['watch', 'pods', 'a'], 'GET', '/api/v1/namespaces/a/pods?watch', 501],
    [['get', 'pods', 'a'], 'GET', '/api/v1/namespaces/a/pods/p?watch=1', 501],
    [['watch', 'pods', 'a'], 'GET', '/api/v1/watch/namespaces/a/pods', 501],
    [['get', 'pods/log', 'a'], 'GET', '/api/v1/namespaces/a/pods/p/log?follow=true', 501],
    [['get', 'pods/log', 'a'], 'GET', '/api/v1/namespaces/a/pods/p/log?follow=false&follow=1', 501],
    [['create', 'pods/exec', 'a'], 'POST', '/api/v1/namespaces/a/pods/p/exec?command=sh', 501],
    [['get', 'pods/exec', 'a'], 'GET', '/api/v1/namespaces/a/pods/p/exec', 501],
    [['create', 'pods/attach', 'a'], 'POST', '/api/v1/namespaces/a/pods/p/attach', 501],
    [['create', 'pods/portforward', 'a'], 'POST', '/api/v1/namespaces/a/pods/p/portforward', 501],
    [['get', 'nodes/proxy', ''], 'GET', '/api/v1/nodes/n/proxy/metrics', 501],
    [['post', '/api', ''], 'POST', '/api', 403],
    [['get', '/metrics', ''], 'GET', '/metrics', 403],
    [['get', '/logs', ''], 'GET', '/logs', 403],
    [['get', '/debug/pprof', ''], 'GET', '/debug/pprof', 403],
  ]
  for (const [clear, method, path, status] of refused) {
    it(`answers ${status} to ${method} ${JSON.stringify(path)} declared as ${clear.join(' ')}`, () => {
      const judgement = judge(clear, method, path)
      assert.ok(!judgement.allowed)
      assert.equal(judgement.response.status, status)
      const body = JSON.parse(new TextDecoder().decode(judgement.response.body)) as Record<string, unknown>
      assert.equal(body.kind, 'Status')
      assert.equal(body.code, status)
    })
  }

  it('impersonates, and passes no header on that says who somebody is', () => {
    const judgement = judge(['list', 'nodes', ''], 'GET', '/api/v1/nodes', {
      headers: {
        Accept: 'application/json;as=Table',
        'User-Agent': 'kubectl',
        'Kubectl-Command': 'kubectl get',
        authorization: 'Bearer x',
        Authorization: 'Bearer y',
        'Impersonate-User': 'system:admin',
        'impersonate-group': 'system:masters',
        'impersonate-extra-scopes': 'all',
        'X-Remote-User': 'admin',
        'x-forwarded-for': '1.2.3.4',
        cookie: 'a=b',
        host: 'other',
        connection: 'upgrade',
        upgrade: 'SPDY/3.1',
        'transfer-encoding': 'chunked',
        'content-length': '5',
      },
    })
    assert.ok(judgement.allowed)
    assert.deepEqual(judgement.call.headers, {
      accept: 'application/json;as=Table',
      'user-agent': 'kubectl',
      'kubectl-command': 'kubectl get',
      'accept-encoding': 'identity',
      'impersonate-user': `sui:${requester}`,
      'impersonate-group': ['daas:users', 'daas:viewers'],
    })
  })

  it('gives groups by permission', () => {
    assert.deepEqual(groupsOf([]), ['daas:users'])
    assert.deepEqual(groupsOf(['get:*', 'list:*', 'watch:*']), ['daas:users', 'daas:viewers'])
    assert.deepEqual(groupsOf(['get:*', '*:pods']), ['daas:users', 'daas:viewers', 'daas:editors'])
    assert.deepEqual(groupsOf(['create:*']), ['daas:users', 'daas:viewers', 'daas:editors'])
    assert.deepEqual(groupsOf(['*:*']), ['daas:users', 'daas:viewers', 'daas:editors', 'daas:admins'])
  })
})
