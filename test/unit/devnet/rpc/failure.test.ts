import {GrpcTypes as T} from '@mysten/sui/grpc'
import assert from 'node:assert/strict'
import type {ExecutionFailure, TransactionEffects} from '../../../../src/lib/devnet/ledger/api.ts'
import {failureToProto} from '../../../../src/lib/devnet/rpc/proto/failure.ts'

type Failure = Extract<NonNullable<TransactionEffects['V2']>['status'], {$kind: 'Failure'}>

const ID = `0x${'ab'.repeat(32)}`

function detailsOf(error: unknown, failure?: Partial<ExecutionFailure>) {
  const status = {$kind: 'Failure', Failure: {error, command: '1'}} as unknown as Failure
  return failureToProto(status, failure as ExecutionFailure).errorDetails
}

describe('failures in the API', () => {
  it('say what an abort code stands for', () => {
    const location = {module: {address: ID, name: 'm'}, function: 2, instruction: 3, functionName: 'f'}
    const abort = {code: 5n, package: ID, module: 'm', functionIndex: 2, functionName: 'f', instruction: 3}
    const details = (clever: NonNullable<ExecutionFailure['abort']>['clever']) => {
      const found = detailsOf(
        {$kind: 'MoveAbort', MoveAbort: [location, '5']},
        {abort: clever === undefined ? abort : {...abort, clever}},
      )
      return found.oneofKind === 'abort' ? found.abort.cleverError : assert.fail()
    }
    assert.equal(details(undefined), undefined)
    assert.deepEqual(
      {...details({line: 9, errorCode: 7, constantName: 'E', rendered: '12'})},
      {
        lineNumber: 9n,
        errorCode: 7n,
        constantName: 'E',
        value: {oneofKind: 'rendered', rendered: '12'},
      },
    )
    assert.deepEqual(details({line: 9, constantName: 'E', raw: Uint8Array.of(1)})?.value, {
      oneofKind: 'raw',
      raw: Uint8Array.of(1),
    })
    assert.deepEqual({...details({line: 9})}, {lineNumber: 9n, value: {oneofKind: undefined}})
  })

  it('say which argument pointed where in vain', () => {
    const kind = {
      $kind: 'SecondaryIndexOutOfBounds',
      SecondaryIndexOutOfBounds: {resultIdx: 1, secondaryIdx: 2},
    }
    assert.deepEqual(detailsOf({$kind: 'CommandArgumentError', CommandArgumentError: {argIdx: 3, kind}}), {
      oneofKind: 'commandArgumentError',
      commandArgumentError: {
        argument: 3,
        kind: T.CommandArgumentError_CommandArgumentErrorKind.SECONDARY_INDEX_OUT_OF_BOUNDS,
        indexError: {index: 1, subresult: 2},
      },
    })
  })

  it('say why an upgrade is refused', () => {
    const kinds = T.PackageUpgradeError_PackageUpgradeErrorKind
    const upgrade = (upgradeError: unknown) => {
      const found = detailsOf({$kind: 'PackageUpgradeError', PackageUpgradeError: {upgradeError}})
      return found.oneofKind === 'packageUpgradeError' ? found.packageUpgradeError : assert.fail()
    }
    assert.deepEqual(upgrade({$kind: 'IncompatibleUpgrade', IncompatibleUpgrade: true}), {
      kind: kinds.INCOMPATIBLE_UPGRADE,
    })
    assert.deepEqual(upgrade({$kind: 'UnknownUpgradePolicy', UnknownUpgradePolicy: {policy: 5}}), {
      kind: kinds.UNKNOWN_UPGRADE_POLICY,
      policy: 5,
    })
    assert.deepEqual(
      upgrade({$kind: 'PackageIDDoesNotMatch', PackageIDDoesNotMatch: {packageId: ID, ticketId: '0x1'}}),
      {kind: kinds.PACKAGE_ID_DOES_NOT_MATCH, packageId: ID, ticketId: '0x1'},
    )
    assert.deepEqual(
      upgrade({$kind: 'DigestDoesNotMatch', DigestDoesNotMatch: {digest: Array<number>(32).fill(0)}}),
      {kind: kinds.DIGEST_DOES_NOT_MATCH, digest: '1'.repeat(32)},
    )
  })
})
