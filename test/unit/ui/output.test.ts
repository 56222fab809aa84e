import assert from 'node:assert/strict'
import {toJson} from '../../../src/lib/ui/json.ts'
import {renderFields, renderTable} from '../../../src/lib/ui/table.ts'
import {renderError} from '../../../src/lib/ui/error-text.ts'

describe('output', () => {
  it('readies any result for JSON', () => {
    const value = {
      amountMist: 2n ** 63n,
      bytes: Uint8Array.of(1, 255),
      at: new Date(0),
      gone: undefined,
      list: [1n, null],
    }
    assert.deepEqual(toJson(value), {
      amountMist: '9223372036854775808',
      bytes: '01ff',
      at: '1970-01-01T00:00:00.000Z',
      list: ['1', null],
    })
  })

  it('draws a table without lines, and fields in two columns', () => {
    assert.equal(
      renderTable(
        ['NAME', 'STATUS'],
        [
          ['worker-1', 'Ready'],
          ['b', 'x'],
        ],
      ),
      'NAME       STATUS\nworker-1   Ready\nb          x',
    )
    assert.equal(
      renderFields([
        ['a', '1'],
        ['longer', '2'],
        ['absent', undefined],
      ]),
      'a:      1\nlonger: 2',
    )
  })

  it('shows an error with its code and what to do next', () => {
    const text = renderError({
      code: 'DAAS-U101',
      message: 'ten is not an amount of SUI',
      suggestions: ['write 1sui'],
      cause: 'x',
    })
    assert.equal(text, 'error: ten is not an amount of SUI [DAAS-U101]\n  cause: x\n  → write 1sui\n')
  })
})
