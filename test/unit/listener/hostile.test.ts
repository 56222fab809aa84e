import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {connect} from 'node:tls'
import type {TLSSocket} from 'node:tls'
import {createSealToken} from '../../../src/lib/seal/token.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import {startWorld, until} from './world.ts'
import type {World} from './world.ts'

/** What strangers may send. No test here may take long, and none may end the listener. */
describe('hostile requests at the worker endpoint', () => {
  let world: World
  before(async () => {
    world = await startWorld({requestTimeoutMs: 300})
  })
  after(() => world.close())

  const alive = async (): Promise<void> => assert.equal((await world.ask('GET', '/livez')).status, 200)

  it('answers what is no registration with 400, whatever it is', async () => {
    const worker = world.stakeAndSeal('fuzz')
    const good = {body: worker.body, signature: 'x'}
    const wrong: unknown[] = [
      '',
      'null',
      '[]',
      '{}',
      '{"body":',
      '{"__proto__":{"body":{}}}',
      '['.repeat(8000),
      randomBytes(4000).toString('latin1'),
      {...good, extra: 1},
      {...good, signature: 7},
      {...good, signature: 'x'.repeat(5000)},
      ...Object.keys(worker.body).flatMap((key) =>
        [null, -1, 1e308, {}, [], 'x'.repeat(400), '\u0000'].map((value) => ({
          ...good,
          body: {...worker.body, [key]: value},
        })),
      ),
    ]
    for (const body of wrong) {
      const {status, json} = await world.ask('POST', '/v1/workers', worker.token, body)
      const shown = JSON.stringify(body).slice(0, 200)
      // An IP that is none, a time that is another, a hash that is another: each has its own refusal.
      assert.ok([400, 401].includes(status), `${status} ${shown}`)
      assert.match(json.error?.code ?? '', /^DAAS-[LT]\d{3}$/, shown)
      assert.equal(JSON.stringify(json).includes(worker.token.slice(7)), false)
    }

    assert.equal(
      world.kube.calls.some((call) => call.startsWith('POST') && call.includes('secrets')),
      false,
    )
    assert.equal(
      world.logs.some((line) => line.startsWith('a request failed')),
      false,
    )
    await alive()
  })

  it('reads 16 KiB of 10 MB', async () => {
    const socket = connect({host: '127.0.0.1', port: world.info.port, rejectUnauthorized: false})
    await once(socket, 'secureConnect')
    socket.on('error', () => socket.destroy())
    const size = 10 * 1024 * 1024
    socket.write(
      `POST /v1/workers HTTP/1.1\r\nhost: x\r\nx-seal-token: ${createSealToken()}\r\ncontent-length: ${size}\r\n\r\n`,
    )
    let answer = ''
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    const closed = once(socket, 'close')
    let sent = 0
    while (!socket.destroyed && sent < size) {
      const more = socket.write(Buffer.alloc(65_536, 0x20))
      sent += 65_536
      if (!more) await Promise.race([once(socket, 'drain'), closed])
    }

    socket.end()
    await closed
    assert.match(answer, /^HTTP\/1\.1 400 /)
    assert.match(answer, /it is too large/)
    await alive()
  })

  it('cuts off who sends slowly, before, in and after the headers', async () => {
    const parts = [
      '',
      'POST /v1/workers HTTP/1.1\r\nhost: x\r\n',
      `POST /v1/workers HTTP/1.1\r\nhost: x\r\nx-seal-token: ${createSealToken()}\r\ncontent-length: 100\r\n\r\n{`,
    ]
    const started = performance.now()
    await Promise.all(
      parts.flatMap((part) =>
        Array.from({length: 10}, async () => {
          const socket = connect({host: '127.0.0.1', port: world.info.port, rejectUnauthorized: false})
          socket.on('error', () => socket.destroy())
          // Whatever is answered (408) is not waited for: the socket is closed by the other side.
          socket.resume()
          await once(socket, 'secureConnect')
          if (part !== '') socket.write(part)
          await once(socket, 'close')
        }),
      ),
    )
    assert.ok(performance.now() - started < 8000)
    await alive()
  })

  it('closes what one address opens beyond its share, and counts nobody who has shown the right token', async () => {
    const limited = await startWorld({connectionsPerAddress: 3, requestTimeoutMs: 5000})
    const open = async (): Promise<TLSSocket> => {
      const socket = connect({host: '127.0.0.1', port: limited.info.port, rejectUnauthorized: false})
      socket.on('error', () => socket.destroy())
      await new Promise((resolve) => socket.once('secureConnect', resolve).once('close', resolve))
      return socket
    }
    const sockets: TLSSocket[] = []
    try {
      const worker = limited.stakeAndSeal('w1')
      await limited.register(worker)
      /** Stays open after its answer. */
      const beat = async (socket: TLSSocket): Promise<void> => {
        socket.write(
          `POST /v1/workers/w1/heartbeat HTTP/1.1\r\nhost: x\r\nx-seal-token: ${worker.token}\r\ncontent-length: 0\r\n\r\n`,
        )
        const [answer] = (await once(socket, 'data')) as [Buffer]
        assert.match(answer.toString(), /^HTTP\/1\.1 200 /)
      }
      for (let index = 0; index < 3; index++) sockets.push(await open())
      const refused = await open()
      assert.equal(refused.destroyed, true)
      for (const socket of sockets) await beat(socket)
      // They have proven who they are: there is room for three more.
      for (let index = 0; index < 3; index++) sockets.push(await open())
      assert.deepEqual(
        sockets.map(({destroyed}) => destroyed),
        Array.from({length: 6}, () => false),
      )
      for (const socket of sockets.slice(3)) socket.destroy()
      await until(() => sockets.slice(3).every(({closed}) => closed), 'the last three to close')
      const isFree = async (): Promise<boolean> => {
        const socket = await open()
        sockets.push(socket)
        return !socket.destroyed
      }
      await waitUntil('their places are free again', isFree)
    } finally {
      for (const socket of sockets) socket.destroy()
      await limited.close()
    }
  })

  it('limits guesses: of 1,000 wrong tokens a few are judged, and the right one still works afterwards', async function () {
    this.timeout(90_000)
    const limited = await startWorld({rateLimit: {burst: 20, perSecond: 5}})
    try {
      const worker = limited.stakeAndSeal('w1')
      await limited.register(worker)
      const statuses: number[] = []
      const guess = async (): Promise<void> => {
        const {status} = await limited.ask('GET', '/v1/workers/w1', createSealToken())
        statuses.push(status)
      }
      for (let round = 0; round < 50; round++) await Promise.all(Array.from({length: 20}, guess))
      const judged = statuses.filter((status) => status === 401).length
      assert.equal(statuses.length, 1000)
      assert.equal(judged + statuses.filter((status) => status === 429).length, 1000)
      // The clock of this world stands still: the burst, less the registration.
      assert.equal(judged, 19)
      assert.equal((await limited.ask('GET', '/v1/workers/w1', worker.token)).status, 429)
      limited.time.nowMs += 1000
      assert.equal((await limited.ask('GET', '/v1/workers/w1', worker.token)).status, 200)
    } finally {
      await limited.close()
    }
  })

  it('does not count who shows the right token: a thousand nodes may be behind one address', async () => {
    const limited = await startWorld({rateLimit: {burst: 5, perSecond: 1}})
    try {
      const worker = limited.stakeAndSeal('w1')
      await limited.register(worker)
      for (let beat = 0; beat < 30; beat++) {
        assert.equal((await limited.ask('POST', '/v1/workers/w1/heartbeat', worker.token)).status, 200)
      }
    } finally {
      await limited.close()
    }
  })
})

describe('a listener that is cut off between any two steps of a join', () => {
  /** Lets the first `steps` writes through, then nothing any more; false where all of them came through. */
  async function crashAfter(steps: number, retried: boolean): Promise<boolean> {
    const world = await startWorld({orphanSweepMs: 20, nodeSweepMs: 20})
    try {
      const worker = world.stakeAndSeal('w1')
      let left = steps
      let cut = false
      const take = (): boolean => {
        if (left > 0) left -= 1
        else cut = true
        return cut
      }
      const broken = {status: 500, body: {message: 'cut off'}}
      world.kube.intercept = (call) => (cut || (!call.startsWith('GET') && take()) ? broken : undefined)
      world.chain.before = () => {
        if (cut || take()) throw new Error('cut off')
      }
      await world.register(worker)
      world.nodeReady('w1')
      const isIn = (): boolean => world.logs.some((line) => line.startsWith('worker registered'))
      await until(() => cut || isIn(), 'the end of the first life')
      if (!cut) return false
      await world.listener.close()
      world.kube.intercept = () => undefined
      world.chain.before = () => undefined
      // What the listener had not let in cannot have come: there is a Node only where the name was allowed.
      const allowed = world.kube.objects.get('/api/v1/namespaces/kube-system/configmaps/daas-nodes')
        ?.data as object
      if (!('w1' in allowed)) world.kube.objects.delete('/api/v1/nodes/w1')
      await world.restart()
      if (retried) {
        assert.ok([200, 201].includes((await world.register(worker)).status), `step ${steps}`)
        world.nodeReady('w1')
        await until(isIn, `the join after step ${steps}`)
        assert.equal(world.chain.workers.size, 1)
      } else {
        world.kube.objects.delete('/api/v1/nodes/w1')
        world.time.nowMs += 2 * 3_600_000
        await until(
          () => !('w1' in allowList(world)) || world.chain.workers.size === 1 || isIn(),
          'the name to go',
        )
      }

      await until(() => tokens(world) === 0, `the token to go after step ${steps}`)
      return true
    } finally {
      await world.close()
    }
  }

  const allowList = (world: World): object =>
    world.kube.objects.get('/api/v1/namespaces/kube-system/configmaps/daas-nodes')?.data as object
  const tokens = (world: World): number =>
    [...world.kube.objects.keys()].filter((path) => path.includes('bootstrap-token')).length

  for (const retried of [true, false]) {
    it(`leaves no orphan where the worker ${retried ? 'tries again' : 'never comes back'}`, async function () {
      this.timeout(60_000)
      let steps = 0
      while (await crashAfter(steps, retried)) steps += 1
      assert.ok(steps >= 5, `${steps} steps`)
    })
  }
})
