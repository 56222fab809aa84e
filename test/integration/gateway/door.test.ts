import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import {request} from 'node:https'
import {connect as connectTcp} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {connect as connectTls} from 'node:tls'
import {askGateway, openTunnel} from '../../../src/lib/gateway/ask.ts'
import {createAuthority, issueCertificate, type KeyedCertificate} from '../../../src/lib/gateway/authority.ts'
import {clusterPathOf, openDoor, type Door} from '../../../src/lib/gateway/door.ts'
import {createGateway, type Gateway, serverNameOf} from '../../../src/lib/gateway/gateway.ts'
import {createFakeChain, type FakeChain} from './support/fake-chain.ts'

interface Someone {
  readonly name: string
  readonly chain: FakeChain
  readonly gateway: Gateway
  readonly certificate: KeyedCertificate
}

const ONE = `0x${'1'.repeat(64)}`
const TWO = `0x${'2'.repeat(64)}`
const path = '/api/v1/namespaces/default/configmaps/x'

describe('several users and clusters behind one door', function () {
  this.timeout(20_000)
  let dir: string
  let door: Door
  let authority: KeyedCertificate
  const everyone: Someone[] = []
  const [ann, bob, far] = [0, 1, 2].map((at) => () => everyone[at] as Someone) as [
    () => Someone,
    () => Someone,
    () => Someone,
  ]

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-door-'))
    authority = await createAuthority(Date.now())
    const names = [serverNameOf(ONE), serverNameOf(TWO), '127.0.0.1']
    const server = {commonName: 'door', names, usage: 'server'} as const
    const certificate = await issueCertificate(authority, server, Date.now())
    door = await openDoor({port: 0, certificate, caPem: authority.certPem})
    for (const [name, cluster] of [
      ['ann', ONE],
      ['bob', ONE],
      ['far', TWO],
    ] as const) {
      const chain = await createFakeChain(async () => ({
        status: 200,
        headers: {'content-type': 'application/json'},
        body: new TextEncoder().encode(JSON.stringify({answeredFor: name})),
      }))
      chain.cluster = {...chain.cluster, id: cluster}
      const client = {commonName: name, usage: 'client'} as const
      const own = await issueCertificate(authority, client, Date.now())
      const gateway = await createGateway(
        {chain, sealToken: async () => 'abcdef.0123456789abcdef'},
        {cacheDir: join(dir, name), via: 'chain', door, clientCertPem: own.certPem},
      )
      everyone.push({name, chain, gateway, certificate: own})
    }
  })
  after(async () => {
    await Promise.all(everyone.map(({gateway}) => gateway.close()))
    await door?.close()
    await rm(dir, {recursive: true, force: true})
  })

  const counts = (): number[] => everyone.map(({chain}) => chain.batches.flat().length)
  /** What came of it, and which chains were asked. */
  const outcome = async (
    ask: () => Promise<{status: number; body: string}>,
  ): Promise<[status: number, who: string, asked: number[]]> => {
    const before = counts()
    const {status, body} = await ask()
    const {answeredFor, reason} = JSON.parse(body) as {answeredFor?: string; reason?: string}
    return [status, answeredFor ?? reason ?? '', counts().map((count, at) => count - (before[at] ?? 0))]
  }
  const byProxy = (server: Someone, token: string) =>
    outcome(async () => {
      const {status, text: body} = await askGateway({...server.gateway, token}, {path})
      return {status, body}
    })
  const byTls = (options: {
    who?: KeyedCertificate
    token?: string
    path: string
    servername?: string
    port?: number
  }) =>
    outcome(
      () =>
        new Promise((resolve, reject) => {
          request(
            {
              host: '127.0.0.1',
              port: new URL(door.url).port,
              path: options.path,
              agent: false,
              ca: authority.certPem,
              ...(options.servername !== undefined && {servername: options.servername}),
              ...(options.who && {cert: options.who.certPem, key: options.who.keyPem}),
              ...(options.token !== undefined && {headers: {authorization: `Bearer ${options.token}`}}),
            },
            (res) => {
              void text(res).then((body) => resolve({status: res.statusCode ?? 0, body}), reject)
            },
          )
            .on('error', reject)
            .end()
        }),
    )
  const within = (who: Someone): string => `${clusterPathOf(who.gateway.serverName)}${path}`

  it('leads each token to its own seal, and to no other', async () => {
    assert.deepEqual(await byProxy(ann(), ann().gateway.token), [200, 'ann', [1, 0, 0]])
    assert.deepEqual(await byProxy(bob(), bob().gateway.token), [200, 'bob', [0, 1, 0]])
    assert.deepEqual(await byProxy(far(), far().gateway.token), [200, 'far', [0, 0, 1]])
  })

  it('answers 401, and asks no chain, where a token is of another cluster, wrong or absent', async () => {
    const refused = [401, 'Unauthorized', [0, 0, 0]]
    assert.deepEqual(await byProxy(far(), ann().gateway.token), refused)
    assert.deepEqual(await byProxy(ann(), far().gateway.token), refused)
    assert.deepEqual(await byProxy(ann(), ''), refused)
    assert.deepEqual(await byProxy(ann(), `${ann().gateway.token}x`), refused)
    assert.deepEqual(await byTls({path: within(ann())}), refused)
  })

  it('takes a client certificate for a token', async () => {
    const as = (who: Someone) => byTls({who: who.certificate, path: within(who)})
    assert.deepEqual(await as(ann()), [200, 'ann', [1, 0, 0]])
    assert.deepEqual(await as(bob()), [200, 'bob', [0, 1, 0]])
    const servername = far().gateway.serverName
    assert.deepEqual(await byTls({who: far().certificate, path, servername}), [200, 'far', [0, 0, 1]])
  })

  it('refuses a certificate of another cluster, one it did not give out, and one that does not fit the token', async () => {
    const refused = [401, 'Unauthorized', [0, 0, 0]]
    assert.deepEqual(await byTls({who: ann().certificate, path: within(far())}), refused)
    const stranger = {commonName: 'ann', usage: 'client'} as const
    const forged = await issueCertificate(await createAuthority(Date.now()), stranger, Date.now())
    assert.deepEqual(await byTls({who: forged, path: within(ann())}), refused)
    const again = await issueCertificate(authority, stranger, Date.now())
    assert.deepEqual(await byTls({who: again, path: within(ann())}), refused)
    const token = bob().gateway.token
    assert.deepEqual(await byTls({who: ann().certificate, token, path: within(ann())}), refused)
    assert.deepEqual(await byTls({who: forged, token, path: within(ann())}), refused)
  })

  it('knows the cluster by name or path, and answers 401 where neither says which', async () => {
    const {token, serverName} = ann().gateway
    assert.deepEqual(await byTls({token, path: within(ann())}), [200, 'ann', [1, 0, 0]])
    assert.deepEqual(await byTls({token, path, servername: serverName}), [200, 'ann', [1, 0, 0]])
    for (const where of [path, '/', '/clusters', `${clusterPathOf(serverName)}x${path}`]) {
      assert.deepEqual(await byTls({token, path: where}), [401, 'Unauthorized', [0, 0, 0]], where)
    }
    const {token: other} = far().gateway
    assert.deepEqual(await byTls({token: other, path, servername: serverName}), [
      401,
      'Unauthorized',
      [0, 0, 0],
    ])
  })

  it('upgrades nothing for a stranger', async () => {
    const {serverName} = ann().gateway
    const socket = connectTls({
      host: '127.0.0.1',
      port: Number(new URL(door.url).port),
      servername: serverName,
      ca: authority.certPem,
    })
    socket.write(
      `GET ${path} HTTP/1.1\r\nhost: ${serverName}\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
        `authorization: Bearer ${far().gateway.token}\r\n\r\n`,
    )
    assert.match(await text(socket), /^HTTP\/1\.1 401 /)
  })

  it('is a proxy for its clusters alone, and speaks no plain HTTP', async () => {
    const elsewhere = {...ann().gateway, serverName: serverNameOf(`0x${'3'.repeat(64)}`)}
    await assert.rejects(openTunnel(elsewhere), /403/)
    const socket = connectTcp(Number(new URL(door.url).port), '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ann().gateway.token}\r\n\r\n`)
    socket.once('data', () => socket.end())
    assert.match(await text(socket), /^HTTP\/1\.1 400 /)
  })

  it('goes on serving the others when one has gone', async () => {
    const {token} = far().gateway
    await far().gateway.close()
    await assert.rejects(byProxy(far(), token), /403/)
    assert.deepEqual(await byProxy(ann(), ann().gateway.token), [200, 'ann', [1, 0, 0]])
  })
})
