import {VmError, type PackageBytecode, type PackageStore, type SignatureType} from '../vm/api.ts'
import {verifyFreshIds} from './fresh-ids.ts'
import {Linker} from './link.ts'
import type {LinkedModule} from './linked-module.ts'
import {deserializeModule, entry, moduleIdOf, splitInstruction} from './module.ts'
import {verifySuiRules} from './sui-rules.ts'
import {checkModuleCycles} from './verify/module-cycles.ts'
import {verifyBytecode} from './verify/verify-module.ts'

/** What the machine can do, as far as publishing asks. */
export interface Capabilities {
  hasNative(address: string, module: string, name: string): boolean
  hasInstruction(name: string): boolean
}

/**
 * Checks the modules of a package that is to be published: they can be read, the bytecode verifier accepts them, every
 * handle links, every native and instruction is one the machine has, and they keep the rules of Sui.
 * @param modules serialised modules, all of one (self) address
 * @param linkage original id to storage id of each dependency
 * @param trusted the modules are known to be what a compiler made: the bytecode verifier, which takes time, is left out
 * @throws VerifierRefusal; VmError MALFORMED_VALUE, MODULE_NOT_FOUND, FUNCTION_NOT_FOUND, TYPE_MISMATCH, UNSUPPORTED (by
 *   name), SUI_RULE
 */
export function verifyModules(
  modules: readonly Uint8Array[],
  linkage: ReadonlyMap<string, string>,
  store: PackageStore,
  capabilities: Capabilities,
  trusted = false,
): void {
  const pkg = packageOf(modules, linkage)
  const context = new Linker({
    getPackage: (id) => (id === pkg.storageId ? pkg : store.getPackage(id)),
  }).context(pkg.storageId)
  for (const name of pkg.modules.keys()) {
    const module = context.module(pkg.originalId, name)
    const view = trusted ? undefined : verifyBytecode(module.raw)
    verifyDatatypes(module)
    verifyFunctions(module)
    verifyCode(module, capabilities)
    verifySuiRules(module)
    if (view !== undefined) verifyFreshIds(view)
  }
  if (!trusted)
    checkModuleCycles([...pkg.modules.keys()].map((name) => context.module(pkg.originalId, name).raw))
}

function packageOf(modules: readonly Uint8Array[], linkage: ReadonlyMap<string, string>): PackageBytecode {
  const byName = new Map<string, Uint8Array>()
  let self: string | undefined
  for (const bytes of modules) {
    const raw = deserializeModule(bytes)
    const {address, name} = moduleIdOf(raw, raw.self_module_handle_idx)
    if (self !== undefined && self !== address)
      throw new VmError('MALFORMED_VALUE', 'modules of different addresses')
    if (byName.has(name)) throw new VmError('MALFORMED_VALUE', `two modules named ${name}`)
    self = address
    byName.set(name, bytes)
  }
  if (self === undefined) throw new VmError('MALFORMED_VALUE', 'a package without modules')
  return {storageId: self, originalId: self, version: 1n, modules: byName, linkage, typeOrigins: new Map()}
}

/** A module may know less of a datatype than there is: fewer abilities, stricter type parameters. Never more. */
function verifyDatatypes(module: LinkedModule): void {
  const {raw, context} = module
  for (const handle of raw.datatype_handles) {
    const {address, name} = moduleIdOf(raw, handle.module)
    const datatype = entry(raw.identifiers, handle.name)
    const full = `${address}::${name}::${datatype}`
    const defined = context.module(address, name).datatypeHandle(datatype)
    if (defined === undefined) throw new VmError('TYPE_MISMATCH', `no datatype ${full} to link with`)
    const fits =
      (handle.abilities & ~defined.abilities) === 0 &&
      handle.type_parameters.length === defined.type_parameters.length &&
      handle.type_parameters.every(({constraints, is_phantom: phantom}, index) => {
        const real = defined.type_parameters[index]!
        return (real.constraints & ~constraints) === 0 && (!phantom || real.is_phantom)
      })
    if (!fits) throw new VmError('TYPE_MISMATCH', `${full} has other abilities or type parameters`)
  }
}

function verifyFunctions(module: LinkedModule): void {
  const {raw, context, id} = module
  for (const handle of raw.function_handles) {
    const {address, name} = moduleIdOf(raw, handle.module)
    const functionName = entry(raw.identifiers, handle.name)
    const target = context.module(address, name)
    const full = `${address}::${name}::${functionName}`
    const index = target.functionIndex(functionName)
    if (index === undefined) throw new VmError('FUNCTION_NOT_FOUND', `no function ${full} to link with`)
    const info = target.functionInfo(index)
    const isOwn = address === id.address && name === id.name
    if (info.visibility === 'private' && !isOwn) throw new VmError('FUNCTION_NOT_FOUND', `${full} is private`)
    if (info.visibility === 'friend' && !isOwn && !target.hasFriend(id)) {
      throw new VmError('FUNCTION_NOT_FOUND', `${full} is for its own package only`)
    }
    const real = target.functionHandle(index)
    const same =
      real.type_parameters.length === handle.type_parameters.length &&
      real.type_parameters.every((asked, parameter) => (asked & ~handle.type_parameters[parameter]!) === 0) &&
      sameTypes(info.parameters, module.signature(handle.parameters)) &&
      sameTypes(info.returns, module.signature(handle.return_))
    if (!same) throw new VmError('TYPE_MISMATCH', `${full} has another signature`)
  }
}

function sameTypes(left: readonly SignatureType[], right: readonly SignatureType[]): boolean {
  return left.length === right.length && left.every((type, index) => sameType(type, right[index]!))
}

function sameType(left: SignatureType, right: SignatureType): boolean {
  if (left.kind === 'vector') return right.kind === 'vector' && sameType(left.element, right.element)
  if (left.kind === 'ref') {
    return right.kind === 'ref' && left.mutable === right.mutable && sameType(left.to, right.to)
  }
  if (left.kind === 'typeParameter') return right.kind === 'typeParameter' && left.index === right.index
  if (left.kind !== 'datatype') return left.kind === right.kind
  return (
    right.kind === 'datatype' &&
    left.address === right.address &&
    left.module === right.module &&
    left.name === right.name &&
    sameTypes(left.typeArgs, right.typeArgs)
  )
}

function verifyCode(module: LinkedModule, capabilities: Capabilities): void {
  const {raw, id} = module
  for (const {function: handle, code} of raw.function_defs) {
    const name = module.functionName(handle)
    if (code === undefined) {
      if (!capabilities.hasNative(id.address, id.name, name)) {
        throw new VmError('UNSUPPORTED', `native ${id.name}::${name}`)
      }
      continue
    }
    for (const raw of code.code) {
      const {name: instruction} = splitInstruction(raw)
      if (!capabilities.hasInstruction(instruction)) {
        throw new VmError('UNSUPPORTED', `instruction ${instruction} in ${id.name}::${name}`)
      }
    }
  }
}
