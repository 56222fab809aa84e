import * as template from '@mysten/move-bytecode-template'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {deserializeModule, moduleIdOf, type RawModule} from '../../../../src/lib/devnet/bytecode/module.ts'
import {POLICY} from '../../../../src/lib/devnet/executor/compatibility.ts'
import {upgradeDigest} from '../../../../src/lib/devnet/executor/publish.ts'
import {compileWithFramework} from '../vm/harness.ts'
import {createRig, type Rig} from './rig.ts'

const DEPENDENCIES = ['1', '2'].map((digit) => `0x${digit.padStart(64, '0')}`)
const SOURCE = `module t::m;
const LIMIT: u64 = 5;
public struct Thing has copy, drop, store { n: u64 }
public struct Pair<phantom A, B: store> has store { b: B }
public enum Kind has copy, drop { A, B(u8) }
public fun make(n: u64): Thing { Thing { n: n + hidden() } }
public fun keep<T: copy + drop>(t: T): T { t }
public fun kind(k: &Kind): u8 { match (k) { Kind::A => 0, Kind::B(n) => *n, _ => 9 } }
public(package) fun inside() {}
entry fun door() {}
fun hidden(): u64 { LIMIT }
`
const {compatible, additive, depOnly} = POLICY
type Policy = (typeof POLICY)[keyof typeof POLICY]

/** A change of the source, and the policies that allow it. */
const CHANGES: readonly (readonly [string, string, string, readonly Policy[]])[] = [
  ['nothing', '', '', [compatible, additive, depOnly]],
  ['a new function', 'fun hidden', 'public fun more(): u64 { 9 }\nfun hidden', [compatible, additive]],
  ['a new struct', 'fun hidden', 'public struct New { n: u8 }\nfun hidden', [compatible, additive]],
  ['the body of a function', 'n: n + hidden()', 'n: n * hidden()', [compatible]],
  ['a constant', 'u64 = 5', 'u64 = 6', [compatible]],
  [
    'the parameters of a public function',
    'make(n: u64): Thing { Thing { n:',
    'make(n: u64, _: u8): Thing { Thing { n:',
    [],
  ],
  ['the visibility of a public function', 'public fun make', 'public(package) fun make', []],
  ['the name of a package function', 'fun inside', 'fun within', [compatible]],
  ['an entry function that is none any more', 'entry fun door', 'public fun door', [compatible]],
  ['constraints that become looser', '<T: copy + drop>', '<T: copy>', [compatible]],
  ['constraints that become tighter', '<T: copy + drop>', '<T: copy + drop + store>', []],
  ['a field', '{ b: B }', '{ b: B, more: u8 }', []],
  ['an ability', 'struct Thing has copy, drop, store', 'struct Thing has copy, drop', []],
  ['a variant', 'A, B(u8) }', 'A, B(u8), C }', []],
  ['a type parameter', 'phantom A, B: store', 'phantom A, B: store + drop', []],
]

/** The module under the name `m`. */
function renamed(bytes: Uint8Array): Uint8Array {
  const raw = structuredClone(deserializeModule(bytes)) as RawModule & {identifiers: string[]}
  const {name} = moduleIdOf(raw, raw.self_module_handle_idx)
  raw.identifiers[raw.identifiers.indexOf(name)] = 'm'
  return template.serialize(raw)
}

describe('upgrades on the devnet', () => {
  let rig: Rig
  let base: Uint8Array
  let variants: readonly Uint8Array[]
  before(async () => {
    rig = await createRig()
    // All at once, as modules of different names, as the compiler takes its time.
    const sources = CHANGES.map(([what, from, to], index) => {
      assert.ok(SOURCE.includes(from), what)
      return SOURCE.replace(from, to).replace('t::m;', `t::m${index};`)
    })
    const compiled = await compileWithFramework(...sources)
    variants = compiled.map((bytes) => renamed(bytes))
    base = variants[0]!
  })
  after(() => rig.node.close())

  async function publish(module: Uint8Array) {
    const tx = new Transaction()
    tx.transferObjects([tx.publish({modules: [[...module]], dependencies: DEPENDENCIES})], rig.address)
    const {outputObjects, failure} = await rig.send(tx)
    assert.equal(failure, undefined)
    return {
      id: outputObjects.find((object) => object.package !== undefined)!.id,
      cap: outputObjects.find((object) => object.typeName?.endsWith('::package::UpgradeCap') === true)!.id,
    }
  }

  interface Attempt {
    readonly id: string
    readonly cap: string
    readonly policy: number
    readonly module: Uint8Array
    readonly digest?: Uint8Array
    readonly target?: string
  }

  /** '' or what the effects say is wrong with the upgrade. */
  async function upgrade({id, cap, policy, module, digest, target = id}: Attempt): Promise<string> {
    const tx = new Transaction()
    const held = tx.objectRef(rig.ref(cap))
    const authorised = digest ?? upgradeDigest([module], DEPENDENCIES)
    const ticket = tx.moveCall({
      target: '0x2::package::authorize_upgrade',
      arguments: [held, tx.pure.u8(policy), tx.pure.vector('u8', [...authorised])],
    })
    const receipt = tx.upgrade({modules: [[...module]], dependencies: DEPENDENCIES, package: target, ticket})
    tx.moveCall({target: '0x2::package::commit_upgrade', arguments: [held, receipt]})
    const {status} = (await rig.send(tx)).effects.V2!
    if (status.Failure === undefined) return ''
    const {error} = status.Failure
    return error.PackageUpgradeError?.upgradeError.$kind ?? error.$kind
  }

  for (const [index, [what, , , allowed]] of CHANGES.entries()) {
    it(`take ${what} by ${allowed.length === 0 ? 'no policy' : allowed.join(', ')}`, async () => {
      const module = variants[index]!
      for (const policy of Object.values(POLICY)) {
        const published = await publish(base)
        const expected = allowed.includes(policy) ? '' : 'IncompatibleUpgrade'
        assert.equal(await upgrade({...published, policy, module}), expected, `policy ${policy}`)
      }
    })
  }

  it('want the ticket to be for this package, these modules and a policy there is', async () => {
    const [one, two] = [await publish(base), await publish(base)]
    const attempt = {...one, policy: compatible, module: base}
    assert.equal(await upgrade({...attempt, digest: new Uint8Array(32)}), 'DigestDoesNotMatch')
    assert.equal(await upgrade({...attempt, target: two.id}), 'PackageIDDoesNotMatch')
    assert.equal(await upgrade({...attempt, policy: 7}), 'UnknownUpgradePolicy')
    assert.equal(await upgrade(attempt), '')
    // The cap is for the next version now; the first cannot be upgraded by it again.
    assert.equal(await upgrade(attempt), 'PackageIDDoesNotMatch')
  })

  it('refuse modules that break the rules of Sui', async () => {
    const tx = new Transaction()
    const source = 'module t::m; public struct M has drop {}\nfun unused(_: M) {}'
    const [module] = await compileWithFramework(source)
    const raw = template.deserialize(module!) as {datatype_handles: {abilities: number}[]}
    // The witness M becomes copyable.
    raw.datatype_handles[0]!.abilities = 3
    const modules = [[...template.serialize(raw)]]
    tx.transferObjects([tx.publish({modules, dependencies: DEPENDENCIES})], rig.address)
    const {failure} = await rig.send(tx)
    assert.equal(failure?.kind, 'SuiMoveVerificationError')
    assert.match(failure.description, /one-time witness type candidate M must have a single ability: drop/)
  })
})
