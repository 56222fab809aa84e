import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {chmod, mkdtemp, rm, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {
  createSealToken,
  hashSealToken,
  hashSealTokenHex,
  readSealTokenFile,
  writeSealTokenFile,
  parseSealToken,
  SEAL_TOKEN_PATTERN,
} from '../../../src/lib/seal/token.ts'

describe('seal token', () => {
  it('has the shape of a bootstrap token and never comes twice', () => {
    const tokens = Array.from({length: 500}, () => createSealToken())
    for (const token of tokens) assert.match(token, SEAL_TOKEN_PATTERN)
    assert.equal(new Set(tokens).size, tokens.length)
  })

  it('rejects the bytes that would favour some letters', () => {
    const bytes = [255, 254, 253, 252, 0, 251]
    let at = 0
    const random = (size: number): Uint8Array =>
      Uint8Array.from({length: size}, () => bytes[at++ % bytes.length]!)
    assert.equal(createSealToken(random), 'a9a9a9.a9a9a9a9a9a9a9a9')
  })

  it('draws all letters evenly', () => {
    const counts = new Map<string, number>()
    const draws = 4000
    for (let i = 0; i < draws; i++) {
      for (const letter of createSealToken().replace('.', ''))
        counts.set(letter, (counts.get(letter) ?? 0) + 1)
    }
    const expected = (draws * 22) / 36
    const chiSquare = [...counts.values()].reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0)
    assert.equal(counts.size, 36)
    // 35 degrees of freedom: beyond 90 comes less often than once in 1,000,000 runs.
    assert.ok(chiSquare < 90, `chi square ${chiSquare}`)
  })

  it('is hashed as SHA-256 of its text', () => {
    const token = createSealToken()
    const expected = createHash('sha256').update(token).digest()
    assert.deepEqual(Buffer.from(hashSealToken(token)), expected)
    assert.equal(hashSealTokenHex(token), expected.toString('hex'))
  })

  it('is taken apart, and anything else is refused without being shown', () => {
    assert.deepEqual(parseSealToken('abcdef.0123456789abcdef'), {id: 'abcdef', secret: '0123456789abcdef'})
    for (const bad of [
      '',
      'abcdef',
      'ABCDEF.0123456789abcdef',
      'abcdef.0123456789abcdef\n',
      'canary.secretsecret!',
    ]) {
      assert.throws(
        () => parseSealToken(bad),
        (error: Error & {code?: string}) =>
          error.code === 'DAAS-T101' && (bad === '' || !JSON.stringify(error).includes(bad)),
      )
    }
  })

  describe('file', () => {
    let dir: string
    beforeEach(async () => {
      dir = await mkdtemp(join(tmpdir(), 'daas-seal-'))
    })
    afterEach(() => rm(dir, {recursive: true, force: true}))

    it('is private and comes back', async () => {
      const file = join(dir, 'token')
      const token = createSealToken()
      await writeSealTokenFile(file, token)
      assert.equal((await stat(file)).mode & 0o777, 0o600)
      assert.equal(await readSealTokenFile(file), token)
    })

    it('stays private when it is written over one that others could read', async () => {
      const file = join(dir, 'token')
      await writeSealTokenFile(file, createSealToken())
      await chmod(file, 0o644)
      await writeSealTokenFile(file, createSealToken())
      assert.equal((await stat(file)).mode & 0o777, 0o600)
    })

    it('is refused when others can read it, or when it is missing', async () => {
      const file = join(dir, 'token')
      await writeSealTokenFile(file, createSealToken())
      await chmod(file, 0o640)
      await assert.rejects(readSealTokenFile(file), {code: 'DAAS-T103'})
      await assert.rejects(readSealTokenFile(join(dir, 'none')), {code: 'DAAS-T102'})
    })
  })
})
