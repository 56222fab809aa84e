import assert from 'node:assert/strict'
import {formatJoinToken, parseJoinToken, scrubbedJoinToken} from '../../../src/lib/k3s/token.ts'

const HASH = 'a'.repeat(64)
const SEAL = 'abc123.0123456789abcdef'

describe('k3s join token', () => {
  it('is put together and taken apart again', () => {
    const text = formatJoinToken(HASH, SEAL)
    assert.equal(text, `K10${HASH}::${SEAL}`)
    assert.deepEqual(parseJoinToken(` ${text}\n`), {caHash: HASH, id: 'abc123', secret: '0123456789abcdef'})
  })

  it('takes the short forms without a pin, as the agent does', () => {
    const expected = {caHash: '', id: 'abc123', secret: '0123456789abcdef'}
    assert.deepEqual(parseJoinToken(SEAL), expected)
    assert.deepEqual(parseJoinToken(`K10::${SEAL}`), expected)
  })

  for (const bad of [
    '',
    'K10',
    `K10${HASH}`,
    `K10${HASH.slice(1)}::${SEAL}`,
    `K10${HASH.toUpperCase()}::${SEAL}`,
    `K10${HASH}::user:password`,
    `K10${HASH}::ABC123.0123456789abcdef`,
    `K10${HASH}::abc123.0123456789abcde`,
  ]) {
    it(`refuses ${bad || '(nothing)'} without repeating it`, () => {
      assert.throws(
        () => parseJoinToken(bad),
        (error: Error & {code?: string}) =>
          error.code === 'DAAS-J101' && !error.message.includes('0123456789'),
      )
    })
  }

  it('refuses to make a token that the agent would not understand', () => {
    assert.throws(() => formatJoinToken(HASH.toUpperCase(), SEAL), {code: 'DAAS-J101'})
    assert.throws(() => formatJoinToken(HASH, 'user:password'), {code: 'DAAS-J101'})
  })

  it('keeps pin and id when it is scrubbed, and nothing of the secret', () => {
    const scrubbed = scrubbedJoinToken(parseJoinToken(formatJoinToken(HASH, SEAL)))
    assert.equal(scrubbed, `K10${HASH}::abc123.0000000000000000`)
  })
})
