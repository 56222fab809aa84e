/** Natives of 0x2 that work on objects and the transaction; they ask the host. */
import {blake2b256} from '../blake2b.ts'
import {ByteWriter, bytesToAddress} from '../bytes.ts'
import {VmError, type MoveType, type StructValue, type Value} from '../api.ts'
import {OBJECT_UNITS} from '../gas-table.ts'
import {formatType, typeTagBytes} from '../types.ts'
import {Ref, refToCell} from '../values.ts'
import {
  abort,
  bytesOf,
  chargeBytes,
  fieldOf,
  typeArg,
  valueOf,
  type Native,
  type NativeModules,
} from './native.ts'

/** What an object id or a field id is a hash of begins with one of these. */
const DERIVED_ID = 0xf1
const FIELD_ID = 0xf0
const EVENT_SIZE_LIMIT = 256 * 1024

/** The id of a dynamic field: blake2b256(0xF0, parent, length of the key, key, type of the key). */
export function fieldId(parent: string, keyType: MoveType, key: Uint8Array): string {
  const writer = new ByteWriter()
  writer.u8(FIELD_ID)
  writer.address(parent)
  writer.big(BigInt(key.length), 8)
  writer.bytes(key)
  writer.bytes(typeTagBytes(keyType))
  return bytesToAddress(blake2b256(writer.take()))
}

/** Object id number `count` of a transaction: blake2b256(0xF1, digest, count). */
export function derivedId(digest: Uint8Array, count: bigint): string {
  const writer = new ByteWriter()
  writer.u8(DERIVED_ID)
  writer.bytes(digest)
  writer.big(count, 8)
  return bytesToAddress(blake2b256(writer.take()))
}

/** Charges for work on an object. */
const onObject =
  (native: Native): Native =>
  (context, args, typeArgs) => {
    context.charge(OBJECT_UNITS)
    return native(context, args, typeArgs)
  }

/** UID is `{id: ID{bytes: address}}`. */
function uidAddress(uid: unknown): string {
  return fieldOf(fieldOf(uid as Value)) as string
}

const borrowChild = (mutable: boolean): Native =>
  onObject(({host}, [uid, child], typeArgs) =>
    refToCell(host.borrowChild(uidAddress(uid), child as string, typeArg(typeArgs), mutable)),
  )

function isOneTimeWitness(type: MoveType, fieldTypes: readonly string[]): boolean {
  return (
    type.kind === 'datatype' &&
    type.typeArgs.length === 0 &&
    type.name === type.module.toUpperCase() &&
    fieldTypes.length === 1 &&
    fieldTypes[0] === 'bool'
  )
}

const isWitness: Native = ({types}, _args, typeArgs) => {
  const type = typeArg(typeArgs)
  if (type.kind !== 'datatype') return false
  const {kind, variants} = types.datatype(type.address, type.module, type.name)
  return (
    kind === 'struct' &&
    isOneTimeWitness(
      type,
      variants[0]!.fields.map((field) => field.type.kind),
    )
  )
}

const emit: Native = onObject((context, args, typeArgs) => {
  const type = typeArg(typeArgs)
  const value = args.at(-1) as Value
  const size = context.types.serialize(type, value).length
  chargeBytes(context, size)
  if (size > EVENT_SIZE_LIMIT) throw new VmError('MALFORMED_VALUE', `an event of ${size} bytes is too large`)
  context.host.emit(type, value)
  return undefined
})

/** Objects, transfer, dynamic fields, events, the transaction. */
export const objectNatives: NativeModules = {
  object: {
    borrow_uid: (_context, [object]) => new Ref((valueOf(object) as StructValue).fields, 0),
    delete_impl: onObject(({host}, [id]) => void host.deleteUid(id as string)),
    record_new_uid: onObject(({host}, [id]) => void host.recordNewUid(id as string)),
  },
  transfer: {
    transfer_impl: onObject(
      ({host}, [value, address], typeArgs) =>
        void host.transfer(typeArg(typeArgs), value as Value, {kind: 'address', address: address as string}),
    ),
    share_object_impl: onObject(
      ({host}, [value], typeArgs) => void host.transfer(typeArg(typeArgs), value as Value, {kind: 'shared'}),
    ),
    freeze_object_impl: onObject(
      ({host}, [value], typeArgs) =>
        void host.transfer(typeArg(typeArgs), value as Value, {kind: 'immutable'}),
    ),
    receive_impl: onObject(({host}, [parent, id, version], typeArgs) =>
      host.receive(parent as string, fieldOf(id) as string, version as bigint, typeArg(typeArgs)),
    ),
  },
  event: {emit},
  dynamic_field: {
    hash_type_and_key: (context, [parent, key], typeArgs) => {
      const type = typeArg(typeArgs)
      const bytes = context.types.serialize(type, valueOf(key))
      chargeBytes(context, bytes.length + formatType(type).length)
      return fieldId(parent as string, type, bytes)
    },
    add_child_object: onObject(({host, types}, [parent, child], typeArgs) => {
      const type = typeArg(typeArgs)
      const id = uidAddress(fieldOf(child))
      types.codec(type)
      host.addChild(parent as string, id, type, child as Value)
      return undefined
    }),
    borrow_child_object: borrowChild(false),
    borrow_child_object_mut: borrowChild(true),
    remove_child_object: onObject(({host}, [parent, child], typeArgs) =>
      host.removeChild(parent as string, child as string, typeArg(typeArgs)),
    ),
    has_child_object: onObject(({host}, [parent, child]) => host.hasChild(parent as string, child as string)),
    has_child_object_with_ty: onObject(({host}, [parent, child], typeArgs) =>
      host.hasChildWithType(parent as string, child as string, typeArg(typeArgs)),
    ),
  },
  tx_context: {
    native_sender: ({host}) => host.tx.sender,
    native_epoch: ({host}) => host.tx.epoch,
    native_epoch_timestamp_ms: ({host}) => host.tx.epochTimestampMs,
    native_rgp: ({host}) => host.tx.referenceGasPrice,
    native_gas_price: ({host}) => host.tx.gasPrice,
    native_gas_budget: ({host}) => host.tx.gasBudget,
    native_ids_created: ({host}) => host.idsCreated(),
    native_sponsor: ({host}) => ({elements: host.tx.sponsor === undefined ? [] : [host.tx.sponsor]}),
    fresh_id: onObject(({host}) => host.freshId()),
    derive_id: (context, [digest, count]) => derivedId(bytesOf(context, digest), count as bigint),
  },
  types: {is_one_time_witness: isWitness},
  address: {
    from_bytes: (context, [bytes]) => {
      const raw = bytesOf(context, bytes)
      return raw.length === 32 ? bytesToAddress(raw) : abort(0)
    },
    to_u256: (_context, [address]) => BigInt(address as string),
    from_u256: (_context, [number]) => `0x${(number as bigint).toString(16).padStart(64, '0')}`,
  },
  protocol_config: {is_feature_enabled: () => false},
}
