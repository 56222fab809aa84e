import * as template from '@mysten/move-bytecode-template'
import type {ModuleSource} from './sources.ts'

/** Parts of a deserialised module that summaries need. */
interface BytecodeModule {
  self_module_handle_idx: number
  module_handles: {address: number; name: number}[]
  datatype_handles: {
    module: number
    name: number
    abilities: number
    type_parameters: {constraints: number; is_phantom: boolean}[]
  }[]
  function_handles: {module: number; name: number; parameters: number; return_: number; type_parameters: number[]}[]
  signatures: Token[][]
  identifiers: string[]
  address_identifiers: string[]
  struct_defs: {struct_handle: number; field_information: {Declared?: {name: number; signature: Token}[]}}[]
  enum_defs: {enum_handle: number; variants: {variant_name: number; fields: {name: number; signature: Token}[]}[]}[]
  function_defs: {function: number; visibility: string; is_entry: boolean}[]
}

type Token =
  | string
  | {Vector: Token}
  | {Reference: Token}
  | {MutableReference: Token}
  | {TypeParameter: number}
  | {Datatype: number}
  | {DatatypeInstantiation: [number, Token[]]}

const ABILITIES = ['Copy', 'Drop', 'Store', 'Key']

/**
 * Makes of bytecode what `sui move summary` makes of sources: the input of @mysten/codegen.
 * @param source adds names of parameters and comments, if it is there
 */
export function summarise(bytes: Uint8Array, source?: ModuleSource): Record<string, unknown> & {id: {address: string; name: string}} {
  const module = template.deserialize(bytes) as BytecodeModule
  const handle = at(module.module_handles, module.self_module_handle_idx)
  const id = {address: addressOf(module, handle.address), name: at(module.identifiers, handle.name)}
  const structs = module.struct_defs.map((definition) => structOf(module, definition, source))
  const enums = module.enum_defs.map((definition) => enumOf(module, definition))
  const functions = module.function_defs.map((definition, index) => functionOf(module, definition, index, source))
  return {
    id,
    doc: source?.doc ?? null,
    immediate_dependencies: [],
    attributes: [],
    functions: Object.fromEntries(functions),
    structs: Object.fromEntries(structs),
    enums: Object.fromEntries(enums),
  }
}

function structOf(module: BytecodeModule, definition: BytecodeModule['struct_defs'][number], source?: ModuleSource) {
  const handle = at(module.datatype_handles, definition.struct_handle)
  const name = at(module.identifiers, handle.name)
  const comments = source?.structs.get(name)
  const fields = fieldsOf(module, definition.field_information.Declared ?? [], comments?.fields)
  return [
    name,
    {
      index: definition.struct_handle,
      doc: comments?.doc ?? null,
      attributes: [],
      abilities: abilitiesOf(handle.abilities),
      type_parameters: typeParametersOf(handle),
      fields,
    },
  ] as const
}

function enumOf(module: BytecodeModule, definition: BytecodeModule['enum_defs'][number]) {
  const handle = at(module.datatype_handles, definition.enum_handle)
  const variants = definition.variants.map((variant, index) => [
    at(module.identifiers, variant.variant_name),
    {index, doc: null, fields: fieldsOf(module, variant.fields)},
  ])
  return [
    at(module.identifiers, handle.name),
    {
      index: definition.enum_handle,
      doc: null,
      attributes: [],
      abilities: abilitiesOf(handle.abilities),
      type_parameters: typeParametersOf(handle),
      variants: Object.fromEntries(variants) as unknown,
    },
  ] as const
}

function functionOf(
  module: BytecodeModule,
  definition: BytecodeModule['function_defs'][number],
  index: number,
  source?: ModuleSource,
) {
  const handle = at(module.function_handles, definition.function)
  const name = at(module.identifiers, handle.name)
  const written = source?.functions.get(name)
  const parameters = at(module.signatures, handle.parameters).map((token, position) => ({
    ...(written === undefined ? {} : {name: written.parameters[position]?.name}),
    type_: typeOf(module, token),
  }))
  return [
    name,
    {
      source_index: index,
      index,
      doc: written?.doc ?? null,
      attributes: [],
      visibility: definition.visibility,
      entry: definition.is_entry,
      macro_: false,
      type_parameters: handle.type_parameters.map((set) => ({constraints: abilitiesOf(set)})),
      parameters,
      return_: at(module.signatures, handle.return_).map((token) => typeOf(module, token)),
    },
  ] as const
}

function fieldsOf(
  module: BytecodeModule,
  fields: readonly {name: number; signature: Token}[],
  comments?: ReadonlyMap<string, string>,
) {
  const entries = fields.map((field, index) => {
    const name = at(module.identifiers, field.name)
    return [name, {index, doc: comments?.get(name) || null, type_: typeOf(module, field.signature)}]
  })
  const positional = fields.length > 0 && fields.every((field, index) => at(module.identifiers, field.name) === `pos${index}`)
  return {positional_fields: positional, fields: Object.fromEntries(entries) as Record<string, unknown>}
}

function typeOf(module: BytecodeModule, token: Token): unknown {
  if (typeof token === 'string') return token.toLowerCase()
  if ('Vector' in token) return {vector: typeOf(module, token.Vector)}
  if ('Reference' in token) return {Reference: [false, typeOf(module, token.Reference)]}
  if ('MutableReference' in token) return {Reference: [true, typeOf(module, token.MutableReference)]}
  if ('TypeParameter' in token) return {TypeParameter: token.TypeParameter}
  const [index, args] = 'Datatype' in token ? [token.Datatype, []] : token.DatatypeInstantiation
  const handle = at(module.datatype_handles, index)
  const owner = at(module.module_handles, handle.module)
  return {
    Datatype: {
      module: {address: addressOf(module, owner.address), name: at(module.identifiers, owner.name)},
      name: at(module.identifiers, handle.name),
      type_arguments: args.map((argument, position) => ({
        phantom: handle.type_parameters[position]?.is_phantom ?? false,
        argument: typeOf(module, argument),
      })),
    },
  }
}

function typeParametersOf(handle: BytecodeModule['datatype_handles'][number]) {
  return handle.type_parameters.map((parameter) => ({
    constraints: abilitiesOf(parameter.constraints),
    phantom: parameter.is_phantom,
  }))
}

function abilitiesOf(bits: number): string[] {
  return ABILITIES.filter((_, bit) => (bits & (1 << bit)) !== 0)
}

function addressOf(module: BytecodeModule, index: number): string {
  return `0x${at(module.address_identifiers, index)}`
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new Error(`the bytecode refers to entry ${index} of ${items.length}`)
  return item
}
