import assert from 'node:assert/strict'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {formatSui, parseAmount} from '../../../src/lib/sui/amount.ts'

describe('parseAmount', () => {
  const good: [string, bigint][] = [
    ['1', 1_000_000_000n],
    ['1sui', 1_000_000_000n],
    ['1.5 SUI', 1_500_000_000n],
    ['0.000000001', 1n],
    ['18446744073.709551615', 18_446_744_073_709_551_615n],
    ['7mist', 7n],
  ]
  for (const [text, mist] of good) {
    it(`reads ${text}`, () => assert.equal(parseAmount(text), mist))
  }

  const bad: [string, string][] = [
    ['ten', 'AMOUNT_INVALID'],
    ['', 'AMOUNT_INVALID'],
    ['1e9', 'AMOUNT_INVALID'],
    ['1.0000000001', 'AMOUNT_INVALID'],
    ['1.5mist', 'AMOUNT_INVALID'],
    ['18446744073.709551616', 'AMOUNT_INVALID'],
    ['0', 'AMOUNT_NOT_POSITIVE'],
    ['0.0sui', 'AMOUNT_NOT_POSITIVE'],
    ['-1', 'AMOUNT_NOT_POSITIVE'],
  ]
  for (const [text, name] of bad) {
    it(`refuses "${text}" as ${name}`, () => {
      assert.throws(
        () => parseAmount(text),
        (error) => error instanceof DaasError && error.errorName === name && error.exitCode === 2,
      )
    })
  }
})

describe('formatSui', () => {
  it('loses no digit', () => {
    assert.deepEqual([0n, 1n, 1_500_000_000n, -2_000_000_000n].map(formatSui), [
      '0 SUI',
      '0.000000001 SUI',
      '1.5 SUI',
      '-2 SUI',
    ])
  })
})
