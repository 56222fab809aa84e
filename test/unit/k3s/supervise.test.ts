import assert from 'node:assert/strict'
import {pino} from 'pino'
import type {AgentExit} from '../../../src/lib/k3s/agent.ts'
import type {ListenerClient} from '../../../src/lib/k3s/register.ts'
import {type StopReason, supervise, type SuperviseOptions} from '../../../src/lib/k3s/supervise.ts'

const SLASHED: StopReason = {kind: 'stake-slashed', message: 'double signing', digest: 'abc'}

function fakeAgent(): {
  exited: Promise<AgentExit>
  stop: () => Promise<AgentExit>
  die: (code: number) => void
  stops: () => number
} {
  const {promise, resolve} = Promise.withResolvers<AgentExit>()
  let stops = 0
  return {
    exited: promise,
    stop: async () => {
      stops++
      resolve({code: 0, signal: null, requested: true})
      return promise
    },
    die: (code) => resolve({code, signal: null, requested: false}),
    stops: () => stops,
  }
}

describe('supervision of a joined node', () => {
  const options = (more: Partial<SuperviseOptions> = {}): SuperviseOptions => ({
    gone: new Promise(() => undefined),
    signal: new AbortController().signal,
    logger: pino({level: 'silent'}),
    ...more,
  })

  it('stops the agent when the chain says so, and says why', async () => {
    const agent = fakeAgent()
    assert.deepEqual(await supervise(agent, options({gone: Promise.resolve(SLASHED)})), {
      ended: 'reason',
      reason: SLASHED,
      exit: {code: 0, signal: null, requested: true},
    })
    assert.equal(agent.stops(), 1)
  })

  it('ends when the caller wants to', async () => {
    const agent = fakeAgent()
    const caller = new AbortController()
    const result = supervise(agent, options({signal: caller.signal}))
    caller.abort()
    assert.equal((await result).ended, 'signal')
    assert.equal(agent.stops(), 1)
    assert.equal((await supervise(fakeAgent(), options({signal: AbortSignal.abort()}))).ended, 'signal')
  })

  it('ends with the agent', async () => {
    const agent = fakeAgent()
    const result = supervise(agent, options())
    agent.die(1)
    assert.deepEqual(await result, {ended: 'agent', exit: {code: 1, signal: null, requested: false}})
  })

  it('notices an eviction at the listener, even where the chain says nothing and a heartbeat failed', async () => {
    let beats = 0
    const client = {
      heartbeat: async () => {
        if (++beats === 1) throw new Error('listener restarting')
      },
      status: async () => ({
        nodeName: 'w1',
        registered: true,
        nodeReady: true,
        evicted: beats > 2,
        reason: 'slashed',
      }),
    } as unknown as ListenerClient
    const result = await supervise(fakeAgent(), options({listener: {client, nodeName: 'w1', everyMs: 5}}))
    assert.deepEqual(result.ended === 'reason' && result.reason, {kind: 'evicted', message: 'slashed'})
    assert.equal(beats, 3)
  })
})
