/** What an upgrade may change, by the policy of its ticket (move-binary-format: compatibility, inclusion). */
import {deserializeModule} from '../bytecode/module.ts'
import {partsOf, type ModuleParts} from '../bytecode/same-code.ts'
import type {Ability, DatatypeInfo, FunctionInfo, PackageBytecode, Vm} from '../vm/api.ts'

/** Policies of an UpgradeCap, from the loosest. */
export const POLICY = {compatible: 0, additive: 128, depOnly: 192} as const

/**
 * Why a package may not follow another; undefined if it may.
 * @param vm knows both
 * @param policy one of POLICY
 */
export function incompatibility(
  vm: Vm,
  old: PackageBytecode,
  next: PackageBytecode,
  policy: number,
): string | undefined {
  const gone = [...old.modules.keys()].find((name) => !next.modules.has(name))
  if (gone !== undefined) return `module ${gone} is gone`
  if (policy === POLICY.compatible) {
    return firstOf(old.modules.keys(), (name) => changedInterface(vm, old, next, name))
  }
  if (policy === POLICY.depOnly) {
    const added = [...next.modules.keys()].find((name) => !old.modules.has(name))
    if (added !== undefined) return `module ${added} is new`
  }
  return firstOf(old.modules, ([name, bytes]) => {
    const [before, after] = [bytes, next.modules.get(name)!].map((code) => partsOf(deserializeModule(code)))
    return changedParts(before!, after!, policy === POLICY.depOnly)
  })
}

function firstOf<T>(items: Iterable<T>, look: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** Nothing that was may change; and nothing be added where both must be equal. */
function changedParts(before: ModuleParts, after: ModuleParts, equal: boolean): string | undefined {
  for (const kind of ['datatypes', 'functions'] as const) {
    for (const [name, text] of before[kind]) {
      const now = after[kind].get(name)
      if (now !== text) return `${name} ${now === undefined ? 'is gone' : 'has changed'}`
    }
    if (!equal) continue
    const added = [...after[kind].keys()].find((name) => !before[kind].has(name))
    if (added !== undefined) return `${added} is new`
  }
  return undefined
}

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right)

/** Datatypes stay as they are, public functions keep their signature. */
function changedInterface(
  vm: Vm,
  old: PackageBytecode,
  next: PackageBytecode,
  module: string,
): string | undefined {
  const datatypes = new Map(vm.moduleDatatypes(next.storageId, module).map((info) => [info.name, info]))
  for (const info of vm.moduleDatatypes(old.storageId, module)) {
    if (!sameDatatype(info, datatypes.get(info.name))) return `${module}::${info.name} has changed`
  }
  const functions = new Map(vm.moduleFunctions(next.storageId, module).map((info) => [info.name, info]))
  for (const info of vm.moduleFunctions(old.storageId, module)) {
    if (info.visibility !== 'public') continue
    const now = functions.get(info.name)
    if (now?.visibility !== 'public' || !sameSignature(info, now)) {
      return `the public function ${module}::${info.name} has changed`
    }
  }
  return undefined
}

function sameDatatype(before: DatatypeInfo, after: DatatypeInfo | undefined): boolean {
  return (
    after !== undefined &&
    after.kind === before.kind &&
    same(after.variants, before.variants) &&
    same(after.abilities, before.abilities) &&
    same(after.typeParameters, before.typeParameters)
  )
}

/** A type parameter may lose constraints: whoever called it still can. */
function sameSignature(before: FunctionInfo, after: FunctionInfo): boolean {
  const within = (now: readonly Ability[], then: readonly Ability[] | undefined): boolean =>
    then !== undefined && now.every((ability) => then.includes(ability))
  return (
    same(after.parameters, before.parameters) &&
    same(after.returns, before.returns) &&
    after.typeParameters.length === before.typeParameters.length &&
    after.typeParameters.every(({constraints}, index) =>
      within(constraints, before.typeParameters[index]?.constraints),
    )
  )
}
