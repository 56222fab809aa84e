import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {k3sCaHash} from '../../../src/lib/k3s/ca-hash.ts'

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

describe('k3s CA hash', () => {
  let dir = ''
  const file = (name: string): string => join(dir, name)
  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, {cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']})
  const read = (name: string): string => readFileSync(file(name), 'utf8')

  before(function () {
    dir = mkdtempSync(join(tmpdir(), 'daas-ca-'))
    try {
      openssl('version')
    } catch {
      this.test?.parent?.suites.forEach((suite) => (suite.pending = true))
      this.skip()
    }
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      'root.key',
      '-out',
      'root.pem',
      '-subj',
      '/CN=root',
      '-days',
      '2',
    )
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      'other.key',
      '-out',
      'other.pem',
      '-subj',
      '/CN=other',
      '-days',
      '2',
    )
    const issue = (name: string, issuer: string, extensions: string): void => {
      writeFileSync(file('ext'), extensions)
      openssl('req', '-new', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
      const ca = ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial', '-extfile', 'ext']
      openssl('x509', '-req', '-in', `${name}.csr`, ...ca, '-days', '2', '-out', `${name}.pem`)
    }
    issue('middle', 'root', 'basicConstraints=critical,CA:TRUE\n')
    issue('server', 'middle', 'basicConstraints=critical,CA:TRUE\n')
  })

  after(() => rmSync(dir, {recursive: true, force: true}))

  const rootFingerprint = (name: string): string =>
    openssl('x509', '-in', name, '-noout', '-fingerprint', '-sha256')
      .split('=')[1]!
      .trim()
      .replaceAll(':', '')
      .toLowerCase()

  it('of one certificate is that of the text, the newline included', () => {
    const pem = read('root.pem')
    assert.equal(k3sCaHash(pem), sha256(pem))
    assert.notEqual(k3sCaHash(pem), k3sCaHash(pem.trimEnd()))
    assert.notEqual(k3sCaHash(pem), rootFingerprint('root.pem'))
  })

  it('of intermediate and root is the fingerprint of the root', () => {
    assert.equal(k3sCaHash(read('middle.pem') + read('root.pem')), rootFingerprint('root.pem'))
  })

  it('walks through two intermediates, whatever their order', () => {
    const expected = rootFingerprint('root.pem')
    assert.equal(k3sCaHash(read('server.pem') + read('middle.pem') + read('root.pem')), expected)
    assert.equal(
      k3sCaHash(read('server.pem') + read('other.pem') + read('root.pem') + read('middle.pem')),
      expected,
    )
  })

  it('falls back to the text where the first cannot be verified', () => {
    const unrelated = read('middle.pem') + read('other.pem')
    assert.equal(k3sCaHash(unrelated), sha256(unrelated))
    const rootFirst = read('root.pem') + read('middle.pem')
    assert.equal(k3sCaHash(rootFirst), sha256(rootFirst))
  })

  it('takes bytes as well as text', () => {
    assert.equal(k3sCaHash(readFileSync(file('root.pem'))), sha256(read('root.pem')))
  })
})
