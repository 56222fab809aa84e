import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {pino} from 'pino'
import {joinNode} from '../../../src/lib/k3s/join.ts'
import {JOIN_PHASES, type JoinProgress} from '../../../src/lib/k3s/join-phases.ts'
import type {JoinedNode, JoinOptions} from '../../../src/lib/k3s/join-types.ts'
import {createMachineProbes} from '../../../src/lib/k3s/machine-probes.ts'
import {registrationRequestSchema, verifyRegistration} from '../../../src/lib/seal/registration.ts'
import {hashSealTokenHex} from '../../../src/lib/seal/token.ts'
import {createPinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'
import {serveSupervisor, serveTls, type TestServer} from './servers.ts'

const BIN = fileURLToPath(new URL('../../fixtures/k3s-agent.mjs', import.meta.url))
const TOKEN = 'abc123.0123456789abcdef'
const id = (digit: string): string => `0x${digit.repeat(64)}`

describe('join', () => {
  const signer = new Ed25519Keypair()
  let dir = ''
  let supervisor: Awaited<ReturnType<typeof serveSupervisor>>
  let listener: TestServer
  let tlsPin: Uint8Array
  let joined: JoinedNode | undefined
  let events: JoinProgress[] = []
  let registrations: string[] = []
  let refuseFirst = 0
  /** Ids of tokens that others have. */
  let takenIds: string[] = []

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-join-'))
    events = []
    registrations = []
    refuseFirst = 0
    takenIds = []
    supervisor = await serveSupervisor(TOKEN)
    const certificate = await createPinnedCertificate(['127.0.0.1'])
    tlsPin = certificate.pin
    listener = await serveTls(certificate, ({method, url, headers}, response, body) => {
      const send = (status: number, document: unknown): unknown =>
        response.writeHead(status).end(JSON.stringify(document))
      if (url === '/livez') return send(200, {status: 'ok'})
      if (method === 'GET') {
        // Ready no sooner than the agent runs, however busy the machine is.
        const ready = existsSync(join(dir, 'data', 'dump.json'))
        return send(200, {nodeName: 'w1', registered: true, nodeReady: ready, evicted: false})
      }
      registrations.push(body)
      if (registrations.length <= refuseFirst) {
        return send(503, {error: {code: 'BUSY', message: 'starting', suggestions: []}})
      }
      if (takenIds.includes(String(headers['x-seal-token']).slice(0, 6))) {
        return send(409, {error: {code: 'DAAS-K104', message: 'taken', suggestions: []}})
      }
      return send(201, {
        version: 1,
        serverUrl: supervisor.url,
        caHash: supervisor.caHash,
        k3sVersion: 'v1.34.1+k3s1',
        nodeName: 'w1',
        labels: {'daas.io/stake': 'x'},
        taints: ['daas.io/unverified=true:NoSchedule'],
        tokenExpiresAt: '2026-01-01T00:00:00.000Z',
      })
    })
  })

  afterEach(async () => {
    await joined?.handle.stop()
    joined?.client.close()
    joined = undefined
    supervisor.close()
    listener.close()
    await rm(dir, {recursive: true, force: true})
  })

  const identityWith = (sealToken: string): Awaited<ReturnType<JoinOptions['identity']>> => ({
    stake: id('3'),
    identity: {stake: id('3'), seal: id('2'), sealToken, signer},
  })

  async function run(
    cluster: Partial<JoinOptions['cluster']> = {},
    more: Partial<JoinOptions> = {},
  ): Promise<JoinedNode> {
    const options: JoinOptions = {
      cluster: {
        id: id('1'),
        listenerUrls: [listener.url],
        tlsPin,
        k3sUrl: supervisor.url,
        caHash: supervisor.caHash,
        k3sVersion: 'v1.34.1+k3s1',
        ...cluster,
      },
      nodeName: 'w1',
      dataDir: join(dir, 'data'),
      labels: {'daas.io/zone': 'a'},
      rootless: false,
      k3s: {bin: BIN, cacheDir: join(dir, 'cache')},
      ignorePreflight: ['root', 'ports', 'disk'],
      identity: async () => identityWith(TOKEN),
      passEnv: ['FIXTURE_MODE'],
      timeoutMs: 10_000,
      graceMs: 5000,
      ...more,
    }
    joined = await joinNode(
      {
        probes: createMachineProbes(),
        env: {PATH: process.env.PATH, FIXTURE_MODE: 'run'},
        logger: pino({level: 'silent'}),
        signal: new AbortController().signal,
        now: () => Date.now(),
        onProgress: (event) => events.push(event),
      },
      options,
    )
    return joined
  }
  const done = (): string[] => events.filter(({status}) => status === 'done').map(({phase}) => phase)

  it('goes through all phases, registers with a valid signature and ends Ready', async () => {
    refuseFirst = 1
    const node = await run()
    assert.deepEqual(done(), [...JOIN_PHASES])
    assert.equal(registrations.length, 2)
    const [first, second] = registrations.map((text) => registrationRequestSchema.parse(JSON.parse(text)))
    assert.notEqual(first!.body.nonce, second!.body.nonce)
    assert.equal(second!.body.tokenHash, hashSealTokenHex(TOKEN))
    await verifyRegistration(second!.body, second!.signature)

    const {config, token} = JSON.parse(await readFile(join(dir, 'data', 'dump.json'), 'utf8'))
    assert.equal(token, `K10${supervisor.caHash}::${TOKEN}`)
    assert.deepEqual(config['node-label'], ['daas.io/zone=a', 'daas.io/stake=x'])
    const scrubbed = await readFile(join(dir, 'data', 'join-token'), 'utf8')
    assert.equal(scrubbed, `K10${supervisor.caHash}::abc123.0000000000000000\n`)
    assert.ok(!JSON.stringify([events, node.preflight, node.registration]).includes('0123456789abcdef'))
  })

  it('takes a new token where another one in the cluster has its id, and uses that one from then on', async () => {
    takenIds = ['aaaaaa', 'bbbbbb']
    const drawn: string[] = []
    const next = ['bbbbbb.ffffffffffffffff', TOKEN]
    const redraw: JoinOptions['redraw'] = async (identity) => {
      drawn.push(identity.sealToken)
      return {...identity, sealToken: next.shift()!}
    }
    const identity: JoinOptions['identity'] = async () => identityWith('aaaaaa.ffffffffffffffff')
    const node = await run({}, {identity, redraw})
    assert.deepEqual(drawn, ['aaaaaa.ffffffffffffffff', 'bbbbbb.ffffffffffffffff'])
    assert.equal(node.identity.sealToken, TOKEN)
    const bodies = registrations.map((text) => registrationRequestSchema.parse(JSON.parse(text)).body)
    assert.deepEqual(
      bodies.map(({tokenHash}) => tokenHash),
      [...drawn, TOKEN].map((token) => hashSealTokenHex(token)),
    )
    assert.equal(new Set(bodies.map(({nonce}) => nonce)).size, 3)
    const {token} = JSON.parse(await readFile(join(dir, 'data', 'dump.json'), 'utf8'))
    assert.equal(token, `K10${supervisor.caHash}::${TOKEN}`)
    assert.ok(!JSON.stringify(events).includes('ffffffffffffffff'))
  })

  it('gives up on new tokens after two, and where none may be made it says that the id is taken', async () => {
    takenIds = ['aaaaaa']
    const identity: JoinOptions['identity'] = async () => identityWith('aaaaaa.ffffffffffffffff')
    await assert.rejects(run({}, {identity}), {
      code: 'DAAS-J114',
      details: {status: 409, code: 'DAAS-K104', suggestions: []},
    })
    assert.equal(registrations.length, 1)
    await assert.rejects(run({}, {identity, redraw: async (same) => same}), {code: 'DAAS-J126', exitCode: 7})
    assert.equal(registrations.length, 4)
    assert.equal(done().includes('register'), false)
  })

  it('touches neither stake nor listener where the preflight fails', async () => {
    const identity = async (): Promise<never> => assert.fail('the stake was touched')
    await assert.rejects(run({caHash: 'f'.repeat(64)}, {identity}), {code: 'DAAS-J110'})
    await assert.rejects(run({}, {identity, k3s: {bin: join(dir, 'none'), cacheDir: dir}}), {
      code: 'DAAS-J106',
    })
    assert.deepEqual(registrations, [])
  })

  it('goes by what the Cluster says now where the listener took a new key on the way', async () => {
    const now = {id: id('1'), listenerUrls: [listener.url], k3sUrl: '', caHash: '', k3sVersion: '', tlsPin}
    const before = {tlsPin: new Uint8Array(32), listenerUrls: [listener.url]}
    await run(before, {ignorePreflight: ['all'], clusterNow: async () => now})
    assert.deepEqual([done().at(-1), registrations.length], [JOIN_PHASES.at(-1), 1])
  })

  it('believes the chain, not the listener, about the CA', async () => {
    const ignorePreflight = ['all']
    await assert.rejects(run({caHash: 'f'.repeat(64)}, {ignorePreflight}), {code: 'DAAS-J102'})
    assert.equal(done().includes('agent'), false)
  })

  it('does not start an agent with a token that the server refuses', async () => {
    const other = 'abc123.ffffffffffffffff'
    const identity: JoinOptions['identity'] = async () => identityWith(other)
    await assert.rejects(run({}, {identity}), {code: 'DAAS-J103'})
    assert.equal(done().includes('agent'), false)
  })
})
