import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {
  fetchFromWalrus,
  parseWalrusUrl,
  storeAtWalrus,
  walrusBlobIdOf,
  walrusLocation,
} from '../../../src/lib/seal/walrus.ts'
import {startWalrusStandIn, type WalrusStandIn} from '../../helpers/walrus.ts'

const NOWHERE = 'http://127.0.0.1:1'
const failed = {errorName: 'WALRUS_FAILED'}

describe('blobs on Walrus (a stand-in of its HTTP API)', () => {
  let walrus: WalrusStandIn
  const bytes = randomBytes(100_000)
  const hash = new Uint8Array(createHash('sha256').update(bytes).digest())
  const signal = new AbortController().signal

  beforeEach(async () => {
    walrus = await startWalrusStandIn()
  })
  afterEach(() => walrus.close())

  const store = (): Promise<string> => storeAtWalrus({url: walrus.url, epochs: 3}, bytes, signal)
  const read = (blobId: string, more: Partial<Parameters<typeof fetchFromWalrus>[0]> = {}) =>
    fetchFromWalrus({aggregators: [walrus.url], blobId, hash, limit: 1_000_000, signal, ...more})

  it('are stored for as many epochs as are asked for, and read again', async () => {
    const id = await store()
    assert.ok(bytes.equals(await read(id)))
    assert.deepEqual(walrus.requests, ['PUT /v1/blobs?epochs=3', `GET /v1/blobs/${id}`])
  })

  it('that are there already have the same id', async () => {
    assert.equal(await store(), await store())
  })

  it('are fetched from the next aggregator where one does not serve', async () => {
    const id = await store()
    assert.ok(bytes.equals(await read(id, {aggregators: [NOWHERE, walrus.url]})))
    await assert.rejects(read(id, {aggregators: [NOWHERE]}), failed)
    await assert.rejects(read(id, {aggregators: []}), failed)
  })

  it('are refused where they are not those of the hash, or larger than wanted', async () => {
    const id = await store()
    await assert.rejects(read(id, {limit: 99_999}), failed)
    walrus.blobs.set(id, Buffer.from('something else'))
    await assert.rejects(read(id), failed)
  })

  it('are not stored where the publisher refuses, or answers what is none of Walrus', async () => {
    walrus.failWith = 429
    await assert.rejects(store(), failed)
    walrus.failWith = 200
    await assert.rejects(store(), failed)
    await assert.rejects(storeAtWalrus({url: NOWHERE, epochs: 1}, bytes, signal), failed)
  })

  it('have a location on chain', () => {
    const id = 'A-_b'.repeat(11).slice(0, 43)
    assert.equal(walrusBlobIdOf(walrusLocation(id)), id)
    for (const other of ['', `/v1/blobs/${'0'.repeat(64)}`, 'walrus:', 'walrus:../../x', `walrus:${id}x`]) {
      assert.equal(walrusBlobIdOf(other), undefined)
    }
  })

  it('come from https, or from a daemon on loopback', () => {
    for (const url of ['https://aggregator.example/walrus', 'http://127.0.0.1:31415', 'http://localhost:1']) {
      assert.ok(parseWalrusUrl(url).startsWith(url))
    }

    for (const url of ['http://aggregator.example', 'ftp://127.0.0.1', 'nonsense', '']) {
      assert.throws(() => parseWalrusUrl(url), {errorName: 'WALRUS_URL_INVALID'})
    }
  })
})
