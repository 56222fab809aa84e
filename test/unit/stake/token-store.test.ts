import assert from 'node:assert/strict'
import {mkdtemp, readdir, rm, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {hashSealToken} from '../../../src/lib/seal/token.ts'
import {openTokenStore} from '../../../src/lib/stake/token-store.ts'

describe('the token store', () => {
  let dir: string
  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'daas-tokens-')), 'seals')
  })
  afterEach(() => rm(join(dir, '..'), {recursive: true}))

  it('keeps a token before it is sent, in a file only its owner can read', async () => {
    const {token, hash} = await openTokenStore(dir).prepare()
    assert.deepEqual(Buffer.from(hash), Buffer.from(hashSealToken(token)))
    const [name] = await readdir(dir)
    assert.ok(name !== undefined && !name.includes(token.split('.')[1]!), 'the secret is in no file name')
    assert.equal((await stat(join(dir, name))).mode & 0o777, 0o600)
    assert.equal((await stat(dir)).mode & 0o777, 0o700)
  })

  it('finds a settled token by its seal', async () => {
    const store = openTokenStore(dir)
    const {token, hash} = await store.prepare()
    const file = await store.settle(token, '0xab')
    assert.deepEqual(await store.find('0xab', hash), {token, file})
  })

  it('finds a token by its hash that a crash left without its seal', async () => {
    const {token, hash} = await openTokenStore(dir).prepare()
    const found = await openTokenStore(dir).find('0xcd', hash)
    assert.equal(found?.token, token)
    assert.deepEqual(await readdir(dir), ['0xcd.token'])
  })

  it('takes no token of an earlier revision, and none that was discarded', async () => {
    const store = openTokenStore(dir)
    const old = await store.prepare()
    await store.settle(old.token, '0xab')
    const fresh = await store.prepare()
    assert.equal((await store.find('0xab', fresh.hash))?.token, fresh.token)
    const gone = await store.prepare()
    await store.discard(gone.token)
    assert.equal(await store.find('0xef', gone.hash), undefined)
  })
})
