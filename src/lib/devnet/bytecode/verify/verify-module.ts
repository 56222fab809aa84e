import type {RawModule} from '../module.ts'
import {checkConsistency} from './consistency.ts'
import {checkConstants} from './constants.ts'
import {checkDuplicates} from './duplicates.ts'
import {checkFields} from './fields.ts'
import {checkFriends} from './friends.ts'
import {checkInstantiationLoops} from './instantiation-loops.ts'
import {checkLimits, MOST} from './limits.ts'
import {checkLocals} from './locals.ts'
import {checkLoops} from './loops.ts'
import {checkReferences} from './references.ts'
import {refuse} from './refusal.ts'
import {checkSignatures} from './signatures.ts'
import {checkStack} from './stack.ts'
import {checkTypes} from './type-safety.ts'
import {ModuleView} from './view.ts'

/**
 * Holds a module to the rules of Move's bytecode verifier, with the limits of Sui and in its order. That indexes point
 * somewhere is not looked at here: the crate that reads modules (`module.ts`) does it.
 * @returns the module as the passes saw it, for rules beyond Move's
 * @throws VerifierRefusal with the status of the rule that is broken first
 */
export function verifyBytecode(raw: RawModule): ModuleView {
  const view = new ModuleView(raw)
  checkLimits(view)
  checkDuplicates(view)
  checkSignatures(view)
  checkConsistency(view)
  checkConstants(view)
  checkFriends(view)
  checkFields(view)
  checkInstantiationLoops(view)
  let backEdges = 0
  for (const fn of view.functions()) {
    backEdges += checkLoops(fn.name, fn.flow)
    if (fn.flow.length > MOST.blocks)
      refuse('TOO_MANY_BASIC_BLOCKS', `${fn.name} has ${fn.flow.length} blocks`)
    if (backEdges > MOST.backEdges) refuse('TOO_MANY_BACK_EDGES', `${fn.name} goes back too often`)
    checkStack(view, fn)
    checkTypes(view, fn)
    checkLocals(view, fn)
    checkReferences(view, fn)
  }
  return view
}
