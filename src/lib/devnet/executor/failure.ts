/** Why a transaction fails while it is executed: the status of its effects, and the words for it. */
import type {bcs} from '@mysten/sui/bcs'
import type {ExecutionFailure} from '../ledger/api.ts'
import {VmAbort, VmError, type CodeLocation, type PackageStore} from '../vm/api.ts'
import {cleverError} from './clever-error.ts'

type EffectsInput = Extract<typeof bcs.TransactionEffects.$inferInput, {V2: unknown}>['V2']
/** Status of the effects of a failed transaction, as the SDK's BCS takes it. */
export type FailureStatus = Extract<EffectsInput['status'], {Failure: unknown}>['Failure']['error']
type ArgumentErrorInput = Extract<
  FailureStatus,
  {CommandArgumentError: unknown}
>['CommandArgumentError']['kind']
/** What is wrong with an argument of a command. */
export type ArgumentError = ArgumentErrorInput
/** The names of those argument errors that carry nothing. */
export type PlainArgumentError =
  | 'TypeMismatch'
  | 'InvalidBCSBytes'
  | 'InvalidUsageOfPureArg'
  | 'InvalidArgumentToPrivateEntryFunction'
  | 'InvalidGasCoinUsage'
  | 'InvalidValueUsage'
  | 'InvalidObjectByValue'
  | 'InvalidObjectByMutRef'
  | 'InvalidTransferObject'
  | 'InvalidMakeMoveVecNonObjectArgument'
  | 'ArgumentWithoutValue'
  | 'CannotMoveBorrowedValue'
  | 'InvalidReferenceArgument'
/** The names of those failures that carry nothing. */
export type PlainFailure =
  | 'InsufficientGas'
  | 'InvariantViolation'
  | 'FeatureNotYetSupported'
  | 'InsufficientCoinBalance'
  | 'CoinBalanceOverflow'
  | 'PublishErrorNonZeroAddress'
  | 'SuiMoveVerificationError'
  | 'VMVerificationOrDeserializationError'
  | 'VMInvariantViolation'
  | 'FunctionNotFound'
  | 'ArityMismatch'
  | 'TypeArityMismatch'
  | 'NonEntryFunctionInvoked'
  | 'InvalidTransferObject'
  | 'PublishUpgradeMissingDependency'
  | 'PublishUpgradeDependencyDowngrade'
  | 'SharedObjectOperationNotAllowed'
  | 'InputObjectDeleted'

const SENTENCES: Readonly<Partial<Record<string, string>>> = {
  InsufficientGas: 'Insufficient Gas.',
  InsufficientCoinBalance: 'Insufficient coin balance for operation.',
  CoinBalanceOverflow: 'The coin balance overflows u64',
  FunctionNotFound: 'Function Not Found.',
  ArityMismatch:
    'Arity mismatch for Move function. The number of arguments does not match the number of parameters',
  TypeArityMismatch:
    'Type arity mismatch for Move function. Mismatch between the number of actual versus expected type arguments.',
  NonEntryFunctionInvoked: 'Non Entry Function Invoked. Move Call must start with an entry function',
  PublishErrorNonZeroAddress:
    'Publish Error, Non-zero Address. The modules in the package must have their self-addresses set to zero.',
  SharedObjectOperationNotAllowed: 'The shared object operation is not allowed.',
  InputObjectDeleted: 'Certificate cannot be executed due to a dependency on a deleted shared object',
  PublishUpgradeMissingDependency:
    'Publish/Upgrade Error, Missing dependency. A dependency of a published or upgraded package has not been assigned an on-chain address.',
}

/** A failure of execution: becomes the status of the effects, and gas is charged for it. */
export class ExecutionError extends Error {
  readonly status: FailureStatus
  command: number | undefined

  constructor(status: FailureStatus, message?: string) {
    const kind = kindOf(status)
    super(message ?? SENTENCES[kind] ?? kind)
    this.name = 'ExecutionError'
    this.status = status
  }
}

/** The name of a status. */
export function kindOf(status: FailureStatus): string {
  return Object.keys(status).find((key) => key !== '$kind') ?? 'Unknown'
}

/** A failure that carries nothing but its name. */
export function plainFailure(kind: PlainFailure, message?: string): ExecutionError {
  return new ExecutionError({[kind]: true} as unknown as FailureStatus, message)
}

/** A failure of one argument of a command, counted from 0. */
export function argumentFailure(
  argIdx: number,
  kind: PlainArgumentError | Exclude<ArgumentError, string>,
  message?: string,
): ExecutionError {
  const value = (typeof kind === 'string' ? {[kind]: true} : kind) as ArgumentError
  const name = typeof kind === 'string' ? kind : Object.keys(kind)[0]
  const text = `Invalid command argument at ${argIdx}. ${name}${message === undefined ? '' : `: ${message}`}`
  return new ExecutionError({CommandArgumentError: {argIdx, kind: value}}, text)
}

function moveLocation(location: CodeLocation) {
  return {
    module: {address: location.package, name: location.module},
    function: location.functionIndex,
    instruction: location.instruction,
    functionName: location.functionName,
  }
}

/** What was thrown while commands ran, as a failure of execution. Anything that can be none is thrown again. */
export function toExecutionError(error: unknown): ExecutionError {
  if (error instanceof ExecutionError) return error
  if (error instanceof VmAbort) {
    if (error.location === undefined)
      return plainFailure('VMInvariantViolation', `abort ${error.code} at no place`)
    // An abort names the version of the package that ran; other failures of the machine name its first one.
    const place = {...error.location, package: error.location.storageId}
    return new ExecutionError({MoveAbort: [moveLocation(place), error.code.toString()]})
  }
  // Should the verifier ever let through what treats values as what they are not, the transaction ends, not the node.
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) {
    return plainFailure('VMInvariantViolation', `the bytecode does not type: ${error.message}`)
  }
  if (!(error instanceof VmError)) throw error
  switch (error.kind) {
    case 'OUT_OF_GAS':
      return plainFailure('InsufficientGas')
    case 'ARITHMETIC_ERROR':
    case 'VECTOR_OPERATION_ERROR':
    case 'CALL_STACK_OVERFLOW':
    case 'EXECUTION_STACK_OVERFLOW':
      return new ExecutionError(
        {MovePrimitiveRuntimeError: error.location === undefined ? null : moveLocation(error.location)},
        `Move Primitive Runtime Error. ${error.kind}: ${error.message}`,
      )
    case 'FUNCTION_NOT_FOUND':
    case 'MODULE_NOT_FOUND':
      return plainFailure('FunctionNotFound', `Function Not Found. ${error.message}`)
    case 'NOT_ENTRY_OR_PUBLIC':
      return plainFailure('NonEntryFunctionInvoked')
    case 'UNSUPPORTED':
      return plainFailure('FeatureNotYetSupported', `the devnet does not have it: ${error.message}`)
    case 'BYTECODE_REFUSED':
      return plainFailure('VMVerificationOrDeserializationError', error.message)
    case 'SUI_RULE':
      return plainFailure(
        'SuiMoveVerificationError',
        `Sui Move Bytecode Verification Error. ${error.message}`,
      )
    case 'TYPE_MISMATCH':
    case 'MALFORMED_VALUE':
    case 'INVARIANT_VIOLATION':
      return plainFailure('VMInvariantViolation', error.message)
  }
}

function ordinal(index: number): string {
  const number = index + 1
  const ending =
    number % 100 >= 11 && number % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${ending}`
}

/** `0x` without leading zeros, as messages write addresses. */
function shortAddress(address: string): string {
  return address.replace(/^0x0+(?=[0-9a-f])/, '0x')
}

/**
 * The parts of a failure that the RPC shows.
 * @param packages where the constants of abort codes are looked up
 */
export function describeFailure(error: ExecutionError, packages: PackageStore): ExecutionFailure {
  const kind = kindOf(error.status)
  const place = error.command === undefined ? '' : ` in ${ordinal(error.command)} command`
  if (!('MoveAbort' in error.status) || error.status.MoveAbort === undefined) {
    return {kind, command: error.command, description: `${error.message.replace(/\.$/, '')}${place}`}
  }
  const [location, code] = error.status.MoveAbort as unknown as [ReturnType<typeof moveLocation>, string]
  const module = `${shortAddress(location.module.address)}::${location.module.name}`
  const clever = cleverError(packages, location.module.address, location.module.name, BigInt(code))
  return {
    kind,
    command: error.command,
    description:
      `MoveAbort${place}, abort code: ${code}, in '${module}::${location.functionName}' ` +
      `(instruction ${location.instruction})`,
    abort: {
      code: BigInt(code),
      package: location.module.address,
      module: location.module.name,
      functionIndex: location.function,
      functionName: location.functionName,
      instruction: location.instruction,
      ...(clever === undefined ? {} : {clever}),
    },
  }
}
