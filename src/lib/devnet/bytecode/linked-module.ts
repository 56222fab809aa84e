import {
  VmError,
  type Ability,
  type DatatypeInfo,
  type FunctionInfo,
  type PackageBytecode,
  type SignatureType,
} from '../vm/api.ts'
import {primitive} from '../vm/types.ts'
import type {LinkContext} from './link.ts'
import {entry, moduleIdOf, type ModuleId, type RawField, type RawModule, type RawToken} from './module.ts'

const ABILITY_BITS: readonly (readonly [number, Ability])[] = [
  [1, 'copy'],
  [2, 'drop'],
  [4, 'store'],
  [8, 'key'],
]

/** Abilities of a mask. */
export function abilitiesOfMask(mask: number): Ability[] {
  return ABILITY_BITS.filter(([bit]) => (mask & bit) !== 0).map(([, ability]) => ability)
}

const TOKEN_NAMES = {
  Bool: primitive.bool,
  U8: primitive.u8,
  U16: primitive.u16,
  U32: primitive.u32,
  U64: primitive.u64,
  U128: primitive.u128,
  U256: primitive.u256,
  Address: primitive.address,
  Signer: primitive.signer,
} as const

/** A module seen through a link context: its types carry defining ids. */
export class LinkedModule {
  readonly context: LinkContext
  readonly package: PackageBytecode
  readonly raw: RawModule
  readonly id: ModuleId
  readonly #signatures: (readonly SignatureType[] | undefined)[] = []
  readonly #definingIds: (string | undefined)[] = []
  #datatypes: DatatypeInfo[] | undefined
  #functionIndexes: Map<string, number> | undefined

  constructor(context: LinkContext, pkg: PackageBytecode, raw: RawModule) {
    this.context = context
    this.package = pkg
    this.raw = raw
    this.id = moduleIdOf(raw, raw.self_module_handle_idx)
  }

  /** A signature of the module's table. */
  signature(index: number): readonly SignatureType[] {
    return (this.#signatures[index] ??= entry(this.raw.signatures, index).map((token) => this.type(token)))
  }

  /** The type a token means. */
  type(token: RawToken): SignatureType {
    if (typeof token === 'string') return TOKEN_NAMES[token]
    if ('Vector' in token) return {kind: 'vector', element: this.type(token.Vector)}
    if ('Datatype' in token) return this.datatype(token.Datatype, [])
    if ('DatatypeInstantiation' in token) {
      const [handle, args] = token.DatatypeInstantiation
      return this.datatype(
        handle,
        args.map((argument) => this.type(argument)),
      )
    }
    if ('Reference' in token) return {kind: 'ref', mutable: false, to: this.type(token.Reference)}
    if ('MutableReference' in token)
      return {kind: 'ref', mutable: true, to: this.type(token.MutableReference)}
    return {kind: 'typeParameter', index: token.TypeParameter}
  }

  /** The datatype of a handle. */
  datatype(handleIndex: number, typeArgs: readonly SignatureType[]): SignatureType {
    const handle = entry(this.raw.datatype_handles, handleIndex)
    const {address, name: module} = moduleIdOf(this.raw, handle.module)
    const name = entry(this.raw.identifiers, handle.name)
    const definingId = (this.#definingIds[handleIndex] ??= this.context.definingId(address, module, name))
    return {kind: 'datatype', address: definingId, module, name, typeArgs}
  }

  /** Fields of a struct definition. */
  structFields(definition: number): readonly RawField[] {
    const fields = entry(this.raw.struct_defs, definition).field_information
    if (fields === 'Native') throw new VmError('UNSUPPORTED', 'native structs')
    return fields.Declared
  }

  /** The struct of a definition, under type arguments. */
  structType(definition: number, typeArgs: readonly SignatureType[]): SignatureType {
    return this.datatype(entry(this.raw.struct_defs, definition).struct_handle, typeArgs)
  }

  /** The enum of a definition, under type arguments. */
  enumType(definition: number, typeArgs: readonly SignatureType[]): SignatureType {
    return this.datatype(entry(this.raw.enum_defs, definition).enum_handle, typeArgs)
  }

  /** Name of the function a handle names. */
  functionName(handleIndex: number): string {
    return entry(this.raw.identifiers, entry(this.raw.function_handles, handleIndex).name)
  }

  /** Index of the definition of a function, or undefined. */
  functionIndex(name: string): number | undefined {
    this.#functionIndexes ??= new Map(
      this.raw.function_defs.map((definition, index) => [this.functionName(definition.function), index]),
    )
    return this.#functionIndexes.get(name)
  }

  /** The handle of a datatype that the module defines, or undefined. */
  datatypeHandle(name: string): RawModule['datatype_handles'][number] | undefined {
    const {raw} = this
    const handles = [
      ...raw.struct_defs.map((definition) => definition.struct_handle),
      ...raw.enum_defs.map((definition) => definition.enum_handle),
    ]
    return handles
      .map((index) => entry(raw.datatype_handles, index))
      .find((handle) => entry(raw.identifiers, handle.name) === name)
  }

  /** The handle of the function of a definition. */
  functionHandle(definition: number): RawModule['function_handles'][number] {
    return entry(this.raw.function_handles, entry(this.raw.function_defs, definition).function)
  }

  /** True if another module may call the functions of this one that are for friends. */
  hasFriend({address, name}: ModuleId): boolean {
    const {raw} = this
    return raw.friend_decls.some(
      (friend) =>
        `0x${entry(raw.address_identifiers, friend.address)}` === address &&
        entry(raw.identifiers, friend.name) === name,
    )
  }

  /** What the function of a definition looks like. */
  functionInfo(definition: number): FunctionInfo {
    const {function: handleIndex, visibility, is_entry: isEntry} = entry(this.raw.function_defs, definition)
    const handle = this.functionHandle(definition)
    return {
      name: this.functionName(handleIndex),
      visibility: visibility === 'Public' ? 'public' : visibility === 'Friend' ? 'friend' : 'private',
      isEntry,
      typeParameters: handle.type_parameters.map((mask) => ({constraints: abilitiesOfMask(mask)})),
      parameters: this.signature(handle.parameters),
      returns: this.signature(handle.return_),
    }
  }

  /** Every datatype the module defines: structs, then enums. */
  datatypes(): DatatypeInfo[] {
    return (this.#datatypes ??= this.#readDatatypes())
  }

  #readDatatypes(): DatatypeInfo[] {
    const {raw} = this
    const fields = (declared: readonly RawField[]) =>
      declared.map(({name, signature}) => ({name: entry(raw.identifiers, name), type: this.type(signature)}))
    return [
      ...raw.struct_defs.map((definition, index) =>
        this.#datatypeInfo(definition.struct_handle, 'struct', [
          {name: '', fields: fields(this.structFields(index))},
        ]),
      ),
      ...raw.enum_defs.map((definition) =>
        this.#datatypeInfo(
          definition.enum_handle,
          'enum',
          definition.variants.map((variant) => ({
            name: entry(raw.identifiers, variant.variant_name),
            fields: fields(variant.fields),
          })),
        ),
      ),
    ]
  }

  #datatypeInfo(
    handleIndex: number,
    kind: 'struct' | 'enum',
    variants: DatatypeInfo['variants'],
  ): DatatypeInfo {
    const handle = entry(this.raw.datatype_handles, handleIndex)
    const name = entry(this.raw.identifiers, handle.name)
    return {
      definingId: this.context.definingId(this.id.address, this.id.name, name),
      module: this.id.name,
      name,
      abilities: abilitiesOfMask(handle.abilities),
      typeParameters: handle.type_parameters.map(({constraints, is_phantom: phantom}) => ({
        constraints: abilitiesOfMask(constraints),
        phantom,
      })),
      kind,
      variants,
    }
  }
}
