import assert from 'node:assert/strict'
import {catalogue, daasError, type DaasError} from '../../../src/lib/errors/daas-error.ts'

describe('the error catalogue', () => {
  it('gives every error a code of its own, a sentence and a next step', () => {
    const codes = Object.values(catalogue).map((descriptor) => descriptor.code)
    assert.equal(new Set(codes).size, codes.length)
    for (const [name, descriptor] of Object.entries(catalogue)) {
      assert.match(descriptor.code, /^DAAS-[A-Z]\d{3}$/, name)
      assert.doesNotMatch(descriptor.message, /\.$/, name)
      assert.ok(descriptor.suggestions.length > 0, name)
    }
  })

  it('fills the places of sentence and suggestions', () => {
    const error: DaasError = daasError('KEY_FILE_EXPOSED', {file: '/tmp/k'})
    assert.deepEqual(
      {code: error.code, exitCode: error.exitCode, message: error.message, suggestions: error.suggestions},
      {code: 'DAAS-S105', exitCode: 4, message: 'others can read /tmp/k', suggestions: ['chmod 600 /tmp/k']},
    )
  })
})
