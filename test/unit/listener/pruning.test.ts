import assert from 'node:assert/strict'
import {join} from 'node:path'
import {daasError} from '../../../src/lib/errors/daas-error.ts'
import {openJournal} from '../../../src/lib/listener/journal.ts'
import type {ListenerOptions} from '../../../src/lib/listener/settings.ts'
import {startWorld, until} from './world.ts'
import type {World} from './world.ts'

const GRACE_MS = 1000
const ANSWER_MS = 600_000

describe('pruning requests that are over', () => {
  let world: World
  const options: Partial<ListenerOptions> = {upkeepMs: 20, pruneGraceMs: GRACE_MS}

  beforeEach(async () => {
    world = await startWorld(options)
  })
  afterEach(() => world.close())

  /** Asks for something and lets it be answered; the answer lives on chain as its priority says. */
  const asked = async (answerMs = ANSWER_MS): Promise<string> => {
    const {event, answer} = await world.kubectl({path: '/api/v1/nodes'})
    await answer
    await until(() => stateOf(event.request) === 'done', 'its end in the journal')
    world.chain.ends.set(event.request, world.time.nowMs + answerMs)
    return event.request
  }
  const stateOf = (request: string): string | undefined => {
    const journal = openJournal(join(world.dir, 'journal.sqlite'))
    try {
      return journal.requests.state(request)
    } finally {
      journal.close()
    }
  }
  /** Lets the upkeep look at least twice. */
  const looks = async (): Promise<void> => {
    let times = 0
    const {requestEnds, readCluster} = world.chain
    world.chain.readCluster = async (signal) => {
      times += 1
      return readCluster(signal)
    }
    await until(() => times > 2, 'upkeep')
    Object.assign(world.chain, {requestEnds, readCluster})
  }

  it('leaves what lives, and what its requester may prune first; then deletes it, all in one', async () => {
    const requests = [await asked(), await asked(), await asked(2 * ANSWER_MS)]
    world.time.nowMs += ANSWER_MS
    await looks()
    assert.deepEqual(world.chain.prunings, [])
    world.time.nowMs += GRACE_MS
    await until(() => world.chain.prunings.length > 0, 'pruning')
    await looks()
    assert.deepEqual(world.chain.prunings, [2])
    assert.deepEqual([...world.chain.ends.keys()], [requests[2]])
    world.time.nowMs += ANSWER_MS
    await until(() => world.chain.prunings.length > 1, 'the one that lived longer')
    assert.deepEqual([world.chain.prunings, world.chain.ends.size], [[2, 1], 0])
  })

  it('deletes what nobody answered in time', async () => {
    const {event} = await world.kubectl(
      {path: '/api/v1/nodes'},
      {expiresAtMs: world.time.nowMs, envelope: Uint8Array.of(1)},
    )
    await until(() => stateOf(event.request) === 'expired', 'its end')
    world.chain.ends.set(event.request, event.expiresAtMs)
    world.time.nowMs += GRACE_MS
    await until(() => world.chain.prunings.length > 0, 'pruning')
    assert.equal(world.chain.ends.size, 0)
  })

  it('forgets what somebody else pruned, and goes on when the chain has failed', async () => {
    const [gone, mine] = [await asked(), await asked()]
    let failures = 0
    world.chain.before = (what) => {
      if (what !== 'prune' || failures > 1) return
      failures += 1
      // Somebody is faster the first time, right before the transaction.
      world.chain.ends.delete(gone)
      throw daasError('OBJECT_MISSING', {id: gone})
    }
    world.time.nowMs += ANSWER_MS + GRACE_MS
    await until(() => world.chain.prunings.length > 0, 'pruning')
    assert.deepEqual([failures, world.chain.prunings], [2, [1]])
    assert.equal(world.chain.ends.has(mine), false)
    await looks()
    assert.deepEqual(world.chain.prunings, [1])
  })

  it('goes on after a restart', async () => {
    await asked()
    await world.listener.close()
    world.time.nowMs += ANSWER_MS + GRACE_MS
    await world.restart()
    await until(() => world.chain.prunings.length > 0, 'pruning')
    assert.deepEqual(world.chain.prunings, [1])
  })

  it('sends so many in one transaction, and so many transactions a turn', async () => {
    await world.listener.close()
    const journal = openJournal(join(world.dir, 'journal.sqlite'))
    const {event} = await world.kubectl({path: '/api/v1/nodes'}, {expiresAtMs: world.time.nowMs})
    const requests = Array.from({length: 1150}, (_, index) => `0x${index}`)
    journal.atomically(() => {
      for (const request of requests) journal.requests.enqueue({...event, request})
      journal.requests.finish(requests, 'expired')
    })
    journal.close()
    for (const request of requests) world.chain.ends.set(request, world.time.nowMs)
    world.time.nowMs += GRACE_MS
    // One turn, and none after it.
    await world.restart({upkeepMs: 3_600_000})
    await until(() => world.chain.prunings.length === 10, 'one turn')
    await world.restart({upkeepMs: 3_600_000})
    await until(() => world.chain.prunings.length === 12, 'another one')
    assert.deepEqual(world.chain.prunings, [...Array<number>(11).fill(100), 50])
    assert.equal(world.chain.ends.size, 0)
  })
})
