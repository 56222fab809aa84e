import * as template from '@mysten/move-bytecode-template'

/** What a function does with an object that it is given. */
export type Use = 'reads' | 'writes' | 'takes'

/** A public function as its bytecode tells it. */
export interface FunctionUse {
  /** `module::name`. */
  readonly name: string
  /** Whose capability it asks for; without one everyone may call it. */
  readonly by: 'administrator' | 'listener' | 'everyone'
  /** The shared objects that it is given, in the order of its parameters. */
  readonly shared: readonly {readonly object: string; readonly use: Use}[]
  /** The owned ones that it writes or takes, capabilities apart. */
  readonly owned: readonly {readonly object: string; readonly use: Use}[]
  /** Whether it may change something: it is given something to change, or returns nothing. */
  readonly changes: boolean
}

type Token =
  | string
  | {Vector: Token}
  | {Reference: Token}
  | {MutableReference: Token}
  | {TypeParameter: number}
  | {Datatype: number}
  | {DatatypeInstantiation: [number, Token[]]}

interface Module {
  self_module_handle_idx: number
  module_handles: {address: number; name: number}[]
  datatype_handles: {module: number; name: number; abilities: number}[]
  function_handles: {module: number; name: number; parameters: number; return_: number}[]
  function_instantiations: {handle: number; type_parameters: number}[]
  function_defs: {function: number; visibility: string}[]
  signatures: Token[][]
  identifiers: string[]
}

const KEY = 8
const CAPS = new Map([
  ['AdminCap', 'administrator'],
  ['ListenerCap', 'listener'],
] as const)

/**
 * What the public functions of a package do with shared objects, read from its bytecode: shared are the types that
 * some module of it gives to `transfer::share_object`.
 * @param modules bytecode of all modules of the package
 */
export function readSharedObjects(modules: readonly Uint8Array[]): {shared: Set<string>; functions: FunctionUse[]} {
  const parsed = modules.map((bytes) => template.deserialize(bytes) as Module)
  const shared = new Set(parsed.flatMap(sharedTypes))
  return {shared, functions: parsed.flatMap((module) => functionsOf(module, shared))}
}

function sharedTypes(module: Module): string[] {
  return module.function_instantiations
    .filter(({handle}) => nameOf(module, module.function_handles[handle]!) === 'share_object')
    .flatMap(({type_parameters: index}) => module.signatures[index]!)
    .flatMap((token) => datatypeOf(module, token)?.name ?? [])
}

function functionsOf(module: Module, shared: ReadonlySet<string>): FunctionUse[] {
  const self = module.identifiers[module.module_handles[module.self_module_handle_idx]!.name]!
  return module.function_defs
    .filter(({visibility}) => visibility === 'Public')
    .map(({function: index}) => module.function_handles[index]!)
    .map((handle) => {
      const tokens = module.signatures[handle.parameters]!
      const given = tokens.flatMap((token) => parameterOf(module, token) ?? [])
      const cap = given.map(({object}) => CAPS.get(object as 'AdminCap')).find((by) => by !== undefined)
      const returns = module.signatures[handle.return_]!.length
      return {
        name: `${self}::${nameOf(module, handle)}`,
        by: cap ?? 'everyone',
        shared: given.filter(({object}) => shared.has(object)),
        owned: given.filter(
          ({object, use, isObject}) =>
            isObject && use !== 'reads' && !shared.has(object) && !CAPS.has(object as 'AdminCap'),
        ),
        changes:
          returns === 0 ||
          tokens.some((token) => typeof token === 'object' && 'MutableReference' in token) ||
          given.some(({use}) => use === 'takes'),
      } satisfies FunctionUse
    })
    .map(({shared: objects, owned, ...rest}) => ({...rest, shared: objects.map(bare), owned: owned.map(bare)}))
}

function bare({object, use}: {object: string; use: Use}): {object: string; use: Use} {
  return {object, use}
}

function parameterOf(module: Module, token: Token): {object: string; use: Use; isObject: boolean} | undefined {
  if (typeof token === 'string') return undefined
  const [inner, use]: [Token, Use] =
    'Reference' in token
      ? [token.Reference, 'reads']
      : 'MutableReference' in token
        ? [token.MutableReference, 'writes']
        : [token, 'takes']
  const datatype = datatypeOf(module, inner)
  if (datatype === undefined || (use === 'takes' && !datatype.isObject)) return undefined
  return {object: datatype.name, use, isObject: datatype.isObject}
}

function datatypeOf(module: Module, token: Token): {name: string; isObject: boolean} | undefined {
  if (typeof token === 'string') return undefined
  const index = 'Datatype' in token ? token.Datatype : 'DatatypeInstantiation' in token ? token.DatatypeInstantiation[0] : -1
  const handle = module.datatype_handles[index]
  return handle && {name: nameOf(module, handle), isObject: (handle.abilities & KEY) !== 0}
}

function nameOf(module: Module, handle: {name: number}): string {
  return module.identifiers[handle.name]!
}
