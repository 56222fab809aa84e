import {byName} from './by-name.ts'
import {MOST} from './limits.ts'
import {refuse} from './refusal.ts'
import type {FunctionView, Instruction, ModuleView} from './view.ts'

/** How many values each instruction takes from the stack and puts on it; where it depends on its operand, see below. */
const FIXED: Readonly<Record<string, readonly [number, number]>> = {
  ...byName('Pop BrTrue BrFalse StLoc Abort VariantSwitch', [1, 0] as const),
  ...byName('LdU8 LdU16 LdU32 LdU64 LdU128 LdU256 LdTrue LdFalse LdConst', [0, 1] as const),
  ...byName('CopyLoc MoveLoc MutBorrowLoc ImmBorrowLoc', [0, 1] as const),
  ...byName('Not FreezeRef ReadRef CastU8 CastU16 CastU32 CastU64 CastU128 CastU256', [1, 1] as const),
  ...byName('MutBorrowField MutBorrowFieldGeneric ImmBorrowField ImmBorrowFieldGeneric', [1, 1] as const),
  ...byName('VecLen VecPopBack', [1, 1] as const),
  ...byName('Add Sub Mul Mod Div BitOr BitAnd Xor Shl Shr Or And Eq Neq Lt Gt Le Ge', [2, 1] as const),
  ...byName('VecImmBorrow VecMutBorrow', [2, 1] as const),
  ...byName('WriteRef VecPushBack', [2, 0] as const),
  ...byName('VecSwap', [3, 0] as const),
  ...byName('Branch Nop', [0, 0] as const),
}

/** How many values an instruction of a function takes from the stack, and how many it puts on it. */
export function effectOf(
  view: ModuleView,
  fn: FunctionView,
  instruction: Instruction,
): readonly [number, number] {
  const {name, count} = instruction
  const fixed = FIXED[name]
  if (fixed !== undefined) return fixed
  if (name === 'Ret') return [fn.returns.length, 0]
  if (name === 'VecPack') return [count, 1]
  if (name === 'VecUnpack') return [1, count]
  if (name === 'Call' || name === 'CallGeneric') {
    const {parameters, returns} = view.callUse(instruction)
    return [parameters.length, returns.length]
  }
  if (!/^(Pack|Unpack)/.test(name)) refuse('DEPRECATED_BYTECODE_FORMAT', `${fn.name} uses ${name}`)
  const {fields} = view.dataUse(instruction)
  return name.startsWith('Pack') ? [fields.length, 1] : [1, fields.length]
}

/** Each block leaves the stack as it found it, never reaches below, and does not put too much on it. */
export function checkStack(view: ModuleView, fn: FunctionView): void {
  for (const {start, end} of fn.flow) {
    let height = 0
    let pushes = 0
    for (let index = start; index <= end; index++) {
      const [taken, put] = effectOf(view, fn, fn.code[index]!)
      pushes += put
      if (pushes > MOST.pushes) refuse('VALUE_STACK_PUSH_OVERFLOW', `${fn.name} puts too much on the stack`)
      if (height < taken)
        refuse('NEGATIVE_STACK_SIZE_WITHIN_BLOCK', `${fn.name} takes what is not on the stack, at ${index}`)
      height += put - taken
      if (height > MOST.stack) refuse('VALUE_STACK_OVERFLOW', `${fn.name} fills the stack`)
    }
    if (height > 0)
      refuse('POSITIVE_STACK_SIZE_AT_BLOCK_END', `${fn.name} leaves values on the stack, at ${end}`)
  }
}
