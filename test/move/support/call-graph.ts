import * as template from '@mysten/move-bytecode-template'

type Instruction = string | {Call?: number; CallGeneric?: number}

interface Module {
  self_module_handle_idx: number
  module_handles: {name: number}[]
  function_handles: {module: number; name: number}[]
  function_instantiations: {handle: number}[]
  function_defs: {function: number; code?: {code: Instruction[]}}[]
  identifiers: string[]
}

/**
 * Which functions the functions of a package call, directly or not, read from its bytecode.
 * @param modules bytecode of all modules of the package
 * @returns `module::name` to all that it leads to; those of other packages lead no further
 */
export function readCalls(modules: readonly Uint8Array[]): Map<string, Set<string>> {
  const direct = new Map(modules.flatMap((bytes) => callsOf(template.deserialize(bytes) as Module)))
  const all = new Map<string, Set<string>>()
  for (const name of direct.keys()) {
    const found = new Set<string>()
    const open = [name]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const called of direct.get(next) ?? []) {
        if (found.has(called)) continue
        found.add(called)
        open.push(called)
      }
    }
    all.set(name, found)
  }
  return all
}

function callsOf(module: Module): [string, string[]][] {
  const nameOf = (handle: {module: number; name: number}): string => {
    const {name} = module.module_handles[handle.module]!
    return `${module.identifiers[name]!}::${module.identifiers[handle.name]!}`
  }
  return module.function_defs.map(({function: own, code}) => {
    const handles = (code?.code ?? []).flatMap((instruction) => {
      if (typeof instruction === 'string') return []
      const {Call: call, CallGeneric: generic} = instruction
      if (call !== undefined) return [call]
      return generic === undefined ? [] : [module.function_instantiations[generic]!.handle]
    })
    const called = handles.map((handle) => nameOf(module.function_handles[handle]!))
    return [nameOf(module.function_handles[own]!), called]
  })
}
