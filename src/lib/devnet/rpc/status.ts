import {TransactionRejected} from '../ledger/api.ts'
import {VmError} from '../vm/api.ts'

/** The status codes of gRPC, by name. */
export const statusCodes = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const

/** The name of a gRPC status. */
export type StatusName = keyof typeof statusCodes

/** What is wrong with a field of a request: `google.rpc.BadRequest.FieldViolation`. */
export interface FieldViolation {
  /** Its path: `requests[0].object_id` */
  readonly field: string
  readonly description: string
  /** `ErrorReason` of the API. */
  readonly reason: 'FIELD_INVALID' | 'FIELD_MISSING'
}

/** A call that ends with a status other than OK. */
export class RpcFailure extends Error {
  readonly status: StatusName
  /** The field that is to blame, where there is one: clients find it in the details of the status. */
  readonly violation: FieldViolation | undefined

  constructor(status: StatusName, message: string, options?: ErrorOptions & {violation?: FieldViolation}) {
    super(message, options)
    this.name = 'RpcFailure'
    this.status = status
    this.violation = options?.violation
  }

  /** The number of the status on the wire. */
  get code(): number {
    return statusCodes[this.status]
  }
}

/** INVALID_ARGUMENT with this text. */
export function invalidArgument(message: string, cause?: unknown): RpcFailure {
  return new RpcFailure('INVALID_ARGUMENT', message, cause === undefined ? undefined : {cause})
}

/** INVALID_ARGUMENT for a field that cannot be as it is. */
export function invalidField(field: string, description: string, cause?: unknown): RpcFailure {
  const violation = {field, description, reason: 'FIELD_INVALID'} as const
  return new RpcFailure('INVALID_ARGUMENT', description, {violation, ...(cause === undefined ? {} : {cause})})
}

/** INVALID_ARGUMENT for a field that must be there. */
export function missingField(field: string, description = `missing ${lastStep(field)}`): RpcFailure {
  const violation = {field, description, reason: 'FIELD_MISSING'} as const
  return new RpcFailure('INVALID_ARGUMENT', description, {violation})
}

/** The name of a field without the path to it. */
export function lastStep(field: string): string {
  return field.slice(field.lastIndexOf('.') + 1)
}

/** NOT_FOUND with this text. */
export function notFound(message: string): RpcFailure {
  return new RpcFailure('NOT_FOUND', message)
}

/** Says of anything thrown by a handler with which status the call ends. */
export function toFailure(error: unknown): RpcFailure {
  if (error instanceof RpcFailure) return error
  if (error instanceof TransactionRejected) return new RpcFailure(error.code, error.message, {cause: error})
  if (error instanceof VmError) return new RpcFailure(statusOfVm(error), error.message, {cause: error})
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new RpcFailure('DEADLINE_EXCEEDED', 'the deadline of the call has passed', {cause: error})
  }
  if (error instanceof DOMException && error.name === 'AbortError') {
    return new RpcFailure('CANCELLED', 'the call was cancelled', {cause: error})
  }
  return new RpcFailure('INTERNAL', error instanceof Error ? error.message : String(error), {cause: error})
}

function statusOfVm(error: VmError): StatusName {
  if (error.kind === 'MODULE_NOT_FOUND' || error.kind === 'FUNCTION_NOT_FOUND') return 'NOT_FOUND'
  return error.kind === 'INVARIANT_VIOLATION' ? 'INTERNAL' : 'INVALID_ARGUMENT'
}
