import {GrpcTypes as T} from '@mysten/sui/grpc'

/** A `google.protobuf.Value`. */
export type ProtoValue = NonNullable<T.Event['json']>

interface ValueCodec {
  fromJson(json: never): ProtoValue
}

const jsonField = (T.Event.fields as readonly {name: string; T?: unknown}[]).find(
  (field) => field.name === 'json',
)
/** The SDK does not export google's types; the reflection of a field that holds one does. */
const valueCodec = (jsonField?.T as () => ValueCodec)()

/** JSON as a `google.protobuf.Value`. */
export function toProtoValue(json: unknown): ProtoValue {
  return valueCodec.fromJson(json as never)
}

/** ms since 1970 as a `google.protobuf.Timestamp`. */
export function toTimestamp(ms: bigint): {seconds: bigint; nanos: number} {
  return {seconds: ms / 1000n, nanos: Number(ms % 1000n) * 1_000_000}
}
