import * as template from '@mysten/move-bytecode-template'
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {readDaasPackage, readFramework} from '../../src/lib/contracts/package.ts'

/** Parts of a deserialised module that tell what it refers to. */
interface Module {
  module_handles: {address: number; name: number}[]
  datatype_handles: {
    module: number
    name: number
    abilities: number
    type_parameters: {constraints: number; is_phantom: boolean}[]
  }[]
  function_handles: {module: number; name: number; parameters: number; return_: number; type_parameters: number[]}[]
  function_defs: {function: number; visibility: string}[]
  struct_defs: {struct_handle: number; field_information: {Declared?: {name: number; signature: Token}[]}}[]
  signatures: Token[][]
  identifiers: string[]
  address_identifiers: string[]
}

type Token =
  | string
  | {Vector: Token}
  | {Reference: Token}
  | {MutableReference: Token}
  | {TypeParameter: number}
  | {Datatype: number}
  | {DatatypeInstantiation: [number, Token[]]}

interface StructShape {
  abilities: string[]
  typeParameters: {constraints: string[]; phantom: boolean}[]
  fields?: {name: string; type: string}[]
}

interface FunctionShape {
  typeParameters: string[][]
  parameters: string[]
  returns: string[]
}

const published = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/published-framework.json'), 'utf8'),
) as {structs: Record<string, Required<StructShape>>; functions: Record<string, FunctionShape>}

const ABILITIES = ['copy', 'drop', 'store', 'key']
const abilities = (bits: number): string[] => ABILITIES.filter((_, bit) => (bits & (1 << bit)) !== 0)

class Reader {
  readonly #module: Module
  constructor(bytes: Uint8Array) {
    this.#module = template.deserialize(bytes) as Module
  }

  /** What of 0x1 and 0x2 the module refers to. */
  references(): {structs: Map<string, StructShape>; functions: Map<string, FunctionShape>} {
    const {datatype_handles: datatypes, function_handles: functions} = this.#module
    return {
      structs: new Map(datatypes.map((handle, index) => [this.#datatype(index), this.#struct(handle)])),
      functions: new Map(functions.map((handle) => [this.#name(handle), this.#function(handle)])),
    }
  }

  /** The fields of the structs that the module defines. */
  layouts(): Map<string, StructShape> {
    const {struct_defs: definitions, datatype_handles: handles, identifiers} = this.#module
    return new Map(
      definitions.map(({struct_handle: index, field_information: {Declared: fields = []}}) => [
        this.#datatype(index),
        {
          ...this.#struct(handles[index]!),
          fields: fields.map(({name, signature}) => ({name: identifiers[name]!, type: this.#type(signature)})),
        },
      ]),
    )
  }

  /** The public functions that the module defines. */
  publicFunctions(): Map<string, FunctionShape> {
    const {function_defs: definitions, function_handles: handles} = this.#module
    return new Map(
      definitions
        .filter(({visibility}) => visibility === 'Public')
        .map(({function: index}) => [this.#name(handles[index]!), this.#function(handles[index]!)]),
    )
  }

  #struct(handle: Module['datatype_handles'][number]): StructShape {
    return {
      abilities: abilities(handle.abilities),
      typeParameters: handle.type_parameters.map((parameter) => ({
        constraints: abilities(parameter.constraints),
        phantom: parameter.is_phantom,
      })),
    }
  }

  #function(handle: Module['function_handles'][number]): FunctionShape {
    const {signatures} = this.#module
    return {
      typeParameters: handle.type_parameters.map(abilities),
      parameters: signatures[handle.parameters]!.map((token) => this.#type(token)),
      returns: signatures[handle.return_]!.map((token) => this.#type(token)),
    }
  }

  #name({module, name}: {module: number; name: number}): string {
    const {module_handles: modules, address_identifiers: addresses, identifiers} = this.#module
    const handle = modules[module]!
    const address = BigInt(`0x${addresses[handle.address]!}`).toString(16)
    return `0x${address}::${identifiers[handle.name]!}::${identifiers[name]!}`
  }

  #datatype(index: number): string {
    return this.#name(this.#module.datatype_handles[index]!)
  }

  #type(token: Token): string {
    if (typeof token === 'string') return token.toLowerCase()
    if ('Vector' in token) return `vector<${this.#type(token.Vector)}>`
    if ('Reference' in token) return `&${this.#type(token.Reference)}`
    if ('MutableReference' in token) return `&mut ${this.#type(token.MutableReference)}`
    if ('TypeParameter' in token) return `T${token.TypeParameter}`
    if ('Datatype' in token) return this.#datatype(token.Datatype)
    const [index, args] = token.DatatypeInstantiation
    return `${this.#datatype(index)}<${args.map((each) => this.#type(each)).join(', ')}>`
  }
}

const foreign = <T>(entries: Map<string, T>): [string, T][] =>
  [...entries].filter(([name]) => !name.startsWith('0x0::'))

describe('linking with the published framework', () => {
  const modules = readDaasPackage().modules.map((text) => new Reader(new Uint8Array(Buffer.from(text, 'base64'))))
  const references = modules.map((module) => module.references())
  const structs = new Map(references.flatMap((each) => foreign(each.structs)))
  const functions = new Map(references.flatMap((each) => foreign(each.functions)))
  const standIn = readFramework().flatMap((each) => [...each.modules.values()].map((bytes) => new Reader(bytes)))
  const layouts = new Map(standIn.flatMap((each) => [...each.layouts()]))
  const standInFunctions = new Map(standIn.flatMap((each) => [...each.publicFunctions()]))

  it('refers to what is in the table, and to nothing else', () => {
    assert.deepEqual([...functions.keys()].sort(), Object.keys(published.functions).sort())
    const inside = new Set(['0x2::vec_map::Entry'])
    const named = Object.keys(published.structs).filter((name) => !inside.has(name))
    assert.deepEqual([...structs.keys()].sort(), named.sort())
  })

  for (const [name, shape] of functions) {
    it(`calls ${name} as it is published`, () => {
      assert.deepEqual(shape, published.functions[name])
      assert.deepEqual(standInFunctions.get(name), published.functions[name])
    })
  }

  for (const [name, {fields: _, ...shape}] of Object.entries(published.structs)) {
    it(`knows ${name} as it is published`, () => {
      if (structs.has(name)) assert.deepEqual(structs.get(name), shape)
      assert.deepEqual(layouts.get(name), published.structs[name])
    })
  }
})
