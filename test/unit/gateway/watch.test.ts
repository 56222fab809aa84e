import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {createListMemory, serveWatch, type WatchRun} from '../../../src/lib/gateway/watch.ts'
import type {WatchEvent} from '../../../src/lib/gateway/watch-diff.ts'
import {parseApiPath} from '../../../src/lib/kube/api-path.ts'
import type {KubeRequest, KubeResponse} from '../../../src/lib/seal/kube-message.ts'

type Versions = Record<string, number>

function response(value: unknown, status = 200): KubeResponse {
  return {status, headers: {}, body: new TextEncoder().encode(JSON.stringify(value))}
}

function list(version: number, items: Versions): KubeResponse {
  return response({
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: {resourceVersion: String(version)},
    items: Object.entries(items).map(([name, v]) => ({
      metadata: {name, uid: name, resourceVersion: String(v)},
    })),
  })
}

const path = '/api/v1/namespaces/a/pods'

/** Runs a watch over a script of lists and gives its events as `TYPE name`. */
async function watch(query: string, looks: KubeResponse[], more: Partial<WatchRun> = {}) {
  const url = `${path}?watch=true${query}`
  const asked: string[] = []
  const events: WatchEvent[] = []
  let clock = 0
  const refused = await serveWatch({
    request: {method: 'GET', path: url, headers: {accept: 'application/json'}, body: new Uint8Array()},
    api: parseApiPath('GET', url),
    pace: {firstMs: 1, mostMs: 2, looks: looks.length, lastsMs: 60_000},
    memory: createListMemory(),
    look: async (request) => {
      asked.push(request.path)
      return looks[asked.length - 1] ?? response({}, 500)
    },
    begin: () => undefined,
    emit: (event) => events.push(event),
    signal: AbortSignal.timeout(10_000),
    now: () => (clock += 1),
    ...more,
  })
  const names = events.map(({type, object}) => {
    const {kind, metadata} = object as {kind: string; metadata?: {name?: string}}
    return `${type} ${kind} ${metadata?.name ?? ''}`.trim()
  })
  return {asked, names, refused}
}

describe('serveWatch', () => {
  it('tells all that is there where no version is named, then what changes', async () => {
    const {asked, names} = await watch('&labelSelector=x%3Dy&timeoutSeconds=60', [
      list(5, {p: 1, q: 2}),
      list(6, {p: 6, q: 2}),
      list(7, {p: 6, r: 7}),
    ])
    assert.deepEqual(names, ['ADDED Pod p', 'ADDED Pod q', 'MODIFIED Pod p', 'DELETED Pod q', 'ADDED Pod r'])
    assert.equal(asked[0], `${path}?labelSelector=x%3Dy`)
  })

  it('tells what is newer than the version named', async () => {
    const {names} = await watch('&resourceVersion=5', [list(7, {p: 1, q: 7})])
    assert.deepEqual(names, ['ADDED Pod q'])
  })

  it('knows what was in the list that the client has seen', async () => {
    const memory = createListMemory()
    const request: KubeRequest = {
      method: 'GET',
      path,
      headers: {accept: 'application/json'},
      body: new Uint8Array(),
    }
    memory.remember(request, parseApiPath('GET', `${path}?limit=500`), list(5, {p: 1, q: 2}))
    const {names} = await watch('&resourceVersion=5', [list(9, {q: 8})], {memory})
    assert.deepEqual(names, ['DELETED Pod p', 'MODIFIED Pod q'])
  })

  it('puts the pages of a list together', async () => {
    const memory = createListMemory()
    const request: KubeRequest = {method: 'GET', path, headers: {}, body: new Uint8Array()}
    memory.remember(request, parseApiPath('GET', `${path}?limit=1`), list(5, {p: 1}))
    memory.remember(request, parseApiPath('GET', `${path}?limit=1&continue=c`), list(5, {q: 2}))
    const {names} = await watch('&resourceVersion=5', [list(5, {p: 1, q: 2})], {memory})
    assert.deepEqual(names, [])
  })

  it('gives back a refusal of the first look, and an ERROR event for a later one', async () => {
    const status = {kind: 'Status', code: 403}
    const first = await watch('', [response(status, 403)])
    assert.equal(first.refused?.status, 403)
    const later = await watch('', [list(1, {}), response(status, 403)])
    assert.equal(later.refused, undefined)
    assert.deepEqual(later.names, ['ERROR Status'])
  })

  it('ends after timeoutSeconds', async () => {
    let clock = 0
    const {asked} = await watch(
      '&timeoutSeconds=1',
      Array.from({length: 50}, () => list(1, {})),
      {
        now: () => (clock += 300),
      },
    )
    assert.ok(asked.length < 5, String(asked.length))
  })

  it('refuses sendInitialEvents, so that clients list and watch', async () => {
    await assert.rejects(
      watch('&sendInitialEvents=true', []),
      (error: unknown) => error instanceof DaasError && error.errorName === 'WATCH_LIST_NOT_CARRIED',
    )
  })
})
