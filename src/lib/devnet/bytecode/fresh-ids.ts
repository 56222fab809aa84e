/** The rule of Sui about UIDs: an object is made with a UID that was made for it, in the same function. */
import {VmError} from '../vm/api.ts'
import {STD, SUI} from '../vm/well-known.ts'
import {entry, moduleIdOf} from './module.ts'
import {interpret} from './verify/flow.ts'
import {effectOf} from './verify/stack.ts'
import {KEY} from './verify/types.ts'
import type {FunctionView, Instruction, ModuleView} from './verify/view.ts'

const FRESH = new Set([
  `${SUI}::object::new`,
  `${SUI}::object::new_uid_from_hash`,
  `${SUI}::test_scenario::new_object`,
])

/**
 * Follows UIDs from where they are made to the objects they are packed into. The framework is exempt, as for the other
 * rules of Sui.
 * @param view a module that the bytecode verifier has accepted
 * @throws VmError SUI_RULE
 */
export function verifyFreshIds(view: ModuleView): void {
  const {address} = moduleIdOf(view.raw, view.raw.self_module_handle_idx)
  if (address === STD || address === SUI) return
  for (const fn of view.functions()) {
    interpret<ReadonlySet<number>>(fn.flow, {
      initial: new Set(),
      after: (before, {start, end}) => {
        const fresh = new Set(before)
        const stack: boolean[] = []
        for (let at = start; at <= end; at++) step(view, fn, fn.code[at]!, fresh, stack)
        return fresh
      },
      join: (known, other) => {
        const both = new Set([...known].filter((local) => other.has(local)))
        return both.size === known.size ? known : both
      },
    })
  }
}

/** One instruction; `fresh` are the locals with a new UID, the stack says the same of its values. */
function step(
  view: ModuleView,
  fn: FunctionView,
  instruction: Instruction,
  fresh: Set<number>,
  stack: boolean[],
): void {
  const {name, index} = instruction
  if (name === 'MoveLoc') {
    stack.push(fresh.delete(index))
    return
  }
  if (name === 'StLoc') {
    if (stack.pop() === true) fresh.add(index)
    else fresh.delete(index)
    return
  }
  const [taken, put] = effectOf(view, fn, instruction)
  const operands = taken === 0 ? [] : stack.splice(-taken)
  if ((name === 'Pack' || name === 'PackGeneric') && isObject(view, instruction) && operands[0] !== true) {
    const what =
      'Object created without a newly created UID. The UID must come directly from sui::object::new'
    throw new VmError('SUI_RULE', `${view.name}: Invalid object creation in ${fn.name}. ${what}`)
  }
  const makes = name.startsWith('Call') && FRESH.has(calleeOf(view, instruction))
  for (let left = put; left > 0; left--) stack.push(makes)
}

function isObject(view: ModuleView, instruction: Instruction): boolean {
  return (entry(view.raw.datatype_handles, view.dataUse(instruction).handle).abilities & KEY) !== 0
}

function calleeOf(view: ModuleView, instruction: Instruction): string {
  const {raw} = view
  const handle = entry(raw.function_handles, view.callUse(instruction).handle)
  const {address, name} = moduleIdOf(raw, handle.module)
  return `${address}::${name}::${entry(raw.identifiers, handle.name)}`
}
