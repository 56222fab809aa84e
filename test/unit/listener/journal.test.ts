import assert from 'node:assert/strict'
import {mkdtemp, rm, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {RequestEvent} from '../../../src/lib/listener/chain-port.ts'
import {openJournal} from '../../../src/lib/listener/journal.ts'
import type {Journal} from '../../../src/lib/listener/journal.ts'

function event(request: string): RequestEvent {
  return {
    request,
    cluster: '0x1',
    seal: '0x2',
    stake: '0x3',
    requester: '0x4',
    requestId: Uint8Array.from({length: 16}, (_, i) => i),
    verb: 'list',
    resource: 'nodes',
    namespace: '',
    priority: 2,
    expiresAtMs: 1000,
    permissions: ['get:*'],
    envelope: Uint8Array.of(0, 255, 128),
  }
}

describe('journal', () => {
  let dir: string
  let path: string
  let journal: Journal

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-journal-'))
    path = join(dir, 'journal.sqlite')
    journal = openJournal(path)
  })
  afterEach(async () => {
    journal.close()
    await rm(dir, {recursive: true, force: true})
  })

  function reopen(): void {
    journal.close()
    journal = openJournal(path)
  }

  it('is private', async () => {
    assert.equal((await stat(path)).mode & 0o777, 0o600)
  })

  it('remembers the cursor', () => {
    assert.equal(journal.cursor(), undefined)
    journal.saveCursor(Uint8Array.of(1, 2))
    journal.saveCursor(Uint8Array.of(3))
    reopen()
    assert.deepEqual(journal.cursor(), Uint8Array.of(3))
  })

  it('knows a request by its name, in every state', () => {
    const {requests} = journal
    assert.equal(requests.enqueue(event('r')), true)
    for (const end of [() => undefined, () => requests.claim('r'), () => requests.finish(['r'], 'done')]) {
      end()
      assert.equal(requests.enqueue(event('r')), false)
    }
  })

  it('gives back what was not finished, whole and in order', () => {
    for (const name of ['queued', 'claimed', 'answered', 'done', 'expired'])
      journal.requests.enqueue(event(name))
    journal.requests.claim('claimed')
    const body = {body: Uint8Array.of(9), bodyHash: new Uint8Array(32), bodyLocation: ''}
    journal.requests.answer({request: 'answered', status: 200, ...body})
    journal.requests.finish(['done'], 'done')
    journal.requests.finish(['expired'], 'expired')
    reopen()
    assert.deepEqual(journal.requests.unfinished(), [
      {state: 'queued', event: event('queued')},
      {state: 'claimed', event: event('claimed')},
      {state: 'answered', event: event('answered'), response: {request: 'answered', status: 200, ...body}},
    ])
  })

  it('is all or nothing', () => {
    assert.throws(() =>
      journal.atomically(() => {
        journal.requests.enqueue(event('r'))
        journal.saveCursor(Uint8Array.of(7))
        throw new Error('power cut')
      }),
    )
    assert.equal(journal.requests.state('r'), undefined)
    assert.equal(journal.cursor(), undefined)
  })

  it('uses a nonce once, until it has expired', () => {
    assert.equal(journal.useNonce('n', 100), true)
    reopen()
    assert.equal(journal.useNonce('n', 100), false)
    journal.prune(99, 0)
    assert.equal(journal.useNonce('n', 100), false)
    journal.prune(101, 0)
    assert.equal(journal.useNonce('n', 200), true)
  })

  it('forgets requests that ended long ago, and no others', () => {
    for (const name of ['done', 'queued', 'on-chain']) journal.requests.enqueue(event(name))
    journal.requests.finish(['done', 'on-chain'], 'done')
    assert.deepEqual(journal.requests.over(999, 10), [])
    assert.deepEqual(journal.requests.over(1000, 10), ['done', 'on-chain'])
    assert.deepEqual(journal.requests.over(1000, 1).length, 1)
    journal.requests.lookAgain('done', undefined)
    journal.requests.lookAgain('on-chain', 2000)
    assert.deepEqual(journal.requests.over(1999, 10), [])
    journal.prune(1500, 600)
    assert.equal(journal.requests.state('done'), 'done')
    journal.prune(1601, 600)
    assert.equal(journal.requests.state('done'), undefined)
    assert.equal(journal.requests.state('queued'), 'queued')
    // Nobody prunes it: a day later it is let go.
    assert.equal(journal.requests.state('on-chain'), 'done')
    journal.prune(2000 + 86_400_000, 600)
    assert.equal(journal.requests.state('on-chain'), 'done')
    journal.prune(2601 + 86_400_000, 600)
    assert.equal(journal.requests.state('on-chain'), undefined)
  })

  it('evicts workers by stake and seal, once', () => {
    const worker = {owner: 'o', tokenId: 't', tokenHash: 'h', tokenExpiresAtMs: 1, leaseSeen: ''}
    journal.workers.register({...worker, nodeName: 'a', stake: 's1', seal: 'e1'})
    journal.workers.register({...worker, nodeName: 'b', stake: 's2', seal: 'e2'})
    journal.workers.registered('a', '0xa')
    assert.equal(journal.workers.evictStake('s1', 'stake slashed'), 1)
    assert.equal(journal.workers.evictStake('s1', 'stake withdrawn'), 0)
    assert.equal(journal.workers.evictSeal('e2', 'seal revoked'), 1)
    journal.workers.registered('b', '0xb')
    reopen()
    const states = journal.workers
      .byState('evicting')
      .map(({nodeName, reason, worker}) => [nodeName, reason, worker])
    assert.deepEqual(states, [
      ['a', 'stake slashed', '0xa'],
      ['b', 'seal revoked', undefined],
    ])
    journal.workers.evicted('a')
    assert.equal(journal.workers.get('a')?.state, 'evicted')
    assert.equal(journal.workers.wasEvicted('s1'), true)
    assert.equal(journal.workers.wasEvicted('s3'), false)
  })
})
