import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {once} from 'node:events'
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {Duplex} from 'node:stream'
import {WebSocketServer, type WebSocket} from 'ws'
import {SESSION_ENDS, type SessionEnd} from '../../../src/lib/listener/chain-port.ts'
import {until} from '../../unit/listener/world.ts'
import {createSessionRig, type SessionRig} from './support/session-rig.ts'

const pods = '/api/v1/namespaces/default/pods'
const watchPath = '/api/v1/namespaces/default/configmaps?watch=true'
const logPath = `${pods}/p/log?follow=true`
const spdy = {upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io, v3.channel.k8s.io'}

describe('sessions between a gateway, a listener and a fake API server', function () {
  this.timeout(30_000)
  let rig: SessionRig
  /** Streams that the API server has open. */
  let streams: {request: IncomingMessage; response: ServerResponse}[]
  let upgrades: {request: IncomingMessage; socket: Duplex}[]
  const sockets = new WebSocketServer({noServer: true, handleProtocols: () => 'v5.channel.k8s.io'})

  const start = async (options: Parameters<typeof createSessionRig>[0] = {}): Promise<void> => {
    rig = await createSessionRig(options)
    streams = []
    upgrades = []
    rig.world.kube.serve = (request, response) => {
      // The listener's own watch of the Nodes comes as itself, not as a user.
      const ofUser = request.headers['impersonate-user'] !== undefined
      const isStream = ofUser && /watch=true|follow=true/.test(request.url ?? '')
      if (isStream) {
        streams.push({request, response})
        response.writeHead(200, {'content-type': 'application/json'}).flushHeaders()
      }

      return isStream
    }
    rig.world.kube.upgrade = (request, socket, head) => {
      upgrades.push({request, socket})
      socket.on('error', () => socket.destroy())
      if (request.url?.includes('/forbidden/')) {
        const body = JSON.stringify({kind: 'Status', code: 403, reason: 'Forbidden'})
        socket.end(
          `HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        )
      } else if (request.headers.upgrade === 'websocket') {
        sockets.handleUpgrade(request, socket, head, (client) => client.on('message', echo(client)))
      } else {
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\nhello',
        )
        socket.pipe(socket)
      }
    }
  }
  afterEach(() => rig.close())

  const ends = (): (readonly [SessionEnd | undefined, number, number])[] =>
    rig.world.chain.ended.map(({reason, bytesIn, bytesOut}) => [SESSION_ENDS[reason], bytesIn, bytesOut])
  const oneEnd = async (): Promise<SessionEnd | undefined> => {
    await until(() => rig.world.chain.ended.length > 0, 'an end on chain')
    assert.equal(rig.world.chain.ended.length, 1)
    return ends()[0]![0]
  }
  const openWatch = async (): Promise<{incoming: IncomingMessage; api: ServerResponse}> => {
    const incoming = await rig.stream(watchPath)
    assert.equal(incoming.statusCode, 200)
    incoming.on('error', () => undefined)
    return {incoming, api: streams.at(-1)!.response}
  }

  describe('streams', () => {
    beforeEach(() => start())

    it('pass each part on as it comes, as the requester, for one request on chain', async () => {
      const {incoming, api} = await openWatch()
      for (const line of ['{"type":"ADDED"}\n', '{"type":"MODIFIED"}\n']) {
        api.write(line)
        const [part] = (await once(incoming, 'data')) as [Buffer]
        assert.equal(part.toString(), line)
      }

      const {headers} = streams[0]!.request
      assert.equal(headers['impersonate-user'], `sui:${rig.owner}`)
      assert.match(String(headers['impersonate-group']), /daas:admins/)
      assert.equal(headers.authorization, 'Bearer fake-admin-token')
      assert.deepEqual(
        rig.requests.map(({verb, resource, namespace}) => ({verb, resource, namespace})),
        [{verb: 'watch', resource: 'configmaps', namespace: 'default'}],
      )
      assert.ok(incoming.headers['daas-transaction'])
      api.end()
      await once(incoming, 'end')
      assert.equal(await oneEnd(), 'cluster')
      assert.deepEqual(ends(), [['cluster', 0, 37]])
      const {request, requestId} = rig.world.chain.ended[0]!
      assert.equal(rig.world.chain.stored.at(-1)!.request, request)
      assert.deepEqual(requestId, rig.requests[0]!.requestId)
    })

    it('end at the API server when the client hangs up', async () => {
      const {incoming, api} = await openWatch()
      const closed = once(api, 'close')
      incoming.destroy()
      await closed
      assert.equal(await oneEnd(), 'requester')
    })

    it('break off at the client when the API server breaks off', async () => {
      const {incoming, api} = await openWatch()
      api.write('{"type":"ADD')
      await once(incoming, 'data')
      const broken = once(incoming, 'error').catch(() => 'broken')
      api.destroy()
      await broken
      assert.equal(incoming.complete, false)
      assert.equal(await oneEnd(), 'failed')
    })

    it('hold the API server back while nobody reads, and lose nothing', async () => {
      const incoming = await rig.stream(logPath)
      const {response: api} = streams[0]!
      const part = randomBytes(256 * 1024)
      const whole = createHash('sha256')
      let written = 0
      while (written < 200 * part.length && api.write(part)) {
        whole.update(part)
        written += part.length
        await new Promise((resolve) => setImmediate(resolve))
      }

      whole.update(part)
      written += part.length
      assert.ok(written < 40 * 1024 * 1024, `${written} bytes went into a stream that nobody reads`)
      api.end()
      const seen = createHash('sha256')
      let bytes = 0
      for await (const chunk of incoming as AsyncIterable<Buffer>) {
        seen.update(chunk)
        bytes += chunk.length
      }

      assert.equal(bytes, written)
      assert.equal(seen.digest('hex'), whole.digest('hex'))
      assert.equal(await oneEnd(), 'cluster')
      assert.deepEqual(ends(), [['cluster', 0, written]])
    })

    it('end when the seal or the stake is lost', async () => {
      const first = await openWatch()
      rig.world.chain.emit({kind: 'seal-lost', seal: `0x${'1'.repeat(64)}`, reason: 'seal revoked'})
      rig.world.chain.emit({kind: 'seal-lost', seal: rig.seal, reason: 'seal revoked'})
      await once(first.api, 'close')
      const second = await openWatch()
      rig.world.chain.emit({kind: 'stake-lost', stake: rig.stake, reason: 'stake slashed'})
      await once(second.api, 'close')
      await until(() => rig.world.chain.ended.length === 2, 'two ends on chain')
      assert.deepEqual(
        ends().map(([end]) => end),
        ['seal-lost', 'stake-lost'],
      )
    })

    it('end with the listener, and say so on chain', async () => {
      const {api} = await openWatch()
      const closed = once(api, 'close')
      await rig.world.listener.close()
      await closed
      assert.equal(await oneEnd(), 'listener-closed')
    })

    it('end with the gateway', async () => {
      const {api} = await openWatch()
      const closed = once(api, 'close')
      await rig.gateway.close()
      await closed
      assert.equal(await oneEnd(), 'requester')
    })

    it('are refused where the seal is gone at the listener', async () => {
      rig.world.chain.seals.get(rig.seal)!.revoked = true
      assert.equal((await rig.stream(watchPath)).statusCode, 401)
      rig.world.chain.seals.get(rig.seal)!.revoked = false
      rig.world.chain.stakes.get(rig.stake)!.status = 'slashed'
      assert.equal((await rig.stream(watchPath)).statusCode, 403)
      assert.deepEqual(streams, [])
    })
  })

  describe('upgrades', () => {
    beforeEach(() => start())

    it('carry a WebSocket both ways', async () => {
      const client = rig.webSocket(`${pods}/p/exec?command=cat&stdin=true`, [
        'v5.channel.k8s.io',
        'v4.channel.k8s.io',
        'base64url.bearer.authorization.k8s.io.c2VjcmV0',
      ])
      await once(client, 'open')
      assert.equal(client.protocol, 'v5.channel.k8s.io')
      const large = randomBytes(1_000_000)
      for (const message of [Buffer.from('one'), large]) {
        client.send(message)
        const [answer] = (await once(client, 'message')) as [Buffer]
        assert.ok(answer.equals(message))
      }

      const {url, headers} = upgrades[0]!.request
      assert.equal(url, `${pods}/p/exec?command=cat&stdin=true`)
      assert.equal(headers['impersonate-user'], `sui:${rig.owner}`)
      assert.equal(headers['sec-websocket-protocol'], 'v5.channel.k8s.io, v4.channel.k8s.io')
      assert.deepEqual(
        rig.requests.map(({verb, resource}) => `${verb} ${resource}`),
        ['create pods/exec'],
      )
      client.close()
      await once(client, 'close')
      await oneEnd()
      const [end, bytesIn, bytesOut] = ends()[0]!
      assert.ok(end === 'cluster' || end === 'requester')
      assert.ok(bytesIn > 1_000_000 && bytesOut > 1_000_000)
    })

    it('carry SPDY both ways, the first bytes included', async () => {
      const {response, socket} = await rig.upgrade(`${pods}/p/portforward`, spdy, 'POST')
      assert.equal(response.headers['x-stream-protocol-version'], 'v4.channel.k8s.io')
      assert.deepEqual(upgrades[0]!.request.headersDistinct['x-stream-protocol-version'], [
        'v4.channel.k8s.io',
        'v3.channel.k8s.io',
      ])
      const sent = randomBytes(3_000_000)
      const seen: Buffer[] = []
      socket!.on('data', (part: Buffer) => seen.push(part))
      socket!.write(sent)
      const size = (): number => seen.reduce((sum, {length}) => sum + length, 0)
      await until(() => size() >= sent.length, 'the echo')
      // "hello" may have come with the head.
      const all = Buffer.concat(seen)
      assert.ok(all.subarray(all.length - sent.length).equals(sent))
      const closed = once(upgrades[0]!.socket, 'close')
      socket!.destroy()
      await closed
      assert.equal(await oneEnd(), 'requester')
      assert.deepEqual(ends(), [['requester', sent.length, sent.length + 5]])
    })

    it('end when the seal is lost', async () => {
      const {socket} = await rig.upgrade(`${pods}/p/attach`, spdy, 'POST')
      socket!.on('error', () => undefined).resume()
      rig.world.chain.emit({kind: 'seal-lost', seal: rig.seal, reason: 'seal revoked'})
      await once(socket!, 'close')
      assert.equal(await oneEnd(), 'seal-lost')
    })

    it('give the refusal of the API server back', async () => {
      const {response} = await rig.upgrade(`${pods}/forbidden/exec`, {...spdy}, 'POST')
      assert.equal(response.statusCode, 403)
      const parts: Buffer[] = []
      for await (const part of response as AsyncIterable<Buffer>) parts.push(part)
      assert.equal((JSON.parse(Buffer.concat(parts).toString()) as {reason: string}).reason, 'Forbidden')
    })

    it('need the permission to create, whatever the method', async () => {
      rig.permissions.splice(0, 1, 'get:*', 'list:*', 'watch:*')
      const {response} = await rig.upgrade(`${pods}/p/exec`, {upgrade: 'websocket'})
      assert.equal(response.statusCode, 403)
      assert.deepEqual([rig.requests.length, upgrades.length], [0, 0])
    })

    it('need the token of the gateway', async () => {
      const {response} = await rig.upgrade(`${pods}/p/exec`, {...spdy, authorization: 'Bearer wrong'})
      assert.equal(response.statusCode, 401)
      assert.deepEqual(rig.requests, [])
    })
  })

  describe('limits', () => {
    it('hold for each requester', async () => {
      await start({listener: {sessions: {perRequester: 2}}})
      const first = await openWatch()
      await openWatch()
      assert.equal((await rig.stream(watchPath)).statusCode, 429)
      first.incoming.destroy()
      await until(() => rig.world.chain.ended.length === 1, 'an end on chain')
      assert.equal((await rig.stream(watchPath)).statusCode, 200)
    })

    it('hold for the length of a stream', async () => {
      await start({listener: {sessions: {streamMs: 50}}})
      const {api} = await openWatch()
      await once(api, 'close')
      assert.equal(await oneEnd(), 'time-over')
    })
  })

  describe('ways', () => {
    it('chain: watches by repeated lists, no upgrades', async () => {
      await start({gateway: {via: 'chain'}})
      rig.world.kube.put('/api/v1/namespaces/default/configmaps/a', {})
      const incoming = await rig.stream(`${watchPath}&timeoutSeconds=1`)
      incoming.resume()
      assert.equal(incoming.statusCode, 200)
      await once(incoming, 'end')
      assert.ok(rig.requests.every(({verb}) => verb === 'list'))
      assert.equal((await rig.upgrade(`${pods}/p/exec`, spdy, 'POST')).response.statusCode, 501)
      assert.equal((await rig.stream(logPath)).statusCode, 501)
    })

    it('auto: watches by repeated lists where the listener is out of reach', async () => {
      await start({listener: {advertise: ['https://127.0.0.1:1']}})
      const incoming = await rig.stream(`${watchPath}&timeoutSeconds=1`)
      incoming.resume()
      assert.equal(incoming.statusCode, 200)
      await once(incoming, 'end')
      assert.deepEqual(new Set(rig.requests.map(({verb}) => verb)), new Set(['watch', 'list']))
      assert.equal((await rig.upgrade(`${pods}/p/exec`, spdy, 'POST')).response.statusCode, 503)
    })

    it('direct: everything by sessions, one request on chain for each', async () => {
      await start({gateway: {via: 'direct'}})
      const path = '/api/v1/namespaces/default/configmaps'
      const made = await rig.stream(path, {method: 'POST', body: '{"metadata":{"name":"a"}}'})
      made.resume()
      assert.equal(made.statusCode, 201)
      await once(made, 'end')
      await until(() => rig.world.chain.ended.length === 1, 'an end on chain')
      const read = await rig.stream(`${path}/a`)
      const parts: Buffer[] = []
      for await (const part of read as AsyncIterable<Buffer>) parts.push(part)
      const {metadata} = JSON.parse(Buffer.concat(parts).toString()) as {metadata: {name: string}}
      assert.equal(metadata.name, 'a')
      assert.deepEqual(
        rig.requests.map(({verb}) => verb),
        ['create', 'get'],
      )
    })
  })
})

function echo(client: WebSocket): (data: Buffer) => void {
  return (data) => client.send(data)
}
