import assert from 'node:assert/strict'
import {daasError} from '../../../src/lib/errors/daas-error.ts'
import type {StoredResponse} from '../../../src/lib/listener/chain-port.ts'
import {createResponder} from '../../../src/lib/listener/responder.ts'
import type {Responder} from '../../../src/lib/listener/responder.ts'

const silent = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}

function answer(request: string, bytes = 10): StoredResponse {
  return {request, status: 200, body: new Uint8Array(bytes), bodyHash: new Uint8Array(32), bodyLocation: ''}
}

describe('responder', () => {
  let batches: string[][]
  let ends: Record<string, string>
  let refuse: (requests: string[]) => Error | undefined
  let nowMs: number
  let life: AbortController
  let responder: Responder

  beforeEach(() => {
    batches = []
    ends = {}
    refuse = () => undefined
    nowMs = 0
    life = new AbortController()
    responder = createResponder({
      chain: {
        storeResponses: async (responses) => {
          const requests = responses.map(({request}) => request)
          const error = refuse(requests)
          if (error !== undefined) throw error
          batches.push(requests)
          return {digest: 'd', gasMist: 1n}
        },
      },
      logger: silent,
      clock: () => nowMs,
      signal: life.signal,
      onEnd: (requests, end) => {
        for (const request of requests) ends[request] = end
      },
    })
  })
  afterEach(() => life.abort())

  it('puts all that is ready into one transaction', async () => {
    for (let i = 0; i < 20; i++) responder.push(answer(`r${i}`), 1000)
    assert.equal(responder.size(), 20)
    await responder.idle()
    assert.deepEqual(
      batches.map((batch) => batch.length),
      [20],
    )
    assert.equal(responder.size(), 0)
  })

  it('keeps to the limits of a transaction', async () => {
    for (let i = 0; i < 5; i++) responder.push(answer(`large${i}`, 40_000), 1000)
    for (let i = 0; i < 130; i++) responder.push(answer(`small${i}`, 0), 1000)
    await responder.idle()
    assert.deepEqual(
      batches.map((batch) => batch.length),
      [2, 2, 64, 64, 3],
    )
  })

  it('finds the one that the chain refuses, and stores the others', async () => {
    refuse = (requests) =>
      requests.includes('r5')
        ? daasError('MOVE_ABORT', {module: 'm', name: 'E', sentence: 's', next: 'n'})
        : undefined
    for (let i = 0; i < 9; i++) responder.push(answer(`r${i}`), 1000)
    await responder.idle()
    assert.equal(ends.r5, 'refused')
    assert.equal(Object.values(ends).filter((end) => end === 'done').length, 8)
    assert.equal(batches.flat().length, 8)
  })

  it('tries again while the chain does not answer, until the answer is too late', async () => {
    let left = 1
    refuse = () => (left-- > 0 ? daasError('RPC_UNREACHABLE', {url: 'u', cause: 'c'}) : undefined)
    responder.push(answer('kept'), 1000)
    await responder.idle()
    assert.deepEqual(ends, {kept: 'done'})
    refuse = () => {
      nowMs = 2000
      return daasError('RPC_UNREACHABLE', {url: 'u', cause: 'c'})
    }
    responder.push(answer('late'), 1500)
    responder.push(answer('later'), 1600)
    await responder.idle()
    assert.deepEqual(ends, {kept: 'done', late: 'expired', later: 'expired'})
  })

  it('stops at once when the listener ends', async () => {
    refuse = () => {
      life.abort()
      return daasError('RPC_UNREACHABLE', {url: 'u', cause: 'c'})
    }
    responder.push(answer('r'), 1000)
    await responder.idle()
    assert.deepEqual(ends, {})
  })
})
