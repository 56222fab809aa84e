import {entry} from '../module.ts'
import {refuse} from './refusal.ts'
import {ALL_ABILITIES, partsOf, requirement, type Type} from './types.ts'
import type {ModuleView} from './view.ts'

/** A field of a struct or of a variant. */
export interface FieldView {
  readonly type: Type
  /** Handle of the datatype it belongs to. */
  readonly handle: number
}

/** The fields of all structs and enums of a module. */
export function allFields(view: ModuleView): FieldView[] {
  const {raw, types} = view
  const structs = raw.struct_defs.flatMap(({struct_handle: handle}, index) =>
    view.structFields(index).map(({signature}) => ({type: types.of(signature), handle})),
  )
  const enums = raw.enum_defs.flatMap(({enum_handle: handle, variants}) =>
    variants.flatMap(({fields}) => fields.map(({signature}) => ({type: types.of(signature), handle}))),
  )
  return [...structs, ...enums]
}

/** A field has the abilities that its datatype needs of it, and no datatype holds itself. */
export function checkFields(view: ModuleView): void {
  const {raw, types} = view
  const holds = new Map<number, Set<number>>()
  for (const {type, handle} of allFields(view)) {
    const {abilities, type_parameters: parameters, name} = entry(raw.datatype_handles, handle)
    // Whether the arguments of type parameters have them is asked where they are given.
    const able = types.abilities(
      type,
      parameters.map(() => ALL_ABILITIES),
    )
    if ((requirement(abilities) & ~able) !== 0)
      refuse('FIELD_MISSING_TYPE_ABILITY', `a field of ${entry(raw.identifiers, name)} lacks an ability`)
    const held = holds.get(handle) ?? new Set()
    for (const part of partsOf(type)) if (part.kind === 'Datatype') held.add(part.index)
    holds.set(handle, held)
  }
  checkNoCycle(view, holds)
}

function checkNoCycle(view: ModuleView, holds: ReadonlyMap<number, ReadonlySet<number>>): void {
  const enums = new Set(view.raw.enum_defs.map((definition) => definition.enum_handle))
  const done = new Set<number>()
  const open = new Set<number>()
  const visit = (handle: number): void => {
    if (done.has(handle)) return
    if (open.has(handle)) {
      const kind = enums.has(handle) ? 'RECURSIVE_ENUM_DEFINITION' : 'RECURSIVE_STRUCT_DEFINITION'
      refuse(kind, 'a datatype holds itself')
    }
    open.add(handle)
    for (const held of holds.get(handle) ?? []) visit(held)
    open.delete(handle)
    done.add(handle)
  }
  for (const handle of holds.keys()) visit(handle)
}
