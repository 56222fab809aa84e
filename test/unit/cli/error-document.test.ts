import {Errors} from '@oclif/core'
import assert from 'node:assert/strict'
import {errorDocument} from '../../../src/lib/cli/error-document.ts'
import {daasError} from '../../../src/lib/errors/daas-error.ts'

describe('errorDocument', () => {
  it('gives an error of the catalogue as it is, with its cause in one line', () => {
    const error = daasError(
      'RPC_UNREACHABLE',
      {url: 'http://x', cause: 'ECONNREFUSED'},
      {cause: new Error('one\ntwo'), details: {tries: 3}},
    )
    assert.deepEqual(errorDocument(error), {
      code: 'DAAS-S101',
      message: 'http://x does not answer: ECONNREFUSED',
      exitCode: 69,
      suggestions: ['check the URL with --rpc-url or DAAS_RPC_URL', 'start a local chain: daas devnet'],
      details: {tries: 3},
      cause: 'one; two',
    })
  })

  it('takes a parser error of oclif as usage, and nothing else of it', () => {
    const error = Object.assign(new Errors.CLIError('Nonexistent flag: --x\nSee more help with --help'), {
      parse: {input: {argv: ['secret']}},
    })
    assert.deepEqual(errorDocument(error), {
      code: 'DAAS-U110',
      message: 'Nonexistent flag: --x',
      exitCode: 2,
      suggestions: ['see --help'],
    })
  })

  it('calls anything else a bug', () => {
    const document = errorDocument(new TypeError('x is undefined'))
    assert.deepEqual([document.code, document.exitCode], ['DAAS-X001', 1])
  })
})
