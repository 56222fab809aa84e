/** Modules as the real format crate reads them (in WASM); here are the types of its JSON and the one way in. */
import * as template from '@mysten/move-bytecode-template'
import {VmError} from '../vm/api.ts'

/** A type in a signature. */
export type RawToken =
  | 'Bool'
  | 'U8'
  | 'U16'
  | 'U32'
  | 'U64'
  | 'U128'
  | 'U256'
  | 'Address'
  | 'Signer'
  | {readonly Vector: RawToken}
  | {readonly Datatype: number}
  | {readonly DatatypeInstantiation: readonly [number, readonly RawToken[]]}
  | {readonly Reference: RawToken}
  | {readonly MutableReference: RawToken}
  | {readonly TypeParameter: number}

/** An instruction: a name, or a name with its operand (index, literal, or a pair). */
export type RawInstruction = string | Readonly<Record<string, RawOperand>>
export type RawOperand = number | bigint | readonly (number | bigint)[]

export interface RawField {
  readonly name: number
  readonly signature: RawToken
}

export interface RawFunctionDef {
  readonly function: number
  readonly visibility: 'Public' | 'Private' | 'Friend'
  readonly is_entry: boolean
  readonly acquires_global_resources: readonly number[]
  readonly code?: {
    readonly locals: number
    readonly code: readonly RawInstruction[]
    readonly jump_tables: readonly {
      readonly head_enum: number
      readonly jump_table: {readonly Full: readonly number[]}
    }[]
  }
}

/** A compiled module; abilities are masks: copy 1, drop 2, store 4, key 8. */
export interface RawModule {
  readonly version: number
  readonly self_module_handle_idx: number
  readonly module_handles: readonly {readonly address: number; readonly name: number}[]
  readonly friend_decls: readonly {readonly address: number; readonly name: number}[]
  readonly datatype_handles: readonly {
    readonly module: number
    readonly name: number
    readonly abilities: number
    readonly type_parameters: readonly {readonly constraints: number; readonly is_phantom: boolean}[]
  }[]
  readonly function_handles: readonly {
    readonly module: number
    readonly name: number
    readonly parameters: number
    readonly return_: number
    readonly type_parameters: readonly number[]
  }[]
  readonly function_instantiations: readonly {readonly handle: number; readonly type_parameters: number}[]
  readonly field_handles: readonly {readonly owner: number; readonly field: number}[]
  readonly field_instantiations: readonly {readonly handle: number; readonly type_parameters: number}[]
  readonly struct_def_instantiations: readonly {readonly def: number; readonly type_parameters: number}[]
  readonly enum_def_instantiations: readonly {readonly def: number; readonly type_parameters: number}[]
  readonly variant_handles: readonly {readonly enum_def: number; readonly variant: number}[]
  readonly variant_instantiation_handles: readonly {readonly enum_def: number; readonly variant: number}[]
  readonly signatures: readonly (readonly RawToken[])[]
  readonly identifiers: readonly string[]
  /** 64 hex digits each, without 0x. */
  readonly address_identifiers: readonly string[]
  readonly constant_pool: readonly {readonly type_: RawToken; readonly data: readonly number[]}[]
  readonly struct_defs: readonly {
    readonly struct_handle: number
    readonly field_information: 'Native' | {readonly Declared: readonly RawField[]}
  }[]
  readonly enum_defs: readonly {
    readonly enum_handle: number
    readonly variants: readonly {readonly variant_name: number; readonly fields: readonly RawField[]}[]
  }[]
  readonly function_defs: readonly RawFunctionDef[]
}

/** Address (`0x` and 64 hex digits) and name of a module. */
export interface ModuleId {
  readonly address: string
  readonly name: string
}

/** Reads a serialised module. Throws VmError MALFORMED_VALUE. */
export function deserializeModule(bytes: Uint8Array): RawModule {
  try {
    return template.deserialize(bytes) as RawModule
  } catch (error) {
    const reason = (error as {message?: string}).message ?? String(error)
    throw new VmError('MALFORMED_VALUE', `the module cannot be read: ${reason}`)
  }
}

/** Reads an entry of a table. Throws VmError MALFORMED_VALUE if it is not there. */
export function entry<T>(table: readonly T[], index: number): T {
  const found = table[index]
  if (found === undefined) throw new VmError('MALFORMED_VALUE', 'an index of the module points nowhere')
  return found
}

/** The module a module handle names. */
export function moduleIdOf(raw: RawModule, handleIndex: number): ModuleId {
  const handle = entry(raw.module_handles, handleIndex)
  return {
    address: `0x${entry(raw.address_identifiers, handle.address)}`,
    name: entry(raw.identifiers, handle.name),
  }
}

/** Name and operand of an instruction. */
export function splitInstruction(instruction: RawInstruction): {name: string; operand: RawOperand} {
  if (typeof instruction === 'string') return {name: instruction, operand: 0}
  for (const name in instruction) return {name, operand: instruction[name]!}
  throw new VmError('MALFORMED_VALUE', 'an instruction without a name')
}
