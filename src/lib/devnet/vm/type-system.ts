import type {Linker} from '../bytecode/link.ts'
import {ByteReader, ByteWriter} from './bytes.ts'
import {VmError, type Ability, type DatatypeInfo, type MoveType, type Value} from './api.ts'
import {
  byteVectorCodec,
  enumCodec,
  primitiveCodecs,
  specialCodec,
  structCodec,
  vectorCodec,
  type Codec,
} from './codec.ts'
import {formatType, signatureToConcrete} from './types.ts'

const PRIMITIVE_ABILITIES: readonly Ability[] = ['copy', 'drop', 'store']
/** As in Move: how deep a value may nest. */
const MAX_VALUE_DEPTH = 128

/** What is known of concrete types: definitions, abilities, layouts. Layouts are kept by the type's text. */
export class TypeSystem {
  readonly #linker: Linker
  readonly #codecs = new Map<string, Codec>()
  readonly #abilities = new Map<string, ReadonlySet<Ability>>()

  constructor(linker: Linker) {
    this.#linker = linker
  }

  /** The definition of a datatype in a package version. Throws VmError MODULE_NOT_FOUND, TYPE_MISMATCH. */
  datatype(packageId: string, module: string, name: string): DatatypeInfo {
    const found = this.datatypes(packageId, module).find((datatype) => datatype.name === name)
    if (found === undefined)
      throw new VmError('TYPE_MISMATCH', `no datatype ${packageId}::${module}::${name}`)
    return found
  }

  /** Every datatype of a module of a package version. */
  datatypes(packageId: string, module: string): DatatypeInfo[] {
    const context = this.#linker.context(packageId)
    return context.module(context.root.originalId, module).datatypes()
  }

  /** Abilities of a type: those declared, as far as the type arguments allow them. */
  abilities(type: MoveType): ReadonlySet<Ability> {
    const key = formatType(type)
    let abilities = this.#abilities.get(key)
    if (abilities === undefined) {
      abilities = this.#abilitiesOf(type)
      this.#abilities.set(key, abilities)
    }
    return abilities
  }

  #abilitiesOf(type: MoveType): ReadonlySet<Ability> {
    if (type.kind === 'vector') {
      const element = this.abilities(type.element)
      return new Set(PRIMITIVE_ABILITIES.filter((ability) => element.has(ability)))
    }
    if (type.kind !== 'datatype') return new Set(type.kind === 'signer' ? ['drop'] : PRIMITIVE_ABILITIES)
    const {abilities, typeParameters} = this.datatype(type.address, type.module, type.name)
    const solid = type.typeArgs.filter((_, index) => typeParameters[index]?.phantom !== true)
    const held = solid.map((argument) => this.abilities(argument))
    const asked = (ability: Ability): Ability => (ability === 'key' ? 'store' : ability)
    return new Set(abilities.filter((ability) => held.every((set) => set.has(asked(ability)))))
  }

  /** BCS of a value. */
  serialize(type: MoveType, value: Value): Uint8Array {
    const writer = new ByteWriter()
    this.codec(type).write(writer, value)
    return writer.take()
  }

  /** The value of a BCS, all of it. Throws VmError MALFORMED_VALUE. */
  deserialize(type: MoveType, bytes: Uint8Array): Value {
    const reader = new ByteReader(bytes)
    const value = this.codec(type).read(reader)
    if (reader.left > 0)
      throw new VmError('MALFORMED_VALUE', `${reader.left} bytes too many for ${formatType(type)}`)
    return value
  }

  /** How values of a type are written. Throws VmError MODULE_NOT_FOUND, TYPE_MISMATCH. */
  codec(type: MoveType, depth = 0): Codec {
    if (depth > MAX_VALUE_DEPTH) throw new VmError('TYPE_MISMATCH', 'a type is nested too deep')
    if (type.kind !== 'vector' && type.kind !== 'datatype') return primitiveCodecs[type.kind]
    const key = formatType(type)
    let codec = this.#codecs.get(key)
    if (codec === undefined) {
      codec = type.kind === 'vector' ? this.#vector(type.element, depth) : this.#datatype(type, depth)
      this.#codecs.set(key, codec)
    }
    return codec
  }

  #vector(element: MoveType, depth: number): Codec {
    return element.kind === 'u8' ? byteVectorCodec : vectorCodec(this.codec(element, depth + 1))
  }

  #datatype(type: MoveType & {kind: 'datatype'}, depth: number): Codec {
    const {kind, variants, typeParameters} = this.datatype(type.address, type.module, type.name)
    if (typeParameters.length !== type.typeArgs.length) {
      throw new VmError('TYPE_MISMATCH', `${formatType(type)} needs ${typeParameters.length} type arguments`)
    }
    const codecs = variants.map((variant) => ({
      name: variant.name,
      fields: variant.fields.map(({name, type: field}) => ({
        name,
        codec: this.codec(signatureToConcrete(field, type.typeArgs), depth + 1),
      })),
    }))
    return specialCodec(type, kind === 'struct' ? structCodec(codecs[0]!) : enumCodec(codecs))
  }
}
