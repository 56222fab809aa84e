/** What Sui demands of modules beyond Move itself (sui-verifier): objects, witnesses, `init`, entry points, internal types. */
import {VmError} from '../vm/api.ts'
import {STD, SUI} from '../vm/well-known.ts'
import type {LinkedModule} from './linked-module.ts'
import {entry, moduleIdOf, splitInstruction, type RawFunctionDef, type RawToken} from './module.ts'

const KEY = 8
const DROP = 2
/** Functions of which the type argument must be a type of the module that calls. */
const INTERNAL = new Set([
  `${STD}::internal::permit`,
  `${SUI}::event::emit`,
  `${SUI}::event::emit_authenticated`,
  `${SUI}::transfer::transfer`,
  `${SUI}::transfer::freeze_object`,
  `${SUI}::transfer::share_object`,
  `${SUI}::transfer::receive`,
  `${SUI}::transfer::party_transfer`,
  `${SUI}::coin_registry::new_currency`,
])
/** What entry functions may only read. */
const READ_ONLY = new Set([`${SUI}::clock::Clock`, `${SUI}::random::Random`])

/**
 * Holds a module to the rules of Sui. Those of the framework are exempt: they define what the rules are about.
 * @throws VmError SUI_RULE
 */
export function verifySuiRules(module: LinkedModule): void {
  if (module.id.address === STD || module.id.address === SUI) return
  verifyObjects(module)
  verifyCalls(module)
  const witness = witnessOf(module)
  for (const definition of module.raw.function_defs) {
    if (module.functionName(definition.function) === 'init') verifyInit(module, definition, witness)
    else if (definition.is_entry) verifyEntry(module, definition)
  }
}

function refuse(module: LinkedModule, what: string): never {
  throw new VmError('SUI_RULE', `${module.id.name}: ${what}`)
}

/** The full name of the datatype that a token is; undefined for other tokens. */
function nameOf(module: LinkedModule, token: RawToken): string | undefined {
  if (typeof token === 'string') return undefined
  const handle =
    'Datatype' in token
      ? token.Datatype
      : 'DatatypeInstantiation' in token
        ? token.DatatypeInstantiation[0]
        : undefined
  if (handle === undefined) return undefined
  const {raw} = module
  const datatype = entry(raw.datatype_handles, handle)
  const {address, name} = moduleIdOf(raw, datatype.module)
  return `${address}::${name}::${entry(raw.identifiers, datatype.name)}`
}

/** A struct with `key` begins with `id: UID`; an enum never has `key`. */
function verifyObjects(module: LinkedModule): void {
  const {raw} = module
  const handleOf = (index: number) => {
    const handle = entry(raw.datatype_handles, index)
    return {isObject: (handle.abilities & KEY) !== 0, name: entry(raw.identifiers, handle.name)}
  }
  raw.struct_defs.forEach(({struct_handle: handle}, index) => {
    const {isObject, name} = handleOf(handle)
    if (!isObject) return
    const [first] = module.structFields(index)
    const field = first === undefined ? undefined : entry(raw.identifiers, first.name)
    if (first === undefined || field !== 'id') {
      refuse(module, `First field of struct ${name} must be 'id', ${field ?? 'no field'} found`)
    }
    if (nameOf(module, first.signature) !== `${SUI}::object::UID`) {
      refuse(module, `First field of struct ${name} must be of type ${SUI}::object::UID`)
    }
  })
  for (const {enum_handle: handle} of raw.enum_defs) {
    const {isObject, name} = handleOf(handle)
    if (isObject) refuse(module, `Enum ${name} cannot have the 'key' ability`)
  }
}

/** Nobody calls `init`; functions for types of one's own get none of others. */
function verifyCalls(module: LinkedModule): void {
  const {raw} = module
  for (const {function: caller, code} of raw.function_defs) {
    for (const instruction of code?.code ?? []) {
      const {name, operand} = splitInstruction(instruction)
      if (name !== 'Call' && name !== 'CallGeneric') continue
      const instantiation = name === 'Call' ? undefined : entry(raw.function_instantiations, Number(operand))
      const handle = entry(raw.function_handles, instantiation?.handle ?? Number(operand))
      const {address, name: callee} = moduleIdOf(raw, handle.module)
      const functionName = entry(raw.identifiers, handle.name)
      const place = `${module.functionName(caller)}: `
      if (functionName === 'init') refuse(module, `${place}Cannot call a module's 'init' function`)
      const full = `${address}::${callee}::${functionName}`
      if (!INTERNAL.has(full)) continue
      const [argument] =
        instantiation === undefined ? [] : entry(raw.signatures, instantiation.type_parameters)
      const own = argument === undefined ? undefined : nameOf(module, argument)
      if (own?.startsWith(`${module.id.address}::${module.id.name}::`) === true) continue
      refuse(
        module,
        `${place}Invalid call to '${full}'. Type argument #0 must be a type defined in the current module`,
      )
    }
  }
}

/** The handle of the one-time witness: a struct of one bool, named as the module in upper case. */
function witnessOf(module: LinkedModule): number | undefined {
  const {raw, id} = module
  // The one witness that the framework makes by itself is SUI.
  const index = raw.struct_defs.findIndex(({struct_handle: handle}, definition) => {
    const fields = module.structFields(definition)
    const name = entry(raw.identifiers, entry(raw.datatype_handles, handle).name)
    return name === id.name.toUpperCase() && fields.length === 1 && fields[0]!.signature === 'Bool'
  })
  if (index < 0) return undefined
  const handleIndex = raw.struct_defs[index]!.struct_handle
  const handle = entry(raw.datatype_handles, handleIndex)
  const name = entry(raw.identifiers, handle.name)
  const what = `one-time witness type candidate ${name}`
  if (handle.abilities !== DROP) refuse(module, `${what} must have a single ability: drop`)
  if (handle.type_parameters.length > 0) refuse(module, `${what} cannot have type parameters`)
  for (const {function: maker, code} of raw.function_defs) {
    for (const instruction of code?.code ?? []) {
      const {name: operation, operand} = splitInstruction(instruction)
      if (operation !== 'Pack' || Number(operand) !== index) continue
      refuse(module, `one-time witness type ${name} is instantiated in ${module.functionName(maker)}`)
    }
  }
  return handleIndex
}

function isTxContext(module: LinkedModule, token: RawToken | undefined): boolean {
  if (token === undefined || typeof token === 'string') return false
  const to =
    'Reference' in token ? token.Reference : 'MutableReference' in token ? token.MutableReference : undefined
  return to !== undefined && nameOf(module, to) === `${SUI}::tx_context::TxContext`
}

/** `init(witness: WITNESS, ctx: &mut TxContext)`, the witness exactly where the module has one. */
function verifyInit(module: LinkedModule, definition: RawFunctionDef, witness: number | undefined): void {
  const {raw} = module
  const handle = entry(raw.function_handles, definition.function)
  const parameters = entry(raw.signatures, handle.parameters)
  if (definition.visibility !== 'Private') refuse(module, "'init' function must be private")
  if (definition.is_entry) refuse(module, "'init' cannot be 'entry'")
  if (handle.type_parameters.length > 0) refuse(module, "'init' function cannot have type parameters")
  if (entry(raw.signatures, handle.return_).length > 0)
    refuse(module, "'init' function cannot have return values")
  if (!isTxContext(module, parameters.at(-1))) {
    refuse(module, "Expected last parameter for 'init' to be &mut sui::tx_context::TxContext or a & of it")
  }
  if (witness === undefined) {
    if (parameters.length !== 1)
      refuse(module, "'init' takes TxContext only, as the module has no one-time witness")
    return
  }
  const [first] = parameters
  const takesWitness = typeof first === 'object' && 'Datatype' in first && first.Datatype === witness
  if (parameters.length !== 2 || !takesWitness) {
    refuse(module, "'init' of a module with a one-time witness takes it as its first parameter")
  }
}

/** Clock and Random are only read. */
function verifyEntry(module: LinkedModule, {function: index}: RawFunctionDef): void {
  const {raw} = module
  for (const token of entry(raw.signatures, entry(raw.function_handles, index).parameters)) {
    if (typeof token === 'string' || !('MutableReference' in token)) continue
    const name = nameOf(module, token.MutableReference)
    if (name === undefined || !READ_ONLY.has(name)) continue
    const what = `Invalid entry point parameter type. ${name} must be passed by immutable reference`
    refuse(module, `${module.functionName(index)}: ${what}`)
  }
}
