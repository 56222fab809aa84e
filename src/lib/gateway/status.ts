import {DaasError, type ErrorName} from '../errors/daas-error.ts'
import type {KubeResponse} from '../seal/kube-message.ts'

/** What a Kubernetes Status says of a failure. */
export interface StatusFields {
  code: number
  /** Kubernetes' own word where it has one (metav1.StatusReason). */
  reason: string
  message: string
  causes?: {reason: string; message: string}[]
}

/** A `Failure` Status as an HTTP answer, such as kubectl prints it. */
export function statusResponse(fields: StatusFields): KubeResponse {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: fields.message,
    reason: fields.reason,
    ...(fields.causes?.length ? {details: {causes: fields.causes}} : {}),
    code: fields.code,
  }
  return {
    status: fields.code,
    headers: {'content-type': 'application/json'},
    body: new TextEncoder().encode(JSON.stringify(status)),
  }
}

type Verdict = readonly [code: number, reason: string]

const verdicts: Partial<Record<ErrorName, Verdict>> = {
  ANSWER_UNREADABLE: [502, 'BadGateway'],
  API_PATH_INVALID: [400, 'BadRequest'],
  BALANCE_TOO_LOW: [403, 'Forbidden'],
  BLOB_REFUSED: [502, 'BadGateway'],
  WALRUS_FAILED: [502, 'BadGateway'],
  CLUSTER_PAUSED: [503, 'ServiceUnavailable'],
  EVENTS_UNAVAILABLE: [502, 'BadGateway'],
  GATEWAY_CLOSED: [503, 'ServiceUnavailable'],
  GATEWAY_TIMEOUT: [504, 'Timeout'],
  GATEWAY_TOKEN_WRONG: [401, 'Unauthorized'],
  IMPERSONATION_REFUSED: [403, 'Forbidden'],
  LISTENER_UNANNOUNCED: [503, 'ServiceUnavailable'],
  // The only object that can go while a gateway runs is its seal.
  OBJECT_MISSING: [401, 'Unauthorized'],
  REQUEST_TOO_LARGE: [413, 'RequestEntityTooLarge'],
  RPC_FAILED: [502, 'BadGateway'],
  RPC_UNREACHABLE: [502, 'BadGateway'],
  SEAL_EXPIRED_FOR_REQUEST: [401, 'Unauthorized'],
  SEAL_TOKEN_LOST: [401, 'Unauthorized'],
  SEAL_WITHOUT_PERMISSION: [403, 'Forbidden'],
  SESSION_BROKEN: [504, 'Timeout'],
  SESSION_CREDENTIAL_INVALID: [502, 'BadGateway'],
  SESSION_UNREACHABLE: [503, 'ServiceUnavailable'],
  SIMULATION_FAILED: [502, 'BadGateway'],
  STREAM_NOT_CARRIED: [501, 'NotImplemented'],
  TRANSACTION_FAILED: [502, 'BadGateway'],
  TRANSACTION_TIMEOUT: [504, 'Timeout'],
  WATCH_LIST_NOT_CARRIED: [422, 'Invalid'],
}

/** By the name of the Move constant; the first that is contained in it counts. */
const abortVerdicts: readonly (readonly [part: string, verdict: Verdict])[] = [
  ['NO_PERMISSION', [403, 'Forbidden']],
  ['INSUFFICIENT_STAKE', [403, 'Forbidden']],
  ['PAUSED', [503, 'ServiceUnavailable']],
  ['INVALID_ENVELOPE', [413, 'RequestEntityTooLarge']],
  ['INVALID_TARGET', [400, 'BadRequest']],
  ['DUPLICATE_REQUEST', [409, 'Conflict']],
  ['GRANT_REVOKED', [401, 'Unauthorized']],
  ['SEAL', [401, 'Unauthorized']],
]

/**
 * The Status by which kubectl learns of a failure on the way to the cluster: code and reason by the error's name,
 * the code of the catalogue, the transaction digest and the next steps as causes.
 */
export function statusOfError(error: unknown): KubeResponse {
  if (!(error instanceof DaasError)) {
    return statusResponse({code: 500, reason: 'InternalError', message: 'the gateway failed'})
  }

  const [code, reason] = verdictOf(error)
  const digest = error.details?.digest
  return statusResponse({
    code,
    reason,
    message: error.message,
    causes: [
      {reason: 'DaasCode', message: error.code},
      ...(typeof digest === 'string' && digest !== ''
        ? [{reason: 'TransactionDigest', message: digest}]
        : []),
      ...error.suggestions.map((message) => ({reason: 'Suggestion', message})),
    ],
  })
}

function verdictOf(error: DaasError): Verdict {
  if (error.errorName === 'MOVE_ABORT') {
    const name = String(error.details?.abort ?? '').toUpperCase()
    return abortVerdicts.find(([part]) => name.includes(part))?.[1] ?? [502, 'BadGateway']
  }

  return verdicts[error.errorName] ?? [500, 'InternalError']
}
