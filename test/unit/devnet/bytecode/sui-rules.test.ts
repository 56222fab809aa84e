import assert from 'node:assert/strict'
import type {RawModule} from '../../../../src/lib/devnet/bytecode/module.ts'
import {shippedFramework} from '../../../../src/lib/devnet/executor/framework.ts'
import {createVm} from '../../../../src/lib/devnet/vm/vm.ts'
import {compileWithFramework} from '../vm/harness.ts'
import {
  functionOf,
  handleOf,
  readEditable,
  writeEditable,
  type EditableFunction,
  type EditableModule,
} from './editable.ts'

const SOURCE = `module t::m;
use sui::clock::Clock;
use sui::event;
public struct M has drop {}
public struct N has drop { n: u8 }
public struct Thing has key, store { id: UID, n: u64 }
public struct Happened has copy, drop { n: u64 }
public enum Kind has copy, drop, store { A, B(u8) }
fun init(_witness: M, _ctx: &mut TxContext) {}
fun helper(_ctx: &mut TxContext) {}
fun calls(ctx: &mut TxContext) { helper(ctx) }
public fun send(thing: Thing) { transfer::transfer(thing, @0x1) }
public fun tell(n: u64) { event::emit(Happened { n }) }
public fun make(): N { N { n: 1 } }
entry fun look(_clock: &Clock) {}
fun touch(_clock: &mut Clock) {}
`

describe('bytecode: the rules of Sui', () => {
  let bytes: Uint8Array
  const framework = new Map(shippedFramework().map((pkg) => [pkg.storageId, pkg]))
  const linkage = new Map([...framework.keys()].map((id) => [id, id]))

  before(async () => {
    bytes = (await compileWithFramework(SOURCE))[0]!
  })

  // Trusted, as what is changed here breaks rules of Move too, which would be found first.
  const verify = (module: Uint8Array, trusted = true) =>
    createVm({getPackage: (id) => framework.get(id)}).verifyForPublish([module], linkage, trusted)
  /** The message with which a change of the module is refused. */
  function refusal(change: (raw: EditableModule) => void): string {
    const raw = readEditable(bytes)
    change(raw)
    try {
      verify(writeEditable(raw))
    } catch (error) {
      const {kind, message} = error as {kind?: string; message: string}
      return `${kind} ${message}`
    }
    return ''
  }
  const identifier = (raw: EditableModule, name: string) => raw.identifiers.indexOf(name)
  const definitionOf = (raw: EditableModule, name: string) => {
    const definition = functionOf(raw, name)
    return {index: raw.function_defs.indexOf(definition), handle: definition.function, definition}
  }
  const structOf = (raw: EditableModule, name: string) =>
    raw.datatype_handles.findIndex((handle) => handle.name === identifier(raw, name))
  const edit = (raw: EditableModule, name: string, changes: Partial<EditableFunction>) => {
    const {index, definition} = definitionOf(raw, name)
    raw.function_defs[index] = {...definition, ...changes}
  }
  const abilities = (raw: EditableModule, name: string, mask: number) => {
    const index = structOf(raw, name)
    raw.datatype_handles[index] = {...raw.datatype_handles[index]!, abilities: mask}
  }

  it('accept what the compiler makes, the framework included', () => {
    verify(bytes, false)
    for (const {modules} of framework.values()) {
      createVm({getPackage: (id) => framework.get(id)}).verifyForPublish([...modules.values()], linkage)
    }
  })

  it('want `id: UID` first in every object, and no objects that are enums', () => {
    assert.match(
      refusal((raw) => abilities(raw, 'N', 8)),
      /^SUI_RULE m: First field of struct N must be 'id', n found/,
    )
    assert.match(
      refusal((raw) => {
        const definition = raw.struct_defs.findIndex((each) => each.struct_handle === structOf(raw, 'Thing'))
        const [id, n] = (
          raw.struct_defs[definition]!.field_information as {Declared: {name: number; signature: never}[]}
        ).Declared
        raw.struct_defs[definition] = {
          ...raw.struct_defs[definition]!,
          field_information: {Declared: [{...id!, signature: n!.signature}, n!]},
        }
      }),
      /^SUI_RULE m: First field of struct Thing must be of type 0x0+2::object::UID/,
    )
    assert.match(
      refusal((raw) => abilities(raw, 'Kind', 8)),
      /^SUI_RULE m: Enum Kind cannot have the 'key' ability/,
    )
  })

  it('want `init` as Sui calls it', () => {
    assert.match(
      refusal((raw) => edit(raw, 'init', {visibility: 'Public'})),
      /^SUI_RULE m: 'init' function must be private/,
    )
    assert.match(
      refusal((raw) => edit(raw, 'init', {is_entry: true})),
      /^SUI_RULE m: 'init' cannot be 'entry'/,
    )
    const signature = (from: string) => (raw: EditableModule) => {
      const [init, other] = [definitionOf(raw, 'init').handle, definitionOf(raw, from).handle]
      const {parameters, return_} = raw.function_handles[other]!
      raw.function_handles[init] = {...raw.function_handles[init]!, parameters, return_}
    }
    assert.match(refusal(signature('make')), /^SUI_RULE m: 'init' function cannot have return values/)
    assert.match(refusal(signature('look')), /^SUI_RULE m: Expected last parameter for 'init'/)
    assert.match(refusal(signature('helper')), /^SUI_RULE m: 'init' of a module with a one-time witness/)
    assert.match(
      refusal((raw) => {
        const {handle} = definitionOf(raw, 'calls')
        const call = definitionOf(raw, 'init').handle
        assert.ok(handle !== call)
        const {definition} = definitionOf(raw, 'calls')
        const code = definition.code!.code.map((each) =>
          typeof each === 'object' && 'Call' in each ? {Call: call} : each,
        )
        edit(raw, 'calls', {code: {...definition.code!, code}})
      }),
      /^SUI_RULE m: calls: Cannot call a module's 'init' function/,
    )
  })

  it('want a one-time witness that is one', () => {
    assert.match(
      refusal((raw) => abilities(raw, 'M', 6)),
      /^SUI_RULE m: one-time witness type candidate M must have a single ability: drop/,
    )
    assert.match(
      refusal((raw) => {
        const witness = raw.struct_defs.findIndex((each) => each.struct_handle === structOf(raw, 'M'))
        const {definition} = definitionOf(raw, 'make')
        const code = definition.code!.code.map((each) =>
          typeof each === 'object' && 'Pack' in each ? {Pack: witness} : each,
        )
        edit(raw, 'make', {code: {...definition.code!, code}})
      }),
      /^SUI_RULE m: one-time witness type M is instantiated in make/,
    )
  })

  it('keep transfers and events to types of the module', () => {
    const instantiate = (raw: EditableModule, type: RawModule['signatures'][number][number]) => {
      raw.signatures.push([type])
      raw.function_instantiations = raw.function_instantiations.map((each) => ({
        ...each,
        type_parameters: raw.signatures.length - 1,
      }))
    }
    assert.match(
      refusal((raw) => instantiate(raw, 'U64')),
      /^SUI_RULE m: send: Invalid call to '0x0+2::transfer::transfer'. Type argument #0/,
    )
    assert.match(
      refusal((raw) => instantiate(raw, {Datatype: structOf(raw, 'Clock')})),
      /^SUI_RULE m: send: Invalid call to/,
    )
  })

  it('let entry functions only read the Clock', () => {
    assert.match(
      refusal((raw) => edit(raw, 'touch', {is_entry: true})),
      /^SUI_RULE m: touch: Invalid entry point parameter type. 0x0+2::clock::Clock must be passed by immutable/,
    )
  })

  it('want a new UID for each object', async () => {
    const source = `module t::m;
public struct Thing has key, store { id: UID, n: u64 }
public struct Other<T> has key { id: UID, x: T }
public fun plain(ctx: &mut TxContext): Thing { let id = object::new(ctx); Thing { id, n: 1 } }
public fun generic<T>(x: T, ctx: &mut TxContext): Other<T> { Other { id: object::new(ctx), x } }
public fun branch(on: bool, ctx: &mut TxContext): Thing {
    let id = if (on) { object::new(ctx) } else { object::new(ctx) };
    Thing { id, n: 1 }
}
fun uid(ctx: &mut TxContext): UID { object::new(ctx) }`
    const [compiled] = await compileWithFramework(source)
    verify(compiled!, false)
    // The UID comes out of a function of the module, which might have it from anywhere.
    for (const name of ['plain', 'generic', 'branch']) {
      const raw = readEditable(compiled!)
      const calls = functionOf(raw, name).code!.code
      const call = calls.findLastIndex((each) => typeof each === 'object' && 'Call' in each)
      calls[call] = {Call: handleOf(raw, 'uid')}
      assert.throws(() => verify(writeEditable(raw), false), {
        kind: 'SUI_RULE',
        message: new RegExp(
          `^m: Invalid object creation in ${name}. Object created without a newly created UID`,
        ),
      })
    }
  })
})
