import {moduleIdOf, type RawModule} from '../module.ts'
import {refuse} from './refusal.ts'

/**
 * The modules of a package do not use each other in a circle.
 * @throws VerifierRefusal CYCLIC_MODULE_DEPENDENCY
 */
export function checkModuleCycles(modules: readonly RawModule[]): void {
  const uses = new Map<string, string[]>()
  for (const raw of modules) {
    const self = moduleIdOf(raw, raw.self_module_handle_idx)
    const used = raw.module_handles.map((_, index) => moduleIdOf(raw, index))
    const own = used.filter(({address, name}) => address === self.address && name !== self.name)
    uses.set(
      self.name,
      own.map(({name}) => name),
    )
  }
  const done = new Set<string>()
  const open = new Set<string>()
  const visit = (name: string): void => {
    if (done.has(name)) return
    if (open.has(name)) refuse('CYCLIC_MODULE_DEPENDENCY', `${name} uses a module that uses it`)
    open.add(name)
    for (const used of uses.get(name) ?? []) visit(used)
    open.delete(name)
    done.add(name)
  }
  for (const name of uses.keys()) visit(name)
}
