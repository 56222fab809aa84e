import assert from 'node:assert/strict'
import type {RawInstruction, RawToken} from '../../../../../src/lib/devnet/bytecode/module.ts'
import {datatypeOf, functionOf, handleOf, setCode, signatureOf, type EditableModule} from '../editable.ts'

export type Change = (module: EditableModule) => void

/** What a function is made to do, by its name. */
export const code =
  (name: string, ...instructions: RawInstruction[]): Change =>
  (module) =>
    setCode(module, name, instructions)

/** Replaces instructions of one kind in a function. */
export const replace =
  (name: string, from: string, to: (operand: number) => RawInstruction[]): Change =>
  (module) => {
    const before = functionOf(module, name).code!.code
    const after = before.flatMap((each) => {
      const found = typeof each === 'string' ? each : Object.keys(each)[0]
      return found === from ? to(typeof each === 'string' ? 0 : Number(each[from])) : [each]
    })
    assert.notDeepEqual(after, before, `no ${from} in ${name}`)
    setCode(module, name, after as RawInstruction[])
  }

/** Locals of a function besides its parameters. */
export const locals =
  (name: string, tokens: RawToken[], then: Change): Change =>
  (module) => {
    functionOf(module, name).code!.locals = signatureOf(module, tokens)
    then(module)
  }

export const many = <T>(count: number, item: T): T[] => Array.from({length: count}, () => item)
export const u64: RawInstruction = {LdU64: 1n}
export const struct = (name: string) => (module: EditableModule) =>
  module.struct_defs.findIndex((definition) => definition.struct_handle === datatypeOf(module, name))
export const fieldsOf = (module: EditableModule, name: string) => {
  const {field_information: fields} = module.struct_defs[struct(name)(module)]!
  return fields === 'Native' ? assert.fail(name) : fields.Declared
}
export const use =
  (name: string, build: (module: EditableModule) => RawInstruction[]): Change =>
  (module) =>
    setCode(module, name, build(module))
export const call = (module: EditableModule, name: string): RawInstruction => ({Call: handleOf(module, name)})
export const pack = (module: EditableModule, name: string): RawInstruction => ({Pack: struct(name)(module)})

/** What breaks a rule: the status with which Sui's verifier refuses it, what it is, and how a module comes to it. */
export type Case = readonly [status: string, what: string, change: Change]
