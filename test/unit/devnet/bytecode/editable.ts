/** Modules that are changed by hand: compiled ones, read, edited, written again. */
import * as template from '@mysten/move-bytecode-template'
import {
  deserializeModule,
  type RawInstruction,
  type RawModule,
  type RawToken,
} from '../../../../src/lib/devnet/bytecode/module.ts'

type Same<T, U> = [T] extends [U] ? ([U] extends [T] ? true : false) : false
/** The same with tables and fields that may be changed; types and instructions stay as they are. */
type Writable<T> = true extends Same<T, RawToken> | Same<T, RawInstruction>
  ? T
  : T extends readonly (infer E)[]
    ? Writable<E>[]
    : T extends object
      ? {-readonly [K in keyof T]: Writable<T[K]>}
      : T

/** A module whose tables may be changed. */
export type EditableModule = Writable<RawModule>
export type EditableFunction = EditableModule['function_defs'][number]

/** Reads a module to be changed. */
export function readEditable(bytes: Uint8Array): EditableModule {
  return deserializeModule(bytes) as EditableModule
}

/** Writes a module that was changed. Throws where the format cannot say it. */
export function writeEditable(module: EditableModule): Uint8Array {
  return template.serialize(module)
}

/** The definition of a function. */
export function functionOf(module: EditableModule, name: string): EditableFunction {
  const handle = module.function_handles.findIndex(
    (each) => module.identifiers[each.name] === name && each.module === module.self_module_handle_idx,
  )
  return module.function_defs.find((definition) => definition.function === handle)!
}

/** Replaces the code of a function. */
export function setCode(module: EditableModule, name: string, code: readonly RawInstruction[]): void {
  const unit = functionOf(module, name).code!
  unit.code = structuredClone(code) as typeof unit.code
}

/** Index of the handle of a datatype. */
export function datatypeOf(module: EditableModule, name: string): number {
  return module.datatype_handles.findIndex((handle) => module.identifiers[handle.name] === name)
}

/** Index of the handle of a function of the module. */
export function handleOf(module: EditableModule, name: string): number {
  return functionOf(module, name).function
}

/** Index of a signature, which is added where there is none like it. */
export function signatureOf(module: EditableModule, tokens: readonly RawToken[]): number {
  const text = JSON.stringify(tokens)
  const known = module.signatures.findIndex((signature) => JSON.stringify(signature) === text)
  if (known >= 0) return known
  module.signatures.push(tokens as EditableModule['signatures'][number])
  return module.signatures.length - 1
}

/** Gives a function other parameters and results. */
export function setSignature(
  module: EditableModule,
  name: string,
  parameters: readonly RawToken[],
  returns: readonly RawToken[],
): void {
  const handle = module.function_handles[handleOf(module, name)]!
  handle.parameters = signatureOf(module, parameters)
  handle.return_ = signatureOf(module, returns)
}
