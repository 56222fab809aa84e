import assert from 'node:assert/strict'
import type {IncomingMessage} from 'node:http'
import {request as httpsRequest} from 'node:https'
import {SESSION_ENDS, type RequestEvent} from '../../../src/lib/listener/chain-port.ts'
import {createPinnedAgent} from '../../../src/lib/seal/pinned-agent.ts'
import {readCredential, withSessionMark, type SessionCredential} from '../../../src/lib/seal/session.ts'
import type {KubeRequest, KubeResponse} from '../../../src/lib/seal/kube-message.ts'
import {startWorld, until, type World} from './world.ts'

const maps = '/api/v1/namespaces/default/configmaps'

describe('sessions at the listener', () => {
  let world: World
  let owner: Pick<RequestEvent, 'seal' | 'stake' | 'requester'>
  const start = async (credentialMs = 30_000): Promise<void> => {
    world = await startWorld({sessions: {credentialMs}})
    const {body} = world.stakeAndSeal('user')
    owner = {seal: body.seal, stake: body.stake, requester: body.address}
    world.kube.put(`${maps}/a`, {data: {k: 'v'}})
  }
  beforeEach(() => start())
  afterEach(() => world.close())

  const ask = async (
    request: Partial<KubeRequest> & {path: string},
    change: Partial<RequestEvent> = {},
  ): Promise<KubeResponse> => {
    const headers = withSessionMark({accept: 'application/json', ...request.headers})
    const target = {verb: 'get', resource: 'configmaps', namespace: 'default', permissions: ['*:*']}
    const {answer} = await world.kubectl({...request, headers}, {...owner, ...target, ...change})
    return answer
  }
  const granted = async (path = `${maps}/a`): Promise<SessionCredential> =>
    readCredential(await ask({path})) ?? assert.fail('refused')
  const use = (
    {sessionId, token}: Pick<SessionCredential, 'sessionId' | 'token'>,
    {method = 'GET', body}: {method?: string; body?: string} = {},
  ): Promise<{status: number; text: string}> => {
    const agent = createPinnedAgent(Buffer.from(world.info.tlsPin, 'hex'))
    const headers = {'x-session-token': token, connection: 'close'}
    const path = `/v1/sessions/${sessionId}`
    return new Promise((resolve, reject) => {
      const target = {host: '127.0.0.1', port: world.info.port, path, method, agent, headers}
      const request = httpsRequest(target, (response: IncomingMessage) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () =>
          resolve({status: response.statusCode ?? 0, text: Buffer.concat(parts).toString()}),
        )
      })
      request.on('error', reject)
      request.end(body)
    })
  }
  const ends = (): unknown[] => world.chain.ended.map(({reason}) => SESSION_ENDS[reason])

  it('are given out by a credential for this listener, short-lived', async () => {
    const {urls, expiresAtMs} = await granted()
    assert.deepEqual(urls, world.info.urls)
    assert.equal(expiresAtMs, world.time.nowMs + 30_000)
  })

  it('serve the sealed request once', async () => {
    const credential = await granted()
    const {status, text} = await use(credential)
    assert.equal(status, 200)
    assert.deepEqual((JSON.parse(text) as {data: unknown}).data, {k: 'v'})
    assert.equal((await use(credential)).status, 404)
    await until(() => world.chain.ended.length === 1, 'an end on chain')
    assert.deepEqual(ends(), ['cluster'])
    assert.equal(world.chain.ended[0]!.bytesOut, text.length)
  })

  it('do what was sealed, whatever the connection says', async () => {
    const calls = world.kube.calls.length
    const {status} = await use(await granted(), {method: 'POST', body: '{"metadata":{}}'})
    assert.equal(status, 200)
    const since = world.kube.calls.slice(calls).filter((call) => call.includes(maps))
    assert.deepEqual(since, [`GET ${maps}/a`])
  })

  it('open to nobody without the token, and stay open to who has it', async () => {
    const credential = await granted()
    const wrong = Buffer.from(Buffer.from(credential.token, 'base64url').map((byte) => byte ^ 1))
    assert.equal((await use({...credential, token: wrong.toString('base64url')})).status, 404)
    assert.equal((await use({...credential, token: ''})).status, 404)
    assert.equal((await use({...credential, sessionId: '0'.repeat(32)})).status, 404)
    assert.equal((await use(credential)).status, 200)
  })

  it('are gone when nobody comes in time, and the chain hears of it', async () => {
    await world.close()
    await start(20)
    const credential = await granted()
    await until(() => world.chain.ended.length === 1, 'an end on chain')
    assert.deepEqual(ends(), ['unused'])
    assert.equal((await use(credential)).status, 404)
  })

  it('are not given out for another request than the one judged on chain', async () => {
    assert.equal((await ask({path: `${maps}/a`}, {verb: 'list'})).status, 403)
    const exec = {path: '/api/v1/namespaces/default/pods/p/exec', headers: {upgrade: 'websocket'}}
    assert.equal((await ask(exec, {resource: 'pods/exec'})).status, 403)
    const watch = {path: `${maps}?watch=true`}
    assert.ok(readCredential(await ask(watch, {verb: 'watch'})))
    assert.ok(readCredential(await ask(exec, {resource: 'pods/exec', verb: 'create'})))
  })

  it('are given to the owner of a live seal with an active stake only', async () => {
    const path = `${maps}/a`
    assert.equal((await ask({path}, {requester: `0x${'5'.repeat(64)}`})).status, 401)
    assert.equal((await ask({path}, {stake: `0x${'5'.repeat(64)}`})).status, 401)
    world.chain.seals.get(owner.seal)!.expiresAtMs = world.time.nowMs
    assert.equal((await ask({path})).status, 401)
  })

  it('of a granted seal last as long as the grant', async () => {
    const grant = `0x${'7'.repeat(64)}`
    Object.assign(world.chain.seals.get(owner.seal)!, {kind: 'granted', stake: grant})
    assert.equal((await ask({path: `${maps}/a`}, {stake: grant})).status, 403)
    world.chain.grants.add(grant)
    const credential =
      readCredential(await ask({path: `${maps}/a`}, {stake: grant})) ?? assert.fail('refused')
    world.chain.emit({kind: 'stake-lost', stake: grant, reason: 'seal revoked'})
    await until(() => world.chain.ended.length === 1, 'an end on chain')
    assert.deepEqual(ends(), ['stake-lost'])
    assert.equal((await use(credential)).status, 404)
  })

  it('leave no token in the log', async () => {
    const credential = await granted()
    await use(credential)
    await until(() => world.logs.some((line) => line.includes('session ended')), 'a line')
    assert.ok(world.logs.every((line) => !line.includes(credential.token)))
  })
})
