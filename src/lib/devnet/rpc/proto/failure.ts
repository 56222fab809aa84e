import {toBase58} from '@mysten/bcs'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {CleverError, ExecutionFailure, TransactionEffects} from '../../ledger/api.ts'

type Failure = Extract<NonNullable<TransactionEffects['V2']>['status'], {$kind: 'Failure'}>
type ErrorValue = Failure['Failure']['error']

/** Names that are not simply the BCS name in upper snake case. */
const renamed: Record<string, string> = {
  MoveObjectTooBig: 'OBJECT_TOO_BIG',
  MovePackageTooBig: 'PACKAGE_TOO_BIG',
  VMVerificationOrDeserializationError: 'VM_VERIFICATION_OR_DESERIALIZATION_ERROR',
  VMInvariantViolation: 'VM_INVARIANT_VIOLATION',
  SharedObjectOperationNotAllowed: 'CONSENSUS_OBJECT_OPERATION_NOT_ALLOWED',
  ExecutionCancelledDueToSharedObjectCongestion: 'EXECUTION_CANCELED_DUE_TO_CONSENSUS_OBJECT_CONGESTION',
  ExecutionCancelledDueToRandomnessUnavailable: 'EXECUTION_CANCELED_DUE_TO_RANDOMNESS_UNAVAILABLE',
  InsufficientBalanceForWithdraw: 'INSUFFICIENT_FUNDS_FOR_WITHDRAW',
  InvalidBCSBytes: 'INVALID_BCS_BYTES',
  InvalidUsageOfPureArg: 'INVALID_USAGE_OF_PURE_ARGUMENT',
  InvalidArgumentToPrivateEntryFunction: 'INVALID_ARGUMENT_TO_PRIVATE_ENTRY_FUNCTION',
  IndexOutOfBounds: 'INDEX_OUT_OF_BOUNDS',
  PackageIDDoesNotMatch: 'PACKAGE_ID_DOES_NOT_MATCH',
}

/**
 * A failure as the API writes it.
 * @param status as the effects say
 * @param failure what the executor knows beyond that: the sentence, the name of the function
 */
export function failureToProto(status: Failure, failure: ExecutionFailure | undefined): T.ExecutionError {
  const {error, command} = status.Failure
  return {
    description: failure?.description ?? error.$kind,
    ...(command === null ? {} : {command: BigInt(command)}),
    kind: enumValue(T.ExecutionError_ExecutionErrorKind, error.$kind),
    errorDetails: detailsOf(error, failure),
  }
}

function detailsOf(
  error: ErrorValue,
  failure: ExecutionFailure | undefined,
): T.ExecutionError['errorDetails'] {
  switch (error.$kind) {
    case 'MoveAbort': {
      const [location, code] = error.MoveAbort
      const functionName = location.functionName ?? failure?.abort?.functionName
      return {
        oneofKind: 'abort',
        abort: {
          abortCode: BigInt(code),
          location: {
            package: location.module.address,
            module: location.module.name,
            function: location.function,
            instruction: location.instruction,
            ...(functionName === undefined || functionName === null ? {} : {functionName}),
          },
          ...(failure?.abort?.clever === undefined ? {} : {cleverError: cleverToProto(failure.abort.clever)}),
        },
      }
    }
    case 'MoveObjectTooBig':
      return sizeError(error.MoveObjectTooBig.objectSize, error.MoveObjectTooBig.maxObjectSize)
    case 'MovePackageTooBig':
      return sizeError(error.MovePackageTooBig.objectSize, error.MovePackageTooBig.maxObjectSize)
    case 'EffectsTooLarge':
      return sizeError(error.EffectsTooLarge.currentSize, error.EffectsTooLarge.maxSize)
    case 'WrittenObjectsTooLarge':
      return sizeError(error.WrittenObjectsTooLarge.currentSize, error.WrittenObjectsTooLarge.maxSize)
    case 'CommandArgumentError': {
      const {argIdx, kind} = error.CommandArgumentError
      const indexError = indexOf(kind)
      return {
        oneofKind: 'commandArgumentError',
        commandArgumentError: {
          argument: argIdx,
          kind: enumValue(T.CommandArgumentError_CommandArgumentErrorKind, kind.$kind),
          ...(indexError === undefined ? {} : {indexError}),
        },
      }
    }
    case 'TypeArgumentError': {
      const {argumentIdx, kind} = error.TypeArgumentError
      return {
        oneofKind: 'typeArgumentError',
        typeArgumentError: {
          typeArgument: argumentIdx,
          kind: enumValue(T.TypeArgumentError_TypeArgumentErrorKind, kind.$kind),
        },
      }
    }
    case 'UnusedValueWithoutDrop': {
      const {resultIdx, secondaryIdx} = error.UnusedValueWithoutDrop
      return {oneofKind: 'indexError', indexError: {index: resultIdx, subresult: secondaryIdx}}
    }
    case 'InvalidPublicFunctionReturnType':
      return {oneofKind: 'indexError', indexError: {index: error.InvalidPublicFunctionReturnType.idx}}
    case 'PackageUpgradeError': {
      return {oneofKind: 'packageUpgradeError', packageUpgradeError: upgradeError(error.PackageUpgradeError)}
    }
    case 'CircularObjectOwnership':
      return {oneofKind: 'objectId', objectId: error.CircularObjectOwnership.object}
    default:
      return {oneofKind: undefined}
  }
}

function cleverToProto({line, errorCode, constantName, rendered, raw}: CleverError): T.CleverError {
  const value: T.CleverError['value'] =
    rendered !== undefined
      ? {oneofKind: 'rendered', rendered}
      : raw !== undefined
        ? {oneofKind: 'raw', raw}
        : {oneofKind: undefined}
  return T.CleverError.create({
    lineNumber: BigInt(line),
    value,
    ...(errorCode === undefined ? {} : {errorCode: BigInt(errorCode)}),
    ...(constantName === undefined ? {} : {constantName}),
  })
}

type ArgumentKind = Extract<ErrorValue, {$kind: 'CommandArgumentError'}>['CommandArgumentError']['kind']

/** Which input or result an argument pointed at in vain. */
function indexOf(kind: ArgumentKind): T.IndexError | undefined {
  switch (kind.$kind) {
    case 'IndexOutOfBounds':
      return {index: kind.IndexOutOfBounds.idx}
    case 'SecondaryIndexOutOfBounds': {
      const {resultIdx, secondaryIdx} = kind.SecondaryIndexOutOfBounds
      return {index: resultIdx, subresult: secondaryIdx}
    }
    case 'InvalidResultArity':
      return {index: kind.InvalidResultArity.resultIdx}
    default:
      return undefined
  }
}

type UpgradeFailure = Extract<ErrorValue, {$kind: 'PackageUpgradeError'}>['PackageUpgradeError']

function upgradeError({upgradeError: error}: UpgradeFailure): T.PackageUpgradeError {
  const kind = enumValue(T.PackageUpgradeError_PackageUpgradeErrorKind, error.$kind)
  switch (error.$kind) {
    case 'UnableToFetchPackage':
      return {kind, packageId: error.UnableToFetchPackage.packageId}
    case 'NotAPackage':
      return {kind, packageId: error.NotAPackage.objectId}
    case 'DigestDoesNotMatch':
      return {kind, digest: toBase58(Uint8Array.from(error.DigestDoesNotMatch.digest))}
    case 'UnknownUpgradePolicy':
      return {kind, policy: error.UnknownUpgradePolicy.policy}
    case 'PackageIDDoesNotMatch': {
      const {packageId, ticketId} = error.PackageIDDoesNotMatch
      return {kind, packageId, ticketId}
    }
    default:
      return {kind}
  }
}

function sizeError(size: string, maxSize: string): T.ExecutionError['errorDetails'] {
  return {oneofKind: 'sizeError', sizeError: {size: BigInt(size), maxSize: BigInt(maxSize)}}
}

/** The value of a proto enum for a BCS name in camel case; 0 (unknown) if it has none. */
function enumValue(values: Record<string, string | number>, name: string): number {
  const key = renamed[name] ?? name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
  const value = values[key]
  return typeof value === 'number' ? value : 0
}
