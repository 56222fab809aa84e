import {interpret, type Block} from './flow.ts'
import {refuse} from './refusal.ts'
import {DROP} from './types.ts'
import type {FunctionView, ModuleView} from './view.ts'

/** Whether there is a value in a local. */
type Local = 'none' | 'maybe' | 'there'

/** Locals are read only while there is a value in them, and none that cannot be dropped is lost. */
export function checkLocals(view: ModuleView, fn: FunctionView): void {
  const droppable = fn.locals.map((type) => (view.types.abilities(type, fn.constraints) & DROP) !== 0)
  const loses = (locals: readonly Local[], index: number): boolean =>
    locals[index] !== 'none' && !droppable[index]!
  const after = (before: readonly Local[], {start, end}: Block): readonly Local[] => {
    const locals = [...before]
    for (let at = start; at <= end; at++) {
      const {name, index} = fn.code[at]!
      const unavailable = (status: string): void => {
        if (locals[index] !== 'there')
          refuse(status, `${fn.name} uses local ${index} without a value, at ${at}`)
      }
      switch (name) {
        case 'StLoc':
          if (loses(locals, index))
            refuse('STLOC_UNSAFE_TO_DESTROY_ERROR', `${fn.name} loses the value of local ${index}, at ${at}`)
          locals[index] = 'there'
          break
        case 'MoveLoc':
          unavailable('MOVELOC_UNAVAILABLE_ERROR')
          locals[index] = 'none'
          break
        case 'CopyLoc':
          unavailable('COPYLOC_UNAVAILABLE_ERROR')
          break
        case 'MutBorrowLoc':
        case 'ImmBorrowLoc':
          unavailable('BORROWLOC_UNAVAILABLE_ERROR')
          break
        case 'Ret': {
          const lost = locals.findIndex((_, local) => loses(locals, local))
          if (lost >= 0)
            refuse('UNSAFE_RET_UNUSED_VALUES_WITHOUT_DROP', `${fn.name} ends with a value in local ${lost}`)
        }
      }
    }
    return locals
  }
  interpret(fn.flow, {
    initial: fn.locals.map((_, index): Local => (index < fn.parameters.length ? 'there' : 'none')),
    after,
    join(known: readonly Local[], other: readonly Local[]) {
      const joined = known.map((local, index): Local => (local === other[index] ? local : 'maybe'))
      return joined.every((local, index) => local === known[index]) ? known : joined
    },
  })
}
