/**
 * Reads the transactions that nearly everybody sends in a third of the time that the SDK's codecs take. What it does
 * not know, and what is wrong, it leaves to the SDK, whose result it must equal to the last field.
 */
import {toBase58} from '@mysten/bcs'
import type {TransactionData} from '../ledger/api.ts'
import {VmError} from '../vm/api.ts'
import {ByteReader, bytesToAddress} from '../vm/bytes.ts'
import type {Command, Programmable} from './inputs.ts'

type Input = Programmable['inputs'][number]
type ObjectInput = NonNullable<Input['Object']>
type ObjectRef = TransactionData['V1']['gasData']['payment'][number]
type Argument = NonNullable<Command['TransferObjects']>['address']
type Expiration = TransactionData['V1']['expiration']

/** Thrown for what is left to the SDK. */
class Unusual extends Error {}

const DIGEST_BYTES = 32

function listOf<T>(reader: ByteReader, read: (reader: ByteReader) => T): T[] {
  const count = reader.length()
  if (count > reader.left) throw new Unusual()
  const list: T[] = []
  for (let index = 0; index < count; index++) list.push(read(reader))
  return list
}

const address = (reader: ByteReader): string => bytesToAddress(reader.bytes(32))
const u64 = (reader: ByteReader): string => reader.big(8).toString()

function base64(reader: ByteReader): string {
  const bytes = reader.bytes(reader.length())
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}

function name(reader: ByteReader): string {
  const bytes = reader.bytes(reader.length())
  if (bytes.some((byte) => byte >= 0x80)) throw new Unusual()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

function objectRef(reader: ByteReader): ObjectRef {
  const objectId = address(reader)
  const version = u64(reader)
  if (reader.length() !== DIGEST_BYTES) throw new Unusual()
  return {objectId, version, digest: toBase58(reader.bytes(DIGEST_BYTES))}
}

function bool(reader: ByteReader): boolean {
  const byte = reader.u8()
  if (byte > 1) throw new Unusual()
  return byte === 1
}

function objectInput(reader: ByteReader): ObjectInput {
  switch (reader.u8()) {
    case 0:
      return {ImmOrOwnedObject: objectRef(reader), $kind: 'ImmOrOwnedObject'}
    case 1: {
      const objectId = address(reader)
      const initialSharedVersion = u64(reader)
      return {SharedObject: {objectId, initialSharedVersion, mutable: bool(reader)}, $kind: 'SharedObject'}
    }
    case 2:
      return {Receiving: objectRef(reader), $kind: 'Receiving'}
    default:
      throw new Unusual()
  }
}

function input(reader: ByteReader): Input {
  switch (reader.u8()) {
    case 0:
      return {Pure: {bytes: base64(reader)}, $kind: 'Pure'}
    case 1:
      return {Object: objectInput(reader), $kind: 'Object'}
    default:
      throw new Unusual()
  }
}

function argument(reader: ByteReader): Argument {
  switch (reader.u8()) {
    case 0:
      return {GasCoin: true, $kind: 'GasCoin'}
    case 1:
      return {Input: reader.small(2), $kind: 'Input'}
    case 2:
      return {Result: reader.small(2), $kind: 'Result'}
    case 3:
      return {NestedResult: [reader.small(2), reader.small(2)], $kind: 'NestedResult'}
    default:
      throw new Unusual()
  }
}

/** Types are read by the SDK: their text has rules of its own. */
function noTypes(reader: ByteReader): [] {
  if (reader.length() > 0) throw new Unusual()
  return []
}

function command(reader: ByteReader): Command {
  switch (reader.u8()) {
    case 0: {
      const call = {package: address(reader), module: name(reader), function: name(reader)}
      const typeArguments = noTypes(reader)
      const args = listOf(reader, argument)
      return {MoveCall: {...call, typeArguments, arguments: args}, $kind: 'MoveCall'}
    }
    case 1: {
      const objects = listOf(reader, argument)
      return {TransferObjects: {objects, address: argument(reader)}, $kind: 'TransferObjects'}
    }
    case 2: {
      const coin = argument(reader)
      return {SplitCoins: {coin, amounts: listOf(reader, argument)}, $kind: 'SplitCoins'}
    }
    case 3: {
      const destination = argument(reader)
      return {MergeCoins: {destination, sources: listOf(reader, argument)}, $kind: 'MergeCoins'}
    }
    default:
      throw new Unusual()
  }
}

function expiration(reader: ByteReader): Expiration {
  if (reader.u8() !== 0) throw new Unusual()
  return {None: true, $kind: 'None'}
}

function read(reader: ByteReader): TransactionData {
  // TransactionData::V1 of a ProgrammableTransaction.
  if (reader.u8() !== 0 || reader.u8() !== 0) throw new Unusual()
  const inputs = listOf(reader, input)
  const commands = listOf(reader, command)
  const sender = address(reader)
  const payment = listOf(reader, objectRef)
  const gasData = {payment, owner: address(reader), price: u64(reader), budget: u64(reader)}
  const data: TransactionData = {
    V1: {
      kind: {ProgrammableTransaction: {inputs, commands}, $kind: 'ProgrammableTransaction'},
      sender,
      gasData,
      expiration: expiration(reader),
    },
    $kind: 'V1',
  }
  if (reader.left > 0) throw new Unusual()
  return data
}

/**
 * Reads a common transaction.
 * @param bytes BCS of TransactionData
 * @returns as `bcs.TransactionData` of the SDK parses it; undefined for what only that may read or refuse
 */
export function readCommonTransaction(bytes: Uint8Array): TransactionData | undefined {
  try {
    return read(new ByteReader(bytes))
  } catch (error) {
    if (error instanceof Unusual || error instanceof VmError) return undefined
    throw error
  }
}
