import assert from 'node:assert/strict'
import {createPrivateKey, X509Certificate} from 'node:crypto'
import {
  createCa,
  createCsr,
  createRsaKeyPair,
  issueCert,
  parseCsr,
  signPublicKey,
} from '../../../../src/lib/devnet/kube/pki.ts'

describe('devnet/kube/pki', () => {
  it('issues certificates that the authority verifies and that match their key', async () => {
    const ca = await createCa('test-ca')
    const issued = await issueCert(ca, {
      cn: 'system:admin',
      o: ['system:masters'],
      dns: ['localhost'],
      ips: ['127.0.0.1'],
      usage: 'both',
    })
    const root = new X509Certificate(ca.certPem)
    const cert = new X509Certificate(issued.certPem)
    assert.ok(root.ca)
    assert.ok(root.verify(root.publicKey))
    assert.ok(cert.checkIssued(root) && cert.verify(root.publicKey))
    assert.ok(cert.checkPrivateKey(createPrivateKey(issued.keyPem)))
    assert.equal(cert.subject, 'O=system:masters\nCN=system:admin')
    assert.equal(cert.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1')
    assert.ok(ca.certPem.endsWith('-----END CERTIFICATE-----\n'))
  })

  it('signs a request without seeing its key', async () => {
    const ca = await createCa('test-ca')
    const {csrPem, keyPem} = await createCsr({cn: 'system:node:w1', o: ['system:nodes']})
    const parsed = await parseCsr(csrPem)
    assert.deepEqual([parsed.cn, [...parsed.o], parsed.valid], ['system:node:w1', ['system:nodes'], true])
    const pem = await signPublicKey(ca, parsed.publicKey, {cn: parsed.cn, o: parsed.o, usage: 'client'})
    assert.ok(new X509Certificate(pem).checkPrivateKey(createPrivateKey(keyPem)))
  })

  it('makes RSA keys for service accounts', async () => {
    const pair = await createRsaKeyPair()
    assert.equal(createPrivateKey(pair.privateKeyPem).asymmetricKeyType, 'rsa')
    assert.match(pair.publicKeyPem, /^-----BEGIN PUBLIC KEY-----\n/)
  })
})
