/** The commands of a programmable transaction. */
import {coinInner, SUI_FRAMEWORK} from '../ledger/object.ts'
import type {ObjectReader} from '../ledger/store.ts'
import type {Cell, FunctionInfo, MoveType, SignatureType, Value, Vm} from '../vm/api.ts'
import {normalizeMoveAddress, parseTypeName, signatureToConcrete} from '../vm/types.ts'
import type {Arguments} from './arguments.ts'
import {
  argumentFailure,
  ExecutionError,
  plainFailure,
  toExecutionError,
  type PlainArgumentError,
} from './failure.ts'
import type {GasMeter} from './gas.ts'
import type {Argument} from './last-uses.ts'
import {definingType, type Command} from './inputs.ts'
import type {PackageStage} from './packages.ts'
import {publish, upgrade} from './publish.ts'
import type {ObjectRuntime} from './runtime.ts'
import {balanceOf, coinValue, objectIdOf, setBalance, txContextValue} from './values.ts'

const U64_MAX = (1n << 64n) - 1n

/** A value that a command returns. */
export interface TypedValue {
  readonly type: MoveType
  readonly value: Value
  /** Set for copies of what a function returned by reference. */
  readonly noValue?: PlainArgumentError
}

/** What a command borrowed mutably, as it is after the command. */
export interface Mutated {
  readonly argument: Argument
  readonly type: MoveType
  readonly cell: Cell
}

/** What one command did. */
export interface CommandResult {
  readonly returned: readonly TypedValue[]
  readonly mutated: readonly Mutated[]
}

/** What commands work on. */
export interface CommandContext {
  readonly vm: Vm
  readonly reader: ObjectReader
  readonly runtime: ObjectRuntime
  readonly meter: GasMeter
  readonly args: Arguments
  readonly packages: PackageStage
  /** true: any function may be called, and may return references (simulation without checks). */
  readonly anyFunction: boolean
  /** Sees each result before later commands can change what is in it. */
  readonly observe: (result: CommandResult) => void
}

/** Runs the commands in their order. Throws ExecutionError with the number of the command that failed. */
export function runCommands(context: CommandContext, commands: readonly Command[]): void {
  commands.forEach((command, index) => {
    try {
      context.args.beginCommand()
      const result = runCommand(context, command)
      context.observe(result)
      const keepsShared = command.MakeMoveVec !== undefined
      if (!keepsShared) for (const id of context.args.sharedTaken) context.runtime.checkSharedTaken(id)
      context.args.endCommand(result.returned, keepsShared)
    } catch (error) {
      const failure = toExecutionError(error)
      failure.command ??= index
      throw failure
    }
  })
}

function runCommand(context: CommandContext, command: Command): CommandResult {
  if (command.MoveCall !== undefined) return moveCall(context, command.MoveCall)
  if (command.TransferObjects !== undefined) return transferObjects(context, command.TransferObjects)
  if (command.SplitCoins !== undefined) return splitCoins(context, command.SplitCoins)
  if (command.MergeCoins !== undefined) return mergeCoins(context, command.MergeCoins)
  if (command.MakeMoveVec !== undefined) return makeMoveVec(context, command.MakeMoveVec)
  if (command.Publish !== undefined) return {returned: [publish(context, command.Publish)], mutated: []}
  if (command.Upgrade !== undefined) {
    const {ticket} = command.Upgrade
    const type = context.args.typeOf(ticket, 0)
    if (type === undefined) throw argumentFailure(0, 'TypeMismatch')
    const value = context.args.byValue(ticket, 0, type)
    return {returned: [upgrade(context, command.Upgrade, {type, value})], mutated: []}
  }
  throw plainFailure('FeatureNotYetSupported', 'a command of an unknown kind')
}

/** Functions whose type only its own module may use (they are public for modules, not for transactions). */
const PRIVATE_TRANSFERS = new Set(['transfer', 'share_object', 'freeze_object', 'receive', 'party_transfer'])

/** Else anybody could transfer what has no `store`, or emit events of others (Sui: check_private_generics). */
function checkPrivateGenerics(packageId: string, {module, function: name}: MoveCall): void {
  if (packageId !== SUI_FRAMEWORK) return
  if (module === 'event')
    throw plainFailure('NonEntryFunctionInvoked', 'Cannot directly call functions in sui::event')
  if (module !== 'transfer' || !PRIVATE_TRANSFERS.has(name)) return
  const text = `Cannot directly call sui::transfer::${name}. Use the public version instead, public_${name}`
  throw plainFailure('NonEntryFunctionInvoked', text)
}

type MoveCall = NonNullable<Command['MoveCall']>

function resolveTypeArgs(context: CommandContext, call: MoveCall, info: FunctionInfo): MoveType[] {
  if (call.typeArguments.length !== info.typeParameters.length) throw plainFailure('TypeArityMismatch')
  return call.typeArguments.map((text, argumentIdx) => {
    const type = definingType(parseTypeName(text), context.reader)
    if (type === undefined) {
      throw new ExecutionError(
        {TypeArgumentError: {argumentIdx, kind: {TypeNotFound: true}}},
        `no type ${text}`,
      )
    }
    const abilities = context.vm.abilitiesOf(type)
    const missing = info.typeParameters[argumentIdx]?.constraints.find((ability) => !abilities.has(ability))
    if (missing !== undefined) {
      throw new ExecutionError(
        {TypeArgumentError: {argumentIdx, kind: {ConstraintNotSatisfied: true}}},
        `type ${text} lacks the ability ${missing}`,
      )
    }
    return type
  })
}

function isTxContext(type: SignatureType): boolean {
  return (
    type.kind === 'ref' &&
    type.to.kind === 'datatype' &&
    type.to.module === 'tx_context' &&
    type.to.name === 'TxContext' &&
    /^0x0*2$/.test(type.to.address)
  )
}

function moveCall(context: CommandContext, call: MoveCall): CommandResult {
  const {vm, runtime, args} = context
  const packageId = normalizeMoveAddress(call.package)
  const info = vm.functionInfo(packageId, call.module, call.function)
  if (!context.anyFunction && info.visibility !== 'public' && !info.isEntry) {
    throw plainFailure('NonEntryFunctionInvoked')
  }
  checkPrivateGenerics(packageId, call)
  const typeArgs = resolveTypeArgs(context, call, info)
  const expected = info.parameters.filter((parameter) => !isTxContext(parameter)).length
  if (expected !== call.arguments.length) throw plainFailure('ArityMismatch')
  const mutated: Mutated[] = []
  let next = 0
  const values = info.parameters.map((parameter): Value | {cell: Cell} => {
    if (isTxContext(parameter)) return {cell: {value: txContextValue(runtime.tx, runtime.idsCreated())}}
    const index = next++
    const argument = call.arguments[index]!
    if (parameter.kind !== 'ref')
      return args.byValue(argument, index, signatureToConcrete(parameter, typeArgs))
    const type = signatureToConcrete(parameter.to, typeArgs)
    const cell = args.borrow(argument, index, type, parameter.mutable)
    if (parameter.mutable) mutated.push({argument, type, cell})
    return {cell}
  })
  if (info.isEntry && info.visibility !== 'public') args.checkPrivateEntry()
  runtime.caller = {packageId, module: call.module}
  const returned = vm.call({
    package: packageId,
    module: call.module,
    function: call.function,
    typeArgs,
    args: values,
    host: runtime,
    meter: context.meter,
  })
  return {returned: returned.map((value, idx) => typedResult(context, info, idx, typeArgs, value)), mutated}
}

function typedResult(
  context: CommandContext,
  info: FunctionInfo,
  idx: number,
  typeArgs: readonly MoveType[],
  value: Value,
): TypedValue {
  const signature = info.returns[idx]
  if (signature === undefined)
    throw plainFailure('VMInvariantViolation', 'more results than the function has')
  if (signature.kind !== 'ref') return {type: signatureToConcrete(signature, typeArgs), value}
  if (!context.anyFunction) throw new ExecutionError({InvalidPublicFunctionReturnType: {idx}})
  return {type: signatureToConcrete(signature.to, typeArgs), value, noValue: 'InvalidReferenceArgument'}
}

function transferObjects(
  context: CommandContext,
  command: NonNullable<Command['TransferObjects']>,
): CommandResult {
  const {args, vm, runtime} = context
  const objects = command.objects.map((argument, index) => {
    const type = args.typeOf(argument, index)
    if (type === undefined) throw argumentFailure(index, 'InvalidTransferObject')
    const abilities = vm.abilitiesOf(type)
    if (!abilities.has('key') || !abilities.has('store')) throw plainFailure('InvalidTransferObject')
    return {type, value: args.isGas(argument) ? args.takeGas(index) : args.byValue(argument, index, type)}
  })
  const address = args.byValue(command.address, objects.length, {kind: 'address'}) as string
  for (const {type, value} of objects) runtime.transfer(type, value, {kind: 'address', address})
  return {returned: [], mutated: []}
}

/** The type of the coin that an argument names. */
function coinTypeOf(context: CommandContext, argument: Argument, index: number): MoveType {
  const type = context.args.typeOf(argument, index)
  if (type === undefined || coinInner(type) === undefined)
    throw argumentFailure(index, 'TypeMismatch', 'not a coin')
  return type
}

function splitCoins(context: CommandContext, command: NonNullable<Command['SplitCoins']>): CommandResult {
  const {args, runtime} = context
  const type = coinTypeOf(context, command.coin, 0)
  const amounts = command.amounts.map(
    (amount, index) => args.byValue(amount, index + 1, {kind: 'u64'}) as bigint,
  )
  const cell = args.borrow(command.coin, 0, type, true)
  const returned = amounts.map((amount) => {
    const balance = balanceOf(cell.value)
    if (balance < amount) throw plainFailure('InsufficientCoinBalance')
    setBalance(cell.value, balance - amount)
    return {type, value: coinValue(runtime.freshId(), amount)}
  })
  return {returned, mutated: [{argument: command.coin, type, cell}]}
}

function mergeCoins(context: CommandContext, command: NonNullable<Command['MergeCoins']>): CommandResult {
  const {args, runtime} = context
  const type = coinTypeOf(context, command.destination, 0)
  const cell = args.borrow(command.destination, 0, type, true)
  command.sources.forEach((argument, index) => {
    const source = args.byValue(argument, index + 1, type)
    const sum = balanceOf(cell.value) + balanceOf(source)
    if (sum > U64_MAX) throw plainFailure('CoinBalanceOverflow')
    setBalance(cell.value, sum)
    runtime.deleteUid(objectIdOf(source))
  })
  return {returned: [], mutated: [{argument: command.destination, type, cell}]}
}

function makeMoveVec(context: CommandContext, command: NonNullable<Command['MakeMoveVec']>): CommandResult {
  const {args, vm, reader} = context
  let element: MoveType | undefined
  if (command.type !== null) {
    element = definingType(parseTypeName(command.type), reader)
    if (element === undefined) {
      const status = {TypeArgumentError: {argumentIdx: 0, kind: {TypeNotFound: true}}} as const
      throw new ExecutionError(status, `no type ${command.type}`)
    }
  } else {
    element = args.typeOf(command.elements[0]!, 0)
    if (element === undefined || !vm.abilitiesOf(element).has('key')) {
      throw argumentFailure(0, 'InvalidMakeMoveVecNonObjectArgument')
    }
  }
  const type = element
  const elements = command.elements.map((argument, index) => args.byValue(argument, index, type))
  return {returned: [{type: {kind: 'vector', element}, value: {elements}}], mutated: []}
}
