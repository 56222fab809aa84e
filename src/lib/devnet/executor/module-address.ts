/** Gives a module that was compiled for address 0x0 the address of its package (facts/move-vm.md 2). */
import {VmError} from '../vm/api.ts'
import {addressToBytes, ByteReader} from '../vm/bytes.ts'

const HEADER_SIZE = 8
const MODULE_HANDLES = 1
const ADDRESSES = 8
const ADDRESS_SIZE = 32

interface Table {
  readonly offset: number
  readonly length: number
}

/**
 * A copy of the module with another self address. Nothing else in it changes.
 * @param bytes a serialised module, version 6 or 7
 * @param address `0x` and 64 hex digits
 * @throws VmError MALFORMED_VALUE
 */
export function withSelfAddress(bytes: Uint8Array, address: string): Uint8Array {
  const reader = new ByteReader(bytes)
  reader.bytes(HEADER_SIZE)
  const tables = new Map<number, Table>()
  let size = 0
  for (let count = reader.length(); count > 0; count--) {
    const kind = reader.u8()
    const offset = reader.length()
    const length = reader.length()
    tables.set(kind, {offset, length})
    size = Math.max(size, offset + length)
  }
  const start = bytes.length - reader.left
  const handles = tables.get(MODULE_HANDLES)
  const addresses = tables.get(ADDRESSES)
  if (handles === undefined || addresses === undefined) {
    throw new VmError('MALFORMED_VALUE', 'the module has no module handles or no addresses')
  }
  const self = new ByteReader(bytes.subarray(start + size)).length()
  const entries = new ByteReader(
    bytes.subarray(start + handles.offset, start + handles.offset + handles.length),
  )
  let addressIndex = 0
  for (let index = 0; index <= self; index++) {
    addressIndex = entries.length()
    entries.length()
  }
  if ((addressIndex + 1) * ADDRESS_SIZE > addresses.length) {
    throw new VmError('MALFORMED_VALUE', 'the address of the module is not in its table')
  }
  const copy = Uint8Array.from(bytes)
  copy.set(addressToBytes(address), start + addresses.offset + addressIndex * ADDRESS_SIZE)
  return copy
}
