/** Objects of the ledger: their BCS, digest and size, as Sui has them (facts/move-vm.md 5). */
import {bcs} from '@mysten/sui/bcs'
import type {MoveType, PackageBytecode} from '../vm/api.ts'
import {ByteWriter} from '../vm/bytes.ts'
import {formatType, typeTagBytes} from '../vm/types.ts'
import type {ObjectOwner, StoredObject} from './api.ts'
import {digestBytes, digestOf} from './digest.ts'

/** `0x2`, written out. */
export const SUI_FRAMEWORK = `0x${'2'.padStart(64, '0')}`
/** The type SUI. */
export const SUI_TYPE: MoveType = {
  kind: 'datatype',
  address: SUI_FRAMEWORK,
  module: 'sui',
  name: 'SUI',
  typeArgs: [],
}
/** The type Coin<SUI>: what gas is paid with. */
export const GAS_COIN_TYPE: MoveType = coinType(SUI_TYPE)
const GAS_COIN_NAME = formatType(GAS_COIN_TYPE)

const METADATA_SIZE = 40 + 32 + 8
const VERSION_AND_FLAG_SIZE = 8 + 1
const ID_SIZE = 32
const DIGEST_SIZE = 32

/** What an object holds, before it has a version and a digest. */
export interface ObjectDraft {
  readonly id: string
  readonly owner: ObjectOwner
  readonly type: MoveType | undefined
  readonly hasPublicTransfer: boolean
  readonly contents: Uint8Array
  readonly package: PackageBytecode | undefined
}

/** The type `0x2::coin::Coin<T>`. */
export function coinType(inner: MoveType): MoveType {
  return {kind: 'datatype', address: SUI_FRAMEWORK, module: 'coin', name: 'Coin', typeArgs: [inner]}
}

/** The T of `Coin<T>`; undefined for any other type. */
export function coinInner(type: MoveType | undefined): MoveType | undefined {
  if (type?.kind !== 'datatype' || type.address !== SUI_FRAMEWORK) return undefined
  return type.module === 'coin' && type.name === 'Coin' ? type.typeArgs[0] : undefined
}

/** The balance in the BCS of a coin. */
export function coinBalance(contents: Uint8Array): bigint {
  return new DataView(contents.buffer, contents.byteOffset).getBigUint64(ID_SIZE, true)
}

/** BCS of a coin. */
export function coinContents(id: string, balance: bigint): Uint8Array {
  const writer = new ByteWriter()
  writer.address(id)
  writer.big(balance, 8)
  return writer.take()
}

/** BCS of a digest: its length and its bytes. */
export function writeDigest(writer: ByteWriter, digest: string): void {
  writer.u8(DIGEST_SIZE)
  writer.bytes(digestBytes(digest))
}

/** BCS of an owner. */
export function writeOwner(writer: ByteWriter, owner: ObjectOwner): void {
  switch (owner.kind) {
    case 'address':
      writer.u8(0)
      writer.address(owner.address)
      break
    case 'object':
      writer.u8(1)
      writer.address(owner.parent)
      break
    case 'shared':
      writer.u8(2)
      writer.big(owner.initialSharedVersion, 8)
      break
    case 'immutable':
      writer.u8(3)
  }
}

const objectTypes = new WeakMap<MoveType, Uint8Array>()

function objectTypeBytes(type: MoveType): Uint8Array {
  let bytes = objectTypes.get(type)
  if (bytes === undefined) {
    bytes = makeObjectTypeBytes(type)
    objectTypes.set(type, bytes)
  }
  return bytes
}

/** BCS of a MoveObjectType: short forms for coins, else the struct tag (a type tag without its first byte). */
function makeObjectTypeBytes(type: MoveType): Uint8Array {
  const inner = coinInner(type)
  if (inner !== undefined) {
    return formatType(type) === GAS_COIN_NAME ? Uint8Array.of(1) : Uint8Array.of(3, ...typeTagBytes(inner))
  }
  return Uint8Array.of(0, ...typeTagBytes(type).subarray(1))
}

/** A package in the form the SDK's BCS takes. */
function packageInput(code: PackageBytecode, versionOf: (storageId: string) => bigint) {
  return {
    id: code.storageId,
    version: code.version,
    moduleMap: new Map(code.modules),
    typeOriginTable: [...code.typeOrigins].map(([key, origin]) => {
      const [moduleName = '', datatypeName = ''] = key.split('::')
      return {moduleName, datatypeName, package: origin}
    }),
    linkageTable: new Map(
      [...code.linkage].map(([original, storageId]) => [
        original,
        {upgradedId: storageId, upgradedVersion: versionOf(storageId)},
      ]),
    ),
  }
}

/** Writes the BCS of the `Data` of an object, the first part of its own BCS; gives where its contents begin. */
function writeData(
  writer: ByteWriter,
  draft: ObjectDraft,
  version: bigint,
  versionOf: (storageId: string) => bigint,
): number {
  if (draft.package !== undefined) {
    writer.u8(1)
    writer.bytes(bcs.MovePackage.serialize(packageInput(draft.package, versionOf)).toBytes())
    return 0
  }
  if (draft.type !== undefined) {
    writer.u8(0)
    writer.bytes(objectTypeBytes(draft.type))
    writer.u8(draft.hasPublicTransfer ? 1 : 0)
    writer.big(version, 8)
    writer.length(draft.contents.length)
    const start = writer.size
    writer.bytes(draft.contents)
    return start
  }
  throw new TypeError(`object ${draft.id} is neither a package nor has a type`)
}

const packageSizes = new WeakMap<PackageBytecode, number>()

function packageSize(code: PackageBytecode): number {
  const known = packageSizes.get(code)
  if (known !== undefined) return known
  const {modules, typeOrigins, linkage} = code
  let size = 8 + linkage.size * (2 * ID_SIZE + 8)
  for (const [name, bytes] of modules) size += name.length + bytes.length
  for (const key of typeOrigins.keys()) size += key.length - 2 + ID_SIZE
  packageSizes.set(code, size)
  return size
}

/** Bytes of an object that storage is paid for. */
export function objectSize(draft: ObjectDraft): number {
  if (draft.package !== undefined) return packageSize(draft.package) + METADATA_SIZE
  const type = draft.type === undefined ? 0 : objectTypeBytes(draft.type).length
  return draft.contents.length + type + VERSION_AND_FLAG_SIZE + METADATA_SIZE
}

/**
 * The finished version of an object: with BCS and digest.
 * @param previousTransaction base58 digest of the transaction that writes it
 * @param storageRebate MIST paid for its storage
 * @param versionOf version of a package, for the linkage table of packages
 */
export function finishObject(
  draft: ObjectDraft,
  version: bigint,
  previousTransaction: string,
  storageRebate: bigint,
  versionOf: (storageId: string) => bigint = () => 1n,
): StoredObject {
  const writer = new ByteWriter()
  const start = writeData(writer, draft, version, versionOf)
  writeOwner(writer, draft.owner)
  writeDigest(writer, previousTransaction)
  writer.big(storageRebate, 8)
  const bytes = writer.take()
  return objectVersion(draft, {bcs: bytes, start, version, previousTransaction, storageRebate})
}

/** What a version has besides its draft. */
interface VersionParts {
  readonly bcs: Uint8Array
  /** Where in the BCS the contents begin. */
  readonly start: number
  readonly version: bigint
  readonly previousTransaction: string
  readonly storageRebate: bigint
}

/** A version whose BCS is known. */
export function objectVersion(draft: ObjectDraft, parts: VersionParts): StoredObject {
  return new ObjectVersion(draft, parts)
}

/** One version of one object. There are very many of these: what is in the BCS is not kept twice. */
class ObjectVersion implements StoredObject {
  readonly id: string
  readonly version: bigint
  readonly digest: string
  readonly owner: ObjectOwner
  readonly type: MoveType | undefined
  readonly hasPublicTransfer: boolean
  readonly package: PackageBytecode | undefined
  readonly previousTransaction: string
  readonly storageRebate: bigint
  readonly bcs: Uint8Array
  readonly #start: number
  readonly #length: number

  constructor(draft: ObjectDraft, rest: VersionParts) {
    this.id = draft.id
    this.version = rest.version
    this.digest = digestOf('Object', rest.bcs)
    this.owner = draft.owner
    this.type = draft.type
    this.hasPublicTransfer = draft.hasPublicTransfer
    this.package = draft.package
    this.previousTransaction = rest.previousTransaction
    this.storageRebate = rest.storageRebate
    this.bcs = rest.bcs
    this.#start = rest.start
    this.#length = draft.contents.length
  }

  get typeName(): string | undefined {
    return this.type === undefined ? undefined : formatType(this.type)
  }

  get contents(): Uint8Array {
    return this.bcs.subarray(this.#start, this.#start + this.#length)
  }
}
