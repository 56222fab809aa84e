import {DaasError} from '../errors/daas-error.ts'
import type {ErrorName} from '../errors/daas-error.ts'
import {daasError} from '../errors/daas-error.ts'
import type {Refusal} from '../seal/registration.ts'

/** The HTTP status of each refusal that a worker may hear. Whatever is not here is none of its business: 503. */
const STATUS: Partial<Record<ErrorName, number>> = {
  REGISTRATION_MALFORMED: 400,
  CANCEL_REFUSED: 403,
  UPLOAD_REFUSED: 403,
  UPLOAD_TOO_LARGE: 413,
  REGISTRATION_STALE: 400,
  REGISTRATION_CLUSTER_WRONG: 400,
  REGISTRATION_TOKEN_MISSING: 401,
  REGISTRATION_TOKEN_WRONG: 401,
  REGISTRATION_SIGNATURE_INVALID: 401,
  SEAL_TOKEN_INVALID: 401,
  REGISTRATION_SEAL_UNFIT: 403,
  REGISTRATION_STAKE_UNFIT: 403,
  REGISTRATION_EVICTED: 403,
  WORKER_UNKNOWN: 404,
  REGISTRATION_NAME_TAKEN: 409,
  REGISTRATION_REPLAYED: 409,
  BOOTSTRAP_TOKEN_TAKEN: 409,
  REGISTRATION_SEAL_EXPIRED: 410,
  REGISTRATION_TOO_OFTEN: 429,
  REGISTRATION_CLUSTER_PAUSED: 503,
  LISTENER_BUSY: 503,
  BLOBS_FULL: 507,
}

/** A refusal, as it goes over the wire. */
export interface HttpRefusal {
  status: number
  body: Refusal
  /** True where it is the listener that failed, not the caller. */
  internal: boolean
}

/** Makes of any error what a stranger may read of it. */
export function toRefusal(error: unknown): HttpRefusal {
  const status = error instanceof DaasError ? STATUS[error.errorName] : undefined
  const told =
    status === undefined || !(error instanceof DaasError)
      ? daasError('LISTENER_BUSY', {reason: 'the chain or the cluster did not answer it'})
      : error
  const {code, message, suggestions} = told
  return {status: status ?? 503, body: {error: {code, message, suggestions}}, internal: status === undefined}
}
