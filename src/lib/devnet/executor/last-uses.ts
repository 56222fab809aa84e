/** The arguments of commands, and where each result is used for the last time. */
import type {Command} from './inputs.ts'

/** An argument as the SDK's BCS parses it. */
export type Argument = NonNullable<Command['TransferObjects']>['address']

/** The arguments of a command in the order in which failures count them. */
export function argumentsOf(command: Command): readonly Argument[] {
  const {
    MoveCall: call,
    TransferObjects: give,
    SplitCoins: split,
    MergeCoins: merge,
    MakeMoveVec: list,
  } = command
  if (call !== undefined) return call.arguments
  if (give !== undefined) return [...give.objects, give.address]
  if (split !== undefined) return [split.coin, ...split.amounts]
  if (merge !== undefined) return [merge.destination, ...merge.sources]
  if (list !== undefined) return list.elements
  return command.Upgrade === undefined ? [] : [command.Upgrade.ticket]
}

/** What a result is called, however an argument names it; undefined for what is no result. */
export function resultKey(argument: Argument): string | undefined {
  if (argument.Result !== undefined) return `${argument.Result} 0`
  return argument.NestedResult?.join(' ')
}

/** The last use of each result that is used: number of the command and of the argument. */
export function lastUses(commands: readonly Command[]): ReadonlyMap<string, string> {
  const uses = new Map<string, string>()
  commands.forEach((command, number) => {
    argumentsOf(command).forEach((argument, index) => {
      const key = resultKey(argument)
      if (key !== undefined) uses.set(key, `${number} ${index}`)
    })
  })
  return uses
}
