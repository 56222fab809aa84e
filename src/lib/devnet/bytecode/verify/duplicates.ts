import {entry, type RawModule} from '../module.ts'
import {refuse} from './refusal.ts'
import type {ModuleView} from './view.ts'

function distinct(what: string, items: readonly unknown[]): void {
  const keys = new Set(items.map((item) => JSON.stringify(item)))
  if (keys.size < items.length) refuse('DUPLICATE_ELEMENT', `${what} are there twice`)
}

/** Nothing stands twice in a table; what is defined is defined once, here, and whatever has a handle here is defined. */
export function checkDuplicates(view: ModuleView): void {
  const {raw} = view
  distinct('identifiers', raw.identifiers)
  distinct('addresses', raw.address_identifiers)
  distinct('constants', raw.constant_pool)
  distinct('signatures', raw.signatures)
  distinct('module handles', raw.module_handles)
  distinct('friends', raw.friend_decls)
  const place = ({module, name}: {module: number; name: number}) => [module, name]
  distinct('datatype handles', raw.datatype_handles.map(place))
  distinct('function handles', raw.function_handles.map(place))
  distinct('function instantiations', raw.function_instantiations)
  distinct('field handles', raw.field_handles)
  distinct('field instantiations', raw.field_instantiations)
  distinct('struct instantiations', raw.struct_def_instantiations)
  distinct('enum instantiations', raw.enum_def_instantiations)
  distinct('variant handles', raw.variant_handles)
  distinct('variant instantiations', raw.variant_instantiation_handles)
  checkFunctions(raw)
  checkDatatypes(view)
}

function checkFunctions(raw: RawModule): void {
  const defined = raw.function_defs.map((definition) => definition.function)
  distinct('function definitions', defined)
  for (const {acquires_global_resources: acquired} of raw.function_defs) {
    // There is no global storage on Sui, so nothing can be acquired from it.
    if (acquired.length > 0) refuse('EXTRANEOUS_ACQUIRES_ANNOTATION', 'a function acquires a resource')
  }
  checkHandles(raw, raw.function_handles, defined)
}

function checkDatatypes(view: ModuleView): void {
  const {raw} = view
  const structs = raw.struct_defs.map((definition) => definition.struct_handle)
  const defined = [...structs, ...raw.enum_defs.map((definition) => definition.enum_handle)]
  distinct('datatype definitions', defined)
  raw.struct_defs.forEach((_, index) => {
    const fields = view.structFields(index)
    if (fields.length === 0) refuse('ZERO_SIZED_STRUCT', 'a struct has no fields')
    distinct(
      'fields',
      fields.map(({name}) => name),
    )
  })
  for (const {variants} of raw.enum_defs) {
    if (variants.length === 0) refuse('ZERO_SIZED_ENUM', 'an enum has no variants')
    distinct(
      'variants',
      variants.map((variant) => variant.variant_name),
    )
    for (const {fields} of variants) {
      distinct(
        'fields',
        fields.map(({name}) => name),
      )
    }
  }
  checkHandles(raw, raw.datatype_handles, defined)
}

/** What is defined is of this module, and what is of this module is defined. */
function checkHandles(
  raw: RawModule,
  handles: readonly {readonly module: number; readonly name: number}[],
  defined: readonly number[],
): void {
  const self = raw.self_module_handle_idx
  for (const index of defined) {
    const {module, name} = entry(handles, index)
    if (module !== self)
      refuse('INVALID_MODULE_HANDLE', `${entry(raw.identifiers, name)} is of another module`)
  }
  const known = new Set(defined)
  handles.forEach(({module, name}, index) => {
    if (module === self && !known.has(index))
      refuse('UNIMPLEMENTED_HANDLE', `${entry(raw.identifiers, name)} is not defined`)
  })
}
