import {TypeTagSerializer, type TypeTag} from '@mysten/sui/bcs'
import {isValidSuiAddress, normalizeSuiAddress} from '@mysten/sui/utils'
import type {MoveType} from '../../vm/api.ts'
import {invalidField, lastStep, missingField} from '../status.ts'

/** `0x2` in full. */
export const frameworkAddress = normalizeSuiAddress('0x2')
/** The type of SUI in full. */
export const suiType = `${frameworkAddress}::sui::SUI`
const coinPrefix = `${frameworkAddress}::coin::Coin`

/** A type as Sui writes it: full addresses, no spaces. */
export function typeToString(type: MoveType): string {
  if (type.kind === 'vector') return `vector<${typeToString(type.element)}>`
  if (type.kind !== 'datatype') return type.kind
  const head = `${type.address}::${type.module}::${type.name}`
  return type.typeArgs.length === 0 ? head : `${head}<${type.typeArgs.map(typeToString).join(',')}>`
}

/**
 * Reads a type, short addresses allowed.
 * @param field which field of the request it is
 * @throws RpcFailure INVALID_ARGUMENT
 */
export function parseType(text: string, field = 'type'): MoveType {
  let tag: TypeTag
  try {
    tag = TypeTagSerializer.parseFromStr(text, true)
  } catch (error) {
    throw noType(field, text, error)
  }
  return fromTag(tag, text, field)
}

function noType(field: string, text: string, cause?: unknown): Error {
  return invalidField(field, `invalid ${lastStep(field)}: ${text} is no type`, cause)
}

function fromTag(tag: TypeTag, text: string, field: string): MoveType {
  if ('vector' in tag && tag.vector !== undefined)
    return {kind: 'vector', element: fromTag(tag.vector, text, field)}
  if ('struct' in tag && tag.struct !== undefined) {
    if (!isValidSuiAddress(normalizeSuiAddress(tag.struct.address))) throw noType(field, text)
    return {
      kind: 'datatype',
      address: normalizeSuiAddress(tag.struct.address),
      module: tag.struct.module,
      name: tag.struct.name,
      typeArgs: tag.struct.typeParams.map((argument) => fromTag(argument, text, field)),
    }
  }
  return {
    kind: Object.keys(tag).find((key) => key !== '$kind') as Exclude<MoveType['kind'], 'vector' | 'datatype'>,
  }
}

/** Is this datatype `address::module::name`, whatever its type arguments? */
export function isDatatype(type: MoveType | undefined, module: string, name: string): boolean {
  return (
    type?.kind === 'datatype' &&
    type.address === frameworkAddress &&
    type.module === module &&
    type.name === name
  )
}

/** The T of `0x2::coin::Coin<T>`; undefined for any other type. */
export function coinTypeOf(type: MoveType | undefined): MoveType | undefined {
  return type?.kind === 'datatype' && isDatatype(type, 'coin', 'Coin') ? type.typeArgs[0] : undefined
}

/** `0x2::coin::Coin<T>` in full. */
export function coinOf(coinType: string): string {
  return `${coinPrefix}<${coinType}>`
}

/**
 * A filter by type: with type arguments it wants exactly this type, without any instantiation.
 * @param field which field of the request it is
 * @throws RpcFailure INVALID_ARGUMENT
 */
export function typeMatcher(text: string, field: string): (type: MoveType | undefined) => boolean {
  const wanted = parseType(text, field)
  if (wanted.kind !== 'datatype') throw noType(field, text)
  const exact = typeToString(wanted)
  return (type) => {
    if (type?.kind !== 'datatype') return false
    if (wanted.typeArgs.length > 0) return typeToString(type) === exact
    return type.address === wanted.address && type.module === wanted.module && type.name === wanted.name
  }
}

/**
 * An address or object id in full.
 * @param field which field of the request it is: a path, whose last step names it in the text
 * @throws RpcFailure INVALID_ARGUMENT
 */
export function requireAddress(value: string | undefined, field: string): string {
  if (value === undefined) throw missingField(field)
  const full = /^(0x)?[0-9a-fA-F]{1,64}$/.test(value) ? normalizeSuiAddress(value) : ''
  if (!isValidSuiAddress(full)) {
    throw invalidField(
      field,
      `invalid ${lastStep(field)}: Unable to parse Address (must be hex string of length 32)`,
    )
  }
  return full
}
