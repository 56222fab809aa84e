import assert from 'node:assert/strict'
import {daasError, DaasError, type ErrorName} from '../../../src/lib/errors/daas-error.ts'
import {statusOfError} from '../../../src/lib/gateway/status.ts'

/** What each failure on the way of a request is to a client of Kubernetes. */
const EXPECTED: readonly (readonly [ErrorName, number, string])[] = [
  ['API_PATH_INVALID', 400, 'BadRequest'],
  ['GATEWAY_TOKEN_WRONG', 401, 'Unauthorized'],
  ['OBJECT_MISSING', 401, 'Unauthorized'],
  ['SEAL_EXPIRED_FOR_REQUEST', 401, 'Unauthorized'],
  ['SEAL_TOKEN_LOST', 401, 'Unauthorized'],
  ['BALANCE_TOO_LOW', 403, 'Forbidden'],
  ['IMPERSONATION_REFUSED', 403, 'Forbidden'],
  ['SEAL_WITHOUT_PERMISSION', 403, 'Forbidden'],
  ['REQUEST_TOO_LARGE', 413, 'RequestEntityTooLarge'],
  ['WATCH_LIST_NOT_CARRIED', 422, 'Invalid'],
  ['STREAM_NOT_CARRIED', 501, 'NotImplemented'],
  ['ANSWER_UNREADABLE', 502, 'BadGateway'],
  ['BLOB_REFUSED', 502, 'BadGateway'],
  ['EVENTS_UNAVAILABLE', 502, 'BadGateway'],
  ['RPC_FAILED', 502, 'BadGateway'],
  ['RPC_UNREACHABLE', 502, 'BadGateway'],
  ['SESSION_CREDENTIAL_INVALID', 502, 'BadGateway'],
  ['SIMULATION_FAILED', 502, 'BadGateway'],
  ['TRANSACTION_FAILED', 502, 'BadGateway'],
  ['WALRUS_FAILED', 502, 'BadGateway'],
  ['CLUSTER_PAUSED', 503, 'ServiceUnavailable'],
  ['GATEWAY_CLOSED', 503, 'ServiceUnavailable'],
  ['LISTENER_UNANNOUNCED', 503, 'ServiceUnavailable'],
  ['SESSION_UNREACHABLE', 503, 'ServiceUnavailable'],
  ['GATEWAY_TIMEOUT', 504, 'Timeout'],
  ['SESSION_BROKEN', 504, 'Timeout'],
  ['TRANSACTION_TIMEOUT', 504, 'Timeout'],
]
const ABORTS: readonly (readonly [string, number, string])[] = [
  ['ERROR_INVALID_TARGET', 400, 'BadRequest'],
  ['ERROR_INVALID_SEAL', 401, 'Unauthorized'],
  ['ERROR_SEAL_EXPIRED', 401, 'Unauthorized'],
  ['ERROR_GRANT_REVOKED', 401, 'Unauthorized'],
  ['ERROR_NO_PERMISSION', 403, 'Forbidden'],
  ['ERROR_INSUFFICIENT_STAKE', 403, 'Forbidden'],
  ['ERROR_DUPLICATE_REQUEST', 409, 'Conflict'],
  ['ERROR_INVALID_ENVELOPE', 413, 'RequestEntityTooLarge'],
  ['E_SOMETHING_NEW', 502, 'BadGateway'],
  ['E_PAUSED', 503, 'ServiceUnavailable'],
]
const DIGEST = '8kkVSrYFnsyB3q2jQtd2VKb8hTzvbAYTJTxxKXgMyRj4'

interface Status {
  details: {causes: {reason: string; message: string}[]}
}

describe('Status of failures', () => {
  const check = (error: DaasError, code: number, reason: string): void => {
    const {status, headers, body} = statusOfError(error)
    assert.deepEqual([status, headers], [code, {'content-type': 'application/json'}])
    const {details, ...document} = JSON.parse(new TextDecoder().decode(body)) as Status
    assert.deepEqual(document, {
      ...{kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure'},
      ...{message: error.message, reason, code},
    })
    assert.deepEqual(details.causes, [
      {reason: 'DaasCode', message: error.code},
      ...(error.details?.digest === undefined ? [] : [{reason: 'TransactionDigest', message: DIGEST}]),
      ...error.suggestions.map((message) => ({reason: 'Suggestion', message})),
    ])
  }
  const places = new Proxy({}, {get: () => 'x'})

  for (const [name, code, reason] of EXPECTED) {
    it(`${name}: ${code} ${reason}`, () => {
      check(new DaasError(name, places), code, reason)
      check(new DaasError(name, places, {details: {digest: DIGEST}}), code, reason)
    })
  }

  for (const [abort, code, reason] of ABORTS) {
    it(`abort ${abort}: ${code} ${reason}`, () => {
      const of = {module: 'k8s_gateway', name: abort, sentence: 'no', next: 'nothing'}
      check(daasError('MOVE_ABORT', of, {details: {abort}}), code, reason)
      check(daasError('MOVE_ABORT', of, {details: {abort, digest: DIGEST}}), code, reason)
    })
  }

  it('what is no error of the catalogue: 500, without its words', () => {
    const {status, body} = statusOfError(new Error('canary'))
    assert.equal(status, 500)
    const {message, reason} = JSON.parse(new TextDecoder().decode(body)) as Record<string, string>
    assert.deepEqual([message, reason], ['the gateway failed', 'InternalError'])
  })
})
