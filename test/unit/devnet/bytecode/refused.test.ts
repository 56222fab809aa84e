import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {readDaasDigest, readDaasPackage} from '../../../../src/lib/contracts/package.ts'
import {upgradeDigest} from '../../../../src/lib/devnet/executor/publish.ts'
import {createRig, type Rig} from '../executor/rig.ts'
import {compileWithFramework} from '../vm/harness.ts'
import {readEditable, setCode, writeEditable} from './editable.ts'
import {RULES_SOURCE} from './rules-source.ts'

const DEPENDENCIES = ['1', '2'].map((digit) => `0x${digit.padStart(64, '0')}`)

describe('bytecode that the verifier refuses', () => {
  let rig: Rig
  before(async () => {
    rig = await createRig()
  })
  after(() => rig.node.close())

  async function publish(bytes: Uint8Array) {
    const tx = new Transaction()
    const cap = tx.publish({modules: [[...bytes]], dependencies: DEPENDENCIES})
    tx.transferObjects([cap], rig.address)
    return rig.send(tx)
  }

  it('is not published: the status is that of Sui, and only gas is paid', async () => {
    const [bytes] = await compileWithFramework(RULES_SOURCE)
    const good = await publish(bytes!)
    assert.equal(good.failure, undefined)
    const module = readEditable(bytes!)
    setCode(module, 'cool', [{LdU64: 1n}, 'Ret'])
    const bad = await publish(writeEditable(module))
    assert.equal(bad.failure?.kind, 'VMVerificationOrDeserializationError')
    assert.match(bad.failure?.description ?? '', /UNSAFE_RET_UNUSED_VALUES_WITHOUT_DROP/)
    assert.ok(bad.outputObjects.every((object) => object.package === undefined))
  })

  it('is not looked for in the contracts that ship with daas, which are known by their digest', () => {
    const {modules, dependencies} = readDaasPackage()
    const bytes = modules.map((text) => new Uint8Array(Buffer.from(text, 'base64')))
    assert.equal(Buffer.from(upgradeDigest(bytes, dependencies)).toString('hex'), readDaasDigest())
  })
})
