import {allFields} from './fields.ts'
import {refuse} from './refusal.ts'
import {partsOf, type Type} from './types.ts'
import type {ModuleView} from './view.ts'

/** What a module may have at most: the protocol configuration of Sui (sui-protocol-config). */
export const MOST = {
  loopDepth: 5,
  typeParameters: 32,
  parameters: 128,
  blocks: 1024,
  backEdges: 10_000,
  stack: 1024,
  pushes: 10_000,
  typeNodes: 256,
  dataDefinitions: 200,
  functionDefinitions: 1000,
  fields: 32,
  identifier: 128,
} as const

/** A datatype and a type parameter count four times: each stands for more than itself. */
function weight(type: Type): number {
  let sum = 0
  for (const {kind} of partsOf(type)) sum += kind === 'Datatype' || kind === 'TypeParameter' ? 4 : 1
  return sum
}

/** Holds a module to what Sui allows in number and size. */
export function checkLimits(view: ModuleView): void {
  const {raw} = view
  for (const handle of raw.function_handles) {
    if (handle.type_parameters.length > MOST.typeParameters)
      refuse('TOO_MANY_TYPE_PARAMETERS', 'a function has too many type parameters')
    if (view.signature(handle.parameters).length > MOST.parameters)
      refuse('TOO_MANY_PARAMETERS', 'a function has too many parameters')
  }
  for (const handle of raw.datatype_handles) {
    if (handle.type_parameters.length > MOST.typeParameters)
      refuse('TOO_MANY_TYPE_PARAMETERS', 'a datatype has too many type parameters')
  }
  for (const type of typesOf(view)) {
    if (weight(type) > MOST.typeNodes) refuse('TOO_MANY_TYPE_NODES', 'a type is too big')
  }
  for (const identifier of raw.identifiers) {
    if (identifier.length > MOST.identifier) refuse('IDENTIFIER_TOO_LONG', identifier)
  }
  checkDefinitions(view)
}

function* typesOf(view: ModuleView): Generator<Type> {
  const {raw, types} = view
  for (let index = 0; index < raw.signatures.length; index++) yield* view.signature(index)
  for (const constant of raw.constant_pool) yield types.of(constant.type_)
  for (const {type} of allFields(view)) yield type
}

function checkDefinitions(view: ModuleView): void {
  const {raw} = view
  if (raw.function_defs.length > MOST.functionDefinitions)
    refuse('MAX_FUNCTION_DEFINITIONS_REACHED', `${raw.function_defs.length} functions`)
  const datatypes = raw.struct_defs.length + raw.enum_defs.length
  if (datatypes > MOST.dataDefinitions) refuse('MAX_STRUCT_DEFINITIONS_REACHED', `${datatypes} datatypes`)
  raw.struct_defs.forEach((_, index) => {
    if (view.structFields(index).length > MOST.fields)
      refuse('MAX_FIELD_DEFINITIONS_REACHED', 'a struct has too many fields')
  })
  for (const {variants} of raw.enum_defs) {
    const fields = variants.reduce((sum, variant) => sum + variant.fields.length, 0)
    if (fields > MOST.fields) refuse('MAX_FIELD_DEFINITIONS_REACHED', 'an enum has too many fields')
  }
}
