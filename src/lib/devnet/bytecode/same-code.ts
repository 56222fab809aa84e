/** Whether two modules say the same: tables may be in another order, so everything is compared by what it means. */
import {
  entry,
  moduleIdOf,
  splitInstruction,
  type RawModule,
  type RawOperand,
  type RawToken,
} from './module.ts'

/** What a module defines, each part by its name, as text that is the same where the meaning is. */
export interface ModuleParts {
  readonly datatypes: ReadonlyMap<string, string>
  readonly functions: ReadonlyMap<string, string>
}

class Reader {
  readonly #raw: RawModule

  constructor(raw: RawModule) {
    this.#raw = raw
  }

  name(index: number): string {
    return entry(this.#raw.identifiers, index)
  }

  datatype(index: number): string {
    const handle = entry(this.#raw.datatype_handles, index)
    const {address, name} = moduleIdOf(this.#raw, handle.module)
    return `${address}::${name}::${this.name(handle.name)}`
  }

  type(token: RawToken): unknown {
    if (typeof token === 'string') return token
    if ('Vector' in token) return ['vector', this.type(token.Vector)]
    if ('Datatype' in token) return this.datatype(token.Datatype)
    if ('DatatypeInstantiation' in token) {
      const [handle, args] = token.DatatypeInstantiation
      return [this.datatype(handle), ...args.map((argument) => this.type(argument))]
    }
    if ('Reference' in token) return ['&', this.type(token.Reference)]
    if ('MutableReference' in token) return ['&mut', this.type(token.MutableReference)]
    return token
  }

  signature(index: number): unknown[] {
    return entry(this.#raw.signatures, index).map((token) => this.type(token))
  }

  function(index: number): unknown {
    const handle = entry(this.#raw.function_handles, index)
    const {address, name} = moduleIdOf(this.#raw, handle.module)
    return [`${address}::${name}::${this.name(handle.name)}`, this.#parts(handle)]
  }

  #parts(handle: RawModule['function_handles'][number]): unknown {
    return [handle.type_parameters, this.signature(handle.parameters), this.signature(handle.return_)]
  }

  struct(index: number): string {
    return this.datatype(entry(this.#raw.struct_defs, index).struct_handle)
  }

  #field(index: number): unknown {
    const {owner, field} = entry(this.#raw.field_handles, index)
    return [this.struct(owner), field]
  }

  #variant(index: number, generic: boolean): unknown {
    const {variant_handles: plain, variant_instantiation_handles: instantiated} = this.#raw
    if (!generic) {
      const {enum_def: definition, variant} = entry(plain, index)
      return [this.datatype(entry(this.#raw.enum_defs, definition).enum_handle), variant]
    }
    const {enum_def: instantiation, variant} = entry(instantiated, index)
    const {def, type_parameters: args} = entry(this.#raw.enum_def_instantiations, instantiation)
    return [this.datatype(entry(this.#raw.enum_defs, def).enum_handle), this.signature(args), variant]
  }

  /** The operand of an instruction by what it names. */
  operand(instruction: string, operand: RawOperand): unknown {
    const index = Number(operand)
    const raw = this.#raw
    if (instruction === 'Call') return this.function(index)
    if (instruction === 'CallGeneric') {
      const {handle, type_parameters: args} = entry(raw.function_instantiations, index)
      return [this.function(handle), this.signature(args)]
    }
    if (instruction === 'LdConst') {
      const {type_: type, data} = entry(raw.constant_pool, index)
      return [this.type(type), data]
    }
    if (instruction.includes('Variant') && instruction !== 'VariantSwitch') {
      return this.#variant(index, instruction.includes('Generic'))
    }
    if (instruction.includes('BorrowField')) {
      if (!instruction.endsWith('Generic')) return this.#field(index)
      const {handle, type_parameters: args} = entry(raw.field_instantiations, index)
      return [this.#field(handle), this.signature(args)]
    }
    if (instruction === 'Pack' || instruction === 'Unpack') return this.struct(index)
    if (instruction === 'PackGeneric' || instruction === 'UnpackGeneric') {
      const {def, type_parameters: args} = entry(raw.struct_def_instantiations, index)
      return [this.struct(def), this.signature(args)]
    }
    if (instruction.startsWith('Vec')) {
      const [signature, count] = typeof operand === 'object' ? operand : [operand]
      return [this.signature(Number(signature)), Number(count ?? 0)]
    }
    return typeof operand === 'object' ? operand.map(String) : String(operand)
  }
}

/** The parts of a module. */
export function partsOf(raw: RawModule): ModuleParts {
  const reader = new Reader(raw)
  const datatypes = new Map<string, string>()
  const add = (handleIndex: number, parts: unknown): void => {
    const {abilities, type_parameters: parameters} = entry(raw.datatype_handles, handleIndex)
    datatypes.set(reader.datatype(handleIndex), JSON.stringify([abilities, parameters, parts]))
  }
  type Fields = readonly {readonly name: number; readonly signature: RawToken}[]
  const fields = (list: Fields) =>
    list.map(({name, signature}) => [reader.name(name), reader.type(signature)])
  for (const {struct_handle: handle, field_information: information} of raw.struct_defs) {
    add(handle, information === 'Native' ? information : fields(information.Declared))
  }
  for (const {enum_handle: handle, variants} of raw.enum_defs) {
    add(
      handle,
      variants.map((variant) => [reader.name(variant.variant_name), fields(variant.fields)]),
    )
  }
  const functions = new Map<string, string>()
  for (const {function: handle, visibility, is_entry: isEntry, code} of raw.function_defs) {
    const body =
      code === undefined
        ? undefined
        : {
            locals: reader.signature(code.locals),
            code: code.code.map((instruction) => {
              const {name, operand} = splitInstruction(instruction)
              return [name, reader.operand(name, operand)]
            }),
            jumps: code.jump_tables.map(({head_enum: head, jump_table: table}) => [
              reader.datatype(entry(raw.enum_defs, head).enum_handle),
              table,
            ]),
          }
    const name = reader.name(entry(raw.function_handles, handle).name)
    functions.set(name, JSON.stringify([reader.function(handle), visibility, isEntry, body]))
  }
  return {datatypes, functions}
}
