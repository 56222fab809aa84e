import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readFile, rm, writeFile} from 'node:fs/promises'
import type {ServerResponse} from 'node:http'
import {join} from 'node:path'
import {askGateway} from '../../../src/lib/gateway/ask.ts'
import {createPinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'
import {until} from '../../unit/listener/world.ts'
import {createSessionRig, type SessionRig} from './support/session-rig.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const large = `${maps}/large`

/** A gateway reads the Cluster object every 30 s; here the listener is another one before that. */
describe('a listener that comes back with other keys, seen by a gateway that runs on', function () {
  this.timeout(30_000)
  let rig: SessionRig
  let streams: ServerResponse[]

  beforeEach(async () => {
    rig = await createSessionRig()
    streams = []
    const value = randomBytes(150_000).toString('base64')
    rig.world.kube.put(large, {kind: 'ConfigMap', metadata: {name: 'large'}, data: {value}})
    rig.world.kube.serve = (request, response) => {
      const isStream =
        request.headers['impersonate-user'] !== undefined && (request.url ?? '').includes('watch=true')
      if (!isStream) return false
      streams.push(response)
      response.writeHead(200, {'content-type': 'application/json'}).flushHeaders()
      return true
    }
    assert.equal((await askGateway(rig.gateway, {path: large})).status, 200)
  })
  afterEach(() => rig.close())

  const newTlsKey = async (): Promise<void> => {
    const file = join(rig.world.dir, 'keys.json')
    const {certPem, keyPem} = await createPinnedCertificate(['127.0.0.1'])
    const keys = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({...keys, tls: {certPem, keyPem}}))
    await rig.world.restart()
  }
  const allKeysLost = async (): Promise<void> => {
    await rm(join(rig.world.dir, 'keys.json'))
    await rig.world.restart()
  }
  const watches = async (): Promise<void> => {
    const incoming = await rig.stream(`${maps}?watch=true`)
    assert.equal(incoming.statusCode, 200)
    incoming.on('error', () => undefined)
    await until(() => streams.length === 1, 'the stream at the API server')
  }

  it('another TLS key: large answers are fetched by it, large requests left by it', async () => {
    await newTlsKey()
    const before = rig.requests.length
    const answer = await askGateway(rig.gateway, {path: large})
    assert.equal(answer.status, 200, answer.text.slice(0, 300))
    await newTlsKey()
    const value = randomBytes(150_000).toString('base64')
    const body = {kind: 'ConfigMap', metadata: {name: 'up'}, data: {value}}
    const made = await askGateway(rig.gateway, {method: 'POST', path: maps, body})
    assert.equal(made.status, 201, made.text.slice(0, 300))
    assert.deepEqual(rig.world.kube.objects.get(`${maps}/up`)?.data, {value})
    // Nothing was sent twice.
    assert.equal(rig.requests.length - before, 2)
  })

  it('another TLS key: sessions are entered by it, each by one request', async () => {
    await newTlsKey()
    const before = rig.requests.length
    await watches()
    assert.equal(rig.requests.length - before, 1)
  })

  it('all keys lost: what it cannot open any more is sealed anew and sent again, once', async () => {
    await allKeysLost()
    const before = rig.requests.length
    const body = {kind: 'ConfigMap', metadata: {name: 'again'}}
    const made = await askGateway(rig.gateway, {method: 'POST', path: maps, body})
    assert.equal(made.status, 201, made.text)
    assert.equal(rig.requests.length - before, 2)
    assert.equal(rig.world.kube.calls.filter((call) => call === `POST ${maps}`).length, 1)
    assert.equal((await askGateway(rig.gateway, {path: large})).status, 200)
    assert.equal(rig.requests.length - before, 3)
  })

  it('all keys lost: sessions too', async () => {
    await allKeysLost()
    await watches()
  })

  it('a listener that only says 400 is not asked twice', async () => {
    const before = rig.requests.length
    await writeFile(join(rig.world.dir, 'keys.json'), await otherKeysOf(rig))
    const {announce} = rig.world.chain
    // It does not get to tell the chain of its keys.
    rig.world.chain.announce = async () => ({digest: ''})
    await rig.world.restart()
    rig.world.chain.announce = announce
    const answer = await askGateway(rig.gateway, {path: maps})
    assert.equal(answer.status, 400)
    assert.equal(rig.requests.length - before, 1)
  })
})

/** The file of keys of another listener. */
async function otherKeysOf(rig: SessionRig): Promise<string> {
  const other = await createSessionRig()
  try {
    assert.notEqual(other.world.dir, rig.world.dir)
    return await readFile(join(other.world.dir, 'keys.json'), 'utf8')
  } finally {
    await other.close()
  }
}
