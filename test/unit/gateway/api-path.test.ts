import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {parseApiPath, permissionResource} from '../../../src/lib/kube/api-path.ts'

interface Row {
  line: string
  verb: string
  on: string
  namespace?: string
  name?: string
  group?: string
  version?: string
  nonResource?: boolean
}

const rows: Row[] = [
  {line: 'GET /api/v1/pods?limit=500', verb: 'list', on: 'pods', version: 'v1'},
  {line: 'GET /api/v1/pods?watch=true', verb: 'watch', on: 'pods', version: 'v1'},
  {line: 'GET /api/v1/pods?watch', verb: 'watch', on: 'pods', version: 'v1'},
  {line: 'GET /api/v1/pods?watch=0', verb: 'list', on: 'pods', version: 'v1'},
  {line: 'GET /api/v1/pods?watch=False', verb: 'list', on: 'pods', version: 'v1'},
  {line: 'GET /api/v1/watch/pods', verb: 'watch', on: 'pods', version: 'v1'},
  {line: 'GET /api/v1/namespaces', verb: 'list', on: 'namespaces', version: 'v1'},
  {line: 'GET /api/v1/namespaces/a', verb: 'get', on: 'namespaces', namespace: 'a', name: 'a', version: 'v1'},
  {line: 'GET /api/v1/namespaces/', verb: 'list', on: 'namespaces', version: 'v1'},
  {
    line: 'PUT /api/v1/namespaces/a/finalize',
    verb: 'update',
    on: 'namespaces/finalize',
    namespace: 'a',
    name: 'a',
    version: 'v1',
  },
  {
    line: 'GET /api/v1/namespaces/a/pods/b',
    verb: 'get',
    on: 'pods',
    namespace: 'a',
    name: 'b',
    version: 'v1',
  },
  {
    line: 'HEAD /api/v1/namespaces/a/pods/b',
    verb: 'get',
    on: 'pods',
    namespace: 'a',
    name: 'b',
    version: 'v1',
  },
  {
    line: 'GET /api/v1/namespaces/a/pods/b/log?follow=true',
    verb: 'get',
    on: 'pods/log',
    namespace: 'a',
    name: 'b',
    version: 'v1',
  },
  {
    line: 'GET /api/v1/namespaces/a/configmaps?fieldSelector=metadata.name%3Dx&watch=true',
    verb: 'watch',
    on: 'configmaps',
    namespace: 'a',
    name: 'x',
    version: 'v1',
  },
  {
    line: 'POST /api/v1/namespaces/a/configmaps',
    verb: 'create',
    on: 'configmaps',
    namespace: 'a',
    version: 'v1',
  },
  {
    line: 'DELETE /api/v1/namespaces/a/configmaps',
    verb: 'deletecollection',
    on: 'configmaps',
    namespace: 'a',
    version: 'v1',
  },
  {
    line: 'PATCH /apis/apps/v1/namespaces/a/deployments/d/scale',
    verb: 'patch',
    on: 'apps/deployments/scale',
    namespace: 'a',
    name: 'd',
    group: 'apps',
    version: 'v1',
  },
  {
    line: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    verb: 'create',
    on: 'authorization.k8s.io/selfsubjectaccessreviews',
    group: 'authorization.k8s.io',
    version: 'v1',
  },
  {line: 'GET /api', verb: 'get', on: '/api', nonResource: true},
  {line: 'GET /apis/apps/v1', verb: 'get', on: '/apis/apps/v1', nonResource: true},
  {line: 'GET /version?timeout=32s', verb: 'get', on: '/version', nonResource: true},
  {line: 'GET /', verb: 'get', on: '/', nonResource: true},
]

describe('parseApiPath', () => {
  for (const row of rows) {
    it(row.line, () => {
      const [method = '', url = ''] = row.line.split(' ')
      const request = parseApiPath(method, url)
      assert.deepEqual(
        {
          verb: request.verb,
          on: permissionResource(request),
          namespace: request.namespace,
          name: request.name,
          group: request.group,
          version: request.version,
          nonResource: request.nonResource,
          isWatch: request.isWatch,
        },
        {
          verb: row.verb,
          on: row.on,
          namespace: row.namespace ?? '',
          name: row.name,
          group: row.group ?? '',
          version: row.version ?? '',
          nonResource: row.nonResource ?? false,
          isWatch: row.verb === 'watch',
        },
      )
    })
  }

  for (const url of [
    'api/v1/pods',
    '/api/v1/../secrets',
    '/api/v1/%2e%2e/secrets',
    '/api//v1/pods',
    '/api/v1/namespaces/a%2Fpods',
    '/api/v1/pods\\x',
    '/api/v1/%zz',
    '/api/v1/po ds',
    '/api/v1/pods#x',
  ]) {
    it(`refuses ${url}`, () => {
      assert.throws(
        () => parseApiPath('GET', url),
        (error: unknown) => error instanceof DaasError && error.errorName === 'API_PATH_INVALID',
      )
    })
  }

  it('refuses a method no verb belongs to, on a resource', () => {
    assert.throws(
      () => parseApiPath('TRACE', '/api/v1/pods'),
      (error: unknown) => error instanceof DaasError && error.errorName === 'API_PATH_INVALID',
    )
  })
})
