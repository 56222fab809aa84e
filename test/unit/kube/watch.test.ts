import assert from 'node:assert/strict'
import type {V1Node} from '@kubernetes/client-node'
import {keepWatching} from '../../../src/lib/kube/watch.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import {type FakeKube, startFakeKube} from './fake-kube.ts'

describe('watching a collection', () => {
  let kube: FakeKube
  let stop: AbortController
  let seen: string[]
  let troubles: string[]
  let watching: Promise<void>

  beforeEach(async () => {
    kube = await startFakeKube()
    kube.put('/api/v1/nodes/old', {})
    stop = new AbortController()
    seen = []
    troubles = []
  })
  afterEach(async () => {
    stop.abort()
    await watching
    await kube.close()
  })

  function begin(): void {
    watching = keepWatching<V1Node>({
      http: kube.http,
      kubeConfig: kube.kubeConfig,
      path: '/api/v1/nodes',
      signal: stop.signal,
      backOffMs: 5,
      onList: (nodes) => void seen.push(`list ${nodes.map(({metadata}) => metadata?.name).join(' ')}`),
      onEvent: ({type, object}) => void seen.push(`${type} ${object.metadata?.name}`),
      onTrouble: (error) => void troubles.push((error as {code?: string}).code ?? String(error)),
    })
  }

  const until = (...wanted: string[]): Promise<void> =>
    waitUntil(wanted.join(', '), () => {
      if (seen.length < wanted.length) return false
      assert.deepEqual(seen, wanted)
      return true
    })
  const watches = (): string[] => kube.calls.filter((call) => call.includes('watch=true'))
  const isWatching = (times: number): Promise<void> =>
    waitUntil(`watch ${times}`, () => watches().length >= times)

  it('lists, then tells each change as it happens', async () => {
    begin()
    await until('list old')
    kube.put('/api/v1/nodes/new', {})
    kube.put('/api/v1/nodes/new', {spec: {}})
    kube.objects.delete('/api/v1/nodes/old')
    kube.put('/api/v1/pods/other', {})
    await until('list old', 'ADDED new', 'MODIFIED new', 'DELETED old')
    assert.match(watches()[0]!, /allowWatchBookmarks=true/)
  })

  it('goes on where it was when the server ends the watch', async () => {
    begin()
    await isWatching(1)
    kube.put('/api/v1/nodes/a', {})
    await until('list old', 'ADDED a')
    kube.intercept = (call) => (call.includes('watch=true') ? {status: 503, body: {}} : undefined)
    kube.endWatches()
    kube.put('/api/v1/nodes/b', {})
    await waitUntil('it was refused', () => troubles.length >= 3)
    kube.intercept = () => undefined
    await until('list old', 'ADDED a', 'ADDED b')
    assert.deepEqual([...new Set(troubles)], ['DAAS-K103'])
  })

  it('lists again where the server has forgotten the version', async () => {
    begin()
    await isWatching(1)
    kube.endWatches(true)
    kube.put('/api/v1/nodes/a', {})
    await until('list old', 'list old a')
    kube.put('/api/v1/nodes/b', {})
    await until('list old', 'list old a', 'ADDED b')
    assert.deepEqual(troubles, [])
  })

  it('lists again after an ERROR event of 410, and takes the version of bookmarks', async () => {
    let answers = 0
    kube.serve = (request, response) => {
      if (!request.url?.includes('watch=true')) return false
      const version = new URL(request.url, 'http://fake').searchParams.get('resourceVersion')
      const lines: object[][] = [
        [{type: 'BOOKMARK', object: {metadata: {resourceVersion: '41'}}}],
        [{type: 'ERROR', object: {kind: 'Status', code: 410, message: `too old: ${version}`}}],
        [{type: 'ADDED', object: {metadata: {name: 'a', resourceVersion: '50'}}}],
      ]
      seen.push(`from ${version}`)
      response.writeHead(200)
      const last = answers >= lines.length - 1
      for (const line of lines[answers++] ?? []) response.write(`${JSON.stringify(line)}\n`)
      if (!last) response.end()
      return true
    }
    begin()
    await until('list old', 'from 1', 'from 41', 'list old', 'from 1', 'ADDED a')
    assert.deepEqual(troubles, [])
  })

  it('does not hammer a server that answers nothing', async () => {
    kube.intercept = () => ({status: 500, body: {}})
    begin()
    await waitUntil('it has tried', () => troubles.length >= 4)
    assert.ok(kube.calls.length < 20)
    kube.intercept = () => undefined
    await until('list old')
  })
})
