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

/** A call that ends with a status other than OK. */
export class RpcFailure extends Error {
  readonly status: StatusName
  constructor(status: StatusName, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RpcFailure'
    this.status = status
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
