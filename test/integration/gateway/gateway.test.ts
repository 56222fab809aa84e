import assert from 'node:assert/strict'
import {randomBytes, randomInt} from 'node:crypto'
import {request as httpRequest} from 'node:http'
import {afterEach, describe, it} from 'mocha'
import {daasError} from '../../../src/lib/errors/daas-error.ts'
import {askGateway} from '../../../src/lib/gateway/ask.ts'
import type {KubeRequest} from '../../../src/lib/seal/kube-message.ts'
import {startWalrusStandIn} from '../../helpers/walrus.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import {createRig, type Rig} from './support/rig.ts'

const maps = '/api/v1/namespaces/default/configmaps'

interface Status {
  kind: string
  code: number
  reason: string
  message: string
  details?: {causes?: {reason: string; message: string}[]}
}

function status(text: string): Pick<Status, 'kind' | 'code' | 'reason'> {
  const {kind, code, reason} = JSON.parse(text) as Status
  return {kind, code, reason}
}

describe('gateway', () => {
  let rig: Rig
  afterEach(async () => rig.close())

  it('carries a request and its answer, and tells the transaction', async () => {
    rig = await createRig()
    const created = await askGateway(rig.gateway, {
      method: 'POST',
      path: maps,
      body: {metadata: {name: 'a'}, data: {k: 'v'}},
    })
    assert.equal(created.status, 201)
    assert.equal(created.digest, 'digest-1')
    assert.equal(created.gasMist, 1000n)
    const read = await askGateway(rig.gateway, {path: `${maps}/a`})
    assert.deepEqual((JSON.parse(read.text) as {data: unknown}).data, {k: 'v'})
    assert.deepEqual(
      rig.chain.batches
        .flat()
        .map(({verb, resource, namespace, priority}) => ({verb, resource, namespace, priority})),
      [
        {verb: 'create', resource: 'configmaps', namespace: 'default', priority: 0},
        {verb: 'get', resource: 'configmaps', namespace: 'default', priority: 0},
      ],
    )
    assert.ok(rig.chain.batches.flat().every(({requestId}) => requestId.length === 16))
  })

  it('refuses a wrong or missing token with 401', async () => {
    rig = await createRig()
    for (const token of ['', 'wrong']) {
      const answer = await askGateway({...rig.gateway, token}, {path: maps})
      assert.deepEqual(status(answer.text), {kind: 'Status', code: 401, reason: 'Unauthorized'})
    }

    assert.equal(rig.chain.batches.length, 0)
  })

  it('is no proxy for other hosts', async () => {
    rig = await createRig()
    const code = await new Promise((resolve) => {
      const {hostname, port} = new URL(rig.gateway.url)
      const request = httpRequest({
        host: hostname,
        port,
        method: 'CONNECT',
        path: 'example.com:443',
        agent: false,
      })
      request.on('connect', (response, socket) => {
        socket.destroy()
        resolve(response.statusCode)
      })
      request.end()
    })
    assert.equal(code, 403)
  })

  it('refuses by the permissions of the seal before gas is spent, in the words of Kubernetes', async () => {
    rig = await createRig({permissions: ['get:*', 'list:*', '*:pods']})
    const answer = await askGateway(rig.gateway, {method: 'POST', path: maps, body: {}})
    const {message, ...rest} = JSON.parse(answer.text) as Status
    assert.equal(rest.code, 403)
    assert.equal(rest.reason, 'Forbidden')
    assert.ok(
      message.startsWith(
        `configmaps is forbidden: User "sui:${rig.chain.seal.owner}" cannot create resource "configmaps" in API group "" in the namespace "default"`,
      ),
    )
    assert.equal((await askGateway(rig.gateway, {path: maps})).status, 200)
    assert.equal(rig.chain.batches.length, 1)
  })

  it('refuses an expired seal with 401', async () => {
    rig = await createRig()
    rig.chain.seal.expiresAtMs = Date.now() - 1
    const answer = await askGateway(rig.gateway, {path: maps})
    assert.deepEqual(status(answer.text), {kind: 'Status', code: 401, reason: 'Unauthorized'})
  })

  it('answers 504 where the listener is silent', async () => {
    rig = await createRig({timeoutMs: 100})
    const answer = await askGateway(rig.gateway, {path: '/api/v1/blackholes'})
    assert.deepEqual(status(answer.text), {kind: 'Status', code: 504, reason: 'Timeout'})
  })

  const abort = (name: string) =>
    daasError(
      'MOVE_ABORT',
      {module: 'k8s_gateway', name, sentence: 'no', next: 'nothing'},
      {details: {abort: name, digest: 'D1'}},
    )
  for (const [error, code, reason] of [
    [abort('ERROR_INVALID_SEAL'), 401, 'Unauthorized'],
    [abort('ERROR_NO_PERMISSION'), 403, 'Forbidden'],
    [abort('ERROR_INSUFFICIENT_STAKE'), 403, 'Forbidden'],
    [abort('ERROR_GRANT_REVOKED'), 401, 'Unauthorized'],
    [abort('ERROR_SEAL_EXPIRED'), 401, 'Unauthorized'],
    [abort('ERROR_DUPLICATE_REQUEST'), 409, 'Conflict'],
    [abort('ERROR_INVALID_TARGET'), 400, 'BadRequest'],
    [abort('E_PAUSED'), 503, 'ServiceUnavailable'],
    [abort('ERROR_INVALID_ENVELOPE'), 413, 'RequestEntityTooLarge'],
    [daasError('RPC_UNREACHABLE', {url: 'http://127.0.0.1:1', cause: 'ECONNREFUSED'}), 502, 'BadGateway'],
  ] as const) {
    it(`maps ${error.message} to ${code}`, async () => {
      rig = await createRig()
      rig.chain.refuse = () => {
        throw error
      }

      const answer = await askGateway(rig.gateway, {path: maps})
      assert.deepEqual(status(answer.text), {kind: 'Status', code, reason})
      const causes = (JSON.parse(answer.text) as Status).details?.causes ?? []
      const digest = causes.find((cause) => cause.reason === 'TransactionDigest')?.message
      assert.equal(digest, error.errorName === 'MOVE_ABORT' ? 'D1' : undefined)
    })
  }

  it('answers 503 for a paused cluster and where no listener is announced', async () => {
    rig = await createRig()
    rig.chain.cluster = {...rig.chain.cluster, paused: true}
    const other = await rig.again()
    assert.deepEqual(status((await askGateway(other, {path: maps})).text), {
      kind: 'Status',
      code: 503,
      reason: 'ServiceUnavailable',
    })
    rig.chain.cluster = {...rig.chain.cluster, paused: false, listenerHpkeKey: new Uint8Array()}
    assert.equal((await askGateway(other, {path: maps})).status, 503)
    assert.equal(rig.chain.batches.length, 0)
  })

  it('refuses what does not fit with 413', async () => {
    rig = await createRig()
    const body = randomBytes(70_000).toString('hex')
    const answer = await askGateway(rig.gateway, {method: 'POST', path: maps, body})
    assert.deepEqual(status(answer.text), {kind: 'Status', code: 413, reason: 'RequestEntityTooLarge'})
    const huge = await askGateway(rig.gateway, {
      method: 'POST',
      path: maps,
      body: Buffer.alloc(9_000_000),
    }).catch((error: NodeJS.ErrnoException) => error)
    // A client that is still sending may see the connection end instead.
    assert.ok(huge instanceof Error ? /EPIPE|ECONNRESET/.test(huge.code ?? '') : huge.status === 413)
  })

  it('refuses streams, --as and paths that are none', async () => {
    rig = await createRig()
    const pod = '/api/v1/namespaces/default/pods/p'
    assert.equal(
      (await askGateway(rig.gateway, {method: 'POST', path: `${pod}/exec?command=sh`})).status,
      501,
    )
    assert.equal((await askGateway(rig.gateway, {path: `${pod}/log?follow=true`})).status, 501)
    assert.equal((await askGateway(rig.gateway, {path: '/api/v1/../secrets'})).status, 400)
    const as = await askGateway(rig.gateway, {path: maps, headers: {'impersonate-user': 'admin'}})
    assert.deepEqual(status(as.text), {kind: 'Status', code: 403, reason: 'Forbidden'})
    const upgraded = await askGateway(rig.gateway, {
      path: `${pod}/exec`,
      headers: {connection: 'Upgrade', upgrade: 'websocket'},
    })
    assert.deepEqual(status(upgraded.text), {kind: 'Status', code: 501, reason: 'NotImplemented'})
    assert.equal(rig.chain.batches.length, 0)
  })

  it('puts 20 requests at once into few transactions', async () => {
    rig = await createRig()
    rig.chain.submitMs = 200
    const answers = await Promise.all(
      Array.from({length: 20}, (_, i) =>
        askGateway(rig.gateway, {method: 'POST', path: maps, body: {metadata: {name: `m${i}`}}}),
      ),
    )
    assert.ok(answers.every(({status}) => status === 201))
    assert.equal(rig.chain.batches.flat().length, 20)
    assert.ok(rig.chain.batches.length <= 6, `${rig.chain.batches.length} transactions`)
  })

  it('does not let one refused request take its batch along', async () => {
    rig = await createRig({batchMs: 100})
    rig.chain.refuse = (batch) => {
      const requestIndex = batch.findIndex(({namespace}) => namespace === 'bad')
      if (requestIndex !== -1) {
        const places = {module: 'k8s_gateway', name: 'ERROR_NO_PERMISSION', sentence: 'no', next: 'nothing'}
        throw daasError('MOVE_ABORT', places, {details: {abort: 'ERROR_NO_PERMISSION', requestIndex}})
      }
    }

    const answers = await Promise.all(
      ['a', 'bad', 'b', 'c'].map((namespace) =>
        askGateway(rig.gateway, {path: `/api/v1/namespaces/${namespace}/configmaps`}),
      ),
    )
    assert.deepEqual(
      answers.map(({status}) => status),
      [200, 403, 200, 200],
    )
    assert.deepEqual(
      rig.chain.batches.map((batch) => batch.length),
      [3],
    )
  })

  it('carries any method, header and body unchanged', async () => {
    rig = await createRig()
    const seen: KubeRequest[] = []
    let reply = {status: 200, headers: {}, body: new Uint8Array()}
    rig.kube.handle = async (request) => {
      seen.push(request)
      return reply
    }

    for (let round = 0; round < 40; round += 1) {
      const method = ['POST', 'PUT', 'PATCH', 'DELETE'][randomInt(4)] ?? 'POST'
      const body = new Uint8Array(randomBytes(randomInt(20_000)))
      const type = `application/x-${randomBytes(4).toString('hex')}`
      const warning = randomBytes(6).toString('base64url')
      reply = {
        status: 200 + randomInt(3),
        headers: {'content-type': type, warning},
        body: new Uint8Array(randomBytes(randomInt(30_000))),
      }
      const answer = await askGateway(rig.gateway, {
        method,
        path: `${maps}/x?a=%20b`,
        body,
        headers: {'content-type': type},
      })
      const request = seen.at(-1)
      assert.deepEqual(
        {method: request?.method, path: request?.path, type: request?.headers['content-type']},
        {method, path: `${maps}/x?a=%20b`, type},
      )
      assert.ok(Buffer.from(body).equals(request?.body ?? new Uint8Array()))
      assert.equal(request?.headers.authorization, undefined)
      assert.deepEqual(
        {status: answer.status, type: answer.headers['content-type'], warning: answer.headers.warning},
        {status: reply.status, type, warning},
      )
      assert.ok(Buffer.from(answer.body).equals(reply.body))
    }
  })

  it('keeps status codes', async () => {
    rig = await createRig({
      handle: async ({path}) => ({
        status: Number(path.split('/').at(-1)),
        headers: {'content-type': 'text/plain'},
        body: new Uint8Array(),
      }),
    })
    const codes = [
      200, 201, 202, 204, 206, 299, 300, 301, 304, 307, 400, 401, 403, 404, 405, 406, 409, 410, 411, 412, 413,
      415, 418, 422, 423, 429, 451, 499, 500, 501, 502, 503, 504, 507, 511, 520, 599,
    ]
    const answers = await Promise.all(
      codes.map(async (code) => askGateway(rig.gateway, {method: 'PUT', path: `${maps}/${code}`})),
    )
    assert.deepEqual(
      answers.map((answer) => answer.status),
      codes,
    )
  })

  it('remembers discovery in memory and on disk, until its time is over', async () => {
    let clock = Date.now()
    rig = await createRig({now: () => clock})
    const ask = async (gateway = rig.gateway) =>
      (await askGateway(gateway, {path: '/api/v1?timeout=32s'})).text
    const first = await ask()
    assert.equal(await ask(), first)
    assert.equal(await ask(await rig.again()), first)
    assert.equal(rig.chain.batches.length, 1)
    clock += 600_000
    // Known a while longer: asked for again, but nobody waits for it.
    assert.equal(await ask(), first)
    await waitUntil('it is asked for again', () => rig.chain.batches.length === 2)
  })

  it('forgets discovery when a CustomResourceDefinition is written', async () => {
    rig = await createRig()
    await askGateway(rig.gateway, {path: '/apis'})
    await askGateway(rig.gateway, {
      method: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: {},
    })
    await askGateway(rig.gateway, {path: '/apis'})
    assert.equal(rig.chain.batches.length, 3)
  })

  it('refuses an answer whose bytes are not those of the chain, or not sealed to the request', async () => {
    rig = await createRig()
    rig.chain.tamper = (answer) => ({...answer, bodyHash: randomBytes(32)})
    assert.equal((await askGateway(rig.gateway, {path: maps})).status, 502)
    rig.chain.tamper = (answer) => ({...answer, cluster: `0x${'1'.repeat(64)}`})
    const other = await rig.again({timeoutMs: 100})
    assert.equal((await askGateway(other, {path: maps})).status, 504)
  })

  it('fetches an answer from Walrus where the chain says it is there, and verifies it', async () => {
    const walrus = await startWalrusStandIn()
    try {
      rig = await createRig({walrusAggregators: [walrus.url]})
      rig.chain.tamper = (answer) => {
        const id = Buffer.from(answer.bodyHash).toString('base64url')
        walrus.blobs.set(id, Buffer.from(answer.body))
        return {...answer, body: new Uint8Array(), bodyLocation: `walrus:${id}`}
      }
      assert.equal((await askGateway(rig.gateway, {path: maps})).status, 200)
      assert.equal(walrus.requests.length, 1)
      // Not there, and no listener to ask: who knows no aggregator asks the listener by the hash alone.
      walrus.failWith = 404
      const missing = await askGateway(rig.gateway, {path: maps})
      assert.equal(missing.status, 502, missing.text)
      assert.match(missing.text, /Walrus at .* answered 404/)
    } finally {
      await walrus.close()
    }
  })

  it('passes on a bare status of the listener', async () => {
    rig = await createRig()
    rig.chain.tamper = (answer) => ({...answer, status: 410, body: new Uint8Array()})
    const answer = await askGateway(rig.gateway, {path: maps})
    assert.deepEqual(status(answer.text), {kind: 'Status', code: 410, reason: 'Expired'})
  })

  it('answers can-i by the seal where the seal decides', async () => {
    rig = await createRig({permissions: ['get:*', 'create:authorization.k8s.io/selfsubjectaccessreviews']})
    const answer = await askGateway(rig.gateway, {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {kind: 'SelfSubjectAccessReview', spec: {resourceAttributes: {verb: 'delete', resource: 'pods'}}},
    })
    assert.equal((JSON.parse(answer.text) as {status: {allowed: boolean}}).status.allowed, false)
    assert.equal(rig.chain.batches.length, 0)
  })

  it('answers 503 to what is under way when it closes', async () => {
    rig = await createRig()
    const asked = askGateway(rig.gateway, {path: '/api/v1/blackholes'})
    while (rig.chain.batches.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await rig.gateway.close()
    assert.deepEqual(status((await asked).text), {kind: 'Status', code: 503, reason: 'ServiceUnavailable'})
  })
})
