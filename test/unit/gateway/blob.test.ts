import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {createServer, type Server} from 'node:https'
import type {AddressInfo} from 'node:net'
import {after, before, describe, it} from 'mocha'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {fetchBlob} from '../../../src/lib/gateway/blob.ts'
import {createPinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'

describe('fetchBlob', () => {
  const blob = new Uint8Array(randomBytes(200_000))
  const hash = createHash('sha256').update(blob).digest()
  const seen: {url?: string; token?: string}[] = []
  let server: Server
  let url: string
  let pin: Uint8Array
  let served: Uint8Array = blob

  before(async () => {
    const certificate = await createPinnedCertificate(['127.0.0.1'])
    pin = certificate.pin
    server = createServer({cert: certificate.certPem, key: certificate.keyPem}, (req, res) => {
      seen.push({url: req.url, token: String(req.headers['x-seal-token'])})
      res.writeHead(req.headers['x-seal-token'] === 'abcdef.0123456789abcdef' ? 200 : 401).end(served)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  const fetch = (more: Partial<Parameters<typeof fetchBlob>[0]> = {}) =>
    fetchBlob({
      listenerUrls: [url],
      pin,
      hash,
      sealToken: 'abcdef.0123456789abcdef',
      signal: AbortSignal.timeout(10_000),
      ...more,
    })
  const refused = (error: unknown) => error instanceof DaasError && error.errorName === 'BLOB_REFUSED'

  it('asks by hash and token, and gives the bytes', async () => {
    assert.ok(Buffer.from(await fetch()).equals(blob))
    assert.deepEqual(seen, [{url: `/v1/blobs/${hash.toString('hex')}`, token: 'abcdef.0123456789abcdef'}])
  })

  it('goes on to the next URL where one does not answer', async () => {
    assert.ok(Buffer.from(await fetch({listenerUrls: ['https://127.0.0.1:1', url]})).equals(blob))
  })

  it('refuses bytes of another hash', async () => {
    served = blob.subarray(1)
    await assert.rejects(fetch(), refused)
    served = blob
  })

  it('refuses another TLS key, and does not tell it the token', async () => {
    const before = seen.length
    await assert.rejects(fetch({pin: new Uint8Array(32)}), refused)
    assert.equal(seen.length, before)
  })

  it('refuses plain http, an error of the listener, and a cluster without URLs', async () => {
    await assert.rejects(fetch({listenerUrls: [url.replace('https:', 'http:')]}), refused)
    await assert.rejects(fetch({sealToken: 'wrong'}), refused)
    await assert.rejects(fetch({listenerUrls: []}), refused)
  })
})
