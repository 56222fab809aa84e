import type {LinkedModule} from '../bytecode/linked-module.ts'
import {entry, splitInstruction} from '../bytecode/module.ts'
import {VmError} from './api.ts'
import type {FunctionTable} from './functions.ts'
import type {FunctionCode, Instruction} from './machine.ts'
import {arithmetic} from './ops/arithmetic.ts'
import {control} from './ops/control.ts'
import {datatypes} from './ops/datatypes.ts'
import {Scope, type Family} from './ops/scope.ts'
import {stackOperations} from './ops/stack.ts'
import {vectors} from './ops/vectors.ts'

/** Every instruction the machine knows, by its name in the bytecode. */
export const instructionSet: Family = {
  ...stackOperations,
  ...arithmetic,
  ...datatypes,
  ...vectors,
  ...control,
}

/**
 * Compiles a function to closures, one per instruction, so that the index of an instruction stays what it is in the
 * bytecode. Throws VmError UNSUPPORTED for an instruction outside the set.
 */
export function compileFunction(
  module: LinkedModule,
  definition: number,
  functions: FunctionTable,
): FunctionCode {
  const {function: handleIndex, code} = entry(module.raw.function_defs, definition)
  if (code === undefined) throw new VmError('INVARIANT_VIOLATION', 'a native has no code')
  const parameters = module.signature(entry(module.raw.function_handles, handleIndex).parameters)
  const locals = [...parameters, ...module.signature(code.locals)]
  const jumpTables = code.jump_tables.map((table) => table.jump_table.Full)
  const scope = new Scope(module, functions, locals, jumpTables)
  const instructions = code.code.map((raw): Instruction => {
    const {name, operand} = splitInstruction(raw)
    const build = instructionSet[name]
    if (build === undefined) throw new VmError('UNSUPPORTED', `instruction ${name}`)
    return build(scope, operand)
  })
  return {
    instructions,
    parameterCount: parameters.length,
    localCount: locals.length,
  }
}
