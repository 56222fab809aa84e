import assert from 'node:assert/strict'
import {sealFlags} from '../../../src/lib/stake/seal-flags.ts'

describe('flags of daas seal by the kind of a seal', () => {
  const flags = ['--node NAME', '--user', '--user', '--grant', '--node NAME --operator']
  for (const [kind, expected] of flags.entries()) {
    it(`${kind}: ${expected}`, () => {
      assert.equal(sealFlags({kind}), expected)
    })
  }
})
