/** What a failed call carries besides status and text: `google.rpc.Status` with `BadRequest` (sui-rpc-api error.rs). */
import {MessageType, ScalarType} from '@protobuf-ts/runtime'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {MessageCodec} from '../dispatch.ts'
import type {FieldViolation, RpcFailure} from '../status.ts'

type StatusProto = Extract<T.GetObjectResult['result'], {oneofKind: 'error'}>['error']

const FieldViolationType = new MessageType<FieldViolation>('google.rpc.BadRequest.FieldViolation', [
  {no: 1, name: 'field', kind: 'scalar', T: ScalarType.STRING},
  {no: 2, name: 'description', kind: 'scalar', T: ScalarType.STRING},
  {no: 3, name: 'reason', kind: 'scalar', T: ScalarType.STRING},
])

const BadRequest = new MessageType<{fieldViolations: FieldViolation[]}>('google.rpc.BadRequest', [
  {no: 1, name: 'field_violations', kind: 'message', repeat: 1, T: () => FieldViolationType},
])

/** Real nodes write no domain before it. */
const BAD_REQUEST_URL = '/google.rpc.BadRequest'

/** The header and trailer that holds the bytes; binary ones end in `-bin`. */
export const STATUS_DETAILS = 'grpc-status-details-bin'

/** Failures that no handler of a real node makes: its server answers them without details. */
const WITHOUT_DETAILS: readonly string[] = ['UNIMPLEMENTED', 'CANCELLED', 'DEADLINE_EXCEEDED']

/** A failure as `google.rpc.Status`. */
export function statusToProto({code, message, violation}: RpcFailure): StatusProto {
  if (violation === undefined) return {code, message, details: []}
  const value = BadRequest.toBinary({fieldViolations: [violation]})
  return {code, message, details: [{typeUrl: BAD_REQUEST_URL, value}]}
}

/** The bytes of `grpc-status-details-bin`; undefined where real nodes send none. */
export function statusDetails(failure: RpcFailure): Uint8Array | undefined {
  return WITHOUT_DETAILS.includes(failure.status) ? undefined : statusType().toBinary(statusToProto(failure))
}

/** The SDK has the type, and does not export it by name. */
function statusType(): MessageCodec {
  const field = T.GetObjectResult.fields.find(({name}) => name === 'error')
  if (field?.kind !== 'message') throw new TypeError('the SDK has no google.rpc.Status')
  return field.T() as MessageCodec
}
