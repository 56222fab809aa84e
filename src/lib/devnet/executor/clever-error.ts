/** What the abort codes of `#[error]` constants and of `assert!` without a code tell (Move reference, "Clever Errors"). */
import type {CleverError} from '../ledger/api.ts'
import {deserializeModule, type RawModule, type RawToken} from '../bytecode/module.ts'
import {ByteReader, bytesToAddress} from '../vm/bytes.ts'
import {VmError, type PackageStore} from '../vm/api.ts'

/** The highest four bits of such a code: the first form has no error codes, the second has. */
const FORMS = new Set([0b1000n, 0b1100n])
const NO_INDEX = 0xffff
const NO_CODE = 0xff
const WIDTHS: Readonly<Partial<Record<string, number>>> = {U8: 1, U16: 2, U32: 4, U64: 8, U128: 16, U256: 32}

type Constant = RawModule['constant_pool'][number]

/** The parts of a code: 4 bits of form, 4 unused, 8 of error code, then line, name and value by 16 each. */
function partsOf(code: bigint) {
  if (!FORMS.has(code >> 60n)) return undefined
  const part = (shift: bigint): number => Number((code >> shift) & 0xffffn)
  return {errorCode: part(48n) & 0xff, line: part(32n), name: part(16n), value: part(0n), form: code >> 60n}
}

function textOf({type_: type, data}: Constant): string | undefined {
  if (typeof type === 'string' || !('Vector' in type) || type.Vector !== 'U8') return undefined
  const reader = new ByteReader(Uint8Array.from(data))
  const bytes = reader.bytes(reader.length())
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function numberOf(type: RawToken, data: Uint8Array): string | undefined {
  if (type === 'Bool') return data[0] === 1 ? 'true' : 'false'
  if (type === 'Address') return bytesToAddress(data)
  const width = typeof type === 'string' ? WIDTHS[type] : undefined
  if (width !== data.length) return undefined
  return BigInt(`0x${Buffer.from(data).reverse().toString('hex')}`).toString()
}

/**
 * What an abort code tells besides its number.
 * @param packageId storage id of the package that aborted
 * @returns undefined when the code is a plain one, or points nowhere
 */
export function cleverError(
  packages: PackageStore,
  packageId: string,
  module: string,
  code: bigint,
): CleverError | undefined {
  const parts = partsOf(code)
  const bytes = packages.getPackage(packageId)?.modules.get(module)
  if (parts === undefined || bytes === undefined) return undefined
  const hasCode = parts.form === 0b1100n && parts.errorCode !== NO_CODE
  const known = {line: parts.line, ...(hasCode ? {errorCode: parts.errorCode} : {})}
  if (parts.name === NO_INDEX && parts.value === NO_INDEX) return known
  try {
    const {constant_pool: constants} = deserializeModule(bytes)
    const name = constants[parts.name]
    const value = constants[parts.value]
    const constantName = name === undefined ? undefined : textOf(name)
    if (constantName === undefined || value === undefined) return undefined
    const data = Uint8Array.from(value.data)
    const rendered = textOf(value) ?? numberOf(value.type_, data)
    return {...known, constantName, ...(rendered === undefined ? {raw: data} : {rendered})}
  } catch (error) {
    // A code that only looks like one of these.
    if (error instanceof VmError) return undefined
    throw error
  }
}
