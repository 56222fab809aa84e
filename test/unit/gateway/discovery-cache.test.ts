import assert from 'node:assert/strict'
import {mkdtemp, readdir, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'
import {createDiscoveryCache, isDiscovery} from '../../../src/lib/gateway/discovery-cache.ts'
import {parseApiPath} from '../../../src/lib/kube/api-path.ts'
import {waitUntil} from '../../helpers/wait-until.ts'

describe('createDiscoveryCache', () => {
  let root: string
  let asked = 0
  let status = 200
  let failure: Error | undefined
  let conditions: (string | undefined)[]
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'daas-discovery-test-'))
    asked = 0
    status = 200
    failure = undefined
    conditions = []
  })
  afterEach(async () => rm(root, {recursive: true, force: true}))

  let nowMs = 1_000_000
  const open = () => createDiscoveryCache({dir: join(root, 'cluster'), now: () => nowMs, ttlMs: 600_000})
  const ask = async (cache = open(), path = '/api', accept = 'application/json') => {
    const request = {method: 'GET', path, headers: {accept}, body: new Uint8Array()}
    const {response} = await cache.through(request, async ({headers}) => {
      asked += 1
      conditions.push(headers['if-none-match'])
      if (failure) throw failure
      return {response: {status, headers: {etag: '"1"'}, body: new Uint8Array([0, 255, asked])}}
    })
    return response
  }

  it('asks once for all who ask at the same time, and gives back the very bytes', async () => {
    const cache = open()
    const answers = await Promise.all([ask(cache), ask(cache), ask(cache)])
    assert.deepEqual(
      [...answers, await ask(cache), await ask()],
      Array.from({length: 5}, () => answers[0]),
    )
    assert.equal(asked, 1)
  })

  it('tells paths, queries and forms apart, but not the deadlines of clients', async () => {
    const cache = open()
    await ask(cache, '/api?timeout=1s')
    await ask(cache, '/api?timeout=2s')
    assert.equal(asked, 1)
    await ask(cache, '/api?x=1')
    await ask(cache, '/apis')
    await ask(cache, '/api', 'application/yaml')
    assert.equal(asked, 4)
  })

  it('does not remember failures', async () => {
    status = 503
    const cache = open()
    await ask(cache)
    await ask(cache)
    assert.equal(asked, 2)
  })

  it('asks again where a file is broken, and after clear', async () => {
    await ask()
    const dir = join(root, 'cluster')
    const [file = ''] = await readdir(dir)
    await writeFile(join(dir, file), '{"half')
    await ask()
    assert.equal(asked, 2)
    const cache = open()
    await cache.clear()
    await ask(cache)
    assert.equal(asked, 3)
  })

  it('remembers nothing for 30 s after clear, in other processes neither', async () => {
    await open().clear()
    await ask()
    await ask()
    assert.equal(asked, 2)
    nowMs += 30_000
    await ask()
    await ask()
    assert.equal(asked, 3)
  })

  it('asks for the lists of kinds again after a minute, and waits for them', async () => {
    const cache = open()
    const first = await ask(cache, '/apis')
    nowMs += 59_000
    assert.equal(await ask(cache, '/apis'), first)
    nowMs += 1000
    assert.notDeepEqual(await ask(cache, '/apis'), first)
    assert.equal(asked, 2)
  })

  it('gives out the rest while it asks for it again, for a day; what has a hash for ever', async () => {
    const hashed = '/openapi/v3/apis/apps/v1?hash=1'
    const first = await ask(open(), '/apis/apps/v1')
    await ask(open(), hashed)
    nowMs += 600_000
    const cache = open()
    assert.deepEqual(await ask(cache, '/apis/apps/v1'), first)
    await waitUntil('it is asked for', () => asked === 3)
    await waitUntil('it is known', async () => (await ask(cache, '/apis/apps/v1')).body[2] === 3)
    assert.equal(asked, 3)
    nowMs += 600_000 + 86_400_000
    assert.equal((await ask(cache, '/apis/apps/v1')).body[2], 4)
    await ask(cache, hashed)
    assert.equal(asked, 4)
  })

  it('stays with what it knows where nobody answers in the background, and asks again', async () => {
    const cache = open()
    const first = await ask(cache, '/version')
    nowMs += 600_000
    failure = new Error('no answer')
    assert.deepEqual(await ask(cache, '/version'), first)
    await waitUntil('it is asked for', () => asked === 2)
    failure = undefined
    await waitUntil('it is known', async () => (await ask(cache, '/version')).body[2] === asked)
  })

  it('asks by the ETag, and gives the whole where nothing has changed', async () => {
    const cache = open()
    const first = await ask(cache, '/apis')
    nowMs += 60_000
    status = 304
    assert.deepEqual(await ask(cache, '/apis'), first)
    assert.deepEqual(conditions, [undefined, '"1"'])
    nowMs += 59_000
    assert.deepEqual(await ask(open(), '/apis'), first)
    assert.equal(asked, 2)
  })

  it('forgets everything where the list of kinds has changed', async () => {
    const cache = open()
    await ask(cache, '/apis')
    await ask(cache, '/apis/apps/v1')
    nowMs += 60_000
    await ask(cache, '/apis')
    await ask(cache, '/apis/apps/v1')
    assert.equal(asked, 4)
  })

  it('keeps its files from others', async () => {
    await ask()
    const dir = join(root, 'cluster')
    const [file = ''] = await readdir(dir)
    assert.deepEqual(
      [(await stat(dir)).mode & 0o777, (await stat(join(dir, file))).mode & 0o777],
      [0o700, 0o600],
    )
  })

  it('is for discovery only', () => {
    const rows = ['/api', '/apis/apps/v1', '/openapi/v3', '/version', '/healthz', '/apiary', '/api/v1/pods']
    assert.deepEqual(
      rows.map((path) => isDiscovery('GET', parseApiPath('GET', path))),
      [true, true, true, true, false, false, false],
    )
  })
})
