import assert from 'node:assert/strict'
import {hashSealToken} from '../../../src/lib/seal/token.ts'
import {createPinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'
import {askWorker} from '../../../src/lib/status/ask-worker.ts'
import {nodeSection} from '../../../src/lib/status/node-section.ts'
import {renderStatus} from '../../../src/lib/ui/status-text.ts'
import {serveTls} from '../k3s/servers.ts'

const TOKEN = 'abc123.0123456789abcdef'
const at = '2026-01-01T00:00:00.000Z'
const now = Date.parse(at) + 7000
const worker = {id: '0x1', status: 1, score: 500n}

describe('the heartbeat of a node in daas status', () => {
  it('is the last one that the listener has of it', () => {
    const heartbeat = {at, stage: 'ready', restarts: 2, uptimeMs: 60_000}
    const section = nodeSection('w1', worker, {heartbeat}, now)
    assert.deepEqual(section, {
      name: 'node',
      state: 'ok',
      message: 'w1 is in the cluster; heartbeat 7 s ago, agent ready, restarted 2 times',
      facts: {worker: '0x1', status: 'ready', score: 500n, heartbeat},
    })
    const text = renderStatus({healthy: true, cluster: '0xc', address: '0xa', sections: [section]})
    assert.match(text, /heartbeat 7 s ago, agent ready/)
  })

  it('has only a time where it said nothing of itself, and none where the clocks differ', () => {
    const {message} = nodeSection('w1', {...worker, status: 2}, {heartbeat: {at}}, now - 60_000)
    assert.equal(message, 'w1 is offline; heartbeat 0 s ago')
  })

  it('is no fault of the node where the listener says nothing', () => {
    const {state, message, facts} = nodeSection('w1', worker, {silence: 'no answer'}, now)
    assert.deepEqual([state, message, facts?.heartbeatUnknown], ['ok', 'w1 is in the cluster', 'no answer'])
    assert.equal(nodeSection('w1', undefined, {}, now).message, 'w1 has not joined')
  })

  it('is asked for with the token of the node, over the pinned connection, and only where it is here', async () => {
    const certificate = await createPinnedCertificate(['127.0.0.1'])
    const status = {nodeName: 'w1', registered: true, nodeReady: true, evicted: false, heartbeat: {at}}
    const asked: unknown[] = []
    const server = await serveTls(certificate, ({url, headers}, response) => {
      asked.push([url, headers['x-seal-token']])
      response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(status))
    })
    try {
      const {signal} = new AbortController()
      const seal = {id: '0x2', tokenHash: hashSealToken(TOKEN)}
      const question = (pins: Uint8Array) => ({listener: {urls: [server.url], pins}, nodeName: 'w1', seal})
      const here = {find: async (id: string) => (id === '0x2' ? {token: TOKEN, file: ''} : undefined)}
      const deps = {tokens: here, signal}
      assert.deepEqual(await askWorker(deps, question(certificate.pin)), status)
      await assert.rejects(askWorker(deps, question(new Uint8Array(32))), {errorName: 'TLS_PIN_MISMATCH'})
      const nowhere = {tokens: {find: async () => undefined}, signal}
      assert.equal(await askWorker(nowhere, question(certificate.pin)), undefined)
      assert.deepEqual(asked, [['/v1/workers/w1', TOKEN]])
    } finally {
      server.close()
    }
  })
})
