import {TypeTagSerializer, type TypeTag} from '@mysten/sui/bcs'
import {isValidSuiAddress, normalizeSuiAddress} from '@mysten/sui/utils'
import type {MoveType} from '../../vm/api.ts'
import {invalidArgument} from '../status.ts'

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
 * @throws RpcFailure INVALID_ARGUMENT
 */
export function parseType(text: string): MoveType {
  let tag: TypeTag
  try {
    tag = TypeTagSerializer.parseFromStr(text, true)
  } catch (error) {
    throw invalidArgument(`${text} is no type`, error)
  }
  return fromTag(tag, text)
}

function fromTag(tag: TypeTag, text: string): MoveType {
  if ('vector' in tag && tag.vector !== undefined) return {kind: 'vector', element: fromTag(tag.vector, text)}
  if ('struct' in tag && tag.struct !== undefined) {
    if (!isValidSuiAddress(normalizeSuiAddress(tag.struct.address)))
      throw invalidArgument(`${text} is no type`)
    return {
      kind: 'datatype',
      address: normalizeSuiAddress(tag.struct.address),
      module: tag.struct.module,
      name: tag.struct.name,
      typeArgs: tag.struct.typeParams.map((argument) => fromTag(argument, text)),
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
 * @throws RpcFailure INVALID_ARGUMENT
 */
export function typeMatcher(text: string): (type: MoveType | undefined) => boolean {
  const wanted = parseType(text)
  if (wanted.kind !== 'datatype') throw invalidArgument(`${text} is no type of an object`)
  const exact = typeToString(wanted)
  return (type) => {
    if (type?.kind !== 'datatype') return false
    if (wanted.typeArgs.length > 0) return typeToString(type) === exact
    return type.address === wanted.address && type.module === wanted.module && type.name === wanted.name
  }
}

/**
 * An address or object id in full.
 * @throws RpcFailure INVALID_ARGUMENT, FIELD of that name
 */
export function requireAddress(value: string | undefined, field: string): string {
  if (value === undefined || value === '') throw invalidArgument(`missing ${field}`)
  const full = /^(0x)?[0-9a-fA-F]{1,64}$/.test(value) ? normalizeSuiAddress(value) : ''
  if (!isValidSuiAddress(full)) throw invalidArgument(`invalid ${field}: ${value}`)
  return full
}
