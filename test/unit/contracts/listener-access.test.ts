import assert from 'node:assert/strict'
import {listenerPinsOf, listenerUrlsFor} from '../../../src/lib/contracts/listener-access.ts'

const SUI = 1_000_000_000n

describe('where a stake finds the listener', () => {
  const cluster = {
    listenerUrls: ['https://common.example'],
    endpoints: [
      {minStake: 5n * SUI, urls: ['https://five.example', 'https://common.example']},
      {minStake: 50n * SUI, urls: ['https://fifty.example']},
    ],
  }

  it('is the endpoint of the largest minimum that it reaches, then the common one', () => {
    assert.deepEqual(listenerUrlsFor(cluster, 50n * SUI), ['https://fifty.example', 'https://common.example'])
    assert.deepEqual(listenerUrlsFor(cluster, 50n * SUI - 1n), [
      'https://five.example',
      'https://common.example',
    ])
    assert.deepEqual(listenerUrlsFor(cluster, 5n * SUI), ['https://five.example', 'https://common.example'])
  })

  it('is the common one below all of them, without a stake, and where there are no tiers', () => {
    assert.deepEqual(listenerUrlsFor(cluster, 5n * SUI - 1n), ['https://common.example'])
    assert.deepEqual(listenerUrlsFor(cluster, 0n), ['https://common.example'])
    assert.deepEqual(listenerUrlsFor({...cluster, endpoints: []}, 99n * SUI), ['https://common.example'])
    assert.deepEqual(listenerUrlsFor({listenerUrls: [], endpoints: []}, SUI), [])
  })
})

describe('the keys by which a listener is known', () => {
  const now = new Uint8Array(32).fill(2)
  const before = new Uint8Array(32).fill(1)
  const cluster = {listenerTlsPin: now, previousTlsPin: before, previousUntilMs: 1000n}

  it('are both until the last millisecond of the overlap, then the new one', () => {
    assert.deepEqual(listenerPinsOf(cluster, 999), [now, before])
    assert.deepEqual(listenerPinsOf(cluster, 1000), [now])
  })

  it('are none before the first announcement, and one before the first rotation', () => {
    const none = new Uint8Array()
    assert.deepEqual(listenerPinsOf({...cluster, listenerTlsPin: none, previousTlsPin: none}, 0), [])
    assert.deepEqual(listenerPinsOf({...cluster, previousTlsPin: none}, 0), [now])
  })
})
