import assert from 'node:assert/strict'
import {verifyServer, type VerifyServerOptions} from '../../../src/lib/k3s/verify-server.ts'
import {serveSupervisor} from './servers.ts'

const TOKEN = 'abc123.0123456789abcdef'

describe('check of the k3s server', () => {
  let server: Awaited<ReturnType<typeof serveSupervisor>>

  async function serve(status: Parameters<typeof serveSupervisor>[1] = {}): Promise<void> {
    server = await serveSupervisor(TOKEN, status)
  }
  const verify = async (more: Partial<VerifyServerOptions> = {}): ReturnType<typeof verifyServer> =>
    verifyServer({
      serverUrl: server.url,
      caHash: server.caHash,
      sealToken: TOKEN,
      signal: new AbortController().signal,
      timeoutMs: 2000,
      ...more,
    })

  afterEach(() => server.close())

  it('compares the hash before the token is sent', async () => {
    await serve()
    const {caPem, serverTimeMs} = await verify()
    assert.equal(caPem, server.caPem)
    assert.ok(Math.abs(serverTimeMs! - Date.now()) < 5000)
    assert.deepEqual(server.requests, ['/cacerts -', '/ping -', `/v1-k3s/readyz Bearer ${TOKEN}`])
  })

  it('sends no token where the hash is another', async () => {
    await serve()
    await assert.rejects(verify({caHash: 'f'.repeat(64)}), {code: 'DAAS-J102', exitCode: 7})
    assert.deepEqual(server.requests, ['/cacerts -'])
  })

  it('knows a refused token from a server that is not ready', async () => {
    await serve({readyz: 503})
    await assert.rejects(verify({sealToken: 'abc123.ffffffffffffffff'}), {code: 'DAAS-J103', exitCode: 4})
    await assert.rejects(verify(), {code: 'DAAS-J105', exitCode: 69})
    await assert.rejects(verify({sealToken: 'nonsense'}), {code: 'DAAS-J101'})
  })

  it('names a server that does not answer', async () => {
    await serve({cacerts: 500})
    await assert.rejects(verify(), {code: 'DAAS-J105'})
    await assert.rejects(verify({serverUrl: 'https://127.0.0.1:1'}), {code: 'DAAS-J104', exitCode: 69})
    await assert.rejects(verify({serverUrl: 'http://127.0.0.1:1'}), {code: 'DAAS-J104'})
  })

  it('refuses a certificate for another host, although the CA is the right one', async () => {
    await serve()
    await assert.rejects(verify({serverUrl: server.url.replace('127.0.0.1', 'localhost')}), {
      code: 'DAAS-J104',
    })
    assert.deepEqual(server.requests, ['/cacerts -'])
  })
})
