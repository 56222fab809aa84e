import assert from 'node:assert/strict'
import {setTimeout as sleep} from 'node:timers/promises'
import {describe, it} from 'mocha'
import {daasError} from '../../../src/lib/errors/daas-error.ts'
import {createBatcher, type BatcherOptions} from '../../../src/lib/gateway/batcher.ts'
import type {ChainRequest} from '../../../src/lib/gateway/chain-port.ts'

const never = new AbortController().signal

function request(name: string, bytes = 10, priority = 2): ChainRequest {
  return {
    requestId: new Uint8Array(16),
    verb: name,
    resource: 'pods',
    namespace: '',
    envelope: new Uint8Array(bytes),
    priority,
  }
}

function rig(options: Partial<BatcherOptions> = {}, refuse: (verbs: string[]) => void = () => undefined) {
  const sent: string[][] = []
  const batcher = createBatcher(
    {
      async submit(batch) {
        const verbs = batch.map(({verb}) => verb)
        refuse(verbs)
        sent.push(verbs)
        await sleep(5)
        return {digest: String(sent.length), gasMist: 1n}
      },
    },
    {batchMs: 2, maxRequests: 4, maxBytes: 100, signal: never, ...options},
  )
  return {
    sent,
    submit: (one: ChainRequest, signal = never, onSend?: () => void) => batcher.submit(one, signal, onSend),
  }
}

describe('createBatcher', () => {
  it('fills a transaction up to its bytes and its number', async () => {
    const {sent, submit} = rig()
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => submit(request(name))))
    assert.deepEqual(sent, [['a', 'b', 'c', 'd'], ['e']])
    sent.length = 0
    await Promise.all(['a', 'b', 'c'].map((name) => submit(request(name, 50))))
    assert.deepEqual(sent, [['a', 'b'], ['c']])
    sent.length = 0
    await Promise.all([submit(request('a')), submit(request('huge', 500))])
    assert.deepEqual(sent, [['a'], ['huge']])
  })

  it('sends the urgent ones first', async () => {
    const {sent, submit} = rig({maxRequests: 1})
    await Promise.all([
      submit(request('batch', 1, 3)),
      submit(request('interactive', 1, 0)),
      submit(request('normal', 1, 1)),
    ])
    assert.deepEqual(sent, [['interactive'], ['normal'], ['batch']])
  })

  it('says of each request when it goes on its way, and nothing of one that never does', async () => {
    const told: string[] = []
    const gone = new AbortController()
    const {submit} = rig({batchMs: 20})
    const kept = submit(request('kept'), never, () => told.push('kept'))
    const dropped = submit(request('dropped'), gone.signal, () => told.push('dropped'))
    gone.abort(new Error('gone'))
    await assert.rejects(dropped, /gone/)
    await kept
    assert.deepEqual(told, ['kept'])
  })

  it('forgets a request that nobody waits for', async () => {
    const {sent, submit} = rig()
    const gone = new AbortController()
    const aborted = submit(request('gone'), gone.signal)
    const kept = submit(request('kept'))
    gone.abort(new Error('gone'))
    await assert.rejects(aborted, /gone/)
    await kept
    assert.deepEqual(sent, [['kept']])
  })

  const refusal = (requestIndex?: number) =>
    daasError(
      'SIMULATION_FAILED',
      {reason: 'no'},
      {details: requestIndex === undefined ? {} : {requestIndex}},
    )

  for (const [how, indexed] of [
    ['named by the chain', true],
    ['not named', false],
  ] as const) {
    it(`lets only the culprit fail, ${how}`, async () => {
      const {sent, submit} = rig({}, (verbs) => {
        const at = verbs.indexOf('bad')
        if (at !== -1) throw refusal(indexed ? at : undefined)
      })
      const results = await Promise.allSettled(['a', 'bad', 'b'].map((name) => submit(request(name))))
      assert.deepEqual(
        results.map(({status}) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      assert.deepEqual(sent, indexed ? [['a', 'b']] : [['a'], ['b']])
    })
  }

  it('does not send again what may have been executed', async () => {
    let calls = 0
    const {submit} = rig({}, () => {
      calls += 1
      throw daasError('TRANSACTION_TIMEOUT', {digest: 'D', seconds: 1})
    })
    const results = await Promise.allSettled([submit(request('a')), submit(request('b'))])
    assert.ok(results.every(({status}) => status === 'rejected'))
    assert.equal(calls, 1)
  })
})
