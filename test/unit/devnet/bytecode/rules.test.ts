import assert from 'node:assert/strict'
import {shippedFramework} from '../../../../src/lib/devnet/executor/framework.ts'
import {VerifierRefusal} from '../../../../src/lib/devnet/bytecode/verify/refusal.ts'
import {VmError} from '../../../../src/lib/devnet/vm/api.ts'
import {createVm} from '../../../../src/lib/devnet/vm/vm.ts'
import {compileWithFramework} from '../vm/harness.ts'
import {readEditable, writeEditable} from './editable.ts'
import {RULES_SOURCE} from './rules-source.ts'
import {BOUNDS} from './rules/bounds.ts'
import type {Change} from './rules/changes.ts'
import {INSTRUCTIONS} from './rules/instructions.ts'
import {LIMITS} from './rules/limits.ts'
import {REFERENCES} from './rules/references.ts'
import {TABLES} from './rules/tables.ts'

describe('bytecode: the rules of the verifier', () => {
  let bytes: Uint8Array
  const framework = new Map(shippedFramework().map((pkg) => [pkg.storageId, pkg]))
  const linkage = new Map([...framework.keys()].map((id) => [id, id]))
  const verify = (module: Uint8Array) =>
    createVm({getPackage: (id) => framework.get(id)}).verifyForPublish([module], linkage)

  before(async () => {
    bytes = (await compileWithFramework(RULES_SOURCE))[0]!
  })

  function refusal(change: Change): unknown {
    const module = readEditable(bytes)
    change(module)
    const changed = writeEditable(module)
    try {
      verify(changed)
    } catch (error) {
      return error
    }
    return undefined
  }

  it('are kept by what the compiler makes', () => {
    assert.equal(
      refusal(() => undefined),
      undefined,
    )
  })

  for (const [status, what, change] of [...LIMITS, ...TABLES, ...INSTRUCTIONS, ...REFERENCES]) {
    it(`${status}: ${what}`, () => {
      const error = refusal(change)
      assert.ok(error instanceof VerifierRefusal, String(error))
      assert.equal(error.status, status, error.message)
    })
  }

  for (const [what, change] of BOUNDS) {
    it(`bounds: ${what}`, () => {
      const error = refusal(change)
      assert.ok(error instanceof VmError, String(error))
      assert.equal(error.kind, 'MALFORMED_VALUE')
    })
  }
})
