/** A module as the passes of the verifier look at it: definitions by index, functions with their code read. */
import {entry, moduleIdOf, splitInstruction, type RawField, type RawModule} from '../module.ts'
import {readFlow, type Flow} from './flow.ts'
import {refuse} from './refusal.ts'
import {TypePool, type Type} from './types.ts'

/** An instruction with its operands as numbers; literals are left out. */
export interface Instruction {
  readonly name: string
  /** Index of a table, a local or an instruction. */
  readonly index: number
  /** How many values VecPack and VecUnpack take. */
  readonly count: number
}

/** A function with code. */
export interface FunctionView {
  readonly name: string
  /** Index of its definition. */
  readonly definition: number
  /** Abilities of its type parameters. */
  readonly constraints: readonly number[]
  readonly parameters: readonly Type[]
  readonly returns: readonly Type[]
  /** Parameters, then the other locals. */
  readonly locals: readonly Type[]
  readonly code: readonly Instruction[]
  readonly flow: Flow
  readonly jumpTables: readonly {readonly head: number; readonly targets: readonly number[]}[]
}

/** A struct, or a variant of an enum, as an instruction means it. */
export interface DataUse {
  readonly type: Type
  readonly handle: number
  /** Types of the fields under the type arguments. */
  readonly fields: readonly Type[]
  readonly generic: boolean
  /** Of a field instruction: which field. */
  readonly field: number
  /** Tells the enum and variant, or the struct, apart from others of the module. */
  readonly key: string
}

/** A function as a call means it. */
export interface CallUse {
  readonly handle: number
  readonly parameters: readonly Type[]
  readonly returns: readonly Type[]
}

export class ModuleView {
  readonly raw: RawModule
  readonly types: TypePool
  readonly name: string
  readonly #signatures: Type[][] = []
  readonly #uses = new Map<string, DataUse>()
  readonly #calls = new Map<string, CallUse>()
  #functions: FunctionView[] | undefined

  constructor(raw: RawModule) {
    this.raw = raw
    this.types = new TypePool(raw)
    this.name = moduleIdOf(raw, raw.self_module_handle_idx).name
  }

  /** The types of a signature. */
  signature(index: number): readonly Type[] {
    return (this.#signatures[index] ??= entry(this.raw.signatures, index).map((token) =>
      this.types.of(token),
    ))
  }

  /** Every function that has code. */
  functions(): readonly FunctionView[] {
    return (this.#functions ??= this.raw.function_defs.flatMap((_, definition) => {
      const view = this.#function(definition)
      return view === undefined ? [] : [view]
    }))
  }

  #function(definition: number): FunctionView | undefined {
    const {function: handleIndex, code} = entry(this.raw.function_defs, definition)
    if (code === undefined) return undefined
    const handle = entry(this.raw.function_handles, handleIndex)
    const name = entry(this.raw.identifiers, handle.name)
    const instructions = code.code.map((raw): Instruction => {
      const {name: operation, operand} = splitInstruction(raw)
      if (Array.isArray(operand)) {
        const isLiteral = operation.startsWith('Ld')
        return {
          name: operation,
          index: isLiteral ? 0 : Number(operand[0]),
          count: isLiteral ? 0 : Number(operand[1]),
        }
      }
      return {name: operation, index: typeof operand === 'number' ? operand : 0, count: 0}
    })
    const jumpTables = code.jump_tables.map(({head_enum: head, jump_table: {Full: targets}}) => ({
      head,
      targets,
    }))
    const parameters = this.signature(handle.parameters)
    return {
      name,
      definition,
      constraints: handle.type_parameters,
      parameters,
      returns: this.signature(handle.return_),
      locals: [...parameters, ...this.signature(code.locals)],
      code: instructions,
      flow: readFlow(name, instructions, jumpTables),
      jumpTables,
    }
  }

  /** The struct or variant that an instruction packs, unpacks or borrows from. */
  dataUse({name, index}: Instruction): DataUse {
    const key = `${name}${index}`
    let use = this.#uses.get(key)
    if (use === undefined) {
      use = this.#readUse(name, index)
      this.#uses.set(key, use)
    }
    return use
  }

  #readUse(name: string, index: number): DataUse {
    const {raw} = this
    const generic = name.includes('Generic')
    if (name.includes('Variant')) {
      if (!generic) {
        const {enum_def: definition, variant} = entry(raw.variant_handles, index)
        return this.#variant(definition, variant, [], generic)
      }
      const {enum_def: instantiation, variant} = entry(raw.variant_instantiation_handles, index)
      const {def, type_parameters: args} = entry(raw.enum_def_instantiations, instantiation)
      return this.#variant(def, variant, this.signature(args), generic)
    }
    if (name.includes('BorrowField')) {
      const instantiation = generic ? entry(raw.field_instantiations, index) : undefined
      const {owner, field} = entry(raw.field_handles, instantiation?.handle ?? index)
      const args = instantiation === undefined ? [] : this.signature(instantiation.type_parameters)
      return this.#struct(owner, args, generic, field)
    }
    if (!generic) return this.#struct(index, [], generic)
    const {def, type_parameters: args} = entry(raw.struct_def_instantiations, index)
    return this.#struct(def, this.signature(args), generic)
  }

  #struct(definition: number, args: readonly Type[], generic: boolean, field = 0): DataUse {
    const {struct_handle: handle} = entry(this.raw.struct_defs, definition)
    return this.#data(handle, args, generic, this.structFields(definition), field, `s${definition}`)
  }

  #variant(definition: number, tag: number, args: readonly Type[], generic: boolean): DataUse {
    const {enum_handle: handle, variants} = entry(this.raw.enum_defs, definition)
    return this.#data(handle, args, generic, entry(variants, tag).fields, 0, `e${definition}.${tag}`)
  }

  #data(
    handle: number,
    args: readonly Type[],
    generic: boolean,
    fields: readonly RawField[],
    field: number,
    key: string,
  ): DataUse {
    return {
      type: this.types.make('Datatype', args, handle),
      handle,
      fields: fields.map(({signature}) => this.types.substitute(this.types.of(signature), args)),
      generic,
      field,
      key,
    }
  }

  /** Fields of a struct definition. Throws VerifierRefusal for a native struct, which Sui does not have. */
  structFields(definition: number): readonly RawField[] {
    const {field_information: fields} = entry(this.raw.struct_defs, definition)
    return fields === 'Native' ? refuse('BORROWFIELD_BAD_FIELD_ERROR', 'a native struct') : fields.Declared
  }

  /** The function that a call means. */
  callUse({name, index}: Instruction): CallUse {
    const key = `${name}${index}`
    let use = this.#calls.get(key)
    if (use === undefined) {
      const instantiation =
        name === 'CallGeneric' ? entry(this.raw.function_instantiations, index) : undefined
      const handle = instantiation?.handle ?? index
      const args = instantiation === undefined ? [] : this.signature(instantiation.type_parameters)
      const {parameters, return_: returns} = entry(this.raw.function_handles, handle)
      const under = (types: readonly Type[]) => types.map((type) => this.types.substitute(type, args))
      use = {handle, parameters: under(this.signature(parameters)), returns: under(this.signature(returns))}
      this.#calls.set(key, use)
    }
    return use
  }

  /** The element type that a vector instruction names. */
  elementType({index}: Instruction): Type {
    return entry(this.signature(index), 0)
  }
}
