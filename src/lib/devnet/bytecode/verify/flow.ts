import {refuse} from './refusal.ts'
import type {Instruction} from './view.ts'

/** Instructions that are always executed one after the other. */
export interface Block {
  /** Index of the first instruction, and of the last. */
  readonly start: number
  readonly end: number
  /** Numbers of the blocks that may follow. */
  readonly next: readonly number[]
}

/** Blocks of a function in the order of their code; the first is where it begins. */
export type Flow = readonly Block[]

interface JumpTable {
  readonly targets: readonly number[]
}

const ENDS = new Set(['Ret', 'Abort', 'Branch', 'VariantSwitch'])
const CONDITIONS = new Set(['BrTrue', 'BrFalse'])

function targetsOf({name, index}: Instruction, jumpTables: readonly JumpTable[]): readonly number[] {
  if (name === 'Branch' || CONDITIONS.has(name)) return [index]
  return name === 'VariantSwitch' ? (jumpTables[index]?.targets ?? []) : []
}

/**
 * Divides code into blocks.
 * @throws VerifierRefusal EMPTY_CODE_UNIT, INVALID_FALL_THROUGH, INDEX_OUT_OF_BOUNDS
 */
export function readFlow(name: string, code: readonly Instruction[], jumpTables: readonly JumpTable[]): Flow {
  const last = code.at(-1)
  if (last === undefined) refuse('EMPTY_CODE_UNIT', `${name} has no code`)
  if (!ENDS.has(last.name)) refuse('INVALID_FALL_THROUGH', `${name} goes on behind its last instruction`)
  const starts = new Set([0])
  code.forEach((instruction, index) => {
    for (const target of targetsOf(instruction, jumpTables)) {
      if (target >= code.length) refuse('INDEX_OUT_OF_BOUNDS', `${name} jumps to ${target}`)
      starts.add(target)
    }
    const divides = ENDS.has(instruction.name) || CONDITIONS.has(instruction.name)
    if (divides && index + 1 < code.length) starts.add(index + 1)
  })
  const ordered = [...starts].sort((a, b) => a - b)
  const numbers = new Map(ordered.map((start, number) => [start, number]))
  return ordered.map((start, number) => {
    const end = (ordered[number + 1] ?? code.length) - 1
    const instruction = code[end]!
    const next = new Set(targetsOf(instruction, jumpTables))
    if (!ENDS.has(instruction.name)) next.add(end + 1)
    return {start, end, next: [...next].sort((a, b) => a - b).map((target) => numbers.get(target)!)}
  })
}

/** The state before each block that can be reached; what is undefined cannot. */
export interface Domain<State> {
  /** The state in which the function begins. */
  readonly initial: State
  /** The state after a block; does not change the one it is given. Throws VerifierRefusal. */
  after(state: State, block: Block): State
  /** What holds on both ways; the first, as it is, where the second adds nothing to it. */
  join(known: State, other: State): State
}

/** Goes over the blocks that can be reached until nothing is learnt any more. */
export function interpret<State>(flow: Flow, {initial, after, join}: Domain<State>): void {
  const before: (State | undefined)[] = [initial]
  const waiting = new Set([0])
  while (waiting.size > 0) {
    // The earliest block first: most are then final before those that follow them.
    const number = Math.min(...waiting)
    waiting.delete(number)
    const block = flow[number]!
    const state = after(before[number]!, block)
    for (const next of block.next) {
      const known = before[next]
      const joined = known === undefined ? state : join(known, state)
      if (joined === known) continue
      before[next] = joined
      waiting.add(next)
    }
  }
}
