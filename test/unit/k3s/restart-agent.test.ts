import assert from 'node:assert/strict'
import {once} from 'node:events'
import type {AgentHandle} from '../../../src/lib/k3s/agent.ts'
import {restartAgent, type RestartSteps} from '../../../src/lib/k3s/restart-agent.ts'
import {createRestartBudget} from '../../../src/lib/k3s/restarts.ts'
import type {NodeEvent} from '../../../src/lib/k3s/run-node-types.ts'
import type {SuperviseResult} from '../../../src/lib/k3s/supervise.ts'

const END: SuperviseResult = {ended: 'agent', exit: {code: 1, signal: null, requested: false}}
const AGENT = {pid: 1} as AgentHandle
const SLASHED = {kind: 'stake-slashed', message: 'double signing', digest: 'abc'} as const
const EVICTED = {kind: 'evicted', message: 'stake slashed'} as const

describe('an agent that ended by itself', () => {
  const events: NodeEvent[] = []
  const starts: boolean[] = []
  const stop = {now: new AbortController()}

  beforeEach(() => {
    events.length = 0
    starts.length = 0
    stop.now = new AbortController()
  })

  const run = (more: Partial<RestartSteps> & {fails?: number}): ReturnType<typeof restartAgent> =>
    restartAgent(
      {
        now: Date.now,
        signal: stop.now.signal,
        logger: {debug: () => undefined, warn: () => undefined},
        onEvent: (event) => events.push(event),
      },
      END,
      {
        budget: createRestartBudget({most: 3, windowMs: 60_000, pauseMs: 5, maxPauseMs: 15}),
        eviction: async () => undefined,
        gone: new Promise(() => undefined),
        async start(registers) {
          starts.push(registers)
          if (starts.length <= (more.fails ?? 0)) throw new Error('not yet')
          return AGENT
        },
        ...more,
      },
    )

  it('is started again by its certificate, and by a new registration where that does not do', async () => {
    assert.equal(await run({fails: 2}), AGENT)
    assert.deepEqual(starts, [false, true, true])
    assert.deepEqual(events, [
      {type: 'restarting', attempt: 1, afterMs: 5, code: 1},
      {type: 'restarting', attempt: 2, afterMs: 10, code: 1},
      {type: 'restarting', attempt: 3, afterMs: 15, code: 1},
    ])
  })

  it('is never started again once the node is evicted', async () => {
    assert.deepEqual(await run({eviction: async () => EVICTED}), {...END, ended: 'reason', reason: EVICTED})
    assert.deepEqual(starts, [])
    let asked = 0
    const later = async (): Promise<typeof EVICTED | undefined> => (++asked > 1 ? EVICTED : undefined)
    const end = await run({fails: 9, eviction: later})
    assert.equal((end as SuperviseResult).ended, 'reason')
    assert.deepEqual(starts, [false])
  })

  it('is not started again, or is stopped while it starts, once the chain says that its stake is lost', async () => {
    const budget = createRestartBudget({most: 3, windowMs: 60_000, pauseMs: 60_000, maxPauseMs: 60_000})
    const lost = Promise.withResolvers<typeof SLASHED>()
    const waiting = run({budget, gone: lost.promise})
    lost.resolve(SLASHED)
    assert.deepEqual(await waiting, {...END, ended: 'reason', reason: SLASHED})
    assert.equal(starts.length, 0)

    const later = Promise.withResolvers<typeof SLASHED>()
    const starting = await run({
      gone: later.promise,
      async start(registers, signal) {
        starts.push(registers)
        later.resolve(SLASHED)
        await once(signal, 'abort')
        throw new Error('stopped')
      },
    })
    assert.deepEqual(starting, {...END, ended: 'reason', reason: SLASHED})
    assert.deepEqual(starts, [false])
  })

  it('stays down after too many times', async () => {
    assert.equal(await run({fails: 9}), END)
    assert.equal(starts.length, 3)
  })

  it('stays down where daas itself is to end', async () => {
    const budget = createRestartBudget({most: 3, windowMs: 60_000, pauseMs: 60_000, maxPauseMs: 60_000})
    const ending = run({budget})
    stop.now.abort()
    assert.deepEqual(await ending, {ended: 'signal', exit: END.exit})
    assert.deepEqual(starts, [])
  })
})
