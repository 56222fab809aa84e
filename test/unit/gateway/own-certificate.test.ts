import assert from 'node:assert/strict'
import {X509Certificate} from 'node:crypto'
import {chmod, mkdtemp, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {ownCertificate} from '../../../src/lib/gateway/own-certificate.ts'

const NAMES = ['c1.daas.internal', '127.0.0.1']
const DAY_MS = 86_400_000

describe('ownCertificate', () => {
  let dir: string
  let file: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-own-'))
    file = join(dir, 'door.json')
  })
  afterEach(() => rm(dir, {recursive: true, force: true}))

  it('is made once, for its names, in a file that is the user’s alone', async () => {
    const now = Date.now()
    const first = await ownCertificate(file, NAMES, now)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const {subjectAltName, validTo} = new X509Certificate(first.certPem)
    assert.equal(subjectAltName, 'DNS:c1.daas.internal, IP Address:127.0.0.1')
    assert.ok(Date.parse(validTo) > now + 8 * DAY_MS)
    const again = await ownCertificate(file, NAMES, now + 6 * DAY_MS)
    assert.deepEqual([again.certPem, again.keyPem], [first.certPem, first.keyPem])
  })

  it('is made anew when it is old, from the future, of other names, broken, or others can read it', async () => {
    const now = Date.now()
    let last = (await ownCertificate(file, NAMES, now)).certPem
    const isNew = async (at: number, names: readonly string[] = NAMES): Promise<void> => {
      const {certPem} = await ownCertificate(file, names, at)
      assert.notEqual(certPem, last)
      assert.equal((await stat(file)).mode & 0o777, 0o600)
      last = certPem
    }
    await isNew(now + 7 * DAY_MS)
    await isNew(now)
    await isNew(now, ['c2.daas.internal'])
    await isNew(now)
    await chmod(file, 0o644)
    await isNew(now)
    for (const text of ['', '{"certPem":1}', 'null', '[]']) {
      await writeFile(file, text)
      await isNew(now)
    }
  })
})
