import assert from 'node:assert/strict'
import {readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {connect} from 'node:tls'
import {pinOf} from '../../../src/lib/seal/tls-pin.ts'
import {startWorld, until} from './world.ts'
import type {World} from './world.ts'

describe('new keys of a listener', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld()
  })
  afterEach(() => world.close())

  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  const keysOnDisk = async (): Promise<{previous?: object}> =>
    JSON.parse(await readFile(join(world.dir, 'keys.json'), 'utf8')) as {previous?: object}

  /** The pin of the key that the endpoint shows. */
  async function shown(): Promise<string> {
    const socket = connect({host: '127.0.0.1', port: world.info.port, rejectUnauthorized: false})
    try {
      await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
      return hex(pinOf(socket.getPeerX509Certificate()!))
    } finally {
      socket.destroy()
    }
  }

  it('answers requests that were sealed to the key before, and to the new one', async () => {
    const {hpkeKey, tlsPin} = world.chain.announced[0]!
    world.kube.put('/api/v1/nodes/w1', {})
    await (
      await world.kubectl({path: '/api/v1/nodes'})
    ).answer
    // On its way while the keys change: sealed before, seen afterwards.
    await world.listener.close()
    const early = await world.kubectl({path: '/api/v1/nodes'})
    await world.restart({rotateKeys: true})
    const announced = world.chain.announced.at(-1)!
    assert.notDeepEqual(announced.hpkeKey, hpkeKey)
    assert.notDeepEqual(announced.tlsPin, tlsPin)
    assert.deepEqual(world.chain.cluster.previousTlsPin, tlsPin)
    assert.equal((await early.answer).status, 200)
    assert.equal((await (await world.kubectl({path: '/api/v1/nodes'})).answer).status, 200)
    const late = await world.kubectl({path: '/api/v1/nodes'}, {}, hpkeKey)
    assert.equal((await late.answer).status, 200)
    // Whoever has read the chain trusts either key; whoever has not, the one before: that one is shown.
    assert.equal(await shown(), hex(tlsPin))
    assert.equal((await stat(join(world.dir, 'keys.json'))).mode & 0o777, 0o600)
  })

  it('forgets the key before when its time is over, on disk too, and shows the new one', async () => {
    const {hpkeKey, tlsPin} = world.chain.announced[0]!
    world.chain.overlapEndsMs = world.time.nowMs + 60_000
    await world.restart({rotateKeys: true})
    const next = world.chain.announced.at(-1)!
    assert.equal(await shown(), hex(tlsPin))
    // Asked again at the next start: there is no third key while two are good.
    await world.restart({rotateKeys: true})
    assert.deepEqual(world.chain.announced.at(-1)!.tlsPin, next.tlsPin)
    assert.notEqual((await keysOnDisk()).previous, undefined)
    world.time.nowMs += 60_000
    await world.restart()
    await until(
      () => world.logs.some((line) => line.startsWith('the previous keys are forgotten')),
      'the end',
    )
    assert.equal((await keysOnDisk()).previous, undefined)
    assert.equal(await shown(), hex(next.tlsPin))
    const {event} = await world.kubectl({path: '/api/v1/nodes'}, {}, hpkeKey)
    const answer = () => world.chain.stored.find(({request}) => request === event.request)
    await until(() => answer() !== undefined, 'the refusal')
    assert.equal(answer()?.status, 400)
  })

  it('announces keys that were made just before a crash', async () => {
    const {tlsPin} = world.chain.announced[0]!
    await world.listener.close()
    world.chain.before = (what) => {
      if (what === 'announce') throw new Error('cut off')
    }
    await assert.rejects(world.restart({rotateKeys: true}), /cut off/)
    world.chain.before = () => undefined
    await world.restart()
    assert.deepEqual(world.chain.cluster.previousTlsPin, tlsPin)
    assert.notDeepEqual(world.chain.cluster.tlsPin, tlsPin)
    assert.equal(await shown(), hex(tlsPin))
  })
})
