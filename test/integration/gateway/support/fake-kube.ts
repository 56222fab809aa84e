import {randomUUID} from 'node:crypto'
import {parseApiPath, type ApiRequest} from '../../../../src/lib/kube/api-path.ts'
import type {KubeRequest, KubeResponse} from '../../../../src/lib/seal/kube-message.ts'

interface Stored {
  metadata: {name: string; namespace: string; uid: string; resourceVersion: string; creationTimestamp: string}
  [field: string]: unknown
}

/** A Kubernetes API of one resource, config maps: enough for the stock kubectl. */
export interface FakeKube {
  seen: string[]
  handle(request: KubeRequest): Promise<KubeResponse>
  put(namespace: string, name: string, data: Record<string, string>): void
  remove(namespace: string, name: string): void
}

export function createFakeKube(): FakeKube {
  const objects = new Map<string, Stored>()
  const seen: string[] = []
  let version = 100
  const put = (namespace: string, name: string, fields: object): Stored => {
    version += 1
    const key = `${namespace}/${name}`
    const stored = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      ...fields,
      metadata: {
        name,
        namespace,
        uid: objects.get(key)?.metadata.uid ?? randomUUID(),
        resourceVersion: String(version),
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
    }
    objects.set(key, stored)
    return stored
  }

  const remove = (namespace: string, name: string): boolean => {
    version += 1
    return objects.delete(`${namespace}/${name}`)
  }

  const list = (api: ApiRequest, accept: string): KubeResponse => {
    const items = [...objects.values()].filter(
      ({metadata}) =>
        (api.namespace === '' || metadata.namespace === api.namespace) &&
        (api.name === undefined || metadata.name === api.name),
    )
    const metadata = {resourceVersion: String(version)}
    if (!accept.includes('as=Table')) {
      const plain = items.map(({kind: _kind, apiVersion: _version, ...item}) => item)
      return json(200, {kind: 'ConfigMapList', apiVersion: 'v1', metadata, items: plain})
    }

    return json(200, {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      columnDefinitions: [{name: 'Name', type: 'string', format: 'name', description: '', priority: 0}],
      rows: items.map((item) => ({
        cells: [item.metadata.name],
        object: {kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item.metadata},
      })),
    })
  }

  return {
    seen,
    put: (namespace, name, data) => void put(namespace, name, {data}),
    remove: (namespace, name) => void remove(namespace, name),
    async handle({method, path, headers, body}) {
      seen.push(`${method} ${path.split('?', 1)[0]}`)
      const api = parseApiPath(method, path)
      if (api.nonResource) return discovery(api.path)
      if (api.resource === 'blackholes') return new Promise(() => undefined)
      if (api.resource !== 'configmaps') return failure(404, 'NotFound', `no ${api.resource}`)
      const name = api.name ?? ''
      if (api.verb === 'list') return list(api, headers.accept ?? '')
      if (api.verb === 'create') {
        const fields = JSON.parse(new TextDecoder().decode(body)) as Stored
        return json(201, put(api.namespace, fields.metadata.name, fields))
      }

      const known = objects.get(`${api.namespace}/${name}`)
      if (known === undefined) return failure(404, 'NotFound', `configmaps "${name}" not found`)
      if (api.verb === 'get') return json(200, known)
      if (api.verb === 'delete') {
        remove(api.namespace, name)
        return json(200, {
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Success',
          details: {name, uid: known.metadata.uid},
        })
      }

      return failure(405, 'MethodNotAllowed', `${api.verb} is not for fakes`)
    },
  }
}

export function json(status: number, value: unknown): KubeResponse {
  return {
    status,
    headers: {'content-type': 'application/json'},
    body: new TextEncoder().encode(JSON.stringify(value)),
  }
}

function failure(code: number, reason: string, message: string): KubeResponse {
  return json(code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    code,
  })
}

function discovery(path: string): KubeResponse {
  if (path === '/version') return json(200, {major: '1', minor: '32', gitVersion: 'v1.32.4'})
  if (path === '/api') return json(200, {kind: 'APIVersions', versions: ['v1']})
  if (path === '/apis') return json(200, {kind: 'APIGroupList', apiVersion: 'v1', groups: []})
  if (path === '/api/v1') {
    const verbs = ['create', 'delete', 'get', 'list', 'watch']
    const resources = [
      {
        name: 'configmaps',
        singularName: 'configmap',
        namespaced: true,
        kind: 'ConfigMap',
        shortNames: ['cm'],
        verbs,
      },
    ]
    return json(200, {kind: 'APIResourceList', groupVersion: 'v1', resources})
  }

  return failure(404, 'NotFound', 'the server could not find the requested resource')
}
