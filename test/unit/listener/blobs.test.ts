import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {mkdtemp, readdir, rm, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type BlobStore, openBlobStore} from '../../../src/lib/listener/blobs.ts'

const ONE = `0x${'1'.repeat(64)}`
const TWO = `0x${'2'.repeat(64)}`
/** With the 32 bytes of the seal's id, a blob of these counts 1,000. */
const BLOB_BYTES = 968
const quota = {bytes: 5000, sealBytes: 3000, freshMs: 60_000}
const full = {errorName: 'BLOBS_FULL'}

describe('the store of blobs', () => {
  let directory: string
  let nowMs = 0
  const open = (): Promise<BlobStore> => openBlobStore(directory, {quota, clock: () => nowMs})
  const put = async (store: BlobStore, seal: string): Promise<string> => {
    const bytes = randomBytes(BLOB_BYTES)
    const path = await store.put(seal, bytes)
    assert.equal(path, `/v1/blobs/${createHash('sha256').update(bytes).digest('hex')}`)
    return path.slice(-64)
  }
  const kept = async (): Promise<string[]> => (await readdir(directory)).sort()

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'daas-blobs-'))
    nowMs = Date.now()
  })
  afterEach(() => rm(directory, {recursive: true, force: true}))

  it('gives back what it was given, and whose it is, after a restart too', async () => {
    const bytes = new Uint8Array(randomBytes(10))
    const path = await (await open()).put(ONE, bytes)
    const found = await (await open()).get(path.slice(-64))
    assert.deepEqual(found, {seal: ONE, bytes})
    assert.equal((await stat(join(directory, path.slice(-64)))).mode & 0o777, 0o600)
    assert.equal(await (await open()).get('../journal.sqlite'), undefined)
  })

  it('puts the oldest of a seal aside for its newest, and none of another', async () => {
    const store = await open()
    const theirs = await put(store, TWO)
    const own: string[] = []
    for (let count = 0; count < 3; count += 1) {
      nowMs += 1
      own.push(await put(store, ONE))
    }

    nowMs += 60_000
    own.push(await put(store, ONE))
    assert.deepEqual(await kept(), [theirs, ...own.slice(1)].sort())
  })

  it('does not put aside what may not have been fetched yet: it refuses, and stays as it was', async () => {
    const store = await open()
    for (let count = 0; count < 3; count += 1) await put(store, ONE)
    const before = await kept()
    await assert.rejects(put(store, ONE), full)
    assert.deepEqual(await kept(), before)
    await put(store, TWO)
    await put(store, TWO)
    await assert.rejects(put(store, TWO), full)
    assert.equal((await kept()).length, 5)
  })

  it('refuses what is larger than the quota by itself', async () => {
    await assert.rejects((await open()).put(ONE, randomBytes(3000)), full)
    assert.deepEqual(await kept(), [])
  })

  it('counts the same bytes once', async () => {
    const store = await open()
    const bytes = randomBytes(2000)
    for (let count = 0; count < 3; count += 1) await store.put(ONE, bytes)
    assert.equal((await kept()).length, 1)
  })

  it('counts what an earlier process left', async () => {
    for (let count = 0; count < 3; count += 1) await put(await open(), ONE)
    await assert.rejects(put(await open(), ONE), full)
  })

  it('forgets what is old, and has its room again', async () => {
    const store = await open()
    for (let count = 0; count < 3; count += 1) await put(store, ONE)
    nowMs += 10_000
    await store.prune(nowMs, 5000)
    assert.deepEqual(await kept(), [])
    for (let count = 0; count < 3; count += 1) await put(store, ONE)
    assert.equal((await kept()).length, 3)
  })

  it('keeps within its limits when many come at once', async () => {
    const store = await open()
    const results = await Promise.allSettled(Array.from({length: 20}, () => put(store, ONE)))
    assert.equal(results.filter(({status}) => status === 'fulfilled').length, 3)
    assert.equal((await kept()).length, 3)
  })
})
