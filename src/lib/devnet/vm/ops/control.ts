import {entry} from '../../bytecode/module.ts'
import {VmAbort, type SignatureType, type VariantValue} from '../api.ts'
import type {FunctionInstance, LinkedFunction} from '../machine.ts'
import {signatureToConcrete, substitute} from '../types.ts'
import type {Ref} from '../values.ts'
import type {Build, Family, Scope} from './scope.ts'

const conditional =
  (wanted: boolean): Build =>
  (scope, operand) => {
    const target = operand as number
    scope.pop()
    return (machine) => {
      if (machine.stack.pop() === wanted) machine.jump(target)
    }
  }

function applySignature(scope: Scope, handleIndex: number, typeArgs: readonly SignatureType[]): void {
  const {parameters, return_} = entry(scope.module.raw.function_handles, handleIndex)
  scope.drop(scope.module.signature(parameters).length)
  scope.push(...scope.module.signature(return_).map((type) => substitute(type, typeArgs)))
}

/** Jumps, calls, ends. Callees are looked up when they are first reached. */
export const control: Family = {
  BrTrue: conditional(true),
  BrFalse: conditional(false),
  Branch: (scope, operand) => {
    const target = operand as number
    scope.endBlock()
    return (machine) => machine.jump(target)
  },
  VariantSwitch: (scope, operand) => {
    const targets = entry(scope.jumpTables, operand as number)
    scope.endBlock()
    return (machine) =>
      machine.jump(entry(targets, ((machine.stack.pop() as Ref).read() as VariantValue).tag))
  },
  Ret: (scope) => {
    scope.endBlock()
    return (machine) => machine.leave()
  },
  Abort: (scope) => {
    scope.endBlock()
    return ({stack}) => {
      throw new VmAbort(stack.pop() as bigint)
    }
  },
  Call: (scope, operand) => {
    const {module, functions} = scope
    const handleIndex = operand as number
    applySignature(scope, handleIndex, [])
    let callee: FunctionInstance | undefined
    return (machine) => {
      callee ??= functions.callee(module, handleIndex).instance([])
      functions.invoke(machine, callee)
    }
  },
  CallGeneric: (scope, operand) => {
    const {module, functions} = scope
    const index = operand as number
    const {handle, type_parameters} = entry(module.raw.function_instantiations, index)
    const typeArgs = module.signature(type_parameters)
    applySignature(scope, handle, typeArgs)
    let fn: LinkedFunction | undefined
    return (machine) => {
      const {callees, typeArgs: outer} = machine.instance
      let callee = callees[index]
      if (callee === undefined) {
        fn ??= functions.callee(module, handle)
        callee = fn.instance(typeArgs.map((type) => signatureToConcrete(type, outer)))
        callees[index] = callee
      }
      functions.invoke(machine, callee)
    }
  },
}
