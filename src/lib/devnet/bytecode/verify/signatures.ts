import {entry} from '../module.ts'
import {refuse} from './refusal.ts'
import {isReference, partsOf, type Type} from './types.ts'
import {allFields} from './fields.ts'
import type {FunctionView, Instruction, ModuleView} from './view.ts'

/** References stand only outermost, and never in fields or type arguments; type arguments are as many and as able as asked. */
export function checkSignatures(view: ModuleView): void {
  const {raw} = view
  raw.signatures.forEach((_, index) => {
    for (const type of view.signature(index)) checkNoReference(isReference(type) ? type.args[0]! : type)
  })
  for (const handle of raw.function_handles) {
    for (const signature of [handle.return_, handle.parameters]) {
      for (const type of view.signature(signature)) checkInstances(view, type, handle.type_parameters)
    }
  }
  for (const {type, handle} of allFields(view)) {
    checkNoReference(type)
    const {type_parameters: parameters} = entry(raw.datatype_handles, handle)
    checkInstances(
      view,
      type,
      parameters.map(({constraints}) => constraints),
    )
    checkPhantoms(
      view,
      type,
      parameters.map((parameter) => parameter.is_phantom),
    )
  }
  for (const fn of view.functions()) checkFunction(view, fn)
}

function checkNoReference(type: Type): void {
  for (const part of partsOf(type)) {
    if (isReference(part)) refuse('INVALID_SIGNATURE_TOKEN', 'a reference inside a type')
  }
}

/** Every datatype in a type has the type arguments it asks for. */
function checkInstances(view: ModuleView, type: Type, constraints: readonly number[]): void {
  for (const part of partsOf(type)) {
    if (part.kind === 'TypeParameter' && part.index >= constraints.length)
      refuse('INDEX_OUT_OF_BOUNDS', `no type parameter ${part.index}`)
    if (part.kind !== 'Datatype') continue
    const {type_parameters: parameters} = entry(view.raw.datatype_handles, part.index)
    checkArguments(
      view,
      part.args,
      parameters.map((parameter) => parameter.constraints),
      constraints,
    )
  }
}

function checkArguments(
  view: ModuleView,
  args: readonly Type[],
  asked: readonly number[],
  constraints: readonly number[],
): void {
  if (args.length !== asked.length)
    refuse('NUMBER_OF_TYPE_ARGUMENTS_MISMATCH', `${args.length} type arguments for ${asked.length}`)
  args.forEach((argument, index) => {
    for (const part of partsOf(argument)) {
      if (part.kind === 'TypeParameter' && part.index >= constraints.length)
        refuse('INDEX_OUT_OF_BOUNDS', `no type parameter ${part.index}`)
    }
    if ((asked[index]! & ~view.types.abilities(argument, constraints)) !== 0)
      refuse('CONSTRAINT_NOT_SATISFIED', `type argument ${index} lacks an ability`)
  })
}

/** A phantom type parameter is only an argument for one that is phantom too. */
function checkPhantoms(view: ModuleView, type: Type, phantoms: readonly boolean[], allowed = false): void {
  if (type.kind === 'TypeParameter' && phantoms[type.index] === true && !allowed)
    refuse('INVALID_PHANTOM_TYPE_PARAM_POSITION', 'a phantom type parameter is used')
  const parameters =
    type.kind === 'Datatype' ? entry(view.raw.datatype_handles, type.index).type_parameters : []
  type.args.forEach((argument, index) =>
    checkPhantoms(view, argument, phantoms, parameters[index]?.is_phantom === true),
  )
}

function checkFunction(view: ModuleView, fn: FunctionView): void {
  for (const type of fn.locals) checkInstances(view, type, fn.constraints)
  for (const instruction of fn.code) {
    const instance = instanceOf(view, instruction)
    if (instance === undefined) continue
    for (const type of instance.args) checkNoReference(type)
    if (instance.asked === undefined) {
      if (instance.args.length !== 1)
        refuse('NUMBER_OF_TYPE_ARGUMENTS_MISMATCH', 'a vector has one type argument')
      checkArguments(view, instance.args, [0], fn.constraints)
    } else checkArguments(view, instance.args, instance.asked, fn.constraints)
  }
}

interface Instance {
  readonly args: readonly Type[]
  /** Abilities that are asked for; undefined for a vector, which asks for none. */
  readonly asked?: readonly number[]
}

/** The type arguments that an instruction gives. */
function instanceOf(view: ModuleView, {name, index}: Instruction): Instance | undefined {
  const {raw} = view
  if (name.startsWith('Vec')) return {args: view.signature(index)}
  if (!name.includes('Generic')) return undefined
  if (name === 'CallGeneric') {
    const {handle, type_parameters: args} = entry(raw.function_instantiations, index)
    return {args: view.signature(args), asked: entry(raw.function_handles, handle).type_parameters}
  }
  const ofDatatype = (handle: number, args: number): Instance => ({
    args: view.signature(args),
    asked: entry(raw.datatype_handles, handle).type_parameters.map(({constraints}) => constraints),
  })
  if (name.includes('Variant')) {
    const {enum_def: instantiation} = entry(raw.variant_instantiation_handles, index)
    const {def, type_parameters: args} = entry(raw.enum_def_instantiations, instantiation)
    return ofDatatype(entry(raw.enum_defs, def).enum_handle, args)
  }
  if (name.includes('Field')) {
    const {handle, type_parameters: args} = entry(raw.field_instantiations, index)
    const {owner} = entry(raw.field_handles, handle)
    return ofDatatype(entry(raw.struct_defs, owner).struct_handle, args)
  }
  const {def, type_parameters: args} = entry(raw.struct_def_instantiations, index)
  return ofDatatype(entry(raw.struct_defs, def).struct_handle, args)
}
