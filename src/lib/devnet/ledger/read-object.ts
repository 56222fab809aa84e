/** Objects from their BCS: the way back from `finishObject`. */
import {bcs} from '@mysten/sui/bcs'
import {toBase58} from '@mysten/bcs'
import {deserializeModule, moduleIdOf} from '../bytecode/module.ts'
import type {MoveType, PackageBytecode} from '../vm/api.ts'
import {ByteReader, bytesToAddress} from '../vm/bytes.ts'
import {normalizeMoveAddress} from '../vm/types.ts'
import type {ObjectOwner, StoredObject} from './api.ts'
import {coinType, GAS_COIN_TYPE, objectVersion} from './object.ts'

const PRIMITIVES = {
  0: 'bool',
  1: 'u8',
  2: 'u64',
  3: 'u128',
  4: 'address',
  5: 'signer',
  8: 'u16',
  9: 'u32',
  10: 'u256',
} as const

function readText(reader: ByteReader): string {
  return Buffer.from(reader.bytes(reader.length())).toString('utf8')
}

function readStruct(reader: ByteReader): MoveType {
  const address = bytesToAddress(reader.bytes(32))
  const module = readText(reader)
  const name = readText(reader)
  const typeArgs = Array.from({length: reader.length()}, () => readTag(reader))
  return {kind: 'datatype', address, module, name, typeArgs}
}

function readTag(reader: ByteReader): MoveType {
  const tag = reader.u8()
  if (tag === 6) return {kind: 'vector', element: readTag(reader)}
  if (tag === 7) return readStruct(reader)
  const kind = PRIMITIVES[tag as keyof typeof PRIMITIVES] as (typeof PRIMITIVES)[0] | undefined
  if (kind === undefined) throw new TypeError(`no type tag ${tag}`)
  return {kind}
}

function readObjectType(reader: ByteReader): MoveType {
  const form = reader.u8()
  if (form === 0) return readStruct(reader)
  if (form === 1) return GAS_COIN_TYPE
  if (form === 3) return coinType(readTag(reader))
  throw new TypeError(`no object type ${form}`)
}

function readOwner(reader: ByteReader): ObjectOwner {
  const kind = reader.u8()
  if (kind === 0) return {kind: 'address', address: bytesToAddress(reader.bytes(32))}
  if (kind === 1) return {kind: 'object', parent: bytesToAddress(reader.bytes(32))}
  if (kind === 2) return {kind: 'shared', initialSharedVersion: reader.big(8)}
  if (kind === 3) return {kind: 'immutable'}
  throw new TypeError(`no owner ${kind}`)
}

function packageOf(bytes: Uint8Array): PackageBytecode {
  const move = bcs.Object.parse(bytes).data.Package
  if (move === undefined) throw new TypeError('not a package')
  const modules = new Map([...move.moduleMap].map(([name, code]) => [name, Uint8Array.from(code)]))
  const [first] = modules.values()
  if (first === undefined) throw new TypeError('a package without modules')
  const raw = deserializeModule(first)
  return {
    storageId: normalizeMoveAddress(move.id),
    originalId: moduleIdOf(raw, raw.self_module_handle_idx).address,
    version: BigInt(move.version),
    modules,
    linkage: new Map([...move.linkageTable].map(([original, {upgradedId}]) => [original, upgradedId])),
    typeOrigins: new Map(
      move.typeOriginTable.map(({moduleName, datatypeName, package: origin}) => [
        `${moduleName}::${datatypeName}`,
        origin,
      ]),
    ),
  }
}

/**
 * Reads objects; those of one type share it.
 * @returns reads the BCS of one object; throws TypeError or VmError MALFORMED_VALUE for what is none
 */
export function createObjectReader(): (bytes: Uint8Array) => StoredObject {
  const types = new Map<string, MoveType>()
  return (bytes) => {
    const reader = new ByteReader(bytes)
    if (reader.u8() === 1) return readPackage(bytes)
    const before = bytes.length - reader.left
    let type = readObjectType(reader)
    const key = Buffer.from(bytes.subarray(before, bytes.length - reader.left)).toString('latin1')
    const known = types.get(key)
    if (known === undefined) types.set(key, type)
    else type = known
    const hasPublicTransfer = reader.u8() === 1
    const version = reader.big(8)
    const length = reader.length()
    const start = bytes.length - reader.left
    const contents = reader.bytes(length)
    const owner = readOwner(reader)
    const previousTransaction = toBase58(reader.bytes(reader.length()))
    const storageRebate = reader.big(8)
    const id = bytesToAddress(contents.subarray(0, 32))
    return objectVersion(
      {id, owner, type, hasPublicTransfer, contents, package: undefined},
      {bcs: bytes, start, version, previousTransaction, storageRebate},
    )
  }
}

function readPackage(bytes: Uint8Array): StoredObject {
  const code = packageOf(bytes)
  // The owner, the digest of the transaction and the rebate stand at the end.
  const tail = new ByteReader(bytes.subarray(bytes.length - (1 + 33 + 8)))
  const owner = readOwner(tail)
  const previousTransaction = toBase58(tail.bytes(tail.length()))
  const storageRebate = tail.big(8)
  return objectVersion(
    {
      id: code.storageId,
      owner,
      type: undefined,
      hasPublicTransfer: false,
      contents: new Uint8Array(),
      package: code,
    },
    {bcs: bytes, start: 0, version: code.version, previousTransaction, storageRebate},
  )
}
