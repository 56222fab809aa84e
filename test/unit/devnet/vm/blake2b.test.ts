import {blake2b} from '@noble/hashes/blake2.js'
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {blake2b256} from '../../../../src/lib/devnet/vm/blake2b.ts'

describe('devnet vm: BLAKE2b-256', () => {
  it('is what another library says, around the lengths of blocks and of the buffer', () => {
    const lengths = [0, 1, 31, 127, 128, 129, 255, 256, 257, 16_383, 16_384, 16_385, 70_000]
    for (const length of lengths) {
      const bytes = randomBytes(length)
      assert.deepEqual(Buffer.from(blake2b256(bytes)), Buffer.from(blake2b(bytes, {dkLen: 32})), `${length}`)
    }
  })

  it('takes parts one after the other, and gives memory of its own', () => {
    const [a, b] = [randomBytes(100), randomBytes(300)]
    const first = blake2b256(a, b)
    const kept = Uint8Array.from(first)
    assert.deepEqual(first, Uint8Array.from(blake2b256(Buffer.concat([a, b]))))
    blake2b256(b)
    assert.deepEqual(first, kept)
    assert.equal(first.buffer.byteLength, 32)
  })
})
