import assert from 'node:assert/strict'
import {once} from 'node:events'
import {request} from 'node:https'
import {k3sCaHash} from '../../../src/lib/k3s/ca-hash.ts'
import {tlsRequest} from '../../../src/lib/k3s/tls-request.ts'
import {verifyServer} from '../../../src/lib/k3s/verify-server.ts'
import {configOf, createBootstrapToken, type Rig, startRig} from './rig.ts'

const SECRET = '0123456789abcdef'

describe('real control plane behind the k3s front', () => {
  let rig: Rig
  const signal = new AbortController().signal

  before(async function () {
    rig = await startRig(this)
  })

  after(async function () {
    this.timeout(30_000)
    await rig?.close()
  })

  it('says what it is', async () => {
    const {kubernetes} = rig
    assert.equal(kubernetes.kind, 'binaries')
    assert.match(kubernetes.version, /^v1\.\d+\.\d+/)
    assert.equal(kubernetes.caHash, k3sCaHash(kubernetes.caPem))
    assert.equal(configOf(kubernetes.adminKubeconfig).getCurrentCluster()?.server, kubernetes.url)
  })

  it('takes a live bootstrap token, and no other', async () => {
    const {url: serverUrl, caHash} = rig.kubernetes
    await createBootstrapToken(rig.admin, 'front1', SECRET)
    await verifyServer({serverUrl, caHash, sealToken: `front1.${SECRET}`, signal})
    await assert.rejects(verifyServer({serverUrl, caHash, sealToken: `front2.${SECRET}`, signal}), {
      code: 'DAAS-J103',
    })
    await assert.rejects(verifyServer({serverUrl, caHash: 'f'.repeat(64), signal}), {code: 'DAAS-J102'})
  })

  it('hands the user of a client certificate on, impersonation with several groups included', async () => {
    const review = async (headers: Record<string, string | string[]> = {}): Promise<string[]> => {
      const answer = await rig.admin.call({
        method: 'POST',
        path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        headers: {'content-type': 'application/json', ...headers},
        body: '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}',
      })
      const {status} = JSON.parse(Buffer.from(answer.body).toString()) as {
        status: {userInfo: {username: string; groups: string[]}}
      }
      return [status.userInfo.username, ...status.userInfo.groups]
    }
    assert.deepEqual(await review(), ['daas-devnet-admin', 'system:masters', 'system:authenticated'])
    assert.deepEqual(await review({'impersonate-user': 'sui:0x1', 'impersonate-group': ['one', 'two']}), [
      'sui:0x1',
      'one',
      'two',
      'system:authenticated',
    ])
  })

  it('believes no client that vouches for itself', async () => {
    const {status} = await tlsRequest({
      url: new URL('/api/v1/secrets', rig.kubernetes.url).href,
      trust: {kind: 'ca', pem: rig.kubernetes.caPem},
      headers: {'x-remote-user': 'root', 'x-remote-group': 'system:masters'},
      signal,
    })
    assert.equal(status, 401)
  })

  it('opens a watch that has nothing to say yet, and streams it', async () => {
    const path = '/api/v1/namespaces/default/configmaps'
    const {metadata} = await rig.admin.json<{metadata: {resourceVersion: string}}>({method: 'GET', path})
    const auth = {}
    await configOf(rig.kubernetes.adminKubeconfig).applyToHTTPSOptions(auth)
    const query = `watch=true&resourceVersion=${metadata.resourceVersion}`
    const watch = request(new URL(`${path}?${query}`, rig.kubernetes.url), auth)
    watch.end()
    // Without the headers a client would wait, and never come to create what is to be seen.
    const [response] = (await once(watch, 'response')) as [AsyncIterable<Buffer>]
    await rig.admin.json({method: 'POST', path, body: {metadata: {name: 'seen-by-watch'}}})
    let seen = ''
    for await (const chunk of response) {
      seen += chunk.toString()
      if (seen.includes('seen-by-watch')) break
    }
    watch.destroy()
    assert.match(seen, /^{"type":"ADDED"/)
  })
})
