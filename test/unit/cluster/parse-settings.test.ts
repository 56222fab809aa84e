import assert from 'node:assert/strict'
import {
  checkedId,
  parseByKind,
  parseDuration,
  parseEndpoints,
  parsePriorities,
  parseTiers,
} from '../../../src/lib/cluster/parse-settings.ts'
import {readSettings} from '../../../src/lib/cluster/read-settings.ts'
import {parseAmount} from '../../../src/lib/sui/amount.ts'

const SUI = 1_000_000_000n

describe('settings of a cluster as they are written', () => {
  it('are lengths of time', () => {
    assert.deepEqual(['0', '90s', '10m', '8h', '30d'].map(parseDuration), [
      0n,
      90_000n,
      600_000n,
      28_800_000n,
      2_592_000_000n,
    ])
    for (const text of ['', '10', '1.5h', '-1h', '1w', '9999999999s']) {
      assert.throws(() => parseDuration(text), {code: 'DAAS-C113'}, text)
    }
  })

  it('are values for all kinds of stakes, or for some', () => {
    assert.deepEqual(parseByKind(['2'], parseAmount), {node: 2n * SUI, user: 2n * SUI, admin: 2n * SUI})
    assert.deepEqual(parseByKind(['1', 'user=3sui'], parseAmount), {node: SUI, user: 3n * SUI, admin: SUI})
    assert.deepEqual(parseByKind(['admin=1h'], parseDuration), {admin: 3_600_000n})
    assert.throws(() => parseByKind(['root=1'], parseAmount), {code: 'DAAS-C114'})
    assert.throws(() => parseByKind(['node='], parseAmount), {code: 'DAAS-U101'})
  })

  it('are times by priority', () => {
    assert.deepEqual(parsePriorities('60s,2m,5m,10m'), [60_000n, 120_000n, 300_000n, 600_000n])
    assert.throws(() => parsePriorities('60s,2m'), {code: 'DAAS-C115'})
  })

  it('are tiers, put into the order that the chain wants', () => {
    assert.deepEqual(parseTiers(['10sui=*:*', '0=get:*', '5=list:pods,*:apps/deployments']), [
      {minStake: 0n, permissions: ['get:*']},
      {minStake: 5n * SUI, permissions: ['list:pods', '*:apps/deployments']},
      {minStake: 10n * SUI, permissions: ['*:*']},
    ])
    assert.throws(() => parseTiers(['5sui']), {code: 'DAAS-C111'})
    assert.throws(() => parseTiers(['5sui=']), {code: 'DAAS-C111'})
    assert.throws(() => parseTiers(['5sui=get']), {code: 'DAAS-C103'})
  })

  it('are endpoints, over TLS only', () => {
    assert.deepEqual(parseEndpoints(['9=https://b.example', '1=https://a.example,https://a2.example:8443']), [
      {minStake: SUI, urls: ['https://a.example', 'https://a2.example:8443']},
      {minStake: 9n * SUI, urls: ['https://b.example']},
    ])
    for (const text of ['https://a.example', '1=http://a.example', '1=a.example', '1=']) {
      assert.throws(() => parseEndpoints([text]), {code: 'DAAS-C112'}, text)
    }
  })

  it('are object ids, in full', () => {
    assert.equal(checkedId('0xA'), `0x${'a'.padStart(64, '0')}`)
    for (const text of ['', 'abc', `0x${'1'.repeat(65)}`, '0xg']) {
      assert.throws(() => checkedId(text), {code: 'DAAS-C116'}, text)
    }
  })

  it('are only those that were written', () => {
    assert.deepEqual(readSettings({}), {})
    assert.deepEqual(readSettings({paused: false, lock: ['node=1d'], 'max-seal-ttl': '1h'}), {
      lockMs: {node: 86_400_000n},
      maxSealTtlMs: 3_600_000n,
      paused: false,
    })
  })
})
